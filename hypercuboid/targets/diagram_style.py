"""How pictures look: widths of text, colours that everybody can tell apart, and weight as darkness."""

from __future__ import annotations

import math
import unicodedata
from bisect import bisect_right
from functools import cache
from itertools import accumulate

FONT = "DejaVu Sans, Verdana, Helvetica, Arial, sans-serif"

# Advance widths of DejaVu Sans Bold for the characters 32 to 126, in thousandths of the font size. It is the widest
# of the faces in FONT, so what fits by these numbers fits in any of them.
_WIDTHS = (
    348, 456, 520, 837, 695, 1001, 872, 306, 457, 457, 522, 837, 379, 415, 379, 365, 695, 695, 695, 695, 695, 695, 695,
    695, 695, 695, 399, 399, 837, 837, 837, 580, 1000, 773, 762, 733, 830, 683, 683, 820, 836, 372, 372, 774, 637, 995,
    836, 850, 732, 850, 770, 720, 682, 812, 773, 1103, 770, 724, 725, 457, 365, 457, 837, 500, 500, 674, 715, 592, 715,
    678, 435, 715, 711, 342, 342, 665, 342, 1041, 711, 687, 715, 715, 493, 595, 478, 711, 651, 923, 645, 651, 582, 711,
    365, 711, 837,
)  # fmt: skip
_REGULAR = 0.92
"""Regular over bold, for every text of more than one character."""

HUES = (
    (31, 95, 168),  # blue
    (166, 88, 4),  # orange
    (0, 122, 92),  # green
    (117, 69, 155),  # purple
    (92, 92, 30),  # olive
    (0, 120, 150),  # cyan
    (110, 70, 45),  # brown
    (85, 85, 95),  # grey
    (160, 30, 120),  # magenta
    (0, 62, 44),  # dark green
    (64, 48, 140),  # indigo
    (122, 94, 0),  # ochre
    (50, 100, 150),  # steel
    (156, 66, 106),  # pink
    (70, 112, 30),  # lime
    (104, 84, 160),  # lavender
    (140, 104, 40),  # sand
    (30, 112, 104),  # mint
)
"""Darkest colour per primitive, by its place in the declared order: apart in hue or lightness for colour-blind eyes.

Red is kept for the best path.
"""

PALE = 0.13
RED = "#c1121f"
INK, MUTED, LINE, PAPER, PANEL = "#111111", "#4a4a4a", "#c4c4c4", "#ffffff", "#f7f7f7"

SPREAD = 10.0
"""How many times lighter or heavier than uniform the ends of the scale are."""


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Upper bound of the width of a line of text in the units of `size`."""
    return _scaled(sum(map(_advance, text)), size, bold)


def _scaled(advance: int, size: float, bold: bool) -> float:
    return advance * size / 1000 * (1 if bold else _REGULAR)


@cache
def _advance(character: str) -> int:
    code = ord(character)
    if 32 <= code < 127:
        return _WIDTHS[code - 32]
    if unicodedata.combining(character):
        return 0
    return 1150 if unicodedata.east_asian_width(character) in "WF" else 1050


def printable(text: str) -> str:
    """The text with what a reader cannot see, or XML cannot hold, replaced by a box; white space is one blank."""
    kinds = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    return "".join("\ufffd" if unicodedata.category(one) in kinds else one for one in " ".join(text.split()))


def clip(text: str, width: float, size: float, bold: bool = False) -> str:
    """The text, cut with an ellipsis where it is wider than `width`; empty where nothing fits."""
    text = printable(text)
    if text_width(text, size, bold) <= width:
        return text
    ends, more = accumulate(map(_advance, text)), _advance("…")
    fitting = bisect_right(list(ends), width, key=lambda end: _scaled(end + more, size, bold))
    return text[:fitting].rstrip() + "…" if fitting else ""


def darkness(weight: float | None, uniform: float) -> float:
    """Where a weight stands on the scale, 0 to 1: uniform is 0.5, ten times less is 0, the most there can be is 1.

    `uniform` is the weight of all alternatives of a group when they are equal, 1 / n. The scale is logarithmic and
    the same in every picture of a space, so pictures of two epochs can be compared.
    """
    if weight is None or uniform >= 1:
        return 0.35
    if weight <= 0:
        return 0.0
    ratio = weight / uniform
    most = min(SPREAD, 1 / uniform)
    span = math.log(most) if ratio > 1 else math.log(SPREAD)
    return min(1.0, max(0.0, 0.5 + 0.5 * math.log(ratio) / span))


def fill(hue: int, dark: float) -> str:
    """The colour of primitive number `hue` at a darkness."""
    amount = PALE + (1 - PALE) * dark
    return "#" + "".join(f"{round(255 + (part - 255) * amount):02x}" for part in HUES[hue % len(HUES)])


def grey(dark: float) -> str:
    """The colour of the legend's scale at a darkness."""
    return "#" + f"{round(240 - 190 * dark):02x}" * 3


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.1)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.1)."""
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def ink_on(background: str) -> str:
    """Black or white, whichever reads better on `background`: at least 4.58 to 1."""
    return max(("#000000", "#ffffff"), key=lambda ink: contrast(ink, background))
