"""Command lines run as `main` runs them, in this process, with what they print."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from unittest import mock

from hypercuboid.cli.main import main


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str


def command(*arguments: str) -> Ended:
    """Runs `hypercuboid ARGUMENTS`, which see themselves as the command line of the process."""
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.object(sys, "argv", ["hypercuboid", *arguments]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main(arguments)
        except SystemExit as left:
            code = left.code
    assert isinstance(code, int)
    return Ended(code, out.getvalue(), err.getvalue())


def wrong_with(ended: Ended) -> Iterator[str]:
    """What no command may end with, right or wrong: a traceback, a defect, a code of its own, no word of a mistake."""
    if ended.code not in (0, 1):
        yield f"exit {ended.code}: {ended.err[-2000:]}"
    if "Traceback" in ended.err or "a defect of its own" in ended.err:
        yield ended.err[-2000:]
    if ended.code == 1 and "error[HC" not in ended.err:
        yield f"exit 1 without an error: {ended.err[-2000:]}"
