"""The syntax tree: what a file says, each part with its place. Chains are flat, so that depth is real nesting only."""

from __future__ import annotations

from typing import TypeAlias

from hypercuboid.diagnostics import Source, Span
from hypercuboid.frontend.node import node

# ---------------------------------------------------------------- expressions


@node
class Name:
    span: Span
    id: str


@node
class Literal:
    """An int, float, bool or string (without its quotes)."""

    span: Span
    value: int | float | bool | str


@node
class TupleOf:
    span: Span
    items: tuple[Expr, ...]


@node
class ListOf:
    span: Span
    items: tuple[Expr, ...]


@node
class Clause:
    """`for NAME in iterable [if condition]`; `names` of `for (a, b) in ...`, where `name` is "(a, b)"."""

    span: Span
    name: str
    iterable: Expr
    condition: Expr | None
    names: tuple[str, ...] = ()


@node
class Comprehension:
    span: Span
    element: Expr
    clauses: tuple[Clause, ...]


@node
class Operation:
    """A flat, left-associative chain of one precedence level: `operands[0] operators[0] operands[1] ...`.

    Levels: `+ -`; `* / // %`; `**` (always two operands); one comparison (two operands); `and`; `or`.
    """

    span: Span
    operands: tuple[Expr, ...]
    operators: tuple[str, ...]


@node
class Unary:
    """`-operand` or `not operand`."""

    span: Span
    operator: str
    operand: Expr


@node
class Conditional:
    """`then if condition else otherwise`."""

    span: Span
    then: Expr
    condition: Expr
    otherwise: Expr


@node
class Range:
    """`start..stop`, half open; an end may be missing only inside `[ ]`."""

    span: Span
    start: Expr | None
    stop: Expr | None


@node
class Pipe:
    """`stages[0] -> stages[1] -> ...`."""

    span: Span
    stages: tuple[Expr, ...]


@node
class Argument:
    span: Span
    name: str | None
    value: Expr


@node
class Call:
    span: Span
    function: Expr
    arguments: tuple[Argument, ...]


@node
class Index:
    """`value[items]`; an item may be a `Range` with a missing end."""

    span: Span
    value: Expr
    items: tuple[Expr, ...]


@node
class Attribute:
    span: Span
    value: Expr
    name: str


@node
class Alternative:
    span: Span
    label: str | None
    value: Expr


@node
class Choose:
    """`choose NAME { label: e, ... }`."""

    span: Span
    name: str | None
    alternatives: tuple[Alternative, ...]


@node
class Binder:
    """`NAME in iterable`; `names` of `(a, b) in ...`, where `name` is "(a, b)"."""

    span: Span
    name: str
    iterable: Expr
    names: tuple[str, ...] = ()


@node
class Block:
    """`{ e }` or `{ let ... out e }`: the body of a fold, a choose or a scan."""

    span: Span
    lets: tuple[Let, ...]
    result: Expr


@node
class ChooseIn:
    """`choose a in list, b in list where cond { e }`."""

    span: Span
    binders: tuple[Binder, ...]
    where: Expr | None
    body: Block


@node
class Fold:
    """`sum|mean|concat|chain [top N] binders [where cond] { e }`."""

    span: Span
    kind: str
    top: int | None
    binders: tuple[Binder, ...]
    where: Expr | None
    body: Block


@node
class FoldOf:
    """`sum|mean|concat|chain (args)`."""

    span: Span
    kind: str
    arguments: tuple[Argument, ...]


@node
class Scan:
    """`scan state from start over item in sequence { e }`."""

    span: Span
    state: str
    start: Expr
    item: str
    sequence: Expr
    body: Block


Expr: TypeAlias = (
    Name
    | Literal
    | TupleOf
    | ListOf
    | Comprehension
    | Operation
    | Unary
    | Conditional
    | Range
    | Pipe
    | Call
    | Index
    | Attribute
    | Choose
    | ChooseIn
    | Fold
    | FoldOf
    | Scan
)

# ---------------------------------------------------------------- statements and items


@node
class TypeRef:
    """`image(3, 32, 32)`, `list(block)`, `int`: arguments are types, names of parameters (as TypeRef) or integers."""

    span: Span
    name: str
    arguments: tuple[TypeRef | int, ...]


@node
class Let:
    span: Span
    name: str
    value: Expr
    doc: str = ""


@node
class Cell:
    span: Span
    name: str
    value: Expr
    doc: str = ""


@node
class FamilyIndex:
    """One index of a family: bound over a list (`i in 0..4`, name is set) or fixed (`0`, name is None)."""

    span: Span
    name: str | None
    value: Expr


@node
class Share:
    span: Span
    name: str
    indices: tuple[FamilyIndex, ...]
    value: Expr
    doc: str = ""


@node
class Node:
    span: Span
    name: str
    indices: tuple[FamilyIndex, ...]
    value: Expr
    doc: str = ""


@node
class StateAxis:
    """`state (first, second) in domain [where cond]`."""

    span: Span
    first: str
    second: str
    domain: Expr
    where: Expr | None


@node
class DepthAxis:
    span: Span
    name: str
    domain: Expr


@node
class ChoiceAxis:
    span: Span
    name: str
    domain: Expr
    where: Expr | None


@node
class Cuboid:
    """`cuboid NAME from source { axes [compete per (...)] lets out result }`. `compete` is the tuple or name given."""

    span: Span
    name: str
    source: Expr
    axes: tuple[StateAxis | DepthAxis | ChoiceAxis, ...]
    compete: Expr | None
    lets: tuple[Let, ...]
    result: Expr
    doc: str = ""


@node
class Aux:
    span: Span
    value: Expr
    doc: str = ""


@node
class Require:
    span: Span
    condition: Expr
    message: str | None
    doc: str = ""


Statement: TypeAlias = Let | Cell | Share | Node | Cuboid | Aux | Require


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
