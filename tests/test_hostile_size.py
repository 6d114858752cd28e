"""Programs that are small and ask for much, and programs that are nested or long: refused in time and in memory.

A bomb is refused by the exact count where there is one; what can be counted is counted, however large it is.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hostile.batches import TOLERANCE, Limits, run_in_time, wrong_with
from hostile.bombs import Bomb, bombs
from hostile.deep import Deep, flat, nested

QUICK_BOMBS = (
    "the square of 1e9",
    "30 doubling blocks",
    "30 doubling blocks with choices",
    "30 doubling arguments",
    "2**2**30",
    "10,000 digits",
    "has in a range",
    "30 doubling lists",
    "a sum of sums",
    "30 values of two",
    "picks of many brackets",
    "a million hidden characters",
)
LIMITS = Limits(seconds=1.0 * TOLERANCE, memory=150)
"""A second of the processor for each command, as promised."""

NESTING = Limits(seconds=2.0 * TOLERANCE, memory=300)
CHAINS = Limits(seconds=20.0, memory=300)


def tried(program: Bomb | Deep, folder: Path, limits: Limits) -> dict[str, Any]:
    """The result of one program in a process of its own, with nothing wrong but what it says of itself."""
    name = "A" if "\narch A of" in program.text else "S"
    job = {"id": program.name, "text": program.text, "names": [name], "lean": True}
    (result,) = run_in_time([job], folder, limits)
    assert list(wrong_with(result, limits)) == []
    return result


def accepted(result: dict[str, Any]) -> bool:
    """Whether `check` found no error and `compile` printed counts."""
    compiled = [one for command, one in result.items() if command.startswith("compile")]
    counted = all(one["code"] == 0 and '"architectures"' in one["out"] for one in compiled)
    return result["check"]["code"] == 0 and counted


BOMBS = list(bombs())


def check_bomb(bomb: Bomb, result: dict[str, Any]) -> None:
    assert accepted(result) is bomb.works
    if bomb.count is not None:
        assert bomb.count in result["check"]["out"]
        assert bomb.count in result["compile S"]["out"] + result["compile S"]["err"]


def test_some_bombs_are_refused(tmp_path: Path) -> None:
    chosen = [bomb for bomb in BOMBS if bomb.name in QUICK_BOMBS]
    assert len(chosen) == len(QUICK_BOMBS)
    jobs = [{"id": bomb.name, "text": bomb.text, "names": ["S"], "lean": True} for bomb in chosen]
    for bomb, result in zip(chosen, run_in_time(jobs, tmp_path, LIMITS), strict=True):
        assert list(wrong_with(result, LIMITS)) == []
        check_bomb(bomb, result)


@pytest.mark.long
@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: bomb.name)
def test_bombs_are_refused(bomb: Bomb, tmp_path: Path) -> None:
    check_bomb(bomb, tried(bomb, tmp_path, LIMITS))


def check_nested(program: Deep, folder: Path) -> None:
    """What is nested too deep is one clean error; nothing else is said of the file."""
    result = tried(program, folder, NESTING)
    found = json.loads(result["check"]["out"])
    assert [one["code"] for one in found if one["severity"] == "error"] in (["HC1011"], ["HC1012"], ["HC1002"])


def test_some_nesting_is_refused(tmp_path: Path) -> None:
    jobs = [{"id": one.name, "text": one.text, "lean": True} for one in nested(2_000)]
    for result in run_in_time(jobs, tmp_path, NESTING):
        assert list(wrong_with(result, NESTING)) == []
        codes = [one["code"] for one in json.loads(result["check"]["out"]) if one["severity"] == "error"]
        assert codes in (["HC1011"], ["HC1002"]), result["id"]


def test_what_is_nested_as_deep_as_allowed_does_no_harm(tmp_path: Path) -> None:
    jobs = [{"id": one.name, "text": one.text, "names": ["S"], "lean": True} for one in nested(199)]
    for result in run_in_time(jobs, tmp_path, NESTING):
        assert list(wrong_with(result, NESTING)) == []


@pytest.mark.long
@pytest.mark.parametrize("program", list(nested()), ids=lambda program: program.name)
def test_nesting_is_refused(program: Deep, tmp_path: Path) -> None:
    check_nested(program, tmp_path)


def test_chains_work(tmp_path: Path) -> None:
    jobs = [
        {"id": one.name, "text": one.text, "names": ["A" if "\narch A of" in one.text else "S"], "lean": True}
        for one in flat(300)
        if one.works
    ]
    for result in run_in_time(jobs, tmp_path, CHAINS):
        assert list(wrong_with(result, CHAINS)) == []
        assert accepted(result), result["id"]


@pytest.mark.long
@pytest.mark.parametrize("program", list(flat()), ids=lambda program: program.name)
def test_chains_of_ten_thousand_work(program: Deep, tmp_path: Path) -> None:
    assert accepted(tried(program, tmp_path, CHAINS)) is program.works
