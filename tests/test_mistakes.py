"""Several independent mistakes in one run: all are reported, and next to nothing else.

In `mistakes/*.hc` a line with a mistake ends in a comment that names its code. In the second half two mistakes of a
catalogue are put into independent items of programs that are right.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hypercuboid.checking import examine
from hypercuboid.diagnostics import Diagnostic, HypercuboidError
from hypercuboid.frontend import ast
from hypercuboid.frontend.depths import names_in
from hypercuboid.frontend.modules import load_module
from hypercuboid.pipeline import load_from_text

FOLDER = Path(__file__).parent
FILES = sorted((FOLDER / "mistakes").glob("*.hc"))
PROGRAMS = sorted([*(FOLDER / "programs").glob("*.hc"), *(FOLDER.parent / "spaces").glob("*.hc")])

_SEEDED = re.compile(r"# (HC\d{4})$")


def seeded(text: str) -> list[tuple[int, str]]:
    """Line and code of each mistake that a file says it has."""
    lines = enumerate(text.split("\n"), 1)
    return [(number, found[1]) for number, line in lines if (found := _SEEDED.search(line))]


def errors(found: list[Diagnostic]) -> list[tuple[int, str]]:
    return [(one.span.line if one.span else 0, one.code) for one in found if one.severity == "error"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_mistake_of_a_file_is_reported(path: Path) -> None:
    wanted = seeded(path.read_text(encoding="utf-8"))
    found = errors(examine(path))
    assert len(wanted) >= 6
    missing = [one for one in wanted if one not in found]
    surplus = [one for one in found if one not in wanted]
    assert not missing, (missing, surplus)
    assert len(surplus) <= 1, surplus


# ---------------------------------------------------------------- two mistakes in a program that is right


@dataclass(frozen=True)
class Edit:
    """A mistake: text put in place of `[start, end)`, and the codes that tell of it."""

    start: int
    end: int
    text: str
    codes: tuple[str, ...]


_STATEMENTS = {
    "division": ("let odd_{n} = 1 / 0", ("HC3009",)),
    "unknown name": ("let odd_{n} = nowhere_{n}", ("HC2001",)),
    "operator": ('let odd_{n} = "a" * 2', ("HC3008",)),
    "condition": ("let odd_{n} = 3 and true", ("HC3007",)),
    "refused": ('require 1 == 2 else "odd"', ("HC5001",)),
    "no name": ("let = 3", ("HC1002",)),
    "open bracket": ("let odd_{n} = (1, 2", ("HC1002", "HC1005")),
}
"""Statements to be put at the begin of a body."""


def statement(item: ast.BlockDefinition, kind: str, number: int) -> Edit:
    text, codes = _STATEMENTS[kind]
    first = item.statements[0] if item.statements else None
    start = item.result.span.start if first is None else first.span.start
    start = item.span.source.text.rindex("out", 0, start) if first is None else start
    return Edit(start, start, f"{text.format(n=number)}\n  ", codes)


def calls(item: ast.BlockDefinition) -> Iterator[ast.Call]:
    """Calls that run whatever is decided: in a pipeline that is the value of a `let`, a node or `out`."""
    for value in [*(one.value for one in item.statements if isinstance(one, ast.Let)), item.result]:
        for stage in value.stages if isinstance(value, ast.Pipe) else (value,):
            if isinstance(stage, ast.Call) and isinstance(stage.function, ast.Name) and stage.arguments:
                yield stage


def expressions(item: ast.BlockDefinition) -> Iterator[Edit]:
    """Mistakes in what is written: a misspelt block, an unknown argument, an argument of another type."""
    for call in calls(item):
        assert isinstance(call.function, ast.Name)
        yield Edit(call.function.span.end, call.function.span.end, "zzz", ("HC2001",))
        yield Edit(call.span.end - 1, call.span.end - 1, ", sizze = 1", ("HC3013",))
        last = call.arguments[-1]
        if isinstance(last.value, ast.Literal) and isinstance(last.value.value, int):
            yield Edit(last.value.span.start, last.value.span.end, "[[3]]", ("HC3012",))


def reached(items: dict[str, ast.BlockDefinition], name: str) -> set[str]:
    """The blocks of a file that a block uses, itself among them."""
    found, waiting = set(), [name]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting += names_in((items[current].statements, items[current].result, items[current].formals)) & set(items)
    return found


def pairs(path: Path) -> Iterator[tuple[str, tuple[Edit, Edit]]]:
    """Two mistakes each, in blocks of which none uses the other."""
    module = load_module(path).module
    items = {item.name: item for item in module.items if isinstance(item, ast.BlockDefinition)}
    kinds = itertools.cycle(_STATEMENTS)
    for (first, one), (second, other) in itertools.combinations(items.items(), 2):
        if second in reached(items, first) or first in reached(items, second):
            continue
        edits = [*expressions(one), statement(one, next(kinds), 1)]
        others = [statement(other, next(kinds), 2), *expressions(other)]
        for number in range(max(len(edits), len(others))):
            pair = (edits[number % len(edits)], others[number % len(others)])
            yield f"{path.stem}-{first}-{second}-{number}", pair


QUICK = 6
"""Pairs of each program that run always; the others are long."""

CASES = [
    pytest.param(path, edits, id=name, marks=[] if number % max(1, len(found) // QUICK) == 0 else pytest.mark.long)
    for path in PROGRAMS
    for found in [list(pairs(path))]
    for number, (name, edits) in enumerate(found)
]


def changed(text: str, edits: tuple[Edit, ...]) -> str:
    for edit in sorted(edits, key=lambda one: one.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def line_of(text: str, edits: tuple[Edit, Edit], wanted: Edit) -> int:
    """The line of a mistake in the changed text."""
    before = sum(one.text.count("\n") for one in edits if one.start < wanted.start)
    return text.count("\n", 0, wanted.start) + 1 + before


@pytest.mark.parametrize(("path", "edits"), CASES)
def test_two_mistakes_in_independent_blocks_are_both_reported(
    path: Path, edits: tuple[Edit, Edit], tmp_path: Path
) -> None:
    text = path.read_text(encoding="utf-8")
    file = tmp_path / path.name
    file.write_text(changed(text, edits), encoding="utf-8")
    found = errors(examine(file))
    for edit in edits:
        at = line_of(text, edits, edit)
        near = [(line, code) for line, code in found if line in (at, at + 1) and code in edit.codes]
        assert near, (edit, at, found)
    assert len(found) <= 3, found


def test_a_command_reports_all_names_that_are_not_defined() -> None:
    text = """hypercuboid 1
block A(c) on x { out x -> A(c + 1) -> A(c + 2) }
space S() on x: image(3, 8, 8) { out x -> cnv(8) -> A(3) -> lnear(10) }
"""
    with pytest.raises(HypercuboidError) as caught:
        load_from_text(text)
    assert sorted(errors(list(caught.value.diagnostics))) == [(2, "HC2006"), (3, "HC2001"), (3, "HC2001")]
