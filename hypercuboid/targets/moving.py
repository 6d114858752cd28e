"""The files that pictures of epochs can be written as, by the suffix of their name: SVG, and GIF and WebP as pixels."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypercuboid.registry import Registry
from hypercuboid.targets.animation import SECONDS, animated
from hypercuboid.targets.diagram_marks import Page, to_svg
from hypercuboid.targets.raster import to_png
from hypercuboid.targets.theme import Theme

if TYPE_CHECKING:
    from PIL import Image


@dataclass(frozen=True)
class Film:
    """Pictures of one layout, what each is called, its theme, and pixels of width for what has pixels."""

    pages: Sequence[Page]
    names: Sequence[str]
    theme: Theme
    width: int


def _svg(film: Film) -> bytes:
    return animated(film.pages, film.names, film.theme).encode()


def _pixels(film: Film, kind: str, **options: object) -> bytes:
    """All frames, the last one three times as long, in a circle without end."""
    from PIL import Image

    theme = Theme.LIGHT if film.theme is Theme.AUTO else film.theme
    drawn = (to_png(to_svg(one, theme), film.width) for one in film.pages)
    images = [Image.open(io.BytesIO(one)).convert("RGB") for one in drawn]
    shown = [round(1000 * SECONDS)] * (len(images) - 1) + [round(3000 * SECONDS)]
    if kind == "GIF":
        images = _few_colours(images)
    written = io.BytesIO()
    images[0].save(written, kind, save_all=True, append_images=images[1:], duration=shown, loop=0, **options)
    return written.getvalue()


def _few_colours(images: list[Image.Image]) -> list[Image.Image]:
    """The same with the 256 colours that are most of all of them: areas keep theirs, and epochs have the same.

    Pillow would round all colours to find those of a palette, and white would be grey.
    """
    import numpy as np
    from PIL import Image

    counts: Counter[tuple[int, int, int]] = Counter()
    for one in images:
        for count, colour in one.getcolors(one.width * one.height) or ():
            counts[colour] += count
    kept = np.array([colour for colour, _ in counts.most_common(256)], dtype=np.int32)
    found = []
    for one in images:
        pixels = np.asarray(one, dtype=np.int32)
        colours, places = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True)
        nearest = np.array([np.abs(kept - colour).sum(axis=1).argmin() for colour in colours], dtype=np.uint8)
        made = Image.fromarray(nearest[places].reshape(pixels.shape[:2]), "P")
        made.putpalette(kept.astype(np.uint8).tobytes())
        found.append(made)
    return found


MOVING: Registry[Callable[[Film], bytes]] = Registry("moving picture format")
MOVING.add(".svg", _svg)
MOVING.add(".gif", lambda film: _pixels(film, "GIF"))
MOVING.add(".webp", lambda film: _pixels(film, "WEBP", lossless=True))
