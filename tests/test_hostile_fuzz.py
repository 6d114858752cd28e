"""Programs of people who wish us ill, by the thousand: no traceback, no hang, no memory, and every error has a place.

Each is read by `check` and `compile --count` in a process of its own batch, under an audit hook that sees every file
that is opened and everything that could run code.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hostile.batches import TOLERANCE, Limits, run_in_time, run_jobs, wrong_with
from hostile.programs import fuzzed

SPACES = Path(__file__).parent.parent / "spaces"
QUICK = 300
PARTS = 22
PART = 1000

LIMITS = Limits(seconds=1.0 * TOLERANCE)
"""A second of the processor for each command, as promised."""


def tried(first: int, count: int, folder: Path) -> list[str]:
    """What is wrong with the programs of these numbers."""
    results = run_in_time([fuzzed(number) for number in range(first, first + count)], folder, LIMITS)
    assert len(results) == count
    return [f"{result['id']}: {text}" for result in results for text in wrong_with(result, LIMITS)]


@pytest.mark.timeout(600)  # of the whole test on a busy machine; each program has its own limit
def test_fuzzed_programs_do_no_harm(tmp_path: Path) -> None:
    assert tried(0, QUICK, tmp_path) == []


def test_a_program_that_hangs_is_seen(tmp_path: Path) -> None:
    """The watch can fail: a hundredth of a second of the processor is too little for a whole library."""
    job = {"id": "slow", "text": (SPACES / "darts.hc").read_text(encoding="utf-8"), "names": ["DARTS"]}
    (result,) = run_jobs([job], tmp_path, limit=0.01)
    (said,) = wrong_with(result, LIMITS)
    assert "the process ended: exit -27" in said
    assert "examine" in said


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(PARTS))
def test_many_fuzzed_programs_do_no_harm(part: int, tmp_path: Path) -> None:
    assert tried(QUICK + part * PART, PART, tmp_path) == []
