"""The conformance corpus: programs that carry what must become of them in comments of their own.

# expect NAME [-p NAME=VALUE] [--input SHAPE]: weights 32, groups 2, architectures 128, params 24034
# decision NAME ...: out.k | k: k3; k5        every decision of that target, in order, with the labels of its axes
# warning HC2020 at 9:12                      every warning of `check`
# error HC3101 at 14:7 [in used/other.hc]     every error of `check`, or of what stands after `# run`
# run NAME [-p NAME=VALUE] [--input SHAPE]    where `check` alone finds nothing wrong
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "conformance"
VALID = sorted(FOLDER.joinpath("valid").glob("*.hc"))
INVALID = sorted(FOLDER.joinpath("invalid").glob("*.hc"))

_LINE = re.compile(r"^# (expect|decision|warning|error|run) (.*)$", re.MULTILINE)
_PLACE = re.compile(r"(HC\d{4})(?: at (\d+):(\d+)(?: in (\S+))?)?")


@dataclass(frozen=True)
class Target:
    """An item of a file with what the command line gives it."""

    name: str
    parameters: tuple[str, ...]
    inputs: tuple[str, ...]


@dataclass(frozen=True)
class Expectation:
    """What one line says of a target: fields with their values, or one decision and the labels of its axes."""

    target: Target
    fields: dict[str, str]
    decision: str = ""


@dataclass(frozen=True)
class Place:
    """Where a diagnostic stands: line and column from 1, 0 and 0 for one without a place; a file other than its own."""

    code: str
    line: int = 0
    column: int = 0
    file: str = ""


@dataclass(frozen=True)
class Case:
    """A program of the corpus."""

    path: Path
    expected: tuple[Expectation, ...]
    decisions: tuple[Expectation, ...]
    warnings: tuple[Place, ...]
    errors: tuple[Place, ...]
    runs: tuple[Target, ...]


def read_case(path: Path) -> Case:
    lines = _LINE.findall(path.read_bytes().decode("utf-8", "replace"))

    def of(kind: str) -> list[str]:
        return [text.strip() for found, text in lines if found == kind]

    return Case(
        path,
        tuple(read_expectation(text) for text in of("expect")),
        tuple(read_decision(text) for text in of("decision")),
        tuple(_place(text) for text in of("warning")),
        tuple(_place(text) for text in of("error")),
        tuple(_target(text) for text in of("run")),
    )


def _target(text: str) -> Target:
    name, *options = re.split(r" (?=-p |--input )", text)
    given = [option.split(" ", 1) for option in options]
    return Target(
        name,
        tuple(value for option, value in given if option == "-p"),
        tuple(value for option, value in given if option == "--input"),
    )


def read_expectation(text: str) -> Expectation:
    target, fields = text.rsplit(": ", 1)
    pairs = [field.split(" ", 1) for field in fields.split(", ")]
    return Expectation(_target(target), {pair[0]: pair[1] for pair in pairs})


def read_decision(text: str) -> Expectation:
    target, rest = text.split(": ", 1)
    name, *axes = rest.split(" | ")
    return Expectation(_target(target), dict(axis.split(": ", 1) for axis in axes), name)


def _place(text: str) -> Place:
    found = _PLACE.fullmatch(text)
    assert found, f"`{text}` is no place: write `HC3101 at 14:7`"
    return Place(found[1], int(found[2] or 0), int(found[3] or 0), found[4] or "")
