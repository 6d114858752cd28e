"""What an editor remembers: whatever is edited in whatever order, it shows what `check` says, and looks at less."""

from __future__ import annotations

import importlib.util
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hypercuboid.checking import examine
from hypercuboid.diagnostics import Diagnostic
from hypercuboid.editing.answers import at_once, in_full
from hypercuboid.editing.buffers import Buffers
from hypercuboid.editing.remembering import KnownOf, OvertakenError, Remembered
from hypercuboid.frontend import ast

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
