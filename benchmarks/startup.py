"""How long commands take from the start of their process: `python benchmarks/startup.py [REPEATS]`.

`check` of a file of 500 lines that holds a space of each kind, and `compile` of DARTS. Commands run in turn with a bare
start of Python, the unit of the last column; medians. Nothing is cached between runs but Python's own bytecode.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
SPACES = ROOT / "spaces"
PARTS = [
    SPACES / "std" / "blocks.hc",
    *(SPACES / f"{name}.hc" for name in ("attention", "darts", "fabric", "mobilenetv2", "multichannelnet")),
    *(SPACES / f"{name}.hc" for name in ("nas_bench_macro", "proxyless", "resolution", "sharpsepconv", "tabular")),
    ROOT / "tests" / "programs" / "hard.hc",
]
USE = re.compile(r"^use (std\.\w+) \{([^}]*)\}\n", re.MULTILINE)
ITEM = re.compile(r"^(?:block|space|arch|let|param|search|cell)\s+(\w+)", re.MULTILINE)


def five_hundred_lines() -> str:
    """Shipped files in one, each with its own names; a name that two of them declare gets a number."""
    used: dict[str, set[str]] = {}
    bodies: list[str] = []
    taken: set[str] = set()
    for number, path in enumerate(PARTS):
        text = path.read_text(encoding="utf-8").split("\n", 1)[1]
        for library, names in USE.findall(text):
            used.setdefault(library, set()).update(name.strip() for name in names.split(",") if name.strip())
        text = USE.sub("", text)
        for name in ITEM.findall(text):
            text = re.sub(rf"\b{name}\b", f"{name}_{number}", text)
            taken.add(f"{name}_{number}")
        bodies.append(text)
    uses = [f"use {library} {{ {', '.join(sorted(names))} }}" for library, names in sorted(used.items())]
    return "\n".join(["hypercuboid 1", *uses, *bodies])


def seconds(command: list[str]) -> float:
    """The time of one process, start to end."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "all.hc"
        file.write_text(five_hundred_lines(), encoding="utf-8")
        lines = len(file.read_text(encoding="utf-8").splitlines())
        program = [sys.executable, "-m", "hypercuboid.cli.main"]
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "hypercuboid --help": [*program, "--help"],
            f"check, {lines} lines": [*program, "check", "--quiet", str(file)],
            "check spaces/fabric.hc": [*program, "check", "--quiet", str(SPACES / "fabric.hc")],
            "compile spaces/darts.hc": [*program, "compile", str(SPACES / "darts.hc")],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(repeats):
            for name, command in commands.items():
                times[name].append(seconds(command))
    unit = statistics.median(times["python -c pass"])
    for name, measured in times.items():
        median = statistics.median(measured)
        sys.stdout.write(f"{name:<28} {median:6.3f} s   {median / unit:6.1f} x a bare start\n")


if __name__ == "__main__":
    main()
