"""`hypercuboid watch`: the report of a running search in a browser of this machine, made anew as it goes on."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import click

from hypercuboid.cli.common import PATH, say


@click.command()
@click.argument(
    "runs", metavar="RUN...", type=PATH, nargs=-1, required=True, help="Folders of runs, or of their seeds."
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port on 127.0.0.1; 0 takes a free one.")
def watch(runs: tuple[Path, ...], port: int) -> None:
    """Serve the report of runs at an address of this machine alone, which is printed; it follows what they write.

    The page looks every two seconds whether there is more and shows it. No other machine can reach it. Ctrl-C ends it,
    with exit code 0; the runs do not notice.

    Examples:

      hypercuboid watch runs/first

      hypercuboid watch runs/eight-seeds --port 8765
    """
    from hypercuboid.reporting.serving import Served

    with Served(runs, port) as server, suppress(KeyboardInterrupt):
        say(f"watching {', '.join(map(str, runs))} at {server.address} (Ctrl-C ends it)")
        sys.stdout.flush()
        server.serve_forever()
