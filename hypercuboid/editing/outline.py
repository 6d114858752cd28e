"""The outline of a file: its items, and what stands in them by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hypercuboid.editing.names_at import Spelling
from hypercuboid.frontend import ast


@dataclass(frozen=True)
class Symbol:
    """A named part of a file: the whole at [start, end), its name at `name_start`."""

    name: str
    kind: type
    detail: str
    start: int
    end: int
    name_start: int
    children: tuple[Symbol, ...] = ()


def outline(module: ast.Module) -> list[Symbol]:
    """The items of a file in the order of the text; parts without a name are left out."""
    spelling = Spelling(module.source)
    return [_symbol(spelling, item) for item in module.items]


def _symbol(spelling: Spelling, part: ast.Item | ast.Statement) -> Symbol:
    assert not isinstance(part, ast.Aux | ast.Require)
    start, end = part.span.start, part.span.end
    at = spelling.place(part.name, start, end)
    inner = part.statements if isinstance(part, ast.BlockDefinition) else ()
    word = part.span.text.split(None, 1)[0]
    children = tuple(_symbol(spelling, one) for one in _named(inner))
    return Symbol(part.name, type(part), word, start, end, start if at is None else at, children)


def _named(statements: Iterable[ast.Statement]) -> list[ast.Statement]:
    return [one for one in statements if not isinstance(one, ast.Aux | ast.Require)]
