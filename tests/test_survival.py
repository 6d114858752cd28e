"""A run survives: kills, signals, damage and drift; what goes on equals what was never broken, to the bit."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest
import torch

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.runs.checkpoints import Checkpoints
from hypercuboid.runs.folder import RunFolder, set_aside

DRIVER = Path(__file__).parent / "survival" / "driver.py"


def drive(folder: Path, jobs: dict[str, dict[str, Any]], *options: str) -> list[dict[str, Any]]:
    """The outcomes of modes of the driver, in a process of its own that forks."""
    command = [sys.executable, str(DRIVER), str(folder), json.dumps(jobs), *options]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


QUICK = {
    "kill": {"kills": 10, "seed": 1},
    "signals": {"count": 10, "seed": 1},
    "points": {"first": 18, "most": 4},
    "resume": {"workers": [0], "stops": [1, 3, 5]},
    "races": {"count": 2},
}
FULL = {
    "kill": {"kills": 200, "seed": 2, "least": 40},
    "signals": {"count": 100, "seed": 2},
    "points": {"first": 0, "most": 100},
    "resume": {"workers": [0, 2], "stops": [1, 2, 3, 4, 5, 6, 7, 8], "searched": 2},
    "races": {"count": 100},
    "soak": {"steps": 10_000, "early": [500, 1_500], "last": 1_000},
}


@pytest.mark.parametrize(
    "jobs", [QUICK, *(pytest.param({name: FULL[name]}, marks=pytest.mark.long) for name in FULL)], ids=" ".join
)
@pytest.mark.timeout(1800)
def test_broken_at_any_time_a_search_ends_as_if_nothing_had_happened(
    tmp_path: Path, jobs: dict[str, dict[str, Any]]
) -> None:
    """Kills at random times and at points of the writer, signals, stops after a step, races: the same files to the bit.

    10,000 steps need no more memory, nor file handles, than the first.
    """
    found = dict(zip(jobs, drive(tmp_path, jobs), strict=True))
    assert [outcome["different"] for outcome in found.values()] == [[]] * len(jobs)
    assert found.get("kill", {"kills": 0})["kills"] >= jobs.get("kill", {"kills": 0})["kills"]
    assert found.get("signals", {"slowest": 0})["slowest"] < 10
    assert found.get("points", {"killed": 0})["killed"] == jobs.get("points", {"most": 0})["most"]
    assert found.get("races", {"slowest": 0})["slowest"] < 5  # seconds, of which one is promised
    soaked = found.get("soak", {"growth": 0, "handles": [0]})
    assert soaked["growth"] < 5 and len(soaked["handles"]) == 1  # MiB


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_plain_writer_fails_the_same_test(tmp_path: Path) -> None:
    """The control: one file written in place, as people do, is lost at some point of its writing."""
    assert drive(tmp_path, {"kill": {"kills": 200, "seed": 2}}, "plain-writer")[0]["different"]


# ---------------------------------------------------------------- damage


@pytest.fixture
def checkpoints(tmp_path: Path) -> Checkpoints:
    """Two checkpoints of a few numbers."""
    kept = Checkpoints(tmp_path / "checkpoints")
    for step in (1, 2):
        kept.save(step, {"torch": torch.__version__}, {"step": step}, {"a": torch.arange(40.0) + step})
    return kept


def damages(checkpoint: Path, count: int) -> Iterator[str]:
    """Damages a checkpoint in one way after the other, each from the whole one; what was done."""
    whole = checkpoint.with_name("whole")
    shutil.copytree(checkpoint, whole)
    names = sorted(path.name for path in checkpoint.iterdir())
    generator = Random(0)
    few = max(1, count // 40)
    ways = ["missing"] * few + ["empty"] * few + ["cut"] * (count // 10) + ["flip"] * count
    for number, way in enumerate(ways):
        name = names[number % len(names)]
        content = (whole / name).read_bytes()
        place = generator.randrange(len(content))
        if way == "missing":
            (checkpoint / name).unlink()
        elif way == "flip":
            (checkpoint / name).write_bytes(
                content[:place] + bytes([content[place] ^ (1 << generator.randrange(8))]) + content[place + 1 :]
            )
        else:
            (checkpoint / name).write_bytes(content[: place if way == "cut" else 0])
        yield f"{way} {name} at {place}"
        shutil.rmtree(checkpoint)
        shutil.copytree(whole, checkpoint)
    shutil.rmtree(whole)


@pytest.mark.parametrize("count", [20, pytest.param(1_000, marks=pytest.mark.long)])
def test_a_damaged_checkpoint_is_seen_and_the_one_before_it_taken(checkpoints: Checkpoints, count: int) -> None:
    seen = 0
    for damage in damages(checkpoints.paths()[-1], count):
        found, warnings = checkpoints.newest()
        assert found is not None, damage
        assert found.step == 1, damage
        assert torch.equal(found.tensors["a"], torch.arange(40.0) + 1)
        assert [one.code for one in warnings] == ["HC7009"], damage
        assert "step-0000000002" in warnings[0].message
        seen += 1
    assert seen > 1.1 * count
    found, warnings = checkpoints.newest()
    assert found is not None
    assert (found.step, warnings) == (2, [])


def test_two_checkpoints_stay_and_leftovers_go(checkpoints: Checkpoints) -> None:
    (checkpoints.folder / ".step-0000000003.77").mkdir()
    checkpoints.save(3, {}, {}, {"a": torch.zeros(1)})
    names = sorted(path.name for path in checkpoints.folder.iterdir())
    assert names == ["step-0000000002", "step-0000000003"]


WRITES = 6
"""Calls of fsync and rename of one checkpoint: three files, their folder, the name, the folder of all."""


@pytest.mark.parametrize("first", [*range(6), *(pytest.param(n, marks=pytest.mark.long) for n in range(6, 60))])
def test_a_full_disk_leaves_the_last_checkpoint(
    checkpoints: Checkpoints, monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    """Every fsync and rename from number `first` on says that the disk is full, then there is room again."""
    calls = iter(range(10_000))

    def full(call: Any) -> Any:
        def counted(*arguments: Any, **named: Any) -> Any:
            if next(calls) >= first:
                raise OSError(28, "No space left on device")
            return call(*arguments, **named)

        return counted

    with monkeypatch.context() as patch:
        for name in ("fsync", "rename"):
            patch.setattr(os, name, full(getattr(os, name)))
        refused = pytest.raises(HypercuboidError, match="no space left on device")
        expected: AbstractContextManager[Any] = refused if first < WRITES else nullcontext()
        with expected:
            checkpoints.save(3, {}, {}, {"a": torch.zeros(1)})
    found, warnings = checkpoints.newest()
    assert found is not None
    assert warnings == []
    assert found.step == (3 if first >= WRITES - 1 else 2)  # the last sync alone failing leaves the new one in place
    checkpoints.save(4, {}, {}, {"a": torch.ones(1)})
    found, _ = checkpoints.newest()
    assert found is not None
    assert found.step == 4


@pytest.mark.long
def test_a_disk_that_is_full_indeed(tmp_path: Path) -> None:
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    mounted = subprocess.run(mount, capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("mounting is not allowed")
    try:
        kept, tensors = Checkpoints(place / "checkpoints"), {"a": torch.ones(50_000)}
        kept.save(1, {}, {}, tensors)
        kept.save(2, {}, {}, tensors)
        with (place / "ballast").open("wb", buffering=0) as ballast, suppress(OSError):
            while True:
                ballast.write(bytes(4096))
        with pytest.raises(HypercuboidError, match="no space left on device"):
            kept.save(3, {}, {}, tensors)
        assert [getattr(one, "step", one) for one in kept.newest()] == [2, []]
        (place / "ballast").unlink()
        kept.save(3, {}, {}, tensors)
        assert [getattr(one, "step", one) for one in kept.newest()] == [3, []]
    finally:
        subprocess.run(["umount", place], check=True)


# ---------------------------------------------------------------- drift


CONFIG: dict[str, Any] = {
    "kind": "search",
    "command": "hypercuboid search",
    "hash": "a",
    "parameters": {"layers": "2"},
    "data_hash": "b",
    "recipe": {"epochs": 3, "alpha_betas": (0.5, 0.999)},
    "torch": "2",
    "workers": 0,
}


def begun(path: Path) -> Path:
    with pytest.raises(KeyError), RunFolder.enter(path, CONFIG):
        raise KeyError
    return path


@pytest.mark.parametrize(
    "changed",
    [
        {"hash": "c"},
        {"parameters": {"layers": "3"}},
        {"parameters": {}},
        {"data_hash": "c"},
        {"recipe": {"epochs": 4, "alpha_betas": (0.5, 0.999)}},
        {"torch": "3"},
        {"data_hash": None},
        {"recipe": {"epochs": 3, "alpha_betas": (0.5, 0.9)}},
        {"recipe": {"epochs": 3}},
        {"parameters": {"layers": "2", "filters": "[4]"}},
        {"kind": "train"},
        {"hash": None},
    ],
)
def test_a_run_of_something_else_is_refused_with_what_differs(tmp_path: Path, changed: dict[str, Any]) -> None:
    run = begun(tmp_path / "run")
    before = {path.name: path.read_bytes() for path in run.iterdir()}
    with pytest.raises(HypercuboidError) as caught:
        RunFolder.enter(run, {**CONFIG, **changed})
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "HC7008"
    assert len(diagnostic.notes) == 1
    assert diagnostic.notes[0].startswith(next(iter(changed)))
    assert {path.name: path.read_bytes() for path in run.iterdir()} == before


def test_what_may_differ_goes_on(tmp_path: Path) -> None:
    run = begun(tmp_path / "run")
    with RunFolder.enter(run, {**CONFIG, "command": "hypercuboid  search", "workers": 4}) as again:
        assert again.path == run


def test_a_run_moved_aside_is_whole(tmp_path: Path) -> None:
    run = begun(tmp_path / "run")
    before = {path.name: path.read_bytes() for path in run.iterdir()}
    (tmp_path / "run.1").mkdir()
    assert set_aside(run) == tmp_path / "run.2"
    assert not run.exists()
    assert {path.name: path.read_bytes() for path in (tmp_path / "run.2").iterdir()} == before
    assert set_aside(run) is None
