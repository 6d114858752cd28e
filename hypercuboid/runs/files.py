"""Files that are whole or not there: written beside, fsynced, renamed."""

from __future__ import annotations

import errno
import json
import os
import stat
import tempfile
from pathlib import Path
from typing import Any

from hypercuboid.diagnostics import error


def write_text(path: Path, text: str) -> None:
    """Replaces the file `path` by `text` in UTF-8; after a crash either the old or the new one is there.

    A file that is replaced keeps who may read and write it.
    """
    write_bytes(path, text.encode())


def read_regular(path: Path, most: int) -> bytes:
    """The content of a regular file of at most so many bytes; OSError for anything else, and nothing is waited for."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it has more than {most} bytes")
    return content


def read_json(content: str | bytes) -> Any:
    """A JSON value in which every number is finite; ValueError for anything else, however deep it is nested."""
    try:
        return json.loads(content, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("nested too deep") from None


def _refuse_constant(text: str) -> float:
    raise ValueError(f"{text} is no number")


def create_text(path: Path, text: str) -> None:
    """Writes a new file; HC7003 where something of that name exists, and that is left as it is."""
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise error("HC7003", f"cannot write `{path}`: it exists", help="choose another name") from None
    except OSError as problem:
        raise error(
            "HC7003", f"cannot write `{path}`: {reason(problem)}", help="name a file in a folder that can be written"
        ) from None


def write_bytes(path: Path, content: bytes) -> None:
    """Replaces the file `path` by `content`; HC7003 where it cannot be written, and then nothing is lost."""
    if path.is_dir():
        raise error("HC7003", f"cannot write `{path}`: it is a folder", help="name a file")
    try:
        _write(path, content)
    except OSError as problem:
        raise error(
            "HC7003", f"cannot write `{path}`: {reason(problem)}", help="name a file in a folder that can be written"
        ) from None


def _write(path: Path, content: bytes) -> None:
    handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(_mode(path))
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Makes renames and new names in a folder survive a crash of the machine."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def reason(problem: OSError) -> str:
    """What the system says of a failed call, in our style."""
    return (problem.strerror or str(problem)).lower()


def _mode(path: Path) -> int:
    """Who may read and write the file, or a new one."""
    return stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o666 & ~_umask()


def _umask() -> int:
    """The process's umask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
