"""Starts the language server, where the extra that it needs is installed."""

from __future__ import annotations

import gc
import sys

from hypercuboid.diagnostics import error

_RECURSION = 30_000
"""As deep as elaboration goes: it sets the limit of the process for a while, and here two of them may overlap."""

_GARBAGE = 50_000
"""Objects between two looks for garbage: a check makes hundreds of thousands that live until its end."""


def start_server() -> None:
    """Serves stdin and stdout until the editor says goodbye; HC7051 where pygls is missing."""
    try:
        from hypercuboid.editing.features import make_server
    except ModuleNotFoundError as missing:
        if missing.name not in ("pygls", "lsprotocol", "cattrs", "attrs"):
            raise
        message = f"the language server needs the package `{missing.name}`"
        raise error("HC7051", message, help="pip install 'hypercuboid[lsp]'") from None
    gc.set_threshold(_GARBAGE, 20, 20)
    sys.setrecursionlimit(max(sys.getrecursionlimit(), _RECURSION))
    make_server().start_io()
