"""Generated files by the folder: their trees, ruff, and a process of its own that imports them alone in the world."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from hostile.allowed import forbidden

ALONE = Path(__file__).with_name("alone.py")


def wrong_in(folder: Path) -> list[str]:
    """What is wrong with the Python files of a folder: trees, ruff and its formatter, imports, networks."""
    found = [
        f"{path.name}: {what}"
        for path in sorted(folder.glob("*.py"))
        for what in forbidden(path.read_text(encoding="utf-8"))
    ]
    return [*found, *_ruff(folder, "check"), *_ruff(folder, "format", "--diff"), *imported(folder)]


def _ruff(folder: Path, *command: str) -> list[str]:
    call = [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", str(folder)]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    return [] if done.returncode == 0 else [done.stdout[-4000:] + done.stderr[-4000:]]


def imported(folder: Path) -> list[str]:
    """What is wrong with files when a process of its own imports them (see `alone.py`)."""
    call = [sys.executable, "-I", str(ALONE), str(folder)]
    done = subprocess.run(call, capture_output=True, text=True, check=False, cwd=folder)
    if done.returncode != 0:
        return [f"the process ended with {done.returncode}: {done.stderr[-4000:]}"]
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["files"] == len(list(folder.glob("*.py")))
    return [f"{name}: {what}" for name, what in result["wrong"].items()]
