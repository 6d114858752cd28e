"""`share`: one instance of weights, counted once, trained once, one attribute of generated source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from generated import generated, network
from graph_spaces import all_architectures, sum_of_candidates
from torch import nn
from torch.nn import functional as F

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.network.model import Model
from hypercuboid.network.supernet import Supernet
from hypercuboid.pipeline import Space, load_from_text
from hypercuboid.targets.sheet import Flow
from hypercuboid.targets.sheet_rating import ratings
from hypercuboid.targets.sheet_read import read_panels

USES = "hypercuboid 1\nuse std.ops { conv, dwconv, bn, relu, tanh, linear, identity, gap, zero }\n"


def space(text: str, name: str | None = None) -> Space:
    return load_from_text(USES + text, name)


TWICE = """
block Twice(w: block) on x { out x -> w -> relu -> w }
"""

ALONE = """
space Alone() on x: image(3, 8, 8) {
  share W = conv(3, 3)
  out x -> W -> W -> gap
}
"""

HANDED = (
    TWICE
    + """
block Own(c: int) on x {
  share V = conv(c, 1) -> bn
  out (x -> V -> V) + (x -> Twice(V))
}
space Handed() on x: image(3, 8, 8) {
  share W = conv(8, 3, bias = true) -> bn
  share Both = Own(8)
  let two = [W, Both]
  out (x -> two[0] -> Both) + (x -> conv(3) -> W -> Own(8) -> chain(two[1], Own(8))) -> gap -> linear(10)
}
"""
)

IN_ONE = """
space InOne() on x: image(4, 8, 8) {
  share W = conv(4, 3)
  out x -> choose op { twice: W -> W, once: W -> conv(4, 1), none: identity } -> gap
}
"""

IN_TWO = """
space InTwo() on x: image(4, 8, 8) {
  share W = conv(4, 3)
  out x -> choose first { a: W, b: conv(4, 1) } -> choose second { a: W, b: identity } -> gap
}
"""

IN_ALL = """
space InAll() on x: image(4, 8, 8) {
  share W = conv(4, 3)
  out x -> choose first { a: W, b: W -> conv(4, 1) } -> choose second { a: W, b: identity } -> gap
}
"""

DECIDING = (
    TWICE
    + """
block Inner(c: int) on x { out x -> choose k in [1, 3] { conv(c, k) } -> choose act { relu: relu, bn: bn } }
space Deciding() on x: image(4, 8, 8) {
  share W = Inner(4)
  share act = choose f in [relu, tanh, conv(4, 1)] { f }
  out (x -> W -> act) + (x -> Twice(W) -> Twice(act)) -> gap
}
"""
)

TOP = """
space Top() on x: image(4, 8, 8) {
  share every[i in 1..4] = conv(4, 3)
  share rare = dwconv(3)
  node s[0] = x
  node s[i in 1..4] = sum top 1 j in 0..i { choose f in [relu, rare, zero] { s[j] -> every[i] -> f } }
  out s[3] -> gap
}
"""

COPIED = """
block Body(c: int) on x {
  let k = choose { k1: 1, k3: 3 }
  share W = conv(c, k)
  out x -> W -> W
}
space Copied() on x: image(4, 8, 8) { out x -> Body(4) -> Body(4) -> gap }
"""

STEPS = """
block Step(c: int) on x {
  share own = conv(c, 1)
  out x -> own -> own
}
space Steps() on x: image(3, 8, 8) {
  share W = conv(4, 3)
  node stem[c in [4, 8]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [4, 8] where a <= b
    depth layer in 0..3
    choice op in ["once", "twice", "step"] where op == "step" or b == 4
    out h[a] -> (Step(b) if op == "step" and a == b else conv(b) if op == "step" else W if op == "once" else W -> W)
  }
  out h[8] -> gap
}
"""

CUBOID = """
block Inner(c: int) on x {
  node stem[s in [4, 6]] = x -> conv(s)
  cuboid h from stem {
    state (a, b) in [4, 6]
    depth layer in 0..3
    choice k in [1, 3] where k == 1 or a == b
    out h[a] -> conv(b, k)
  }
  out h[c] -> conv(c, 1)
}
space Cuboid() on x: image(4, 8, 8) {
  share W = Inner(4)
  out (x -> W -> W) + (x -> conv(4, 3) -> W) -> gap
}
"""

AROUND = """
block Inner(c: int) on x {
  out x -> choose k in [1, 3] { conv(c, k) } -> choose act {
    relu: relu,
    deep: (conv(c) -> choose a in [relu, tanh] { a })
  }
}
space Around() on x: image(4, 8, 8) {
  share W = Inner(4)
  out x -> W -> choose op { again: W -> W, other: conv(4) -> bn -> W, none: identity } -> gap
}
"""

OWN_IN_CELLS = """
block Inner(c: int) on x {
  share w = conv(c, 1)
  out x -> choose act { relu: relu, deep: w -> w }
}
space OwnInCells() on x: image(4, 8, 8) {
  cell C = Inner(4)
  out x -> C -> choose op { again: C, none: identity } -> gap
}
"""

PROGRAMS = {
    "alone": (ALONE, "Alone"),
    "handed": (HANDED, "Handed"),
    "in one alternative": (IN_ONE, "InOne"),
    "in two choices": (IN_TWO, "InTwo"),
    "in all": (IN_ALL, "InAll"),
    "deciding": (DECIDING, "Deciding"),
    "sum top": (TOP, "Top"),
    "copied": (COPIED, "Copied"),
    "steps of a cuboid": (STEPS, "Steps"),
    "cuboid": (CUBOID, "Cuboid"),
    "around": (AROUND, "Around"),
    "own in cells": (OWN_IN_CELLS, "OwnInCells"),
}


def program(name: str) -> Space:
    text, target = PROGRAMS[name]
    return space(text, target)


def ranges(name: str) -> Any:
    counts = program(name).counts()
    return counts.params_range, counts.additive


def test_parameters_count_once_and_work_at_each_use() -> None:
    counts = program("alone").counts()
    assert (counts.params, counts.macs) == (81, 2 * 81 * 64)
    counts = program("handed").counts()
    first, own, last = 8 * 3 * 9 + 8 + 16, 8 * 8 + 16, 8 * 10 + 10
    assert counts.params == 9 + first + 3 * own + last
    assert counts.macs == 64 * (9 + 2 * 8 * 3 * 9 + 4 * 4 * 64) + 80


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_supernet_has_each_shared_parameter_once(name: str) -> None:
    made = program(name)
    supernet = made.supernet()
    assert sum(weight.numel() for weight in supernet.weights()) == made.counts().params


@pytest.mark.parametrize("name", PROGRAMS)
def test_ranges_hold_all_architectures_and_are_exact_where_they_say_so(name: str) -> None:
    made = program(name)
    counts = made.counts()
    every = [one.counts() for one in all_architectures(made)]
    params, macs = [one.params or 0 for one in every], [one.macs or 0 for one in every]
    assert len(params) == counts.architectures
    assert counts.params_range is not None and counts.macs_range is not None
    low, high = counts.params_range
    assert low <= min(params) and max(params) <= high
    assert counts.macs_range == (min(macs), max(macs))
    if counts.additive:
        assert (low, high) == (min(params), max(params))


@pytest.mark.parametrize("name", ["in one alternative", "in all", "deciding", "copied", "cuboid"])
def test_what_candidates_cost_adds_up_where_costs_are_additive(name: str) -> None:
    made = program(name)
    assert made.counts().additive
    for one in all_architectures(made):
        counts = one.counts()
        assert sum_of_candidates(made, one) == (counts.params, counts.macs, counts.add_mult, counts.activations)


def test_what_is_sure_or_in_one_choice_is_exact_and_the_rest_is_a_bound() -> None:
    assert ranges("in one alternative") == ((0, 144 + 16), True)
    assert ranges("in two choices") == ((0, 144 + 16), False)
    assert ranges("in all") == ((144, 144 + 16), True)
    assert ranges("deciding") == ((16, 144 + 8 + 16), True)
    assert ranges("sum top") == ((144, 3 * 144 + 36), False)


def test_all_uses_are_decided_alike() -> None:
    made = program("deciding")
    found = {decision.name: decision.shape for decision in made.graph.decisions}
    assert found == {"act.f": (3,), "W.out.k": (2,), "W.out.act": (2,)}
    assert made.counts().architectures == 12


def test_each_use_of_the_block_around_has_an_instance_of_its_own() -> None:
    names = dict(program("handed").supernet().named_parameters())
    convs = [name for name, weight in names.items() if weight.shape == (8, 8, 1, 1)]
    assert sorted(convs) == ["Both.V.conv.weight", "Own.V.conv.weight", "Own@2.V.conv.weight"]
    assert [name for name, weight in names.items() if weight.shape == (8, 3, 3, 3)] == ["W.conv.weight"]


def test_every_copy_of_a_body_has_an_instance_of_its_own() -> None:
    made = program("copied")
    names = [name for name, _ in made.supernet().named_parameters() if "conv" in name]
    assert sorted(names) == [f"{block}.k[{k}].W.conv.weight" for block in ("Body", "Body@2") for k in ("k1", "k3")]
    for one in all_architectures(made):
        kept = [name for name, _ in Model(one.elaborated).named_parameters()]
        assert set(kept) < set(names)


class Tied(nn.Module):
    """`Alone` by hand, with the two uses as modules of their own."""

    def __init__(self, weight: torch.Tensor) -> None:
        super().__init__()
        self.first, self.second = (nn.Conv2d(3, 3, 3, padding=1, bias=False).double() for _ in range(2))
        with torch.no_grad():
            self.first.weight.copy_(weight)
            self.second.weight.copy_(weight)

    def forward(self, x_nchw: torch.Tensor) -> torch.Tensor:
        x: torch.Tensor = self.second(self.first(x_nchw))
        return x.mean(dim=(2, 3))


def test_the_gradient_of_a_shared_weight_is_the_sum_over_its_uses() -> None:
    model = program("alone").supernet(seed=3).double()
    (weight,) = model.weights()
    tied = Tied(weight.detach())
    x = torch.sin(torch.arange(2 * 3 * 64, dtype=torch.float64)).view(2, 3, 8, 8)
    ours, theirs = model(x), tied(x)
    assert torch.allclose(ours, theirs, rtol=0, atol=1e-12)
    torch.autograd.backward((ours**2).sum())
    torch.autograd.backward((theirs**2).sum())
    assert weight.grad is not None and tied.first.weight.grad is not None and tied.second.weight.grad is not None
    assert torch.allclose(weight.grad, tied.first.weight.grad + tied.second.weight.grad, rtol=0, atol=1e-12)
    assert float(tied.second.weight.grad.abs().max()) > 1e-6


def test_running_statistics_are_shared() -> None:
    made = space("space S() on x: image(2, 4, 4) { share W = bn(momentum = 0.5) out x -> W -> W -> gap }")
    supernet = made.supernet().double().train()
    x = torch.sin(torch.arange(3 * 2 * 16, dtype=torch.float64)).view(3, 2, 4, 4) + 5
    supernet(x)
    by_hand = nn.BatchNorm2d(2, momentum=0.5).double()
    by_hand(by_hand(x))
    buffers = dict(supernet.named_buffers())
    assert list(buffers) == ["W.bn.running_mean", "W.bn.running_var", "W.bn.num_batches_tracked"]
    assert torch.equal(buffers["W.bn.running_mean"], by_hand.running_mean)  # type: ignore[arg-type]
    assert int(buffers["W.bn.num_batches_tracked"]) == 2


def test_gradients_reach_what_is_shared_and_the_decisions_in_it() -> None:
    supernet = program("deciding").supernet().double()
    x = torch.cos(torch.arange(2 * 4 * 64, dtype=torch.float64)).view(2, 4, 8, 8)
    torch.autograd.backward(F.mse_loss(supernet(x), torch.ones(2, 4).double()))
    assert all(weight.grad is not None and float(weight.grad.abs().max()) > 0 for weight in parameters(supernet))


def parameters(supernet: Supernet) -> list[nn.Parameter]:
    return [*supernet.weights(), *supernet.alphas()]


def test_source_has_one_attribute_for_all_uses(tmp_path: Path) -> None:
    made = program("handed")
    source = generated(made)
    lines = [line.strip() for line in source.text.splitlines()]
    assert lines.count("self.w = W()") == lines.count("self.both = Own()") == 1
    assert source.text.count("self.twice(x, self.v)") == 1
    assert "def forward(self, x: torch.Tensor, v: nn.Module) -> torch.Tensor:" in lines
    made_network = network(source, tmp_path)
    assert sum(weight.numel() for weight in made_network.parameters()) == made.counts().params
    model = Model(made.elaborated)
    made_network.load_state_dict({source.names[key]: value for key, value in model.state_dict().items()})
    x = torch.randn(2, 3, 8, 8)
    assert torch.equal(made_network(x), model(x))


def test_what_is_handed_in_keeps_its_name(tmp_path: Path) -> None:
    """A node is called like the share that is handed in."""
    made = space(
        "block Twice(f: block) on x { node w = x -> f -> relu out (w -> f) + w } "
        "space S() on x: image(3, 8, 8) { share w = conv(3, 3) out x -> Twice(w) -> Twice(w) -> gap }"
    )
    source = generated(made)
    made_network, model = network(source, tmp_path), Model(made.elaborated)
    made_network.load_state_dict({source.names[key]: value for key, value in model.state_dict().items()})
    x = torch.sin(torch.arange(192.0)).view(1, 3, 8, 8)
    assert torch.equal(made_network(x), model(x))


def test_uses_of_different_sizes_share_a_class(tmp_path: Path) -> None:
    """A linear layer on a vector and on a sequence, and a block on images of two sizes."""
    made = space(
        "block B(c: int) on x { out x -> conv(c, 3) -> relu -> conv(c, 3) } "
        "block L() on x { out x -> linear(5) -> tanh -> linear(5) } "
        "space S() on x: image(3, 8, 8), y: sequence(7, 5) { share W = B(3) share M = L() "
        "out (x -> W -> conv(3, 3, stride = 2) -> W -> gap -> linear(5) -> M) * (y -> M)[0] }"
    )
    assert made.counts().params == 2 * 81 + 81 + 3 * 5 + 5 + 2 * (25 + 5)
    source = generated(made)
    assert source.text.count("class ") == 3
    assert sum(weight.numel() for weight in network(source, tmp_path).parameters()) == made.counts().params


def test_the_flat_graph_calls_all_uses_alike() -> None:
    graph = program("alone").graph.to_networkx()
    names = [data["name"] for _, data in graph.nodes(data=True) if data.get("op") == "conv"]
    assert names == ["W.conv", "W.conv"]


def test_the_hash_tells_shared_weights_from_weights_of_their_own() -> None:
    shared = program("alone").graph.hash
    plain = space(ALONE.replace("share", "let"), "Alone").graph.hash
    two = space(ALONE.replace("W -> W", "W -> V").replace("  out", "  share V = conv(3, 3)\n  out"), "Alone").graph.hash
    assert len({shared, plain, two}) == 3
    both = program("deciding")
    assert both.graph.hash == program("deciding").graph.hash
    assert both.counts().architectures == 12
    again = Space(both.request)
    assert again.graph.hash == both.graph.hash


MISSING = """
block Two(c: int) on a, b { out sum(a -> conv(c, 3), b -> relu) }
space Missing() on x: image(4, 8, 8) {
  share W = Two(4)
  node stem[s in ["p", "q"]] = x -> conv(4)
  cuboid h from stem {
    state (a, b) in ["p", "q"]
    depth layer in 0..1
    out h[a] -> conv(4)
  }
  out ((h["p"], h["q"]) -> W) + ((x, x) -> W) -> gap
}
arch Kept of Missing() { pick h[layer = 0] = p -> p }
"""


def test_a_use_that_lacks_an_input_cannot_be_source() -> None:
    made = space(MISSING, "Kept")
    assert made.counts().params == 4 * 4 * 9 + 2 * 16
    with pytest.raises(HypercuboidError, match="the uses of `W` do different things") as caught:
        generated(made)
    assert [one.code for one in caught.value.diagnostics] == ["HC8004"]


def test_a_picture_says_what_is_shared() -> None:
    drawn = read_panels(program("handed").graph.space, ratings((), None, ()))[0][0]
    assert isinstance(drawn, Flow)
    shared = [one.lines for one in drawn.items if any(line.startswith("shared ") for line in one.lines)]
    assert [lines[:2] for lines in shared] == [
        ("W", "shared W"),
        ("Own", "shared Both"),
        ("W", "shared W"),
        ("Own", "shared Both"),
    ]
