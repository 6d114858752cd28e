"""The part of `hypercuboid render --epochs`: a run over time as an SVG that moves, a GIF or a WebP."""

from __future__ import annotations

from pathlib import Path

import click

from hypercuboid.cli.common import hand_out, is_run
from hypercuboid.diagnostics import error
from hypercuboid.targets.theme import Theme

PIXELS = 1000
"""Width of what has pixels, where nothing else is asked for."""


def render_epochs(target: str, output: Path | None, theme: Theme, width: int | None, quiet: bool) -> None:
    """Draws every epoch that a run has kept. HC8201 where it is no run, or has kept none."""
    from hypercuboid.reporting.frames import frames_of
    from hypercuboid.targets.moving import MOVING, Film

    suffix = ".svg" if output is None else output.suffix
    if suffix not in MOVING:
        raise click.BadParameter(f"with --epochs the output must end in {', '.join(MOVING)}", param_hint="-o")
    if width is not None and suffix == ".svg":
        raise click.BadParameter("only a .gif or a .webp has pixels", param_hint="--width")
    if not is_run(target):
        raise error("HC8201", f"`{target}` has no epochs", help="give the folder of a search, or leave --epochs out")
    frames = frames_of(Path(target))
    names = [f"epoch {one.epoch}" for one in frames]
    written = MOVING[suffix](Film([one.page for one in frames], names, theme, width or PIXELS))
    hand_out(written, output, quiet, f": {len(frames)} epochs")
