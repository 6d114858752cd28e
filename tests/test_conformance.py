"""The conformance corpus, `conformance/valid` and `conformance/invalid`: dropping a file there adds a test.

What a file must say of itself stands in `conformance_cases.py`. Numbers are computed by hand, never taken from output.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from conformance_cases import INVALID, VALID, Case, Expectation, Place, Target, read_case
from trees import bare

from hypercuboid.cli.check import examine
from hypercuboid.diagnostics import Diagnostic, HypercuboidError, Source
from hypercuboid.frontend import ast
from hypercuboid.frontend.elaborated import label_text
from hypercuboid.frontend.parse import parse
from hypercuboid.frontend.style import format_text
from hypercuboid.graph.counts import Counts
from hypercuboid.graph.decision import Decision
from hypercuboid.pipeline import Architecture, Space, load_target


def of(path: Path, target: Target) -> Space:
    return load_target(str(path), target.name, target.parameters, target.inputs)


def places(found: Iterable[Diagnostic], path: Path) -> list[Place]:
    return [_place(one, path) for one in found]


def _place(one: Diagnostic, path: Path) -> Place:
    if one.span is None:
        return Place(one.code)
    file = one.span.source.path
    return Place(one.code, one.span.line, one.span.column, "" if file == str(path) else file)


# ---------------------------------------------------------------- valid programs


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid(path: Path) -> None:
    case = read_case(path)
    assert not case.errors, "a valid program has no `# error`"
    assert places(examine(path), path) == list(case.warnings)
    assert {one.target.name.split("(")[0] for one in case.expected} >= _named(path)
    for one in case.expected:
        _compare(path, one, case)


def _named(path: Path) -> set[str]:
    """The spaces and architectures of a file: all of them must be expected; in a file without any, one block."""
    items = parse(Source("a.hc", path.read_text(encoding="utf-8"))).items
    blocks = [item for item in items if isinstance(item, ast.BlockDefinition)]
    spaces = {item.name for item in items if isinstance(item, ast.Arch)} | {b.name for b in blocks if b.is_space}
    return spaces or {blocks[-1].name}


def _compare(path: Path, expected: Expectation, case: Case) -> None:
    space = of(path, expected.target)
    counts = space.counts()
    assert {name: field_of(name, counts, space) for name in expected.fields} == expected.fields, expected.target
    decisions = [(one.decision, one.fields) for one in case.decisions if one.target == expected.target]
    assert not decisions or [decision_of(one) for one in space.graph.decisions] == decisions
    if isinstance(space, Architecture):
        _read_again(space, counts)


def decision_of(decision: Decision) -> tuple[str, dict[str, str]]:
    return decision.name, {axis.name: "; ".join(map(label_text, axis.labels)) for axis in decision.axes}


def field_of(name: str, counts: Counts, space: Space) -> str:
    if name == "decided":
        return str(not space.is_open).lower()
    value = getattr(counts, name)
    if isinstance(value, tuple):
        return f"{value[0]}..{value[1]}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read_again(architecture: Architecture, counts: Counts) -> None:
    """The text of an architecture means the architecture, and its source is Python."""
    again = architecture.architecture(architecture.text)
    assert (again.text, again.counts()) == (architecture.text, counts)
    compile(architecture.source(), "model.py", "exec")


# ---------------------------------------------------------------- invalid programs


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid(path: Path) -> None:
    case = read_case(path)
    assert case.errors, "no `# error CODE at LINE:COLUMN` in this file"
    assert not case.expected and not case.decisions
    found = examine(path)
    assert places((one for one in found if one.severity != "error"), path) == list(case.warnings)
    errors = [one for one in found if one.severity == "error"]
    if case.runs:
        assert not errors
        errors = [problem for target in case.runs for problem in _problems(path, target)]
    assert places(errors, path) == list(case.errors)
    assert all(one.message and one.span for one in errors if one.span or not case.runs)


def _problems(path: Path, target: Target) -> tuple[Diagnostic, ...]:
    with pytest.raises(HypercuboidError) as caught:
        of(path, target).counts()
    return caught.value.diagnostics


# ---------------------------------------------------------------- both


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_round_trip(path: Path) -> None:
    written = path.read_text(encoding="utf-8")
    text = format_text(written)
    assert bare(parse(Source("b.hc", text))) == bare(parse(Source("a.hc", written)))
    assert format_text(text) == text


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len(VALID) >= 150
    assert len(INVALID) >= 200
