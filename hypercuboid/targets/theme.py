"""Light and dark: every colour of a picture is given for a light page, and this is what it becomes on a dark one.

The counterpart has the same hue and saturation and the luminance L' with (L' + 0.05) (L + 0.05) = 0.0525, so that white
and black change places and two colours keep their contrast ratio (WCAG 2.1): what can be read on light can be read on
dark, and what is heavy still stands out. Areas get a little light, so that a dark page is not black.
"""

from __future__ import annotations

import colorsys
from enum import Enum
from functools import cache

from hypercuboid.targets.diagram_style import luminance

FLOOR = 0.006
"""Luminance of a dark page."""


class Theme(Enum):
    """What a picture is seen on: AUTO follows `prefers-color-scheme` of whoever shows it."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


@cache
def dark_ink(colour: str) -> str:
    """What the colour of a text is on a dark page."""
    return _with_luminance(colour, _inverse(colour))


@cache
def dark_area(colour: str) -> str:
    """What the colour of an area or a line is on a dark page."""
    wanted = _inverse(colour)
    return _with_luminance(colour, wanted + FLOOR * (1 - wanted) ** 8)


def _inverse(colour: str) -> float:
    return min(1.0, max(0.0, 0.0525 / (luminance(colour) + 0.05) - 0.05))


def _with_luminance(colour: str, wanted: float) -> str:
    """The colour of the same hue and saturation whose luminance is the wanted one, by bisection of its lightness."""
    hue, _, saturation = colorsys.rgb_to_hls(*(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)))
    low, high = 0.0, 1.0
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (middle, high) if luminance(_hex(hue, middle, saturation)) < wanted else (low, middle)
    return _hex(hue, high, saturation)


def _hex(hue: float, lightness: float, saturation: float) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in colorsys.hls_to_rgb(hue, lightness, saturation))
