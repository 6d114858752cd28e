"""A picture as pixels: PNG by resvg, WebP through Pillow."""

from __future__ import annotations

import io
from functools import cache

from hypercuboid.diagnostics import error
from hypercuboid.targets.diagram_style import FONT

WIDTH = 1600
"""Pixels, where nothing else is asked for: text of a picture is at least 7 of them high."""


def to_png(svg: str, width: int = WIDTH, *, system_fonts: bool = True) -> bytes:
    """The picture `width` pixels wide. It must have one theme: resvg knows no `prefers-color-scheme`, and shows light.

    HC8105: there is no font, `system_fonts` being those of the machine, and texts would be missing.
    """
    if not _has_fonts(system_fonts):
        raise error(
            "HC8105",
            "this machine has no font to draw texts with",
            help="install one, such as DejaVu Sans (`apt-get install fonts-dejavu-core`), or write -o NAME.svg",
        )
    return _pixels(svg, width, system_fonts)


def to_webp(svg: str, width: int = WIDTH) -> bytes:
    """The same as WebP, without loss."""
    from PIL import Image

    written = io.BytesIO()
    with Image.open(io.BytesIO(to_png(svg, width))) as image:
        image.save(written, "WEBP", lossless=True)
    return written.getvalue()


def _pixels(svg: str, width: int, system_fonts: bool) -> bytes:
    from resvg_py import svg_to_bytes

    return bytes(svg_to_bytes(svg_string=svg, width=width, skip_system_fonts=not system_fonts))


@cache
def _has_fonts(system_fonts: bool) -> bool:
    """Whether a letter leaves any ink."""
    from PIL import Image

    letter = f'<text y="9" font-family="{FONT}">W</text>'
    letter = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{letter}</svg>'
    with Image.open(io.BytesIO(_pixels(letter, 9, system_fonts))) as image:
        return image.convert("RGBA").getchannel("A").getbbox() is not None
