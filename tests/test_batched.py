"""The batched plan: how few kernels it takes, what it fills up, and what it leaves to layers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from plan_equality import furthest, inputs_of, outcome, supernet_of
from supernets import ROOT
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from hypercuboid.network.plans import PASSES, PLANS, make_executor
from hypercuboid.network.plans.batching.convolutions import WASTE, WASTE_OF_WINDOWS, apart
from hypercuboid.network.plans.batching.kinds import DEPTHWISE
from hypercuboid.network.plans.batching.places import Places, picked, placed
from hypercuboid.network.plans.batching.steps import Batch, Coefficients, Convolutions, Norms
from hypercuboid.network.steps import Plan, RunOp
from hypercuboid.network.supernet import Supernet
from hypercuboid.pipeline import Space, load, load_target

SPACE = """hypercuboid 1
use std.ops { avg_pool, bn, conv, gap, linear, relu }
use std.blocks { DilConv, ResizablePool, SepConv, SharpSepConv }

space Batched() on x: image(3, 8, 8) {
  node stem[c in [4, 6, 12]] = x -> conv(c, 3) -> bn
  cuboid h from stem {
    state (c_in, c_out) in [4, 6, 12]
    depth layer in 0..2
    choice op in [
      SepConv(k = 5), SepConv(k = 3), DilConv(k = 3), SharpSepConv(affine = true), ResizablePool(affine = true),
    ]
    out h[c_in] -> op(c_out, stride = 2 if layer == 1 else 1)
  }
  out sum c in [4, 6, 12] { h[c] -> relu -> conv(8, 3, groups = 2) -> bn } -> gap -> linear(10)
}
"""


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Space:
    """Windows and channels of several sizes, strides, full and grouped convolutions, affine and not."""
    path = tmp_path_factory.mktemp("batched") / "batched.hc"
    path.write_text(SPACE, "utf-8")
    return load(path, "Batched")


@pytest.fixture(scope="module")
def supernet(space: Space) -> Supernet:
    return supernet_of(space)


@pytest.fixture(scope="module")
def plan(supernet: Supernet) -> Plan:
    return _batched(supernet.plan)


def _batched(plan: Plan) -> Plan:
    for one in PLANS["batched"].passes:
        plan = PASSES[one](plan)
    return plan


def test_windows_and_channels_of_several_sizes(space: Space, supernet: Supernet, plan: Plan) -> None:
    xs = inputs_of(space)
    found = outcome(supernet, "batched", xs)
    assert furthest(found, outcome(supernet, "plain", xs)) < (1e-10, "")
    convolutions = [step for step in plan.steps if isinstance(step, Convolutions)]
    assert any(one.window.kernel == (5, 5) and len({op.arguments["k"] for op in one.parts}) > 1 for one in convolutions)  # type: ignore[union-attr]
    assert any(one.before is not None for one in convolutions) and any(one.after is not None for one in convolutions)
    assert any(
        step.arguments["groups"] == 2
        for one in convolutions
        for step in one.parts
        if isinstance(step, RunOp) and step.op == "conv"
    )


def test_few_wasted_products(plan: Plan) -> None:
    for step in plan.steps:
        if isinstance(step, Convolutions):
            weights = sum(size for taken in step.taken for *_, size in taken.parameters)
            waste = WASTE_OF_WINDOWS if step.members[0][0].op == DEPTHWISE else WASTE
            assert torch.Size(step.shape).numel() <= waste * weights
            assert list(apart([op for (op,) in step.members])) != []


class _Counted(TorchDispatchMode):
    """Ops that make or change numbers."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.count = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.count += not func.is_view and "empty" not in func.name()
        return func(*args, **(kwargs or {}))


def test_an_eighth_of_the_ops_of_the_plain_plan() -> None:
    """On two cells of the nine primitives of sharpDARTS; on eight, and whole steps, see `benchmarks/kernels.py`."""
    space = load_target(str(ROOT / "spaces" / "sharpdarts.hc"), "SharpDARTS", ("c=2", "layers=2", "size=8"), ())
    supernet = space.supernet()
    (x,) = inputs_of(space)
    counts = {}
    for name in ("plain", "batched"):
        executor = make_executor(name, supernet.plan)
        with _Counted() as counted:
            output, _ = executor(supernet.instances, (x.float(),), supernet.coefficients())
            torch.autograd.grad(output.sum(), [*supernet.weights(), *supernet.alphas()], allow_unused=True)
        counts[name] = counted.count
    assert 8 * counts["batched"] < counts["plain"]


def _evaluating(supernet: Supernet) -> None:
    """One batch norm of a batch."""
    next(step for step in _batched(supernet.plan).steps if isinstance(step, Norms) and len(step.members) > 1)
    next(one for name, one in supernet.instances.items() if "SepConv.bn" in name).eval()


def _watched(supernet: Supernet) -> None:
    for name, one in supernet.instances.items():
        if "SepConv.dwconv" in name or name.endswith("relu"):
            one.register_forward_hook(lambda module, inputs, output: 2 * output)


def _replaced(supernet: Supernet) -> None:
    supernet.replace(lambda layer: _Scaled(layer) if isinstance(layer, nn.Conv2d) and layer.groups == 1 else layer)


class _Scaled(nn.Module):
    """Keeps no weight under the name that a convolution has."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        output: torch.Tensor = 3 * self.layer(x)
        return output


@pytest.mark.parametrize("change", [_evaluating, _watched, _replaced])
def test_layers_that_it_does_not_know_run_by_themselves(space: Space, change: Any) -> None:
    supernet = supernet_of(space)
    change(supernet)
    xs = inputs_of(space)
    assert furthest(outcome(supernet, "batched", xs), outcome(supernet, "plain", xs)) < (1e-10, "")


def test_without_gradients(space: Space, supernet: Supernet) -> None:
    (x,) = inputs_of(space)
    executor = make_executor("batched", supernet.plan)
    with torch.no_grad():
        output, _ = executor(supernet.instances, (x,), supernet.coefficients())
    assert not output.requires_grad


@pytest.mark.parametrize("size", [6, 9])
def test_places_are_taken_back(size: int) -> None:
    """A permutation, and places among more."""
    places = Places(torch.randperm(size, generator=torch.Generator().manual_seed(0)).numpy()[:6], size)
    x = torch.randn(2, 6, dtype=torch.float64, requires_grad=True)
    wide = torch.randn(2, size, dtype=torch.float64, requires_grad=True)
    assert torch.equal(picked(placed(x, 1, places), 1, places), x)
    assert torch.autograd.gradcheck(lambda one: placed(one, 1, places), (x,))
    assert torch.autograd.gradcheck(lambda one: picked(one, 1, places), (wide,))


def test_loose_places_hold_any_numbers() -> None:
    places = Places(np.array([2, 0]), 4, loose=True)
    x = torch.tensor([3.0, 5.0])
    assert placed(x, 0, places)[[2, 0]].tolist() == [3.0, 5.0]
    assert picked(placed(x, 0, places), 0, places).tolist() == [3.0, 5.0]


TWICE = """hypercuboid 1
use std.ops { avg_pool, bn, conv, gap, linear, max_pool, identity }

space Twice() on x: image(3, 8, 8) {
  node stem = x -> conv(4, 3) -> bn
  node a = sum branch in 0..2 { choose op in [identity, max_pool(3), avg_pool(3)] { stem -> op } }
  out a -> gap -> linear(10)
}
"""


def test_a_sum_that_takes_a_value_twice(tmp_path: Path) -> None:
    path = tmp_path / "twice.hc"
    path.write_text(TWICE, "utf-8")
    space = load(path, "Twice")
    supernet, xs = supernet_of(space), inputs_of(space)
    (matrix,) = next(step.places for step in _batched(supernet.plan).steps if isinstance(step, Coefficients))
    assert [len(row) for row in matrix] == [2 * 3]
    assert furthest(outcome(supernet, "batched", xs), outcome(supernet, "plain", xs)) < (1e-10, "")


def test_every_op_of_a_kind_runs_once_in_a_stage(plan: Plan) -> None:
    """The first stage has one ReLU for the two that each chain begins with, and one for all of its second ones."""
    batches = [step for step in plan.steps if isinstance(step, Batch)]
    relus = [one for one in batches if one.members[0][0].op == "relu"]
    assert len(relus) == 2 * 2 + 1
