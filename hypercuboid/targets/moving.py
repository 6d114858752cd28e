"""The files that pictures of epochs can be written as, by the suffix of their name: SVG, and GIF and WebP as pixels."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hypercuboid.registry import Registry
from hypercuboid.targets.animation import SECONDS, animated
from hypercuboid.targets.raster import to_png


@dataclass(frozen=True)
class Film:
    """Pictures of one layout as SVG, what each is called, and pixels of width for what has pixels."""

    frames: Sequence[str]
    names: Sequence[str]
    width: int


def _svg(film: Film) -> bytes:
    return animated(film.frames, film.names).encode()


def _pixels(film: Film, kind: str, **options: object) -> bytes:
    """All frames, the last one three times as long, in a circle without end."""
    from PIL import Image

    images = [Image.open(io.BytesIO(to_png(one, film.width))).convert("RGB") for one in film.frames]
    shown = [round(1000 * SECONDS)] * (len(images) - 1) + [round(3000 * SECONDS)]
    written = io.BytesIO()
    images[0].save(written, kind, save_all=True, append_images=images[1:], duration=shown, loop=0, **options)
    return written.getvalue()


MOVING: Registry[Callable[[Film], bytes]] = Registry("moving picture format")
MOVING.add(".svg", _svg)
MOVING.add(".gif", lambda film: _pixels(film, "GIF"))
MOVING.add(".webp", lambda film: _pixels(film, "WEBP", lossless=True))
