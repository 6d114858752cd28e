"""What an editor remembers: whatever is edited in whatever order, it shows what `check` says, and looks at less."""

from __future__ import annotations

import importlib.util
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from hypercuboid.checking import examine
from hypercuboid.diagnostics import Diagnostic
from hypercuboid.editing.answers import at_once, in_full
from hypercuboid.editing.buffers import Buffers
from hypercuboid.editing.remembering import KnownOf, OvertakenError, Remembered
from hypercuboid.frontend import ast, specialised
from hypercuboid.frontend.elaborated import Definition
from hypercuboid.frontend.library_blocks import LibraryBlocks
from hypercuboid.frontend.request import Memory, Request
from hypercuboid.frontend.session import Session
from hypercuboid.frontend.values import UserBlock
from hypercuboid.space import Space

ROOT = Path(__file__).resolve().parent.parent
BLOCKS = """hypercuboid 1
use std.ops { conv, relu }
block Layer(c: int, k: int = 3) on x { out x -> conv(c, k) -> relu }
"""
FILE = """hypercuboid 1
use std.ops { conv, gap, linear }
use "./blocks.hc" { Layer }

let sizes = [1, 3]
block Twice(c: int) on x { out x -> Layer(c) -> Layer(c) }
block Alone(c: int) on x { out x -> conv(c) }
block Unused(c: int) on x { out x -> gap -> gap }

space First(c: int = 8) on x: image(3, 8, 8) {
  let b = x -> choose k { small: Layer(c, k = 1), twice: Twice(c) }
  out b -> gap -> linear(10)
}
space Second() on x: image(3, 8, 8) {
  let b = x -> choose k in sizes { conv(8, k) }
  out b -> Alone(4) -> gap -> linear(10)
}
cell Own = Twice(4)
arch Small of First() { pick b.k = small }
arch Large of First(c = 4) { pick b.k = twice }
arch One of Second() { pick b.k = 3 }
"""
EDITS = (
    ("[1, 3]", "[1, 3, 0]"),
    ("[1, 3]", "[1, 3"),
    ("-> Layer(c) -> Layer(c)", "-> Layer(c) -> Layre(c)"),
    ("-> Layer(c) -> Layer(c)", "-> gap -> Layer(c)"),
    ("conv(c) }", "conv(c, 0) }"),
    ("gap -> gap }", "gap }"),
    ("out b -> gap", "out x -> gap"),
    ("b -> Alone(4)", "b"),
    ("twice: Twice(c)", "twice: x"),
    ("pick b.k = small", "pick b.k = smal"),
    ("of First(c = 4)", "of Second()"),
    ("arch One", "arch Small"),
    ("cell Own = Twice(4)", "cell Own = Twice(x)"),
    ("8, 8) {\n  let b = x -> choose k", "8, 8) {\n\n  require c > 9\n  let b = x -> choose k"),
    ('use "./blocks.hc"', 'use "./none.hc"'),
)
IMPORTED = (("conv(c, k)", "conv(c, k, 9)"), ("-> relu", "-> rleu"), ("k: int = 3", "k: int"))
CELLS = """hypercuboid 1
use std.ops { conv, gap, linear, relu }
use std.blocks { ResizablePool, SharpSepConv }
use std.cells { DartsCell }
use std.darts { max_pool_3x3, none, sep_conv_3x3, skip_connect }

block Own(c: int, stride: int = 1) on x { out x -> relu -> conv(c, 3, stride = stride) }
block Wide(c: int) on x { out x -> SharpSepConv(c) -> SharpSepConv(2 * c) }

space Net(c: int = 8, stride: int = 1) on x: image(3, 8, 8) {
  let primitives = [none, max_pool_3x3, skip_connect, sep_conv_3x3]
  cell Normal = DartsCell(stride = stride, primitives = primitives)
  let a = x -> conv(c)
  let b = Normal(a, a, c = c) -> ResizablePool(2 * c)
  out b -> Wide(c) -> gap -> linear(10)
}
arch Skips of Net() {
  pick Normal.n[2] = [0: skip_connect, 1: sep_conv_3x3]
  pick Normal.n[3] = [0: skip_connect, 1: skip_connect]
  pick Normal.n[4] = [0: skip_connect, 1: skip_connect]
  pick Normal.n[5] = [0: skip_connect, 1: skip_connect]
}
arch Wider of Net(c = 12) {
  pick Normal.n[2] = [0: max_pool_3x3, 1: sep_conv_3x3]
  pick Normal.n[3] = [0: skip_connect, 1: skip_connect]
  pick Normal.n[4] = [0: skip_connect, 1: skip_connect]
  pick Normal.n[5] = [0: skip_connect, 1: skip_connect]
}
"""
CELL_EDITS = (
    ("sep_conv_3x3]\n  cell", "sep_conv_3x3, Own]\n  cell"),
    ("stride = stride)\n", "stride = 1)\n"),
    ("conv(c, 3,", "conv(c, 0,"),
    ("c: int = 8", "c: int = 6"),
    ("c: int = 8", "c: int = 0"),
    ("stride: int = 1) on x: image", "stride: int = 2) on x: image"),
    ("image(3, 8, 8)", "image(3, 9, 9)"),
    ("SharpSepConv(2 * c)", "SharpSepConv(2 * c, k = 4)"),
    ("ResizablePool(2 * c)", "ResizablePool(2 * c, stride = 3)"),
    ("Normal(a, a,", "Normal(a, x,"),
    ("0: max_pool_3x3", "0: none"),
    ("Net(c = 12)", "Net(c = 12, stride = 2)"),
    ("-> Wide(c)", "-> Wide(c) -> Wide(c)"),
    ("hypercuboid 1\n", "hypercuboid 1\n# moved\n"),
)


def said(found: list[Diagnostic]) -> list[object]:
    return [(o.code, o.message, o.help, o.span and (o.span.source.path, o.span.start, o.span.end)) for o in found]


@dataclass
class Asked:
    """What is remembered, and the names of what was elaborated all the same."""

    known: KnownOf
    fresh: list[str] = field(default_factory=list)

    def reached(self, item: ast.Item) -> frozenset[str] | None:
        found = self.known.reached(item)
        self.fresh += [item.name] if found is None else []
        return found

    def add(self, item: ast.Item, reached: frozenset[str]) -> None:
        self.known.add(item, reached)

    def told(self, problems: Sequence[Diagnostic]) -> None:
        self.known.told(problems)

    @property
    def library(self) -> LibraryBlocks:
        return self.known.library


def looked(remembered: Remembered, texts: dict[Path, str], path: Path) -> tuple[list[Diagnostic], list[str]]:
    """What an editor shows of a file, and what was elaborated for it."""
    reading = Buffers(texts).reading(path)
    assert reading.module is not None
    asked = Asked(remembered.of(reading.module))
    return in_full(reading, at_once(reading), asked), asked.fresh


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path.resolve() / "file.hc"


def test_whatever_is_edited_it_shows_what_check_says(path: Path) -> None:
    remembered, draw = Remembered(), random.Random(7)
    blocks, own, imported = path.parent / "blocks.hc", set[tuple[str, str]](), set[tuple[str, str]]()
    for _ in range(120):
        edits, group = (own, EDITS) if draw.random() < 0.8 else (imported, IMPORTED)
        edits ^= {draw.choice(group)}
        text, other = FILE, BLOCKS
        for before, after in sorted(own):
            text = text.replace(before, after)
        for before, after in sorted(imported):
            other = other.replace(before, after)
        texts = {path: text, blocks: other}
        found = looked(remembered, texts, path)[0]
        assert said(found) == said(examine(path, Buffers(texts).read)), (own, imported)
        if len(own) > 3 or len(imported) > 1:
            own.clear()
            imported.clear()


def test_blocks_of_the_library_that_were_made_before_change_nothing_that_is_said(path: Path) -> None:
    remembered, draw = Remembered(), random.Random(3)
    for _ in range(80):
        text = CELLS
        for before, after in draw.sample(CELL_EDITS, draw.choice((0, 1, 1, 2, 3))):
            text = text.replace(before, after)
        found = looked(remembered, {path: text}, path)[0]
        assert said(found) == said(examine(path, Buffers({path: text}).read)), text


def test_a_block_of_the_library_is_made_once_for_many_looks(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, plain = list[str](), specialised._elaborated

    def noting(session: Session, block: UserBlock, *rest: Any) -> Definition:
        made.append(block.definition.name)
        return plain(session, block, *rest)

    monkeypatch.setattr(specialised, "_elaborated", noting)
    remembered = Remembered()
    assert looked(remembered, {path: CELLS}, path)[0] == []
    assert {"DartsCell", "SharpSepConv", "sep_conv_3x3", "Wide"} <= set(made)
    made.clear()
    text = CELLS.replace("gap -> linear(10)", "relu -> gap -> linear(10)")
    assert looked(remembered, {path: text}, path)[0] == []
    assert set(made) == {"DartsCell", "Wide"}, "a block of the file, and a cell as the two architectures decide it"


def test_networks_of_blocks_that_were_made_before_are_those_of_blocks_made_anew(path: Path) -> None:
    """Also where the library asks for `searching`: norms of a supernet have no scale, those of a network have one."""
    remembered = Remembered()
    assert looked(remembered, {path: CELLS}, path)[0] == []
    module = Buffers({path: CELLS.replace("-> Wide(c)", "-> Wide(2 * c)")}).reading(path).module
    assert module is not None
    for name in ("Net", "Skips", "Wider"):
        memories = Memory(library=remembered.library), Memory()
        reused, anew = (Space(Request(module, name, memory=memory)).counts() for memory in memories)
        assert reused == anew


def test_only_what_an_edit_can_change_is_elaborated(path: Path) -> None:
    remembered, texts = Remembered(), {path: FILE, path.parent / "blocks.hc": BLOCKS}
    assert looked(remembered, texts, path)[1] == ["First", "Second", "Small", "Large", "One", "Unused"]

    def after(before: str, edit: str) -> list[str]:
        return looked(remembered, {**texts, path: FILE.replace(before, edit)}, path)[1]

    assert after("nothing", "") == []
    assert after("hypercuboid 1\n", "hypercuboid 1\n\n\n") == [], "places may move"
    assert after("pick b.k = small", "pick b.k = twice") == ["Small"]
    assert after("-> Alone(4)", "-> Alone(5)") == ["Second", "One"]
    assert after("[1, 3]", "[1, 5]") == ["Second", "One"]
    assert after("-> Layer(c) -> Layer(c)", "-> Layer(c)") == ["First", "Small", "Large"]
    assert after("gap -> gap }", "gap }") == ["Unused"]
    assert len(looked(remembered, {**texts, path.parent / "blocks.hc": BLOCKS + "\n"}, path)[1]) == 6
    assert after("nothing", "") == [], "an edit taken back"
    remembered.forget()
    assert len(after("nothing", "")) == 6


def test_the_first_mistake_is_told_before_the_rest_is_looked_at(path: Path) -> None:
    told, texts = (
        list[str](),
        {path: FILE.replace("gap -> linear", "gap -> gap -> linear"), path.parent / "blocks.hc": BLOCKS},
    )
    reading = Buffers(texts).reading(path)
    assert reading.module is not None
    known = Remembered().of(
        reading.module, lambda: bool(told), lambda problems: told.extend(one.code for one in problems)
    )
    with pytest.raises(OvertakenError):  # the second definition is not looked at
        in_full(reading, [], known)
    assert told == ["HC3202"]


def test_a_look_that_is_overtaken_ends(path: Path) -> None:
    reading = Buffers({path: FILE, path.parent / "blocks.hc": BLOCKS}).reading(path)
    assert reading.module is not None
    with pytest.raises(OvertakenError):
        in_full(reading, [], Remembered().of(reading.module, lambda: True))


@pytest.mark.parametrize("name", ["mixed", "cells", "cuboids"])
def test_an_edit_in_a_long_file_is_looked_at_within_five_times_what_is_promised(name: str, path: Path) -> None:
    """Processor time of all messages after an edit in the middle; `benchmarks/language_server.py` times each edit."""
    spec = importlib.util.spec_from_file_location("long_files", ROOT / "benchmarks" / "long_files.py")
    assert spec and spec.loader
    spec.loader.exec_module(files := importlib.util.module_from_spec(spec))
    text = files.FILES[name]()
    remembered = Remembered()
    assert looked(remembered, {path: text}, path)[0] == []
    start = text.index("\n", text.index("{\n", len(text) // 2)) + 1
    before = time.process_time()
    found, fresh = looked(remembered, {path: text[:start] + "  # typed\n" + text[start:]}, path)
    assert time.process_time() - before < 5 * 0.2
    assert found == [] and len(fresh) < 10
