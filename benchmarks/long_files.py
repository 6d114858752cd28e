"""Three files of 500 lines that `check` is timed on: of everything, of networks of cells, of cuboids."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SPACES = ROOT / "spaces"
LINES = 500
MIXED = (
    SPACES / "std" / "blocks.hc",
    *(SPACES / f"{name}.hc" for name in ("attention", "darts", "fabric", "mobilenetv2", "multichannelnet")),
    *(SPACES / f"{name}.hc" for name in ("nas_bench_macro", "proxyless", "resolution", "sharpsepconv", "tabular")),
    ROOT / "tests" / "programs" / "hard.hc",
)
CELLS = (SPACES / "darts.hc",)
CUBOIDS = tuple(SPACES / f"{name}.hc" for name in ("multichannelnet", "fabric", "nas_bench_macro", "proxyless"))

_USE = re.compile(r"^use (std\.\w+) \{([^}]*)\}\n", re.MULTILINE)
_ITEM = re.compile(r"^(?:block|space|arch|let|param|search|cell)\s+(\w+)", re.MULTILINE)


def mixed() -> str:
    """A space of each kind, with the architectures that are shipped for it."""
    return joined(MIXED, iter(()))


def cells() -> str:
    """DARTS, then one architecture of 20 of its cells after the other, no two alike."""
    return joined(CELLS, map(_darts, count()))


def cuboids() -> str:
    """The shipped spaces with a cuboid, then one cuboid after the other, each with a path, no two alike."""
    return joined(CUBOIDS, map(_cuboid, count()))


FILES: dict[str, Callable[[], str]] = {"mixed": mixed, "cells": cells, "cuboids": cuboids}


def joined(paths: Sequence[Path], more: Iterator[str]) -> str:
    """Shipped files in one, each with its own names, which get a number; then of `more` what 500 lines take."""
    used: dict[str, set[str]] = {}
    bodies: list[str] = []
    for number, path in enumerate(paths):
        text = path.read_text(encoding="utf-8").split("\n", 1)[1]
        for library, names in _USE.findall(text):
            used.setdefault(library, set()).update(name.strip() for name in names.split(",") if name.strip())
        text = _USE.sub("", text)
        for name in _ITEM.findall(text):
            text = re.sub(rf"\b{name}\b", f"{name}_{number}", text)
        bodies.append(text)
    uses = [f"use {library} {{ {', '.join(sorted(names))} }}" for library, names in sorted(used.items())]
    text = "\n".join(["hypercuboid 1", *uses, *bodies])
    while text.count("\n") < LINES and (one := next(more, "")):
        text += one
    return text


_PRIMITIVES = (
    *("max_pool_3x3", "avg_pool_3x3", "skip_connect", "sep_conv_3x3"),
    *("sep_conv_5x5", "dil_conv_3x3", "dil_conv_5x5"),
)


def _darts(number: int) -> str:
    """Architecture `number` of DARTS: its digits in base seven say which primitives it keeps."""
    nodes = [f"{cell}.n[{node}]" for cell in ("Normal", "Reduce") for node in range(2, 6)]
    picks = [
        f"  pick {node} = [0: {_primitive(number, place)}, 1: {_primitive(number, place + 1)}]"
        for place, node in enumerate(nodes)
    ]
    return "\n".join([f"arch Darts{number} of DARTS_0(c = 36, layers = 20) {{", *picks, "}", ""])


def _primitive(number: int, place: int) -> str:
    return _PRIMITIVES[(number // 7 ** (place % 3) + place) % 7]


def _cuboid(number: int) -> str:
    """A MultiChannelNet with filters of its own, and one of its paths."""
    few, many = 24 + 8 * number, 48 + 16 * number
    return f"""
space Net{number}() on x: image(3, 32, 32) {{
  node stem[c in [{few}, {many}]] = x -> conv(c, 3) -> bn
  cuboid h from stem {{
    state (c_in, c_out) in [{few}, {many}]
    depth reduction in 0..3
    depth layer in 0..2
    choice op in [SharpSepConv(affine = true), ResizablePool(affine = true)]
    out h[c_in] -> op(c_out, stride = 2 if layer == 1 else 1)
  }}
  out sum c in [{few}, {many}] {{ h[c] -> SharpSepConv(256, affine = true) }} -> gap -> linear(10)
}}

arch Path{number} of Net{number}() {{
  pick h[reduction = 0, layer = 0] = {few} -> {few}: SharpSepConv
  pick h[reduction = 0, layer = 1] = {few} -> {many}: ResizablePool
  pick h[reduction = 1, layer = 0] = {many} -> {many}: SharpSepConv
  pick h[reduction = 1, layer = 1] = {many} -> {few}: SharpSepConv
  pick h[reduction = 2, layer = 0] = {few} -> {many}: SharpSepConv
  pick h[reduction = 2, layer = 1] = {many} -> {many}: ResizablePool
}}
"""
