"""Plans: each gives what the plain one gives, to rounding, under the same names, masks and modes."""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import pytest
import torch
from plan_equality import EVERY, furthest, inputs_of, outcome, supernet_of
from shipped import SPACES as SHIPPED
from shipped import Shipped
from supernets import ROOT
from supernets import space_of as named
from torch import Tensor

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.network.plans import PASSES, make_executor, require_plan
from hypercuboid.network.steps import Mix, RunOp
from hypercuboid.pipeline import Space, load
from hypercuboid.search.layout import laid_out, lay_out

NAMED = ["multichannel", "shared cell", "scans", "darts"]
"""One space of each kind."""


def space_of(name: str) -> Space:
    """The space of a test; of DARTS two small cells, one of each kind."""
    if name != "darts":
        return named(name)
    return load(ROOT / "tests" / "programs" / "darts.hc", "DARTS(c = 4, layers = 2)", inputs=(3, 8, 8))


@pytest.fixture(scope="module")
def known() -> dict[str, Any]:
    """Supernets by space and weighting, with their inputs and what the plain plan makes of them."""
    return {}


@pytest.mark.parametrize("plan", EVERY)
@pytest.mark.parametrize("name", NAMED)
def test_a_plan_equals_the_plain_one(name: str, plan: str, known: dict[str, Any]) -> None:
    if name not in known:
        space = space_of(name)
        supernet, xs = supernet_of(space), inputs_of(space)
        known[name] = (supernet, xs, outcome(supernet, "plain", xs))
    supernet, xs, wanted = known[name]
    assert furthest(outcome(supernet, plan, xs), wanted) < (1e-10, "")


@pytest.mark.long
@pytest.mark.parametrize("weighting", ["scalar", "max_w"])
@pytest.mark.parametrize("shipped", SHIPPED, ids=str)
def test_every_plan_equals_the_plain_one_on_every_shipped_space(shipped: Shipped, weighting: str) -> None:
    """In batches of 8: where batch norm sees 3 numbers, as behind five strides, the last bit of the input moves the
    gradients of a deep network by more than 1e-10 under any plan.
    """
    space = shipped.load()
    supernet, xs = supernet_of(space, weighting), inputs_of(space, 8)
    wanted = outcome(supernet, "plain", xs)
    for plan in EVERY:
        assert furthest(outcome(supernet, plan, xs), wanted) < (1e-10, ""), plan


@pytest.mark.parametrize("name", list(PASSES))
def test_a_pass_leaves_the_names_of_parameters_alone(name: str) -> None:
    """Every instance with weights or statistics still runs, as often as before."""
    plan = space_of("darts").supernet().plan
    before = [one.name for one in plan.every_step() if isinstance(one, RunOp) and one.op in ("conv", "dwconv", "bn")]
    after = [
        one.name
        for one in PASSES[name](plan).every_step()
        if isinstance(one, RunOp) and one.op in ("conv", "dwconv", "bn")
    ]
    assert sorted(before) == sorted(after)


def test_common_work_is_done_once() -> None:
    """Each state of a cell of DARTS is rectified and pooled once for all edges, and its pools are normalised once."""
    plan = space_of("darts").supernet().plan
    counts = {}
    for passes in ((), ("same", "norms", "same"), ("same", "norms", "same", "zeros")):
        made = plan
        for one in passes:
            made = PASSES[one](made)
        counts[len(passes)] = {
            op: sum(isinstance(step, RunOp) and step.op == op for step in made.steps)
            for op in ("relu", "max_pool", "avg_pool", "zero", "identity")
        }
    cells, edges, states = 2, 14, 5
    assert counts[0]["max_pool"] == counts[0]["avg_pool"] == counts[0]["zero"] == cells * edges
    at_most = cells * (states + 2)  # in a cell that reduces, a state is pooled with both strides
    assert counts[3]["max_pool"] <= at_most and counts[3]["avg_pool"] <= at_most
    assert counts[3]["identity"] == 0 < counts[0]["identity"]
    assert counts[4]["zero"] == 0 < counts[3]["zero"]


@pytest.mark.parametrize("plan", EVERY)
def test_what_is_not_kept_does_not_run(plan: str) -> None:
    """Masks come before passes; what stays is as under the plain plan."""
    space = space_of("darts")
    supernet, xs = supernet_of(space), inputs_of(space)
    generator = np.random.default_rng(0)
    kept = {one.name: (generator.random(one.shape) < 0.4) & one.reaching() for one in space.graph.decisions}
    for mask in kept.values():
        mask[..., -1] = True
    assert furthest(outcome(supernet, plan, xs, kept), outcome(supernet, "plain", xs, kept)) < (1e-10, "")
    supernet.run_by(plan)
    steps = list(supernet.executors(kept).plan.every_step())  # type: ignore[attr-defined]
    read = {(step.decision, at) for step in steps if isinstance(step, Mix) for at, _ in step.entries}
    assert read and all(kept[name].reshape(-1)[at] for name, at in read)
    assert supernet.executors(kept) is supernet.executors({name: mask.copy() for name, mask in kept.items()})


@pytest.mark.parametrize("plan", EVERY)
def test_second_derivatives_are_those_of_the_plain_plan(plan: str) -> None:
    space = space_of("multichannel")
    supernet, (x,) = supernet_of(space), inputs_of(space)
    found = []
    for name in ("plain", plan):
        supernet.run_by(name)
        (alpha,) = supernet.alphas()
        output = supernet(x, plain=True)
        (first,) = torch.autograd.grad(output.square().sum(), alpha, create_graph=True)
        found.append(torch.autograd.grad(first.square().sum(), alpha)[0])
    assert torch.equal(*found)


@pytest.mark.parametrize("plan", EVERY)
def test_outside_of_training_a_plan_gives_what_the_plain_one_gives(plan: str) -> None:
    space = space_of("multichannel")
    supernet, (x,) = supernet_of(space).eval(), inputs_of(space)
    with torch.no_grad():
        wanted = supernet(x)
        supernet.run_by(plan)
        assert torch.allclose(supernet(x), wanted, rtol=1e-10, atol=1e-12)


def test_an_unknown_plan() -> None:
    with pytest.raises(HypercuboidError, match="HC7400"):
        require_plan("plane")
    with pytest.raises(KeyError, match="unknown plan"):
        make_executor("plane", space_of("multichannel").supernet().plan)


def test_shipped_spaces_are_there() -> None:
    assert len(SHIPPED) > 10


@pytest.mark.long
@pytest.mark.parametrize("plan", EVERY)
def test_float32_is_as_exact_as_under_the_plain_plan(plan: str) -> None:
    """Errors against float64 of one kind of tensors together, images and weights in channels last."""
    space = space_of("darts")
    exact, (x,) = supernet_of(space), inputs_of(space)
    wanted = outcome(exact, "plain", (x,))
    single = copy.deepcopy(exact).float()
    lay_out(single)
    errors = [_errors(outcome(single, one, (laid_out(x.float()),)), wanted) for one in ("plain", plan)]
    assert all(errors[1][kind] <= 1.5 * errors[0][kind] for kind in errors[0]), errors


def _errors(found: dict[str, Tensor], wanted: dict[str, Tensor]) -> dict[str, float]:
    """The length of the difference over that of what is wanted, by kind of tensor."""
    kinds = {name: f"{name.split(' ')[0]} {'alpha' if 'alpha:' in name else ''}" for name in wanted}
    sums = {kind: [0.0, 0.0] for kind in kinds.values()}
    for name, kind in kinds.items():
        sums[kind][0] += float((found[name].double() - wanted[name].double()).square().sum())
        sums[kind][1] += float(wanted[name].double().square().sum())
    return {kind: math.sqrt(apart / total) for kind, (apart, total) in sums.items()}
