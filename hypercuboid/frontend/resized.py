"""Blocks over tensors of another size: what was made of them once is taken again, with the types worked out anew.

The candidates of a cuboid are the same few blocks with the same arguments, over images of 32, 16 and 8 pixels. What a
block is made of follows from its arguments, and from its inputs only where it asks for their axes (`x.c`). So a body
of ops and uses of such blocks is the same at another size as long as the axes that were asked for are the same. Where
an op does not fit, or anything else may differ, the block is elaborated from the start, which finds the mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from hypercuboid.diagnostics import HypercuboidError, Span
from hypercuboid.frontend import ast
from hypercuboid.frontend.builder import Builder
from hypercuboid.frontend.depths import parts_of
from hypercuboid.frontend.elaborated import Body, Definition, InputNode, Node, OpNode, UseNode
from hypercuboid.frontend.op_nodes import inferred
from hypercuboid.frontend.session import Session, Watch
from hypercuboid.frontend.typing import AXES
from hypercuboid.frontend.values import Tensor, UserBlock
from hypercuboid.ops import OPS
from hypercuboid.ops.base import ShapeError, TensorType
from hypercuboid.records import dataclass, replace

Asked: TypeAlias = tuple[int, str, int]
"""The number of an input, one of its axes, and the size that it had."""

UseAgain: TypeAlias = Callable[[Definition, tuple[TensorType, ...], Span], Definition]

_DECIDING = (ast.Choose, ast.ChooseIn, ast.Scan, ast.Cuboid, ast.Aux, ast.Cell, ast.Share)
"""What is more than ops and uses of blocks, or looks at types in ways of its own."""


@dataclass(frozen=True, eq=False)
class Pattern:
    """A block as it was made for inputs of `types`, in so many `steps`, and what it `asked` of them.

    `searching` is None where the block did not ask for that.
    """

    definition: Definition
    types: tuple[TensorType, ...]
    asked: tuple[Asked, ...]
    searching: bool | None
    steps: int

    def fits(self, types: Sequence[TensorType | None], searching: bool) -> bool:
        """Whether the block is made of the same for these types."""
        if self.searching not in (None, searching):
            return False
        pairs = zip(types, self.types, strict=True)
        alike = all(new is not None and new.kind == old.kind and is_usual(new) for new, old in pairs)
        return alike and sizes_fit(self.asked, types)


def sizes_fit(asked: Iterable[Asked], types: Sequence[TensorType | None]) -> bool:
    """Whether tensors of these types have all sizes that were asked for."""
    known = ((types[number], axis, size) for number, axis, size in asked)
    return all(type is not None and AXES[axis](type) == size for type, axis, size in known)


def pattern_of(
    definition: Definition, block: UserBlock, types: Sequence[TensorType | None], watch: Watch, session: Session
) -> Pattern | None:
    """What can be made again of a block that was just elaborated; None where its size may decide more than types."""
    known = tuple(one for one in types if one is not None and is_usual(one))
    if len(known) < len(types) or not definition.bounded or definition.decisions or definition.body.output < 0:
        return None
    names = [declared.name for declared in block.definition.inputs]
    if watch.builder is None or not has_all(definition.body, watch.builder, len(names)):
        return None
    asked: list[Asked] = []
    for tensor, axis, size in watch.asked:
        if not isinstance(tensor, Tensor) or tensor.builder is not watch.builder:
            return None
        node = tensor.builder.nodes[tensor.index]
        if not isinstance(node, InputNode):
            return None
        asked.append((names.index(node.name), axis, size))
    if not _is_straight(block.definition, session):
        return None
    searching = session.searching if session.asked else None
    return Pattern(definition, known, tuple(asked), searching, session.spent - watch.spent)


def has_all(body: Body, builder: Builder, inputs: int) -> bool:
    """Whether a body is all ops and uses that were made: what nothing reads is not there, and might not fit."""
    return len(body.nodes) - body.arity == len(builder.nodes) - inputs and all(map(_is_repeatable, body.nodes))


def is_usual(type: TensorType) -> bool:
    """Whether a tensor has one known shape, whatever is decided."""
    return type.known and not type.parts and not type.least


def _is_repeatable(node: Node) -> bool:
    if isinstance(node, UseNode):
        return node.instance is None and not node.instances and not node.decisions
    return isinstance(node, (InputNode, OpNode))


def _is_straight(definition: ast.BlockDefinition, session: Session) -> bool:
    """Whether a block is ops and uses of blocks alone, all of which stay in its body."""
    known = session.straight
    if id(definition) not in known:
        known[id(definition)] = not decides(definition)
    return known[id(definition)]


def decides(part: object) -> bool:
    """Whether there is more in a part of the tree than values, ops and uses of blocks."""
    waiting: list[object] = [part]
    while waiting:
        current = waiting.pop()
        if isinstance(current, _DECIDING) or (isinstance(current, ast.Name) and current.id == "unused"):
            return True
        waiting.extend(parts_of(current))
    return False


def resized(
    pattern: Pattern, block: UserBlock, types: Sequence[TensorType | None], session: Session, use: UseAgain
) -> Definition | None:
    """The block for inputs of these types, which `fits`; None where something in it does not fit them."""
    spent = session.spent
    given = {declared.name: type for declared, type in zip(block.definition.inputs, types, strict=True)}
    inputs = pattern.definition.body.nodes[: pattern.definition.body.arity]
    body = again(pattern.definition.body, [given[node.name] for node in inputs], session, use)
    if body is None:
        return None
    session.asked = session.asked or pattern.searching is not None
    count_as(pattern.steps, spent, block.definition.span, session)
    return replace(pattern.definition, body=body)


def count_as(steps: int, spent: int, span: Span, session: Session) -> None:
    """Counts what was made again as so many steps; those since `spent` are counted already."""
    session.tick(span, max(0, steps - (session.spent - spent)))


def again(body: Body, inputs: Sequence[TensorType | None], session: Session, use: UseAgain) -> Body | None:
    """A body of ops and uses for inputs of these types; None where something in it does not fit them.

    `use` gives a block in it for types of its own.
    """
    failed, nodes = set(session.failed), list[Node]()
    try:
        for position, node in enumerate(body.nodes):
            types = [nodes[i].type for i in node.inputs]
            new = _input(node, inputs[position]) if position < body.arity else _node(node, types, session, use)
            if new is None or new.type.kind != node.type.kind or len(new.type.parts) != len(node.type.parts):
                return None
            nodes.append(new)
    except (HypercuboidError, ShapeError):
        if session.is_spent:
            raise
        session.failed = failed
        return None
    return Body(tuple(nodes), body.arity, body.output)


def _input(node: Node, type: TensorType | None) -> Node | None:
    return None if type is None else InputNode(node.name, type, node.span)


def _node(node: Node, types: Sequence[TensorType], session: Session, use: UseAgain) -> Node | None:
    if isinstance(node, OpNode):
        return _op(node, types, session)
    assert isinstance(node, UseNode)
    definition = use(node.definition, tuple(types), node.span)
    if definition.decisions or not _reads_alike(definition.body, node.definition.body):
        return None
    return replace(node, definition=definition, type=definition.body.type)


def _op(node: OpNode, types: Sequence[TensorType], session: Session) -> OpNode:
    key = (id(node.arguments), *types)
    if key not in session.types:
        values = {name: argument.value for name, argument in node.arguments.items()}
        session.types[key] = inferred(OPS[node.op], values, tuple(types), node.span), node.arguments
    return OpNode(node.op, node.arguments, node.inputs, session.types[key][0], node.name, node.span)


def _reads_alike(one: Body, other: Body) -> bool:
    """Whether two bodies of one block read the same of its inputs."""
    both = zip(one.nodes[: one.arity], other.nodes[: other.arity], strict=False)
    return one.arity == other.arity and all(a.name == b.name for a, b in both)
