"""Every message: `errors/NAME.hc` is checked, and what is printed is `errors/NAME.expected`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hypercuboid.cli.check import examine
from hypercuboid.rendering import render

FOLDER = Path(__file__).parent / "errors"
CASES = sorted(path.stem for path in FOLDER.glob("*.hc") if path.with_suffix(".expected").exists())
ALONE = sorted(path.stem for path in FOLDER.glob("*.expected") if not path.with_suffix(".hc").exists())


@pytest.mark.parametrize("name", CASES)
def test_messages(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`UPDATE_ERRORS=1 pytest tests/test_errors.py` writes what is printed now; read it before it is committed."""
    monkeypatch.chdir(FOLDER)
    text = render(examine(Path(f"{name}.hc"))) + "\n"
    expected = FOLDER / f"{name}.expected"
    if os.environ.get("UPDATE_ERRORS"):
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")


def test_every_expectation_has_its_program() -> None:
    assert CASES and not ALONE


def test_every_message_is_written_in_the_house_style() -> None:
    for name in CASES:
        for one in examine(FOLDER / f"{name}.hc"):
            assert not one.message.endswith("."), one.message
            assert one.message[0].islower() or one.message[0] in "`'0123456789", one.message


def test_no_message_is_without_a_way_out() -> None:
    found = [(name, one) for name in CASES for one in examine(FOLDER / f"{name}.hc")]
    assert [(name, one.message) for name, one in found if not one.help or one.help.endswith(".")] == []
