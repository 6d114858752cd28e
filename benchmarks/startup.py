"""How long commands take from the start of their process: `python benchmarks/startup.py [REPEATS]`.

`check` of three files of 500 lines, each line of which holds something to elaborate, and `compile` of DARTS. Commands
run in turn with a bare start of Python, the unit of the last column; medians. Nothing is cached between runs but
Python's own bytecode. `process` is the time of the processor, which other work on the machine hardly changes.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from long_files import FILES, SPACES

PROGRAM = [sys.executable, "-m", "hypercuboid.cli.main"]


def commands(folder: Path) -> dict[str, list[str]]:
    """What is timed, by what the table calls it; the long files are written into `folder`."""
    found = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "hypercuboid --help": [*PROGRAM, "--help"],
    }
    for name, text in FILES.items():
        file = folder / f"{name}.hc"
        file.write_text(text(), encoding="utf-8")
        lines = len(file.read_text(encoding="utf-8").splitlines())
        found[f"check, {lines} lines, {name}"] = [*PROGRAM, "check", "--quiet", str(file)]
    found["check spaces/fabric.hc"] = [*PROGRAM, "check", "--quiet", str(SPACES / "fabric.hc")]
    found["compile spaces/darts.hc"] = [*PROGRAM, "compile", str(SPACES / "darts.hc")]
    return found


def seconds(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """The time of one process, start to end: on the clock, and of the processor."""
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - begun, spent


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        timed = commands(folder)
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in timed}
        for command in timed.values():
            seconds(command, environment)
        for _ in range(repeats):
            for name, command in timed.items():
                times[name].append(seconds(command, environment))
    unit = statistics.median(clock for clock, _ in times["python -c pass"])
    for name, measured in times.items():
        clock, process = (statistics.median(column) for column in zip(*measured, strict=True))
        sys.stdout.write(f"{name:<28} {clock:6.3f} s   process {process:6.3f} s   {clock / unit:6.1f} x a bare start\n")


if __name__ == "__main__":
    main()
