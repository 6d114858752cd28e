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
    import numpy as np
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

    counts: Counter[int] = Counter()
    packed = [np.asarray(one, dtype=np.int32) @ np.array((65536, 256, 1), dtype=np.int32) for one in images]
    for one in packed:
        values, times = np.unique(one, return_counts=True)
        counts.update(dict(zip(values.tolist(), times.tolist(), strict=True)))
    kept = np.array([colour for colour, _ in counts.most_common(256)])
    found = []
    for one in packed:
        values, places = np.unique(one, return_inverse=True)
        nearest = np.array([_distance(kept, value).argmin() for value in values], dtype=np.uint8)
        made = Image.fromarray(nearest[places].reshape(one.shape), "P")
        made.putpalette([part for colour in kept.tolist() for part in colour.to_bytes(3, "big")])
        found.append(made)
    return found


def _distance(colours: np.ndarray, one: int) -> np.ndarray:
    """How far packed colours are from one, as a sum over red, green and blue."""
    red, green, blue = (abs((colours >> shift & 255) - (one >> shift & 255)) for shift in (16, 8, 0))
    total: np.ndarray = red + green + blue
    return total


MOVING: Registry[Callable[[Film], bytes]] = Registry("moving picture format")
MOVING.add(".svg", _svg)
MOVING.add(".gif", lambda film: _pixels(film, "GIF"))
MOVING.add(".webp", lambda film: _pixels(film, "WEBP", lossless=True))
