"""Statements: what stands in a block before its `out`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from hypercuboid.frontend.node import node

if TYPE_CHECKING:
    from hypercuboid.diagnostics import Span
    from hypercuboid.frontend.ast.expressions import Expr


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
