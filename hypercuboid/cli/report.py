"""`hypercuboid report`: runs as one page that opens from disk."""

from __future__ import annotations

from pathlib import Path

import click

from hypercuboid.cli.common import PATH, quiet_option, say


@click.command()
@click.argument(
    "runs", metavar="RUN...", type=PATH, nargs=-1, required=True, help="Folders of runs, or of their seeds."
)
@click.option("-o", "--output", type=PATH, default=Path("report.html"), help="The page to write.")
@quiet_option
def report(runs: tuple[Path, ...], output: Path, quiet: bool) -> None:
    """Write a report of runs: one HTML file that fetches nothing and needs no script to be read.

    It has what was found, the picture, curves, the best path over epochs, weights by axis, entropy and margin,
    capacity, the best architectures, the front of score against cost, baselines where `baselines` was run, the source
    with weights in its margin, and the command that repeats the run. Several runs are compared. Runs that have not
    ended are shown as they stand; torch is not imported.

    Examples:

      hypercuboid report runs/first -o report.html

      hypercuboid report runs/first runs/max-w runs/eight-seeds
    """
    from hypercuboid.reporting.page import report as page
    from hypercuboid.runs.files import write_text

    if output.suffix not in (".html", ".htm"):
        raise click.BadParameter("the output must end in .html", param_hint="-o")
    write_text(output, page(runs))
    if not quiet:
        say(f"wrote {output}")
