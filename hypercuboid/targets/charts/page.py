"""A report as one HTML file: its styles and script inside, nothing that is fetched, every text escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from hypercuboid.resources import resource
from hypercuboid.targets.charts.lines import LINES
from hypercuboid.targets.charts.marks import Section
from hypercuboid.targets.diagram_marks import number
from hypercuboid.targets.diagram_style import printable


@dataclass(frozen=True)
class Part:
    """One run of a report, or what is said of all together: a heading with facts beside it, and sections."""

    title: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """A whole page; `live` adds what looks for a newer version of it while a search runs."""

    title: str
    parts: tuple[Part, ...]
    version: str
    live: bool = False

    @property
    def has_lines(self) -> bool:
        """Whether there are line charts, in which a range can be chosen."""
        return any(figure.kind == LINES for part in self.parts for one in part.sections for figure in one.figures)


def to_html(report: Report) -> str:
    """The page; the same report gives the same bytes."""
    return _template().render(report=report)


def shown_lines(text: str) -> str:
    """Text of several lines without what a reader cannot see."""
    return "\n".join(_line(one) for one in text.split("\n"))


def _line(text: str) -> str:
    indent = len(text) - len(text.lstrip(" "))
    return " " * indent + printable(text) if text.strip() else ""


def prose(text: str) -> Markup:
    """A sentence as HTML, what stands between backticks as code, numbers kept with their per cent sign."""
    parts = printable(text).replace(" %", "\u00a0%").split("`")
    if len(parts) % 2 == 0:
        return escape("`".join(parts))
    return Markup("").join(
        Markup("<code>{}</code>").format(one) if i % 2 else escape(one) for i, one in enumerate(parts)
    )


def identifier(parts: Sequence[int]) -> str:
    """The id of an element by its place in the page."""
    return "-".join(("p", *map(str, parts)))


def _picture(svg: str, name: str) -> Markup:
    """Text that `targets.picture` made and escaped, never one that was read from a run; its ids begin with `name`."""
    own = re.sub(r'(?<= id=")([^"]+)', rf"{name}-\1", svg, count=2)
    return Markup(own.replace('aria-labelledby="t d"', f'aria-labelledby="{name}-t {name}-d"', 1))


@cache
def _template() -> Template:
    folder = resource("codegen_templates", "report.html.j2").parent
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(n=number, line=printable, lines=shown_lines, id=identifier, prose=prose)
    environment.filters["svg"] = _picture
    return environment.get_template("report.html.j2")
