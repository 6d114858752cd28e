"""The reference of the language, `docs/language.md`: every example is checked, and so is what it says of it.

A `hypercuboid` fence is a program; without the first line of a file, that line and the `use`s it needs are put before.
Its lines `# NAME: weights 4` and `# NAME has: DECISION | AXIS: LABELS` are counted. A `text` fence right after one is
what `check` prints, with `compile NAME` behind `text` what compiling prints; a `console` fence is run.
`UPDATE_PAGE=1 pytest tests/test_language_page.py` writes these two; read them before they are committed.
"""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest
from conformance_cases import Expectation, read_decision, read_expectation
from test_conformance import decision_of, field_of

from hypercuboid.cli.check import examine
from hypercuboid.cli.main import main
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.frontend.modules import load_module
from hypercuboid.ops import OPS
from hypercuboid.pipeline import load_target
from hypercuboid.rendering import render

PAGE = Path(__file__).resolve().parent.parent / "docs" / "language.md"
UPDATE = bool(os.environ.get("UPDATE_PAGE"))

_FENCE = re.compile(r"^```(\w+) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COUNTED = re.compile(r"^# ([A-Z]\w*(?: -p \S+| --input \S+)*): (.*)$", re.MULTILINE)
_HAS = re.compile(r"^# ([A-Z]\w*) has: (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Fence:
    """`language` and `about` stand behind the backquotes; `text` is [start, end) of the page."""

    language: str
    about: str
    text: str
    start: int
    end: int


def fences() -> list[Fence]:
    page = PAGE.read_text(encoding="utf-8")
    return [Fence(found[1], found[2], found[3], found.start(3), found.end(3)) for found in _FENCE.finditer(page)]


def whole(text: str) -> str:
    """The program of a fence: with a first line and the names of the library that it uses."""
    if text.startswith("hypercuboid 1"):
        return text
    words = set(re.findall(r"\w+", re.sub(r"#.*", "", text)))
    ops = sorted(name for name in OPS if name in words and OPS[name].callable)
    return f"hypercuboid 1 use std.ops {{ {', '.join(ops)} }}\n{text}" if ops else f"hypercuboid 1\n{text}"


FENCES = fences()
PROGRAMS = [number for number, fence in enumerate(FENCES) if fence.language == "hypercuboid"]
PRINTED = [number for number in PROGRAMS if number + 1 < len(FENCES) and FENCES[number + 1].language == "text"]
"""The grammar at the end is a text after no program."""


@pytest.fixture
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with the named examples."""
    monkeypatch.chdir(tmp_path)
    for fence in FENCES:
        if fence.language == "hypercuboid" and fence.about:
            Path(fence.about).write_text(whole(fence.text), encoding="utf-8")


def written(fence: Fence) -> Path:
    path = Path(fence.about or "nets.hc")
    path.write_text(whole(fence.text), encoding="utf-8")
    return path


@pytest.mark.usefixtures("_folder")
@pytest.mark.parametrize("number", [number for number in PROGRAMS if number not in PRINTED])
def test_programs(number: int) -> None:
    fence = FENCES[number]
    path = written(fence)
    assert examine(path) == []
    counted = [read_expectation(f"{name}: {fields}") for name, fields in _COUNTED.findall(fence.text)]
    decisions = [read_decision(f"{name}: {rest}") for name, rest in _HAS.findall(fence.text)]
    for one in counted:
        space = load_target(str(path), one.target.name, one.target.parameters, one.target.inputs)
        counts = space.counts()
        assert {name: field_of(name, counts, space) for name in one.fields} == one.fields
    for name in dict.fromkeys(one.target.name for one in decisions):
        _same_decisions(path, name, [one for one in decisions if one.target.name == name])
    items = [item.name for item in load_module(path).module.items if type(item).__name__ in ("BlockDefinition", "Arch")]
    assert not items or counted or decisions, "an example says what comes of it"


def _same_decisions(path: Path, name: str, wanted: list[Expectation]) -> None:
    graph = load_target(str(path), name, (), ()).graph
    assert [decision_of(one) for one in graph.decisions] == [(one.decision, one.fields) for one in wanted]


@pytest.mark.usefixtures("_folder")
@pytest.mark.parametrize("number", PRINTED)
def test_messages(number: int) -> None:
    path, shown = written(FENCES[number]), FENCES[number + 1]
    found = list(examine(path))
    if shown.about:
        assert found == []
        with pytest.raises(HypercuboidError) as caught:
            load_target(str(path), shown.about.split()[1], (), ()).counts()
        found = list(caught.value.diagnostics)
    _compare(number + 1, render(found) + "\n")


@pytest.mark.usefixtures("_folder")
@pytest.mark.parametrize("number", [number for number, fence in enumerate(FENCES) if fence.language == "console"])
def test_commands(number: int, capsys: pytest.CaptureFixture[str]) -> None:
    printed = ""
    for line in re.findall(r"^\$ (.*)$", FENCES[number].text, re.MULTILINE):
        with pytest.raises(SystemExit):
            main(shlex.split(line)[1:])
        streams = capsys.readouterr()
        printed += f"$ {line}\n{streams.out}{streams.err}"
    _compare(number, printed)


def _compare(number: int, printed: str) -> None:
    if UPDATE:
        fence, page = fences()[number], PAGE.read_text(encoding="utf-8")
        PAGE.write_text(page[: fence.start] + printed + page[fence.end :], encoding="utf-8")
    else:
        assert printed == FENCES[number].text


def test_every_section_is_in_the_table_of_contents() -> None:
    page = _FENCE.sub("", PAGE.read_text(encoding="utf-8"))
    titles = re.findall(r"^## (.*)$", page, re.MULTILINE)
    anchors = [re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in titles]
    assert re.findall(r"\]\(#(.*)\)", page) == anchors
