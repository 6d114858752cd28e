"""Lines of source with what is marked in them: carets under a place, dashes under places that belong to it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypercuboid.diagnostics import Diagnostic, Source, Span
from hypercuboid.terminal import columns, escape, head

WIDTH = 120
"""Columns of a source line that are shown; a longer one is clipped around what it is about."""


@dataclass(frozen=True)
class Mark:
    """`text[start:end]` of line `number` is underlined with `sign`, `label` stands behind it.

    `is_whole` says that the line holds the whole place, `follows` that this is the end of the mark before.
    """

    source: Source
    number: int
    column: int
    text: str
    start: int
    end: int
    sign: str
    label: str
    is_whole: bool = True
    follows: bool = False


def marks_of(diagnostic: Diagnostic) -> list[list[Mark]]:
    """The marked lines in the order in which they are shown, each with its marks."""
    if diagnostic.span is None:
        return []
    found = _of_span(diagnostic.span, "^", diagnostic.label)
    for label in diagnostic.secondary:
        found += _of_span(label.span, "-", label.message)
    lines: list[list[Mark]] = []
    for mark in found:
        line = next((one for one in lines if _goes_with(mark, one)), None)
        if line is None:
            lines.append([mark])
        else:
            line.append(mark)
    return lines


def _goes_with(mark: Mark, line: list[Mark]) -> bool:
    """Whether a mark can stand under a line that is shown already."""
    first = line[0]
    if (mark.source, mark.number) != (first.source, first.number) or columns(first.text[: WIDTH + 1]) > WIDTH:
        return False
    apart = all(mark.end <= one.start or one.end <= mark.start for one in line)
    return apart and all(one.is_whole and one.end > one.start for one in (mark, *line))


def _of_span(span: Span, sign: str, label: str) -> list[Mark]:
    """The line of a place; of a place over several lines the first and the last."""
    text = span.source.text
    start, end = min(span.start, len(text)), min(max(span.end, span.start), len(text))
    first = _line(span.source, start, min(end, _line_end(text, start)), sign, label)
    if end <= _line_end(text, start):
        return [first]
    begin = text.rfind("\n", 0, end) + 1
    while begin < end and text[begin].isspace():
        begin += 1
    last = _line(span.source, begin, end, sign, label)
    return [replace(first, label="...", is_whole=False), replace(last, follows=True, is_whole=False)]


def _line(source: Source, start: int, end: int, sign: str, label: str) -> Mark:
    span = Span(source, start, end)
    begin = source.text.rfind("\n", 0, start) + 1
    text = source.text[begin : _line_end(source.text, start)].rstrip("\r")
    return Mark(source, span.line, span.column, text, start - begin, end - begin, sign, label)


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def shown(mark: Mark) -> tuple[str, str, str]:
    """What a terminal shows of a line: before, in and behind the place."""
    return _clipped(*map(escape, _near(mark)))


def _near(mark: Mark) -> tuple[str, str, str]:
    """What stands before, in and behind the place, of a line of a million characters only what can be shown."""
    start, end, most = mark.start, mark.end, 4 * WIDTH
    return (
        mark.text[max(0, start - most) : start],
        mark.text[start : min(end, start + most)],
        mark.text[end : end + most],
    )


def _clipped(before: str, inside: str, after: str) -> tuple[str, str, str]:
    """The three parts of a line in at most WIDTH columns, `...` for what is left out."""
    if columns(before) + columns(inside) + columns(after) <= WIDTH:
        return before, inside, after
    if columns(inside) > WIDTH // 2:
        inside = f"{head(inside, WIDTH // 2 - 3)}..."
        after = ""
    room = WIDTH - columns(inside)
    if columns(before) > room // 2:
        before = f"...{head(before[::-1], room // 2 - 3)[::-1]}"
    room -= columns(before)
    return before, inside, after if columns(after) <= room else f"{head(after, max(0, room - 3))}..."
