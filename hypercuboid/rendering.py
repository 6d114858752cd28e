"""Diagnostics as text for people, with the lines they are about, and as data for programs."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from hypercuboid.diagnostics import Diagnostic, Label, Source, Span

WIDTH = 120
"""Columns of a source line that are shown; a longer one is clipped around what it is about."""

_TRAIL = 4
"""Uses of blocks that are listed of the way to a mistake."""

_TAB = "    "
_HIDDEN = re.compile(r"[^\S \n]|[^\x20-\x7e\n]")
_COLORS = {"error": "1;31", "warning": "1;33", "label": "1;34", "help": "1;36", "bold": "1"}


def escape(text: str) -> str:
    """The text with everything that a terminal would obey or hide written as `\\u{...}`; tabs become spaces."""
    return _HIDDEN.sub(lambda found: _shown(found[0]), text)


def json_escape(text: str) -> str:
    """JSON text with the same characters written as JSON escapes, so that it means what it meant."""
    return _HIDDEN.sub(lambda found: found[0] if _shown(found[0]) == found[0] else json.dumps(found[0])[1:-1], text)


def _shown(character: str) -> str:
    if character == "\t":
        return _TAB
    return character if character.isprintable() and not _is_invisible(character) else f"\\u{{{ord(character):x}}}"


def _is_invisible(character: str) -> bool:
    code = ord(character)
    return code in (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0) or any(
        low <= code <= high for low, high in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0000, 0xE0FFF))
    )


def render(diagnostics: Iterable[Diagnostic], *, color: bool = False) -> str:
    """All diagnostics, a blank line between them and no line end after the last; ANSI colours only if `color`."""
    return "\n\n".join(render_one(one, color=color) for one in diagnostics)


def render_one(diagnostic: Diagnostic, *, color: bool = False) -> str:
    """One diagnostic: header, place, lines with carets, labels elsewhere with dashes, notes, help."""
    paint = _Paint(color)
    head = paint(f"{diagnostic.severity}[{diagnostic.code}]", diagnostic.severity)
    lines = [f"{head}{paint(f': {escape(diagnostic.message)}', 'bold')}"]
    excerpts = _excerpts(diagnostic)
    margin = max((len(str(excerpt.number)) for excerpt in excerpts), default=0)
    source = diagnostic.span.source if diagnostic.span else None
    for position, excerpt in enumerate(excerpts):
        if position == 0 or excerpt.source is not source:
            source = excerpt.source
            lines += [f"{' ' * margin}{paint('-->', 'label')} {_place(excerpt)}", _bar(margin, paint)]
        elif not excerpt.follows:
            lines.append(_bar(margin, paint))
        lines += _excerpt_lines(excerpt, margin, diagnostic.severity, paint)
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


@dataclass(frozen=True)
class _Excerpt:
    """One line of source: `text[start:end]` is underlined with `mark`, `label` stands behind it."""

    source: Source
    number: int
    column: int
    text: str
    start: int
    end: int
    mark: str
    label: str
    follows: bool = False


def _excerpts(diagnostic: Diagnostic) -> list[_Excerpt]:
    if diagnostic.span is None:
        return []
    found = _of_span(diagnostic.span, "^", diagnostic.label)
    for label in diagnostic.secondary:
        found += _of_label(label)
    return found


def _of_label(label: Label) -> list[_Excerpt]:
    return _of_span(label.span, "-", label.message)


def _of_span(span: Span, mark: str, label: str) -> list[_Excerpt]:
    """The line of a place; of a place over several lines the first and the last."""
    text = span.source.text
    start, end = min(span.start, len(text)), min(max(span.end, span.start), len(text))
    first = _line(span.source, start, min(end, _line_end(text, start)), mark, label)
    if end <= _line_end(text, start):
        return [first]
    begin = text.rfind("\n", 0, end) + 1
    while begin < end and text[begin].isspace():
        begin += 1
    last = _line(span.source, begin, end, mark, label)
    return [replace(first, label="..."), replace(last, follows=True)]


def _line(source: Source, start: int, end: int, mark: str, label: str) -> _Excerpt:
    span = Span(source, start, end)
    begin = source.text.rfind("\n", 0, start) + 1
    text = source.text[begin : _line_end(source.text, start)].rstrip("\r")
    return _Excerpt(source, span.line, span.column, text, start - begin, end - begin, mark, label)


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def _excerpt_lines(excerpt: _Excerpt, margin: int, severity: str, paint: _Paint) -> list[str]:
    before, inside, after = _clipped(*map(escape, _near(excerpt)))
    role = severity if excerpt.mark == "^" else "label"
    marks = excerpt.mark * max(1, _columns(inside))
    label = f" {escape(excerpt.label)}" if excerpt.label else ""
    bar = paint("|", "label")
    return [
        f"{paint(f'{excerpt.number:>{margin}}', 'label')} {bar} {before}{inside}{after}".rstrip(),
        f"{' ' * margin} {bar} {' ' * _columns(before)}{paint(f'{marks}{label}', role)}",
    ]


def _near(excerpt: _Excerpt) -> tuple[str, str, str]:
    """What stands before, in and behind the place, of a line of a million characters only what can be shown."""
    start, end, most = excerpt.start, excerpt.end, 4 * WIDTH
    return (
        excerpt.text[max(0, start - most) : start],
        excerpt.text[start : min(end, start + most)],
        excerpt.text[end : end + most],
    )


def _columns(text: str) -> int:
    """Columns of a terminal: wide characters take two, combining ones none."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) > 0 for character in text)


def _clipped(before: str, inside: str, after: str) -> tuple[str, str, str]:
    """The three parts of a line in at most WIDTH columns, `...` for what is left out."""
    if _columns(before) + _columns(inside) + _columns(after) <= WIDTH:
        return before, inside, after
    if _columns(inside) > WIDTH // 2:
        inside = f"{_head(inside, WIDTH // 2 - 3)}..."
        after = ""
    room = WIDTH - _columns(inside)
    if _columns(before) > room // 2:
        before = f"...{_head(before[::-1], room // 2 - 3)[::-1]}"
    room -= _columns(before)
    return before, inside, after if _columns(after) <= room else f"{_head(after, max(0, room - 3))}..."


def _head(text: str, columns: int) -> str:
    """The longest beginning that takes at most so many columns."""
    taken = 0
    for position, character in enumerate(text):
        taken += _columns(character)
        if taken > columns:
            return text[:position]
    return text


def _place(excerpt: _Excerpt) -> str:
    return f"{escape(excerpt.source.path)}:{excerpt.number}:{excerpt.column}"


def _bar(margin: int, paint: _Paint) -> str:
    return f"{' ' * margin} {paint('|', 'label')}"


def _indented(text: str, margin: int) -> str:
    return f"\n{' ' * margin}".join(escape(line) for line in text.split("\n"))
