"""Runs jobs in worker processes, and says what is wrong with each result."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parent.parent

COMMAND_LINE = {"HC2007", "HC2008", "HC2009"}
"""What `compile` says of its command line; such a mistake has no place in a file."""


@dataclass(frozen=True)
class Limits:
    """What one program may take: seconds of the processor per command, MiB of its process."""

    seconds: float = 1.0
    memory: float = 512.0


def run_jobs(jobs: Iterable[dict[str, Any]], folder: Path, **settings: Any) -> list[dict[str, Any]]:
    """One worker for these jobs; a job that ends its process is a result of its own, and the rest goes on."""
    waiting, results = list(jobs), []
    while waiting:
        done, ended = _worker(waiting, folder, settings)
        results += done
        waiting = waiting[len(done) :]
        if waiting and ended:
            results.append({"id": waiting[0]["id"], "ended": ended})
            waiting = waiting[1:]
    return results


TOLERANCE = 1.5
"""What a second of the promise may become: where both threads of a core work, each has little more than half of it."""


def run_in_time(jobs: Iterable[dict[str, Any]], folder: Path, limits: Limits, **settings: Any) -> list[dict[str, Any]]:
    """As `run_jobs`; what took longer than promised is tried twice more, alone, and its quickest run counts.

    The clock of a busy machine errs to one side only: it never shows less time than the program took.
    """
    waiting = list(jobs)
    found = run_jobs(waiting, folder, **settings)
    for position, job in enumerate(waiting):
        for _ in range(2):
            if _slowest(found[position]) > limits.seconds:
                (again,) = run_jobs([job], folder, **settings)
                found[position] = min(found[position], again, key=_slowest)
    return found


def _slowest(result: dict[str, Any]) -> float:
    return max((one["seconds"] for one in result.values() if isinstance(one, dict)), default=0.0)


def _worker(jobs: list[dict[str, Any]], folder: Path, settings: dict[str, Any]) -> tuple[list[dict[str, Any]], str]:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "jobs.json"
    file.write_text(json.dumps({"folder": str(folder / "root"), "jobs": jobs, **settings}), encoding="utf-8")
    paths = [str(TESTS), str(TESTS.parent), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), "NO_COLOR": "1"}
    ran = subprocess.run(
        [sys.executable, "-m", "hostile.worker", str(file)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        errors="replace",
    )
    done = [json.loads(line) for line in ran.stdout.splitlines()]
    if ran.returncode == 1 and "Timeout (" not in ran.stderr:
        raise RuntimeError(f"the worker itself is broken: {ran.stderr[-4000:]}")
    ended = f"exit {ran.returncode}: {ran.stderr[-4000:]}" if ran.returncode or len(done) < len(jobs) else ""
    return done, ended


def wrong_with(result: dict[str, Any], limits: Limits) -> Iterator[str]:
    """Everything that a result breaks: tracebacks, time, memory, forbidden events, errors without a place."""
    if "ended" in result:
        yield f"the process ended: {result['ended']}"
        return
    if result["memory"] > limits.memory:
        yield f"{result['memory']:.0f} MiB"
    for event in result["audit"]:
        yield f"forbidden: {event}"
    for command, one in result.items():
        if not isinstance(one, dict):
            continue
        if one["code"] not in (0, 1):
            yield f"{command}: exit {one['code']}: {one['defect']}"
        if one["seconds"] > limits.seconds:
            yield f"{command}: {one['seconds']:.2f} s"
        yield from _places(command, one)


def _places(command: str, one: dict[str, Any]) -> Iterator[str]:
    found = one["found"]
    if command == "check" and one["out"]:
        found = json.loads(one["out"])
    if one["code"] == 1 and found is None and command != "text":
        yield f"{command}: no diagnostics: {one['err']}"
    for problem in found or ():
        place = problem["place"]
        if place is None and not (command.startswith("compile") and problem["code"] in COMMAND_LINE):
            yield f"{command}: no place: {problem['code']} {problem['message']}"
        if place is not None and not (place["file"] and place["line"] >= 1 and place["column"] >= 1):
            yield f"{command}: an odd place: {place}"
