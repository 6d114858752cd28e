"""A picture by Graphviz on a page of a readable shape, under the header of all pictures."""

from __future__ import annotations

import re

from markupsafe import escape

from hypercuboid.targets.diagram_style import FONT, INK, MUTED, clip, printable

WIDEST, NARROWEST = 2200.0, 760.0
_SIZE = re.compile(r'<svg width="([\d.]+)pt" height="([\d.]+)pt"\n viewBox="[^"]*"')


def sizes(svg: str) -> tuple[float, float]:
    """Width and height of what Graphviz wrote."""
    found = _SIZE.search(svg)
    assert found is not None, "Graphviz wrote an unknown header"
    return float(found[1]), float(found[2])


def fits(svg: str) -> bool:
    """Whether the picture is between 1:1 and 4:1 and its text large enough."""
    width, height = sizes(svg)
    return height <= max(width, NARROWEST) and width <= 4 * height and width <= WIDEST


def misfit(svg: str) -> float:
    """How far a picture is from the shape and size of a page."""
    width, height = sizes(svg)
    return max(width, height, NARROWEST) / WIDEST + max(0.0, width / (4 * height) - 1) / 4


def framed(svg: str, title: str, lines: tuple[str, ...]) -> str:
    """The picture in the middle of a white page between 1:1 and 4:1, under title and lines."""
    width, height = sizes(svg)
    unit = max(1.0, max(width, height) / 1500)
    head = (44 + 15 * len(lines)) * unit
    wide = max(width, height + head, NARROWEST)
    high = max(height + head, wide / 4)
    left, top = (wide - width) / 2, head + (high - head - height) / 2
    text = _line(20 * unit, 28 * unit, clip(title, wide - 40 * unit, 16 * unit, True), 16 * unit, INK, "bold")
    for place, one in enumerate(lines):
        shown = clip(one, wide - 40 * unit, 10 * unit)
        text += _line(20 * unit, (46 + 15 * place) * unit, shown, 10 * unit, MUTED, "normal")
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:.0f}" height="{high:.0f}"'
        f' viewBox="0 0 {wide:.2f} {high:.2f}" role="img" font-family="{FONT}">\n'
        f"<title>{escape(printable(title))}</title>\n"
        f'<rect width="{wide:.2f}" height="{high:.2f}" fill="#ffffff"/>\n'
    )
    inner = svg[svg.index("<svg") :].rstrip()
    inner = _SIZE.sub(
        lambda found: (
            f'<svg x="{left:.2f}" y="{top:.2f}" width="{width:.2f}" height="{height:.2f}"\n'
            + found[0][found[0].index(" viewBox") :]
        ),
        inner,
        count=1,
    )
    return f"{opening}{text}{inner}\n</svg>\n"


def _line(x: float, y: float, text: str, size: float, colour: str, weight: str) -> str:
    font = f'font-size="{size:.2f}" fill="{colour}" font-weight="{weight}"'
    return f'<text x="{x:.2f}" y="{y:.2f}" {font}>{escape(text)}</text>\n'
