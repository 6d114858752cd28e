"""Items: what stands in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from hypercuboid.frontend.ast.statements import Cell, Let
from hypercuboid.frontend.node import node

if TYPE_CHECKING:
    from hypercuboid.diagnostics import Source, Span
    from hypercuboid.frontend.ast.expressions import Argument, Expr
    from hypercuboid.frontend.ast.statements import Statement, TypeRef


@node
class Param:
    """`param NAME: type = default [in range]`."""

    span: Span
    name: str
    type: TypeRef
    default: Expr
    range: Expr | None
    doc: str = ""


@node
class Formal:
    span: Span
    name: str
    type: TypeRef | None
    default: Expr | None


@node
class Input:
    span: Span
    name: str
    type: TypeRef | None


@node
class BlockDefinition:
    """A `block` or, with `is_space`, a `space`."""

    span: Span
    name: str
    is_space: bool
    formals: tuple[Formal, ...]
    inputs: tuple[Input, ...]
    statements: tuple[Statement, ...]
    result: Expr
    doc: str = ""


@node
class SitePart:
    """`.name` of a site; also `, name` in the name of a decision with several axes, and `@2` (see `before`)."""

    span: Span
    name: str
    before: str = "."
    """What stands before the name: ".", ", " or nothing."""


@node
class Coordinate:
    """One `[name = value]` or `[value]` of a site; name is None for a value by position."""

    span: Span
    name: str | None
    value: Expr


@node
class SiteIndex:
    span: Span
    coordinates: tuple[Coordinate, ...]


@node
class Site:
    """The path of a decision in a pick: `Normal.n[2]`, `h[layer = 0]`."""

    span: Span
    name: str
    steps: tuple[SitePart | SiteIndex, ...]


@node
class Kept:
    """What a pick keeps: `value`, or `key: value` where `key` may be a transition (a `Pipe`, `32 -> 64`)."""

    span: Span
    key: Expr | None
    value: Expr


@node
class Pick:
    """`pick SITE = kept` or `keep SITE = kept` (`keeps`); `is_list` where the kept stand in brackets."""

    span: Span
    keeps: bool
    site: Site
    kept: tuple[Kept, ...]
    is_list: bool
    doc: str = ""


@node
class Arch:
    span: Span
    name: str
    space: str
    arguments: tuple[Argument, ...]
    partial: bool
    picks: tuple[Pick, ...]
    doc: str = ""


@node
class Setting:
    span: Span
    name: str
    value: Expr


@node
class Search:
    span: Span
    name: str
    space: str | None
    settings: tuple[Setting, ...]
    doc: str = ""


Item: TypeAlias = Param | Let | BlockDefinition | Cell | Arch | Search


@node
class UsedName:
    span: Span
    name: str


@node
class Use:
    """`use std.ops { conv, bn }` (library is ("std", "ops")) or `use "./b.hc" as mine { B }` (path is the string)."""

    span: Span
    library: tuple[str, ...]
    path: str | None
    alias: str | None
    names: tuple[UsedName, ...]
    doc: str = ""


@node
class Module:
    source: Source
    edition: int
    uses: tuple[Use, ...]
    items: tuple[Item, ...]
    doc: str = ""
