"""Weightings that keep architectures: what runs, which coefficients, and gradients against enumeration."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from supernets import ROOT, inputs, space_of
from torch import Tensor

from hypercuboid.graph.selection.result import record
from hypercuboid.network.kept import kept_masks
from hypercuboid.network.restrict import restrict
from hypercuboid.network.steps import RunOp
from hypercuboid.network.supernet import Supernet
from hypercuboid.network.weightings import WEIGHTINGS, Dense, Draw, Weighed
from hypercuboid.network.weightings._two_paths import two_paths
from hypercuboid.network.weightings.base import in_groups
from hypercuboid.network.weightings.gdas import winning_noise
from hypercuboid.network.weightings.gumbel import exponential
from hypercuboid.pipeline import Space, load, load_from_text

SAMPLED = [name for name in WEIGHTINGS if not isinstance(WEIGHTINGS[name], Dense)]
KINDS = ("multichannel", "darts", "fabric", "nested", "recurrent cell", "two cuboids", "two choice axes", "shares")

LINEAR = """hypercuboid 1
use std.ops { conv, dwconv, gap, linear, identity }
space S() on x: image(2, 4, 4) {
  node stem[v in [1, 2]] = x -> conv(4)
  cuboid h from stem {
    state (a, b) in [1, 2]
    depth d in 0..3
    choice op in [dwconv, identity]
    out h[a] -> op
  }
  out sum(h[1], h[2]) -> gap -> linear(1, bias = false)
}
"""

CHAIN = LINEAR.replace("depth d in 0..3", "depth d in 0..2").replace(
    "  out sum(h[1], h[2])",
    """  node between[v in [1, 2]] = h[v] -> conv(4)
  cuboid g from between {
    state (a, b) in [1, 2]
    depth d in 0..2
    out g[a] -> dwconv
  }
  out sum(g[1], g[2])""",
)


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def with_alphas(supernet: Supernet, scale: float = 1.0) -> Supernet:
    """Alphas by formula, so that weights differ."""
    with torch.no_grad():
        for number, alpha in enumerate(supernet.alphas()):
            alpha.copy_(scale * torch.sin(1.7 * torch.arange(alpha.numel()) + number).view(alpha.shape))
    return supernet


def instances_run(supernet: Supernet, space: Space, weighed: Weighed) -> list[str]:
    """The names of the instances whose modules are called in one forward pass, as often as they are."""
    ran: list[str] = []

    def watch(name: str) -> Callable[..., None]:
        return lambda *_: ran.append(name)

    hooks = [module.register_forward_hook(watch(name)) for name, module in supernet.instances.items()]
    supernet(*inputs(space), coefficients=weighed.coefficients, kept=weighed.kept)
    for hook in hooks:
        hook.remove()
    return ran


@pytest.mark.parametrize("name", SAMPLED)
@pytest.mark.parametrize("kind", KINDS)
def test_only_what_is_sampled_runs(name: str, kind: str) -> None:
    """One architecture in a step of the weights, two at most of what competes in an architecture step."""
    space = space_of(kind)
    supernet = with_alphas(space.supernet(name).double())
    for draw in (Draw(2, 5, learns_alphas=False), Draw(2, 5)):
        weighed = supernet.weigh(draw)
        assert weighed.kept is not None
        most = 2 if name == "proxyless" and draw.learns_alphas else 1
        for decision in space.graph.decisions:
            kept = torch.from_numpy(weighed.kept[decision.name])
            counts = in_groups(kept, decision).sum(-1)
            assert int(counts.max()) <= most
            coefficients = weighed.coefficients[decision.name]
            assert bool((coefficients[~kept] == 0).all())
            assert bool(((coefficients == 0) | (coefficients == 1)).all())
            assert most == 2 or torch.equal(coefficients != 0, kept)
        ran = instances_run(supernet, space, weighed)
        steps = restrict(supernet.plan, weighed.kept).every_step()
        assert set(ran) == {step.name for step in steps if isinstance(step, RunOp)} < set(supernet.instances)


@pytest.mark.parametrize("name", SAMPLED)
def test_a_decision_of_a_cell_in_several_choices_is_made_once(name: str) -> None:
    space = load(ROOT / "tests" / "conformance" / "valid" / "cell_in_two_choices.hc")
    supernet = with_alphas(space.supernet(name).double())
    for step in range(20):
        kept = supernet.weigh(Draw(step=step, learns_alphas=False)).kept
        assert kept is not None
        for decision in space.graph.decisions:
            assert int(in_groups(torch.from_numpy(kept[decision.name]), decision).sum(-1).max()) <= 1


@pytest.mark.parametrize("name", SAMPLED)
def test_one_architecture_of_many_costs_one_architecture(name: str) -> None:
    """Module calls of a step of the weights do not grow with the number of alternatives."""
    calls = []
    for labels in (2, 8):
        text = LINEAR.replace(
            "[dwconv, identity]", "[" + ", ".join(f"conv(4, {2 * i + 1})" for i in range(labels)) + "]"
        )
        space = load_from_text(text)
        supernet = space.supernet(name).double()
        calls.append(len(instances_run(supernet, space, supernet.weigh(Draw(step=1, learns_alphas=False)))))
    assert calls[0] == calls[1]


# ---------------------------------------------------------------- GDAS


def test_the_noise_of_gdas_makes_what_is_kept_the_largest() -> None:
    alpha = torch.arange(12, dtype=torch.float64).view(4, 3).sin()
    mask = torch.tensor([[True, True, False], [True, False, False], [False, False, False], [True, True, True]])
    kept = torch.tensor([[False, True, False], [True, False, False], [False, False, False], [True, False, False]])
    for step in range(20):
        draw = Draw(step=step)
        perturbed = (alpha + winning_noise(alpha, mask, kept, draw)).masked_fill(~mask, -math.inf)
        assert perturbed[[0, 1, 3]].argmax(-1).tolist() == [1, 0, 0]
        noise = exponential(alpha, draw)
        w = torch.softmax(alpha[3], 0)
        log_perturbed = torch.log(w) + winning_noise(alpha, mask, kept, draw)[3]
        largest = float(log_perturbed[0])
        assert math.exp(-math.exp(-largest)) == pytest.approx(math.exp(-float(noise[3, 0])))  # standard Gumbel
        for entry in (1, 2):  # below the largest, its own Gumbel: F(t) / F(largest) is uniform
            rank = math.exp(-float(w[entry]) * (math.exp(-float(log_perturbed[entry])) - math.exp(-largest)))
            assert rank == pytest.approx(math.exp(-float(noise[3, entry])), rel=1e-9)


@pytest.mark.parametrize("kind", ["multichannel", "nested"])
def test_gradients_of_gdas_are_those_of_the_perturbed_softmax(kind: str) -> None:
    """By finite differences of softmax((alpha + G) / T) at the noise that was drawn."""
    space = space_of(kind)
    supernet = with_alphas(space.supernet("gdas").double())
    draw = Draw(3, 1, temperature=0.7)
    weighed = supernet.weigh(draw)
    assert weighed.kept is not None
    for decision, alpha in zip(space.graph.decisions, supernet.alphas(), strict=True):
        mask = in_groups(torch.from_numpy(decision.reaching()), decision)
        kept = in_groups(torch.from_numpy(weighed.kept[decision.name]), decision)
        start = in_groups(alpha.detach(), decision)
        noise = winning_noise(start, mask, kept, draw.of(decision.name))
        (found,) = torch.autograd.grad(
            weighed.coefficients[decision.name][torch.from_numpy(weighed.kept[decision.name])].sum(),
            alpha,
            retain_graph=True,
        )

        def kept_sum(moved: Tensor, mask: Tensor = mask, kept: Tensor = kept, noise: Tensor = noise) -> float:
            powers = torch.exp((moved + noise) / 0.7) * mask
            return float((powers / powers.sum(-1, keepdim=True).clamp_min(1e-300))[kept].sum())

        for place in itertools.islice(np.ndindex(tuple(start.shape)), 60):
            step = torch.zeros_like(start)
            step[place] = 1e-6
            wanted = (kept_sum(start + step) - kept_sum(start - step)) / 2e-6
            assert float(in_groups(found, decision)[place]) == pytest.approx(wanted, abs=1e-6)


# ---------------------------------------------------------------- ProxylessNAS


def test_two_paths_of_a_choice_give_the_gradient_of_their_gates() -> None:
    """With G_j = <dL/dout, op_j(x)>: dL/dalpha_i = (G_i - G_j) p_i p_j for the pair, p its softmax; nothing else."""
    space = space_of("recurrent cell")
    supernet = with_alphas(space.supernet("proxyless").double())
    (output,) = (supernet(*inputs(space)),)
    assert bool(torch.isfinite(output).all())
    for step in range(6):
        weighed = supernet.weigh(Draw(1, step))
        assert weighed.kept is not None
        for decision, alpha in zip(space.graph.decisions, supernet.alphas(), strict=True):
            gains = torch.cos(0.7 * torch.arange(alpha.numel(), dtype=torch.float64)).view(alpha.shape)
            loss = (weighed.coefficients[decision.name] * gains).sum()
            (found,) = torch.autograd.grad(loss + 0 * alpha.sum(), alpha, retain_graph=True)
            rows = zip(
                *(
                    in_groups(one, decision)
                    for one in (alpha.detach(), gains, torch.from_numpy(weighed.kept[decision.name]), found)
                ),
                strict=True,
            )
            for own, gain, kept, gradient in rows:
                wanted = torch.zeros_like(own)
                if int(kept.sum()) == 2:
                    p, g = torch.softmax(own[kept], 0), gain[kept]
                    wanted[kept] = torch.stack([g[0] - g[1], g[1] - g[0]]) * p[0] * p[1]
                assert torch.allclose(gradient, wanted, atol=1e-12)


@pytest.mark.parametrize("text", [LINEAR, CHAIN], ids=["one cuboid", "two in a row"])
def test_two_paths_through_cuboids_give_the_gain_of_each_detour(text: str) -> None:
    """All ops are linear, so the gates' derivative is what the loss gains by each smallest detour from one path along
    the other, found here by trying all architectures that are made of steps of the two.
    """
    space = load_from_text(text)
    graph, supernet = space.graph, space.supernet().double().eval()
    (x,) = inputs(space)
    picks = [graph.numbering.picks(number) for number in range(graph.numbering.count)]
    masks = [kept_masks(graph.decisions, record(graph.forest.root, one).decided) for one in picks]

    def loss(coefficients: dict[str, Tensor], kept: dict[str, np.ndarray]) -> Tensor:
        total: Tensor = supernet(x, coefficients=coefficients, kept=kept).sum()
        return total

    with torch.no_grad():
        alone = [float(loss({name: torch.from_numpy(m).double() for name, m in one.items()}, one)) for one in masks]
    detours = 0
    for a, b in itertools.product((0, len(picks) // 3), range(len(picks))):
        made = [
            (frozenset(address for address in picks[a] if picks[a][address] != one[address]), number)
            for number, one in enumerate(picks)
            if all(one[address] in (picks[a][address], picks[b][address]) for address in one)
        ]
        smallest = [n for changed, n in made if changed and not any(other < changed for other, _ in made if other)]
        detours += len(smallest)
        wanted = sum(alone[number] - alone[a] for number in smallest)
        both = {name: masks[a][name] | masks[b][name] for name in masks[a]}
        coefficients = {name: torch.from_numpy(mask).double() for name, mask in both.items()}
        gates = torch.tensor([1.0, 0.0], dtype=torch.float64, requires_grad=True)
        for row in two_paths(graph, picks[a], picks[b]):
            for entries in row.switches:
                for (name, index), gate in zip(entries, gates.unbind(), strict=True):
                    at = tuple(torch.tensor(position) for position in index)
                    coefficients[name] = coefficients[name].index_put(at, gate)
        result = loss(coefficients, both)
        assert result.item() == pytest.approx(alone[a], abs=1e-12)
        if smallest:
            (slope,) = torch.autograd.grad(result, gates)
            assert float(slope[1] - slope[0]) == pytest.approx(wanted, abs=1e-12)
    assert detours > len(picks)


def test_the_gates_of_two_paths_share_one_chance() -> None:
    """dL/dalpha through p = the share of one path in the product of weights of both, active or not."""
    space = load_from_text(LINEAR)
    supernet = with_alphas(space.supernet("proxyless").double().eval())
    (x,), (alpha,) = inputs(space), supernet.alphas()
    actives = set()
    for step in range(8):
        draw = Draw(7, step)
        weighed = supernet.weigh(draw)
        assert weighed.kept is not None
        coefficients = weighed.coefficients["h"].detach().clone().requires_grad_()
        (of_entries,) = torch.autograd.grad(
            supernet(x, coefficients={"h": coefficients}, kept=weighed.kept).sum(), coefficients
        )
        (found,) = torch.autograd.grad((weighed.coefficients["h"] * of_entries).sum(), alpha)
        weights = {"h": supernet.architecture_weights()["h"]}
        random = draw.random()
        first = space.graph.sampler.odds(weights).draw(random)
        mask = space.graph.sampler.masks(first)["h"]
        second = space.graph.sampler.odds({"h": weights["h"] * np.where(mask, 1e-30, 1.0)}).draw(random)
        (row,) = two_paths(space.graph, first.picks, second.picks)
        ones, others = ([entry[side][1] for entry in row.steps] for side in (0, 1))
        own = alpha.detach()
        odds = sum(float(own[i]) for i in ones) - sum(float(own[j]) for j in others)
        p = 1 / (1 + math.exp(-odds))
        gain = sum(float(of_entries[a[1]] - of_entries[b[1]]) for a, b in row.switches)
        wanted = torch.zeros_like(own)
        for one, other in zip(ones, others, strict=True):
            wanted[one] += gain * p * (1 - p)
            wanted[other] -= gain * p * (1 - p)
        assert torch.allclose(found, wanted, atol=1e-12)
        actives.add(int(weighed.coefficients["h"][row.switches[0][0][1]].item()))
    assert actives == {0, 1}


def test_settling_keeps_the_weights_of_all_others() -> None:
    for kind in ("darts", "two choice axes", "recurrent cell"):
        space = space_of(kind)
        supernet = with_alphas(space.supernet("proxyless").double())
        before = supernet.architecture_weights()
        weighed = supernet.weigh(Draw(1, 3))
        assert weighed.kept is not None
        with torch.no_grad():
            for decision, alpha in zip(space.graph.decisions, supernet.alphas(), strict=True):
                kept = torch.from_numpy(weighed.kept[decision.name])
                alpha.add_(kept * torch.cos(torch.arange(alpha.numel(), dtype=torch.float64)).view(alpha.shape))
        weighed.settle()
        after, moved = supernet.architecture_weights(), 0
        for decision in space.graph.decisions:
            kept = in_groups(torch.from_numpy(weighed.kept[decision.name]), decision)
            pairs = kept.sum(-1) == 2
            one, other = (in_groups(torch.from_numpy(w[decision.name]), decision)[pairs] for w in (before, after))
            assert torch.allclose(one[~kept[pairs]], other[~kept[pairs]], atol=1e-14)
            moved += int((one[kept[pairs]] - other[kept[pairs]]).abs().gt(1e-3).sum())
        assert moved > 1
