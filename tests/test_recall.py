"""Alternatives taken from memory: the same space as without it, with far fewer bodies."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from hypercuboid.frontend import expressions, open_steps, recall_choices, specialised
from hypercuboid.frontend.elaborate import Request, elaborate, spaces_and_architectures
from hypercuboid.frontend.elaborated import Body, ChoiceNode, Node, UseNode, inner_bodies
from hypercuboid.frontend.modules import LoadedModule, load_module
from hypercuboid.frontend.points import points_of
from hypercuboid.frontend.recall import Recall
from hypercuboid.graph.digest import digest

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "spaces").glob("*.hc")) + sorted((ROOT / "tests" / "programs").glob("*.hc"))


def described(module: LoadedModule) -> dict[str, object]:
    """What later stages see of every space that needs no argument, and of every architecture that is partial."""
    found: dict[str, object] = {}
    for name in spaces_and_architectures(module):
        item = getattr(module.names[name], "item", None)
        if any(formal.default is None for formal in getattr(item, "formals", ())) or not getattr(item, "partial", True):
            continue
        elaborated = elaborate(Request(module, name))
        found[name] = (digest(elaborated), points_of(elaborated.definition), written(elaborated.definition.body, {}))
    return found


def written(body: Body, known: dict[int, str]) -> str:
    """A body with all that is generated from it: names, places in the file, arguments with their expressions, types."""
    if id(body) not in known:
        known[id(body)] = hashlib.sha256("\n".join(node_text(node, known) for node in body.nodes).encode()).hexdigest()
    return known[id(body)]


def node_text(node: Node, known: dict[int, str]) -> str:
    arguments = [
        (name, one.value, one.text, None if one.span is None else (one.span.source.path, one.span.start, one.span.end))
        for name, one in getattr(node, "arguments", {}).items()
    ]
    place = (node.span.source.path, node.span.start, node.span.end)
    bodies = [written(body, known) for body in inner_bodies(node)]
    if isinstance(node, UseNode):
        defined = node.definition
        bodies += [f"{list(defined.arguments)} {defined.bounded} {defined.doc} {written(defined.body, known)}"]
    text = f"{type(node).__name__} {node.name} {node.inputs} {node.type!r} {place} {arguments} {bodies}"
    return re.sub(r"\^\d+/|frame=\d+", "", text)


LONG = ("amoebanet", "sharpdarts", "sharpsepconv_darts")
"""Cells as those of NASNet and DARTS, which are elaborated too."""


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(path, id=f"{path.parent.name}-{path.stem}", marks=[pytest.mark.long] * (path.stem in LONG))
        for path in FILES
    ],
)
def test_nothing_differs_from_an_elaboration_without_memory(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = load_module(file)
    with_memory = described(module)
    forget(monkeypatch)
    assert described(module) == with_memory


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on nothing is taken from memory."""
    monkeypatch.setattr(Recall, "look", lambda self, expression, bound, label: None)
    monkeypatch.setattr(recall_choices, "look", lambda recall, site, options: None)
    monkeypatch.setattr(specialised, "pattern_of", lambda *made: None)
    monkeypatch.setattr(open_steps, "step_again", lambda *asked: None)
    monkeypatch.setattr(expressions, "run_stage", lambda *asked: None)


@pytest.mark.long
def test_nothing_differs_where_only_single_alternatives_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    module = load_module(ROOT / "spaces" / "nasnet.hc")
    with_memory = described(module)
    monkeypatch.setattr(recall_choices, "look", lambda recall, site, options: None)
    assert described(module) == with_memory


def alternatives(body: Body) -> list[Body]:
    """The bodies of all alternatives of a body and of the blocks it uses."""
    found = []
    for node in body.nodes:
        if isinstance(node, UseNode):
            found += alternatives(node.definition.body)
        elif isinstance(node, ChoiceNode):
            found += [alternative.body for alternative in node.alternatives]
    return found


def test_equal_alternatives_are_one_body() -> None:
    """Each use of a DARTS cell has 14 edges of 8 primitives, at few shapes and strides."""
    bodies = alternatives(elaborate(Request(load_module(ROOT / "spaces" / "darts.hc"), "DARTS")).definition.body)
    assert len(bodies) == 8 * 14 * 8
    assert len({id(body) for body in bodies}) < 8 * 14


def choices(body: Body) -> list[ChoiceNode]:
    """The open choices of a body and of the blocks it uses, each block once."""
    found, waiting, seen = list[ChoiceNode](), [body], set[int]()
    while waiting:
        one = waiting.pop()
        found += [node for node in one.nodes if isinstance(node, ChoiceNode)]
        inner = [node.definition.body for node in one.nodes if isinstance(node, UseNode)]
        waiting += [body for body in inner if id(body) not in seen]
        seen.update(map(id, inner))
    return found


@pytest.mark.parametrize(("file", "name", "fewest"), [("darts.hc", "DARTS", 8), ("nasnet.hc", "NASNet", 2)])
def test_equal_edges_share_their_alternatives(file: str, name: str, fewest: int) -> None:
    """Few of the choices of a cell are evaluated: the others are over tensors of the same types."""
    found = choices(elaborate(Request(load_module(ROOT / "spaces" / file), name)).definition.body)
    assert len({id(node.alternatives) for node in found}) * fewest <= len(found)
    assert len({node.inputs for node in found}) > 1


TWO = """hypercuboid 1
use std.ops { conv, relu, bn, gap, linear }
space S() on x: image(3, 8, 8) {
  node n[i in 0..2] = x -> conv(4, 3)
  let a = n[0]
  let b = n[1]
  let ops = [relu, conv(4)]
  node c[j in 0..2] = choose op in OPS { CHOSEN }
  out c[0] + c[1] -> gap -> linear(10)
}
"""


@pytest.mark.parametrize("ops", ["ops", "[relu, conv(4)]", "[relu, conv(4, 1 + 2 * j)]"])
@pytest.mark.parametrize(
    "chosen",
    [
        "(a if j == 0 else b) -> op",
        "a -> op",
        "(a + b) -> op",
        "concat(n[j], b) -> conv(4) -> op",
        "sum j in 0..2 { n[j] -> op }",
        "(n[0] if j == 0 else n[1]) -> op",
        "n[j] -> op -> (op if j == 0 else relu)",
        "(n[j] -> op) + a",
    ],
)
def test_a_body_is_taken_again_over_the_tensors_that_stand_there(
    chosen: str, ops: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tensors of one type in the place of each other, arithmetic on tensors, a binder that hides another."""
    path = tmp_path / "s.hc"
    path.write_text(TWO.replace("CHOSEN", chosen).replace("OPS", ops))
    module = load_module(path)
    with_memory = described(module)
    forget(monkeypatch)
    assert described(module) == with_memory
