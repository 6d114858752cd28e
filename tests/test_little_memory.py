"""A command that asked for memory in vain says so, wherever that was, and is no defect of ours."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest
from hostile.commands import command

ROOT = Path(__file__).parent.parent


def test_where_even_torch_finds_no_room(tmp_path: Path) -> None:
    """Under a limit for addresses; it is met before there is a batch to make smaller."""
    arguments = f"-m hypercuboid.cli.main search {ROOT}/spaces/multichannelnet.hc --data digits --run run"
    limited = f"ulimit -v 400000; exec {sys.executable} {arguments}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        ["sh", "-c", limited], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.stderr.startswith("error[HC7044]: memory does not suffice\n = "), ended.stderr
    assert "help: `ulimit -v` allows this process 0.4 GiB of addresses: allow it more" in ended.stderr
    assert ended.returncode == 1


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (MemoryError(), 1),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 7 bytes"), 1),
        (RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB"), 1),
        (OSError(12, "Cannot allocate memory"), 1),
        (ImportError("torch.so: failed to map segment from shared object"), 70),
        (ValueError("out of memory"), 70),
    ],
)
def test_without_a_limit(problem: Exception, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any command. What a library says under a limit alone is then something else, such as a disk without programs."""

    def refuse(*_: object) -> NoReturn:
        raise problem

    monkeypatch.setattr("hypercuboid.pipeline.load_target", refuse)
    ended = command("compile", "s.hc")
    assert ended.code == code
    assert ended.err.startswith("error[HC7044]: memory does not suffice\n = ") == (code == 1)
    assert ("help: give it less to do, or a machine with more memory" in ended.err) == (code == 1)
