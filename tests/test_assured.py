"""Architectures that `check` takes for sound because their spaces are: the same as when each is elaborated."""

from __future__ import annotations

from pathlib import Path

import pytest

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.frontend import ast
from hypercuboid.frontend.architectures import picked
from hypercuboid.frontend.elaborate import elaborate, examine_architecture
from hypercuboid.frontend.modules import load_module, load_text
from hypercuboid.frontend.request import Request

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted(
    path
    for folder in ("tests/conformance", "tests/errors", "tests/programs", "spaces")
    for path in (ROOT / folder).rglob("*.hc")
    if "\narch " in path.read_text(encoding="utf-8", errors="replace")
)

CELL = """hypercuboid 1
use std.ops { conv, relu, identity, gap, linear }
block Cell() on s {
  node n[0] = s
  node n[i in 1..4] = sum top 1 j in 0..i { choose op in [conv(8), relu] { n[j] -> op } }
  out n[3] -> (choose end { plain: identity, more: conv(8, 3) })
}
space S(c: int = 8) on x: image(3, 8, 8) {
  cell C = Cell()
  node stem = x -> conv(c)
  out stem -> C -> C -> gap -> linear(2)
}
"""
PICKS = """  pick C.n[1] = [0: relu]
  pick C.n[2] = [1: conv]
  pick C.n[3] = [0: conv]
"""


def outcome(request: Request, *, whole: bool) -> list[tuple[str, object]]:
    """Codes and places of what an architecture has wrong, elaborated whole or as `check` looks at it."""
    try:
        if whole:
            elaborate(request)
        else:
            examine_architecture(request)
    except HypercuboidError as problem:
        return [(one.code, one.span) for one in problem.diagnostics]
    return []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_assured_is_sound(path: Path) -> None:
    try:
        module = load_module(path)
    except HypercuboidError:
        return
    archs = [item for item in module.module.items if isinstance(item, ast.Arch) and not item.partial]
    for arch in archs[:6]:
        assert outcome(Request(module, arch.name), whole=False) == outcome(Request(module, arch.name), whole=True)


def is_assured(text: str) -> bool:
    module = load_text(text)
    (arch,) = (item for item in module.module.items if isinstance(item, ast.Arch))
    return picked(Request(module, arch.name), arch, False).is_assured


def test_an_architecture_of_cells_is_assured() -> None:
    assert is_assured(CELL + "arch A of S() {\n" + PICKS + "  pick C.out.end = plain\n}\n")


def test_one_that_leaves_something_open_is_not() -> None:
    text = CELL + "arch A of S() {\n" + PICKS + "}\n"
    assert not is_assured(text)
    request = Request(load_text(text), "A")
    assert [code for code, _ in outcome(request, whole=False)] == ["HC5008"]


def test_several_alternatives_kept_are_looked_at() -> None:
    assert not is_assured(CELL + "arch A of S() {\n" + PICKS + "  keep C.out.end = [plain, more]\n}\n")


CUBOID = """hypercuboid 1
use std.ops { conv, relu, gap, linear }
space S() on x: image(3, 8, 8) {
  node stem[c in [8, 16]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [8, 16]
    depth layer in 0..1
    choice op in [conv]
    out h[a] -> op(b)
  }
  out sum c in [8, 16] { h[c] -> conv(4) } -> gap -> linear(2)
}
arch A of S() {
  pick h[layer = 0] = 8 -> 16: conv
}
"""


def test_a_cuboid_is_looked_at() -> None:
    assert not is_assured(CUBOID)
