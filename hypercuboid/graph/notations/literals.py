"""Literals as Python writes them, read into a tree with places; nothing is evaluated."""

from __future__ import annotations

import re

from hypercuboid.diagnostics import HypercuboidError, Source, Span, error
from hypercuboid.records import dataclass

SIZE_LIMIT = 65_536
DEPTH_LIMIT = 20

_BLANK = re.compile(r"\s*(?:#[^\n]*(?:\n|\Z)\s*)*")
_TOKEN = re.compile(
    _BLANK.pattern + r"""(?:(\d{1,9}(?!\w))|([A-Za-z_][\w.]*)|('[^'\\\n]*'|"[^"\\\n]*")|([][(),=]))""", re.ASCII
)


@dataclass(frozen=True)
class Literal:
    """A value with its place: a number or a string, a list or a tuple (`items`), or a call of `name` on `items`.

    `fields` are the keywords of a call. A name alone is a call without brackets, `items` None.
    """

    span: Span
    value: int | str | None = None
    items: tuple[Literal, ...] | None = None
    name: str = ""
    fields: tuple[tuple[str, Literal], ...] = ()


def read_literal(source: Source, what: str) -> tuple[str, Literal]:
    """One value, with the name in front of it in `NAME = VALUE`; HC1040 says what stands in the way of `what`."""
    reader = _Reader(source, what)
    first = reader.value(0)
    name = ""
    if first.name and first.items is None and reader.take("="):
        name, first = first.name, reader.value(0)
    reader.end()
    return name, first


class _Reader:
    """Reads forward through one text."""

    def __init__(self, source: Source, what: str) -> None:
        self.source, self.what, self.position = source, what, 0
        if len(source.text) > SIZE_LIMIT:
            raise error("HC1040", f"a text of {len(source.text)} characters is no {what}", help=f"give one {what}")

    def problem(self, message: str, start: int, end: int) -> HypercuboidError:
        span = Span(self.source, start, max(end, min(start + 1, len(self.source.text))))
        return error("HC1040", f"{message} in this {self.what}", span, help="give it as it was printed")

    def peek(self) -> re.Match[str] | None:
        return _TOKEN.match(self.source.text, self.position)

    def here(self) -> int:
        blank = _BLANK.match(self.source.text, self.position)
        return blank.end() if blank else self.position

    def take(self, symbol: str) -> bool:
        """Whether `symbol` stands here; steps over it."""
        found = self.peek()
        if found is None or found[4] != symbol:
            return False
        self.position = found.end()
        return True

    def end(self) -> None:
        if self.here() < len(self.source.text):
            raise self.problem("there is more than one value", self.here(), len(self.source.text))

    def value(self, depth: int) -> Literal:
        start, found = self.here(), self.peek()
        if found is None or found[4] in (")", "]", ",", "="):
            raise self.problem("a value is missing", start, start)
        if depth > DEPTH_LIMIT:
            raise self.problem("brackets are nested too deep", start, start)
        self.position = found.end()
        if found[1] is not None:
            return Literal(self.since(start), int(found[1]))
        if found[3] is not None:
            return Literal(self.since(start), found[3][1:-1])
        if found[4] is not None:
            items, fields = self.items("]" if found[4] == "[" else ")", depth)
            if fields:
                raise self.problem("`=` stands in brackets that call nothing", start, self.position)
            return Literal(self.since(start), items=items)
        if not self.take("("):
            return Literal(self.since(start), name=found[2])
        items, fields = self.items(")", depth)
        return Literal(self.since(start), items=items, name=found[2], fields=fields)

    def items(self, close: str, depth: int) -> tuple[tuple[Literal, ...], tuple[tuple[str, Literal], ...]]:
        """What stands between brackets: values, and `NAME = VALUE`."""
        items: list[Literal] = []
        fields: list[tuple[str, Literal]] = []
        while not self.take(close):
            one = self.value(depth + 1)
            if one.name and one.items is None and self.take("="):
                fields.append((one.name, self.value(depth + 1)))
            else:
                items.append(one)
            if not self.take(","):
                if not self.take(close):
                    raise self.problem(f"`{close}` or `,` is missing", self.here(), self.here())
                break
        return tuple(items), tuple(fields)

    def since(self, start: int) -> Span:
        return Span(self.source, start, self.position)
