"""The native plan: the kernel gives what torch gives, for every kind of chain, and runs what it is said to run."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import torch
from native_kernel import need_kernel
from plan_equality import furthest, inputs_of, outcome, supernet_of
from supernets import ROOT
from torch import Tensor, nn

from hypercuboid.network.memory import Held
from hypercuboid.network.plan import run_parts
from hypercuboid.network.plans.compiled import run
from hypercuboid.network.plans.compiled.groups import Native, grouped
from hypercuboid.network.steps import Mix, RunOp
from hypercuboid.network.supernet import Supernet
from hypercuboid.pipeline import load

FILE = ROOT / "tests" / "programs" / "native.hc"
CHAINS = [
    "Chains",
    "Chains(stride = 2, affine = false)",
    "Chains(before = 16, after = 33, stride = 2)",
    "Chains(before = 19, after = 8, affine = false)",
    "Kept",
    "Kept(c = 17, affine = true)",
]


@pytest.fixture(scope="module", autouse=True)
def _kernel() -> None:
    need_kernel()


def native_steps(supernet: Supernet) -> list[Native]:
    return [step for step in grouped(supernet.plan).steps if isinstance(step, Native)]


def native_mixes(supernet: Supernet) -> list[Native]:
    return [step for step in native_steps(supernet) if step.mix is not None]


@pytest.mark.parametrize("target", CHAINS)
def test_every_kind_of_chain_gives_what_torch_gives(target: str) -> None:
    """Outputs, all gradients and running statistics, in float64; two threads as one."""
    space = load(FILE, target)
    supernet, xs = supernet_of(space), inputs_of(space)
    wanted = outcome(supernet, "plain", xs)
    assert furthest(outcome(supernet, "native", xs), wanted) < (1e-10, "")
    torch.set_num_threads(2)
    try:
        assert furthest(outcome(supernet, "native", xs), wanted) < (1e-10, "")
    finally:
        torch.set_num_threads(1)


def test_in_float32_the_error_is_that_of_torch() -> None:
    space = load(FILE, "Chains")
    exact, xs = supernet_of(space), inputs_of(space)
    wanted = outcome(exact, "plain", xs)
    single, rough = exact.float(), tuple(x.float() for x in xs)
    native, plain = (furthest(outcome(single, plan, rough), wanted)[0] for plan in ("native", "plain"))
    assert native < 5 * plain


def test_a_network_that_evaluates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Running statistics instead of those of the batch, forward and backward, in the kernel too."""
    space = load(FILE, "Chains(before = 16, after = 33, stride = 2)")
    supernet, xs = supernet_of(space), inputs_of(space)
    outcome(supernet, "native", xs)
    supernet.eval()
    wanted = outcome(supernet, "plain", xs)
    monkeypatch.setattr(run, "run_parts", None)
    assert furthest(outcome(supernet, "native", xs), wanted) < (1e-10, "")


def test_what_the_kernel_runs() -> None:
    """All alternatives of one mix over one source are one step; a bias, a 3x3 convolution and relu6 are torch's own."""
    (step,) = native_mixes(load(FILE, "Chains").supernet())
    first, *after_others = step.groups
    assert [len(chain.units) for chain in first.chains] == [2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3]
    assert [len(group.chains) for group in after_others] == [1, 1] and len(step.others) == 1
    kept, mixed = native_mixes(load(FILE, "Kept").supernet())
    assert [len(chain.units) for chain in kept.groups[0].chains] == [1, 1, 1, 0, 1, 2] and not kept.others
    assert [len(chain.units) for chain in mixed.groups[0].chains] == [1, 1, 1]


def test_cells_and_cuboids_run_in_it() -> None:
    """Of DARTS each edge and each input of a cell; of MultiChannelNet each state, from all states before it."""
    darts = load(ROOT / "tests" / "programs" / "darts.hc", "DARTS(c = 4, layers = 2)", inputs=(3, 8, 8)).supernet()
    mixes = sum(isinstance(step, Mix) for step in darts.plan.steps)
    assert mixes == 28 and len(native_steps(darts)) >= mixes
    net = load(ROOT / "spaces" / "multichannelnet.hc", None, filters=[4, 8], reductions=1, layers=2, head=16).supernet()
    found = native_mixes(net)
    assert len(found) == sum(isinstance(step, Mix) for step in net.plan.steps)
    assert all(len(step.groups) == 2 for step in found)


def test_gradients_that_nobody_wants_are_not_computed() -> None:
    space = load(FILE, "Kept")
    supernet, xs = supernet_of(space), inputs_of(space)
    wanted = outcome(supernet, "native", xs)
    supernet.run_by("native")
    for weight in supernet.weights():
        weight.requires_grad_(False)
    output = supernet(*xs, coefficients=supernet.coefficients())
    assert torch.equal(output, wanted["output"])
    output.square().sum().backward()
    assert all(weight.grad is None for weight in supernet.weights())
    assert all(alpha.grad is not None and alpha.grad.abs().max() > 0 for alpha in supernet.alphas())


@pytest.mark.parametrize("change", ["watched", "replaced", "half"])
def test_what_it_does_not_fit_runs_op_by_op(change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    supernet = load(FILE, "Kept").supernet()
    supernet.run_by("native")
    x = torch.zeros(2, 3, 8, 8)
    seen: list[Any] = []

    def parts(*given: Any) -> Any:
        seen.append(given[0])
        return run_parts(*given)

    monkeypatch.setattr(run, "run_parts", parts)
    norms = [name for name, layer in supernet.instances.items() if isinstance(layer, nn.BatchNorm2d)]
    if change == "watched":
        supernet.instances[norms[-1]].register_forward_hook(lambda *_: None)
    elif change == "replaced":
        supernet.instances[norms[-1]] = nn.SyncBatchNorm(4).eval()
    else:
        supernet.precision = "bf16"
    assert supernet(x).shape == (2, 3)
    assert all(isinstance(step, Native) for step in seen) and len(seen) == (3 if change == "half" else 1)


def stepped(supernet: Supernet, x: Tensor) -> list[Tensor]:
    """The output, and gradients of all that has one."""
    output = supernet(x, coefficients=supernet.coefficients())
    return [output, *torch.autograd.grad(output.sum(), [x, *supernet.parameters()], materialize_grads=True)]


@pytest.mark.parametrize("target", CHAINS)
def test_on_meta_it_gives_the_same_shapes_and_holds_as_much(target: str) -> None:
    """By the account that torch's profiler keeps of a step, in which the buffers of the kernel stand."""
    supernet = load(FILE, target).supernet()
    supernet.run_by("native")
    x = inputs_of(load(FILE, target), 4)[0].float().contiguous(memory_format=torch.channels_last).requires_grad_()
    stepped(supernet, x)
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU], profile_memory=True) as profile:
        wanted = stepped(supernet, x)
    events = profile.profiler.kineto_results.events()
    ordered = sorted((one for one in events if one.name() == "[memory]"), key=lambda one: one.start_ns())
    real = max(itertools.accumulate(one.nbytes() for one in ordered))
    meta, x = supernet.to("meta"), x.detach().to("meta").requires_grad_()
    with Held([x, *meta.parameters(), *meta.buffers()]) as held:
        before = held.now
        found = stepped(meta, x)
    assert [(one.shape, one.stride()) for one in found] == [(one.shape, one.stride()) for one in wanted]
    assert held.peak - before == pytest.approx(real, rel=0.06)


def test_second_derivatives_are_refused() -> None:
    space = load(FILE, "Kept")
    supernet, xs = supernet_of(space), inputs_of(space)
    supernet.run_by("native")
    first = torch.autograd.grad(supernet(*xs).sum(), supernet.alphas(), create_graph=True)
    with pytest.raises(RuntimeError, match="once_differentiable"):
        first[0].square().sum().backward()  # type: ignore[no-untyped-call]


def test_one_value_per_channel_has_no_variance() -> None:
    """As torch refuses it."""
    space = load(FILE, "Small")
    supernet = space.supernet()
    supernet.run_by("native")
    with pytest.raises(ValueError, match="more than 1 value per channel"):
        supernet(torch.zeros(1, 3, 1, 1))


def test_steps_are_made_of_ops_that_were_there() -> None:
    supernet = load(FILE, "Chains").supernet()
    before = {step.name for step in supernet.plan.steps if isinstance(step, RunOp)}
    after = {part.name for step in native_steps(supernet) for part in step.parts if isinstance(part, RunOp)}
    assert after < before
