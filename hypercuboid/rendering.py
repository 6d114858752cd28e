"""Diagnostics as text for people, with the lines they are about, and as data for programs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hypercuboid.diagnostics import Diagnostic, Label, Span
from hypercuboid.excerpts import Mark, marks_of, shown
from hypercuboid.terminal import columns, escape

_TRAIL = 4
"""Uses of blocks that are listed of the way to a mistake."""

_COLORS = {"error": "1;31", "warning": "1;33", "label": "1;34", "help": "1;36", "bold": "1"}


def render(diagnostics: Iterable[Diagnostic], *, color: bool = False) -> str:
    """All diagnostics, a blank line between them and no line end after the last; ANSI colours only if `color`."""
    return "\n\n".join(render_one(one, color=color) for one in diagnostics)


def render_one(diagnostic: Diagnostic, *, color: bool = False) -> str:
    """One diagnostic: header, place, lines with carets, labels elsewhere with dashes, notes, help."""
    paint = _Paint(color)
    head = paint(f"{diagnostic.severity}[{diagnostic.code}]", diagnostic.severity)
    lines = [f"{head}{paint(f': {escape(diagnostic.message)}', 'bold')}"]
    marked = marks_of(diagnostic)
    margin = max((len(str(line[0].number)) for line in marked), default=0)
    source = diagnostic.span.source if diagnostic.span else None
    for position, line in enumerate(marked):
        if position == 0 or line[0].source is not source:
            source = line[0].source
            lines += [f"{' ' * margin}{paint('-->', 'label')} {_place(line[0])}", _bar(margin, paint)]
        elif not line[0].follows:
            lines.append(_bar(margin, paint))
        lines += _lines_of(line, margin, diagnostic.severity, paint)
    for note in (*diagnostic.notes, *_trail(diagnostic.trail)):
        lines.append(f"{' ' * margin} {paint('=', 'label')} {_indented(note, margin + 3)}")
    if diagnostic.help:
        lines.append(f"{' ' * (margin + 1)}{paint('help', 'help')}: {_indented(diagnostic.help, margin + 7)}")
    return "\n".join(lines)


def _trail(trail: tuple[Label, ...]) -> list[str]:
    """One line for each use of a block that led to a mistake, innermost first; a long way without its middle."""
    lines = [f"{use.message} at {use.span.source.path}:{use.span.line}:{use.span.column}" for use in trail]
    if len(lines) <= _TRAIL:
        return lines
    return [*lines[: _TRAIL - 1], f"... {len(lines) - _TRAIL} more ...", lines[-1]]


def to_json(diagnostics: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """Diagnostics as plain data; lines and columns count from 1, `end_*` is where the place ends, exclusive."""
    return [
        {
            "code": one.code,
            "severity": one.severity,
            "message": one.message,
            "place": None if one.span is None else _place_data(one.span),
            "label": one.label,
            "secondary": [{"place": _place_data(label.span), "message": label.message} for label in one.secondary],
            "notes": list(one.notes),
            "trail": [{"place": _place_data(use.span), "message": use.message} for use in one.trail],
            "help": one.help,
        }
        for one in diagnostics
    ]


def _place_data(span: Span) -> dict[str, Any]:
    end = Span(span.source, span.end, span.end)
    start = {"file": span.source.path, "line": span.line, "column": span.column}
    return {**start, "end_line": end.line, "end_column": end.column}


@dataclass(frozen=True)
class _Paint:
    color: bool

    def __call__(self, text: str, role: str) -> str:
        return f"\x1b[{_COLORS[role]}m{text}\x1b[0m" if self.color and text else text


def _lines_of(line: list[Mark], margin: int, severity: str, paint: _Paint) -> list[str]:
    """A line of source, its marks with the label of the last one, then the other labels, each under its mark."""
    bar, gutter = paint("|", "label"), " " * margin
    before, inside, after = shown(line[0])
    number = paint(f"{line[0].number:>{margin}}", "label")
    lines = [f"{number} {bar} {before}{inside}{after}".rstrip()]
    placed = sorted(((_column(mark, before, len(line) > 1), mark) for mark in line), key=lambda pair: pair[0])
    under, at = "", 0
    for column, mark in placed:
        signs = mark.sign * max(1, columns(inside if len(line) == 1 else escape(mark.text[mark.start : mark.end])))
        last = mark is placed[-1][1]
        label = f" {escape(mark.label)}" if mark.label and last else ""
        under += " " * (column - at) + paint(f"{signs}{label}", _role(mark, severity))
        at = column + len(signs)
    lines.append(f"{gutter} {bar} {under}")
    for column, mark in reversed(placed[:-1]):
        if mark.label:
            lines.append(f"{gutter} {bar} {' ' * column}{paint(escape(mark.label), _role(mark, severity))}")
    return lines


def _column(mark: Mark, before: str, several: bool) -> int:
    """Where a mark begins; with several in a line that is not clipped."""
    return columns(escape(mark.text[: mark.start])) if several else columns(before)


def _role(mark: Mark, severity: str) -> str:
    return severity if mark.sign == "^" else "label"


def _place(mark: Mark) -> str:
    return f"{escape(mark.source.path)}:{mark.number}:{mark.column}"


def _bar(margin: int, paint: _Paint) -> str:
    return f"{' ' * margin} {paint('|', 'label')}"


def _indented(text: str, margin: int) -> str:
    return f"\n{' ' * margin}".join(escape(line) for line in text.split("\n"))
