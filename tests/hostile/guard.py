"""An audit hook that records what a program under test must never do. A hook stays for the life of its process."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

FORBIDDEN = (
    "exec",
    "compile",
    "import",
    "code.__new__",
    "function.__new__",
    "marshal.",
    "pickle.",
    "ctypes.",
    "subprocess.",
    "socket.",
    "urllib.",
    "ftplib.",
    "http.",
    "smtplib.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.chmod",
    "os.chown",
    "os.truncate",
    "os.utime",
    "os.putenv",
    "os.kill",
    "shutil.",
    "tempfile.",
    "glob.",
    "pty.",
    "webbrowser.",
)
"""Events, or the first part of a family of them."""

READING = ("open", "os.listdir", "os.scandir")


class Guard:
    """Records forbidden events while it is armed, and every file or folder read outside of `roots`."""

    def __init__(self) -> None:
        self.armed = False
        self.roots: tuple[str, ...] = ()
        self.seen: list[str] = []
        sys.addaudithook(self._hook)

    def arm(self, *roots: Path) -> None:
        self.roots = tuple(os.path.realpath(root) + os.sep for root in roots)
        self.seen = []
        self.armed = True

    def disarm(self) -> list[str]:
        self.armed = False
        return self.seen

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.armed:
            return
        if event in READING:
            self._read(event, arguments[0])
        elif event.startswith(FORBIDDEN):
            self.seen.append(f"{event} {arguments!r:.200}")

    def _read(self, event: str, path: Any) -> None:
        self.armed = False
        try:
            if isinstance(path, int):
                return
            real = os.path.realpath(os.fsdecode(path))
            if not f"{real}{os.sep}".startswith(self.roots):
                self.seen.append(f"{event} {real}")
        finally:
            self.armed = True
