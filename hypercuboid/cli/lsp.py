"""`hypercuboid lsp`: the language server for editors."""

from __future__ import annotations

import click


@click.command()
@click.option("--stdio", is_flag=True, hidden=True, help="What editors pass; there is no other way to speak.")
def lsp(stdio: bool) -> None:
    """Serve an editor over stdin and stdout: the Language Server Protocol.

    Gives mistakes while one types, hover with shapes and numbers of weights, definitions, completion, rename,
    formatting, an outline, and fixes. An editor starts it; `docs/editors.md` says how. Texts that are not saved are
    read before files; nothing is written.

    Examples:

      hypercuboid lsp
    """
    from hypercuboid.editing.start import start_server

    start_server()
