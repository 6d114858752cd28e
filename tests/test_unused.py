"""`unused(n)`: which members are left over, in a supernet and in architectures, and what that means for costs."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
import torch
from generated import PROVENANCE, network
from graph_spaces import all_architectures
from supernets import images, trained

import hypercuboid as hc
from hypercuboid.frontend.elaborated import Body, UseNode
from hypercuboid.network.model import Model
from hypercuboid.pipeline import Space, load, load_from_text
from hypercuboid.targets.source import generate_source

TESTS = Path(__file__).parent
GENOTYPES = json.loads((TESTS / "golden" / "cell_genotypes.json").read_text(encoding="utf-8"))
SMALL = """hypercuboid 1
use std.ops { conv, identity, zero, gap, linear }
block Cell(c: int) on x {
  node n[0] = x -> conv(c)
  node n[i in 1..4] = choose j in 0..i, op in [PRIMITIVES] { n[j] -> op }
  out concat(unused(n)) -> conv(5)
}
space S() on x: image(3, 8, 8) { cell C = Cell(4) out x -> C -> gap -> linear(2) }
"""


def small(primitives: str = "identity, conv(4, 3)") -> Space:
    return load_from_text(SMALL.replace("PRIMITIVES", primitives))


def nasnet(*inputs: int) -> Space:
    return load(TESTS / "programs" / "nasnet.hc", "NASNet(c = 2, layers = 3)", inputs=inputs or (3, 8, 8))


def genotype(name: str) -> str:
    """The picks of a cell of `tests/golden/cell_genotypes.json`: two (primitive, node) pairs per node, from node 2."""
    lines = []
    for cell, key in (("Normal", "normal"), ("Reduce", "reduce")):
        pairs = [f"{j}: {op}" for op, j in GENOTYPES[name][key]]
        for node, (first, second) in enumerate(zip(pairs[::2], pairs[1::2], strict=True), start=2):
            lines.append(f"pick {cell}.n[{node}] = [{first}, {second}]")
    return "\n".join(lines)


def concatenated(space: Space, cell: str) -> list[int]:
    """The numbers of the nodes that the first use of a cell concatenates."""
    use = next(n for n in space.elaborated.definition.body.nodes if isinstance(n, UseNode) and f"{cell}" in n.name)
    body: Body = use.definition.body
    last = body.nodes[body.output]
    names = [body.nodes[i].name for i in last.inputs] if last.name == "concat" else [last.name]
    return [int(name[2 : name.index("]")]) for name in names]


@pytest.mark.parametrize("name", ["NASNet", "AmoebaNet"])
def test_the_published_cells_leave_over_what_was_published(name: str) -> None:
    space = nasnet()
    found = space.architecture(f"arch A of NASNet(c = 2, layers = 3) {{ {genotype(name)} }}")
    assert concatenated(found, "Normal") == GENOTYPES[name]["normal_concat"]
    assert concatenated(found, "Reduce") == GENOTYPES[name]["reduce_concat"]


def test_nasnet_a_has_the_published_size() -> None:
    counts = load(TESTS / "programs" / "nasnet.hc", "NASNet_A").counts()
    assert (counts.params, counts.add_mult, counts.macs) == (3830950, 624234528, 603452448)


def test_an_open_cell_concatenates_all_that_may_be_left_over() -> None:
    space = nasnet()
    assert concatenated(space, "Normal") == [2, 3, 4, 5, 6]
    picks = "pick Normal.n[3] = [2: conv_7x1_1x7, 0: none]  pick Normal.n[5] = [4: none, 3: skip_connect]"
    partial = space.architecture(f"arch A of NASNet(c = 2, layers = 3) partial {{ {picks} }}")
    assert concatenated(partial, "Normal") == [4, 5, 6]
    assert partial.is_open


def left_over(reads: tuple[int, ...]) -> int:
    """How many of the nodes 1, 2, ... are left over where node i reads `reads[i - 1]`."""
    return sum(node not in reads for node in range(1, len(reads) + 1))


def test_every_architecture_of_a_small_space_costs_what_its_graph_says() -> None:
    """A closed form: conv(5) reads 4 channels of each node that is left over; conv(4, 3) has 144 weights."""
    space = small()
    counts = space.counts()
    found = sorted(one.counts().params or 0 for one in all_architectures(space))
    base = 3 * 4 + 5 * 2 + 2
    ways = itertools.product(range(1), range(2), range(3))
    kinds = list(itertools.product((0, 144), repeat=3))
    wanted = sorted(base + 20 * left_over(reads) + sum(kind) for reads in ways for kind in kinds)
    assert found == wanted
    assert counts.architectures == len(wanted) == 48
    assert counts.params == base + 20 * 3 + 6 * 144
    # n[3] alone is left over where n[3] reads n[2] and n[2] reads n[1]
    assert counts.params_range == (base + 20, base + 60 + 3 * 144)
    assert not counts.additive


def test_a_kept_zero_reads_nothing() -> None:
    space = small("zero, conv(4, 3)")
    sites = ("pick C.n[1].op = {a}", "pick C.n[2].op = {b} pick C.n[2].j = 1", "pick C.n[3].op = {c} pick C.n[3].j = 2")
    text = f"arch A of S() {{{{ {' '.join(sites)} }}}}"
    chained = space.architecture(text.format(a="conv", b="conv", c="conv"))
    cut = space.architecture(text.format(a="conv", b="zero", c="conv"))
    nothing = space.architecture(text.format(a="conv", b="conv", c="zero"))
    widths = [_last_width(one) for one in (chained, cut, nothing)]
    assert widths == [4, 8, 8]


def _last_width(space: Space) -> int:
    use = next(node for node in space.elaborated.definition.body.nodes if isinstance(node, UseNode))
    body = use.definition.body
    return body.nodes[body.nodes[body.output].inputs[0]].type.channels


def test_a_member_that_is_another_one_as_it_stands_is_told_apart() -> None:
    program = SMALL.replace("{ n[j] -> op }", "{ n[j] }").replace(", op in [PRIMITIVES]", "")
    space = load_from_text(program)
    text = "arch A of S() {{ pick C.n[2].j = {b} pick C.n[3].j = {c} }}"
    chained = space.architecture(text.format(b=1, c=2))
    side_by_side = space.architecture(text.format(b=0, c=0))
    assert [_last_width(one) for one in (chained, side_by_side)] == [4, 12]


def test_there_are_no_bounds_where_widths_decide_more_than_sizes() -> None:
    assert small().counts().params_range is not None
    for result in (
        "let y = concat(unused(n)) out y -> conv(y.c)",
        "out sum m in unused(n) { m -> conv(5) }",
        "out sum m in unused(n), k in 0..len(unused(n)) { m -> conv(5) }",
    ):
        program = SMALL.replace("out concat(unused(n)) -> conv(5)", result).replace("PRIMITIVES", "identity, conv(4)")
        counts = load_from_text(program).counts()
        assert (counts.params_range, counts.additive, counts.architectures) == (None, False, 48)


def test_bounds_follow_a_width_through_the_ops_that_keep_it() -> None:
    body = "concat(unused(n)) -> dwconv(3) -> bn -> relu -> channel_shuffle(2) -> gap -> linear(5)"
    program = SMALL.replace("linear }", "linear, dwconv, bn, relu, channel_shuffle }").replace(
        "concat(unused(n)) -> conv(5)", body
    )
    space = load_from_text(program.replace("-> C -> gap ->", "-> C ->").replace("PRIMITIVES", "identity, conv(4)"))
    found = [one.counts() for one in all_architectures(space)]
    for name in ("params", "macs"):
        bounds, all_values = getattr(space.counts(), f"{name}_range"), [getattr(one, name) for one in found]
        assert bounds == (min(all_values), max(all_values))


def test_the_supernet_runs_and_what_it_finds_is_generated(tmp_path: Path) -> None:
    space = nasnet()
    supernet = trained(space, steps=1)
    assert sum(weight.numel() for weight in supernet.weights()) == space.counts().params
    assert all(alpha.grad is not None and float(alpha.grad.abs().sum()) > 0 for alpha in supernet.alphas())
    architecture = space.select(supernet.architecture_weights())
    again = space.architecture(architecture.text)
    assert again.graph.hash == architecture.graph.hash
    model = Model(again.elaborated).double()
    assert sum(weight.numel() for weight in model.parameters()) == architecture.counts().params
    made = generate_source(again.elaborated, PROVENANCE)
    standalone = network(made, tmp_path).double()
    _train(model, space)
    standalone.load_state_dict({made.names[key]: value for key, value in model.state_dict().items()})
    for training in (False, True):
        outputs = [_output(one.train(training), space) for one in (model, standalone)]
        assert torch.equal(*outputs)


def _output(model: Any, space: Space) -> torch.Tensor:
    output = model(images(space))
    assert isinstance(output, torch.Tensor)
    return output


def _train(model: Model, space: Space) -> None:
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    for step in range(10):
        output = model(images(space).roll(step, 0))
        assert isinstance(output, torch.Tensor)
        optimizer.zero_grad()
        torch.autograd.backward((output**2).mean())
        optimizer.step()


def test_an_architecture_takes_over_no_weights_of_another_width() -> None:
    space = small()
    supernet = space.supernet(seed=1)
    chained = "pick C.n[2].j = 1 pick C.n[3].j = 2"
    ops = " ".join(f"pick C.n[{i}].op = conv" for i in (1, 2, 3))
    model = Model(space.architecture(f"arch A of S() {{ {chained} {ops} }}").elaborated)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    with pytest.raises(hc.HypercuboidError, match=r"has shape \(5, 4, 1, 1\) in this architecture, \(5, 12, 1, 1\)"):
        model.inherit(supernet.state_dict())
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
