"""Several independent mistakes in one run: all are reported, and next to nothing else.

In `mistakes/*.hc` a line with a mistake ends in a comment that names its code. In the second half two mistakes of a
catalogue are put into independent items of programs that are right.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hypercuboid.checking import examine
from hypercuboid.diagnostics import Diagnostic

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
