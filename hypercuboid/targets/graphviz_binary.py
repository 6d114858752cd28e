"""Runs Graphviz: the program of the package graphviz-pure beside the interpreter, or a `dot` on the path."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from hypercuboid.diagnostics import error

PROGRAMS = ("graphviz-pure", "dot")
TIMEOUT = 60.0
"""Seconds after which a layout is given up."""


def find_program() -> str | None:
    """Path of a Graphviz program: beside the interpreter, then on the path; None where there is none."""
    beside = Path(sys.executable).parent
    for name in PROGRAMS:
        for folder in (str(beside), None):
            found = shutil.which(name, path=folder)
            if found:
                return found
    return None


def layout_svg(source: str, engine: str = "dot", timeout: float = TIMEOUT) -> str:
    """The SVG of a DOT text; `engine` "dot", or "neato" for pinned positions.

    HC8101: there is no Graphviz; HC8102: it failed or took longer than `timeout` seconds.
    """
    program = find_program()
    if program is None:
        raise error(
            "HC8101",
            "this picture needs Graphviz, and there is none",
            notes=("looked for `graphviz-pure` and `dot` beside the interpreter and on the path",),
            help="pip install graphviz-pure, or install Graphviz, or write DOT text with -o NAME.dot",
        )
    command = [program, f"-K{engine}", *(["-n2"] if engine == "neato" else []), "-Tsvg"]
    try:
        ran = subprocess.run(command, input=source, capture_output=True, encoding="utf-8", timeout=timeout, check=False)
    except subprocess.TimeoutExpired:
        raise error(
            "HC8102", f"Graphviz took longer than {timeout:g} s", help="write DOT text with -o NAME.dot"
        ) from None
    if ran.returncode != 0 or "<svg" not in ran.stdout:
        reason = ran.stderr.strip().splitlines()[:1] or [f"exit code {ran.returncode}"]
        help = "write DOT text with -o NAME.dot"
        raise error("HC8102", f"`{program}` could not draw the picture", notes=(reason[0][:200],), help=help)
    return ran.stdout
