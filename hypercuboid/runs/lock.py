"""One process per run folder: a lock that the system takes back when its holder dies."""

from __future__ import annotations

import fcntl
import os
import re
import socket
import time
from pathlib import Path
from typing import IO

from hypercuboid.diagnostics import error

NAME = "lock"


def take_lock(folder: Path) -> IO[str]:
    """Holds the lock of a folder until the returned file is closed; HC7006 where another process holds it."""
    file = (folder / NAME).open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = _holder(file)
        file.close()
        message = f"the run folder `{folder}` is in use by {holder}"
        raise error("HC7006", message, help="wait for it, or name another folder") from None
    file.truncate(0)
    file.write(f"process {os.getpid()} on {socket.gethostname()}")
    file.flush()
    return file


def _holder(file: IO[str]) -> str:
    """Who holds a lock. One that has just come may not have written its name over that of a dead one: half a second."""
    told = ""
    for _ in range(25):
        file.seek(0)
        told = file.read(200).strip()
        if _lives(told):
            break
        time.sleep(0.02)
    return told or "another process"


def _lives(told: str) -> bool:
    """Whether a holder that names itself may be alive; of other machines nobody knows."""
    named = re.fullmatch(r"process (\d+) on (.+)", told)
    if named is None:
        return False
    return named[2] != socket.gethostname() or Path(f"/proc/{named[1]}").exists() or not Path("/proc/self").exists()


def is_held(folder: Path) -> bool:
    """Whether a living process holds the lock of a folder."""
    path = folder / NAME
    if not path.is_file():
        return False
    with path.open("r", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False
