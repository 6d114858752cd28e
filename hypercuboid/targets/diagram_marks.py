"""Marks on a page, rectangles, curves and texts in layers, and their SVG text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import ClassVar, TypeAlias

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from hypercuboid.resources import resource
from hypercuboid.targets.diagram_layout import Box
from hypercuboid.targets.diagram_style import FONT, INK, PAPER, RED, clip, printable
from hypercuboid.targets.theme import Theme, dark_area, dark_ink


@dataclass(frozen=True)
class Rect:
    """A rectangle, with a tooltip where `title` is not empty."""

    kind: ClassVar[str] = "rect"
    x: float
    y: float
    w: float
    h: float
    fill: str
    stroke: str = ""
    width: float = 0.0
    radius: float = 0.0
    dashed: bool = False
    title: str = ""


@dataclass(frozen=True)
class Curve:
    """A path by the commands of SVG."""

    kind: ClassVar[str] = "curve"
    path: str
    stroke: str
    width: float
    round: bool = False


@dataclass(frozen=True)
class Text:
    """A line of text by its anchor on the base line; `turned` by a quarter to the left."""

    kind: ClassVar[str] = "text"
    x: float
    y: float
    text: str
    size: float
    fill: str = INK
    anchor: str = "start"
    bold: bool = False
    turned: bool = False
    title: str = ""


Mark: TypeAlias = Rect | Curve | Text


@dataclass(frozen=True)
class Layer:
    """Marks of one kind of thing, painted in order."""

    name: str
    marks: tuple[Mark, ...]


def path_layers(*paths: str) -> tuple[Layer, Layer]:
    """The best path in front, and behind boxes a rim of the page's colour, so that it stands out from heavy edges."""
    rims = tuple(Curve(one, PAPER, 5.0, True) for one in paths if one)
    return Layer("rim", rims), Layer("path", tuple(Curve(one, RED, 2.4, True) for one in paths if one))


@dataclass(frozen=True)
class Page:
    """A picture. `description` is the alternative for who cannot see it."""

    width: float
    height: float
    title: str
    description: str
    layers: tuple[Layer, ...]


def boxed(box: Box, fill: str, stroke: str = "", width: float = 0.0, radius: float = 0.0, title: str = "") -> Rect:
    """The rectangle of a box."""
    return Rect(box.x, box.y, box.w, box.h, fill, stroke, width, radius, False, printable_lines(title))


def label(box: Box, text: str, size: float, fill: str, bold: bool = False, title: str = "") -> Text:
    """A text in the middle of a box, cut to its width; its tooltip is `title`, or the whole text where it was cut."""
    shown = clip(text, box.w - 5, size, bold)
    title = title or ("" if shown == text else text)
    base = box.middle + 0.36 * size
    return Text(box.center, base, shown, size, fill, "middle", bold, False, printable_lines(title))


def line(x: float, y: float, text: str, width: float, size: float, fill: str = INK, bold: bool = False) -> Text:
    """A text from x to the right, cut to `width`."""
    shown = clip(text, width, size, bold)
    return Text(x, y, shown, size, fill, "start", bold, False, "" if shown == text else printable_lines(text))


def printable_lines(text: str) -> str:
    """A tooltip: its lines, each without what cannot be seen."""
    return "\n".join(map(printable, text.split("\n"))) if text else ""


def number(value: float) -> str:
    """A coordinate with at most two decimals."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def to_svg(page: Page, theme: Theme = Theme.AUTO) -> str:
    """The page as SVG text; the same page and theme give the same bytes."""
    rules = Markup(dark_rules(page)) if theme is Theme.AUTO else ""  # colours of ours alone, nothing to escape
    return _template(theme is Theme.DARK).render(page=page, font=FONT, rules=rules)


def dark_rules(*pages: Page) -> str:
    """Rules of CSS that turn every colour of pages into its dark counterpart."""
    marks = [mark for page in pages for layer in page.layers for mark in layer.marks]
    inks = {mark.fill for mark in marks if isinstance(mark, Text)}
    fills = {PAPER} | {mark.fill for mark in marks if isinstance(mark, Rect)}
    strokes = {mark.stroke for mark in marks if isinstance(mark, Rect | Curve)} - {""}
    rules = [f'.hypercuboid text[fill="{one}"]{{fill:{dark_ink(one)}}}' for one in sorted(inks)]
    rules += [f'.hypercuboid rect[fill="{one}"]{{fill:{dark_area(one)}}}' for one in sorted(fills)]
    rules += [f'.hypercuboid [stroke="{one}"]{{stroke:{dark_area(one)}}}' for one in sorted(strokes)]
    return " ".join(rules)


@cache
def _template(dark: bool) -> Template:
    path = resource("codegen_templates", "diagram.svg.j2")
    environment = Environment(
        loader=FileSystemLoader(path.parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["n"] = number
    environment.filters["ink"] = dark_ink if dark else str
    environment.filters["area"] = dark_area if dark else str
    return environment.get_template(path.name)
