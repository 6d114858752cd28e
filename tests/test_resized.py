"""Blocks and steps of cuboids that are made again for other sizes: the same spaces and mistakes as without that."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_recall import ROOT, described, forget

from hypercuboid.checking import examine
from hypercuboid.frontend import specialised
from hypercuboid.frontend.elaborate import Request, elaborate
from hypercuboid.frontend.modules import load_module
from hypercuboid.rendering import render

SPACE = """hypercuboid 1
use std.ops {{ conv, relu, bn, gap, linear, max_pool, split, identity }}
block Inner(c: int = 4, k: int = 3) on x {{ out x -> relu -> conv(c, k) }}
block B({formals}) on x {{
  {statements}
  out {out}
}}
space S() on x: image(3, 24, 24) {{
  node stem[c in 0..2] = x -> conv(4 + 4 * c)
  cuboid h from stem {{
    state (a, b) in 0..2
    depth d in 0..4
    {axes}
    out (h[a] -> {use}) -> max_pool(2, stride = 2, padding = 0) -> conv(4 + 4 * b)
  }}
  out sum(h[0] -> conv(4), h[1] -> conv(4)) -> gap -> linear(2)
}}
"""
PLAIN = {"formals": "", "statements": "", "out": "x -> Inner", "axes": "", "use": "B"}

SIZES = {
    "nothing": {},
    "a size decides": {"out": "x -> conv(4, 3) if x.h > 6 else x -> relu"},
    "a size inside decides": {"statements": "let y = x -> conv(4, 3)", "out": "y -> Inner if y.h > 6 else y -> relu"},
    "an argument": {"out": "x -> conv(x.h, 1)"},
    "a default": {"formals": "c: int = x.w", "out": "x -> conv(c, 1)"},
    "a requirement": {"statements": "require x.h > 4", "out": "x -> relu"},
    "what nothing reads": {"statements": "let y = x -> conv(4, 5, padding = 0)", "out": "x -> relu"},
    "what does not fit": {"out": "x -> conv(4, 5, padding = 0)"},
    "what does not fit inside": {"out": "x -> Inner -> Inner(k = 3) -> max_pool(4, padding = 0)"},
    "a fold": {"out": "sum i in 0..x.h { x -> conv(4) }"},
    "an odd split": {"statements": "let g = x -> split(1 + x.h // 12)", "out": "g[1] -> conv(4)"},
    "a split": {"statements": "let g = x -> split(2)", "out": "g[0] + g[1] -> conv(4)"},
    "shapes that differ": {"out": "x + (x -> max_pool(3, stride = 1 + x.h // 4 % 2))"},
    "a choice": {"out": "x -> choose o { a: relu, b: conv(x.c, 3) }"},
    "an inner size": {"statements": "let z = x -> Inner(c = x.c)", "out": "z -> Inner(c = 1 + x.c // 8)"},
    "a condition": {"axes": "choice k in [1, 3] where h[a].h > 6 or k == 1", "use": "conv(4, k)"},
    "a channel": {"axes": "choice k in [1, 3] where h[a].c > 6 or k == 1", "use": "conv(4, k if h[a].h > 4 else 1)"},
    "one alternative": {"use": "choose o { a: Inner }"},
    "a choice in a step": {"use": "choose o { a: Inner, b: conv(4) }"},
}

MISTAKES = (
    *("a requirement", "what nothing reads", "what does not fit", "what does not fit inside", "shapes that differ"),
    "an odd split",
)
"""Those that go wrong at one of the smaller sizes."""


def program(**parts: str) -> str:
    return SPACE.format(**{**PLAIN, **parts})


def found(path: Path) -> str:
    """The mistakes of a file as they are printed."""
    return render(examine(path))


@pytest.mark.parametrize("name", SIZES)
def test_nothing_differs_where_sizes_do(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "s.hc"
    path.write_text(program(**SIZES[name]))
    problems = found(path)
    assert bool(problems) is (name in MISTAKES)
    module = load_module(path)
    spaces = {} if problems else described(module)
    forget(monkeypatch)
    assert found(path) == problems
    assert problems or described(module) == spaces


def test_a_block_is_elaborated_once_for_all_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three sizes of four numbers of filters: each block once for all sizes, and for each number that it asks for."""
    names: list[str] = []
    original = specialised._elaborated

    def counted(session, block, types, binding, span):  # type: ignore[no-untyped-def]
        names.append(block.definition.name)
        return original(session, block, types, binding, span)

    monkeypatch.setattr(specialised, "_elaborated", counted)
    elaborate(Request(load_module(ROOT / "spaces" / "multichannelnet.hc"), "MultiChannelNet"))
    assert names.count("SharpSepConv") == 4 * 2 + 1
    assert names.count("Fit") == 4 * 4
