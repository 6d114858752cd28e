"""Uses of blocks: one definition per block, arguments, input shapes and decisions inside, however often it is used."""

from __future__ import annotations

from collections.abc import Mapping

from hypercuboid.diagnostics import HypercuboidError, Label, Span, error
from hypercuboid.frontend.context import Context, Session, joined
from hypercuboid.frontend.elaborated import Coordinates, Decided, Definition, OpArgument, UseNode
from hypercuboid.frontend.recovery import silence
from hypercuboid.frontend.trail import used_at
from hypercuboid.frontend.values import Missing, Tensor, UserBlock, as_value, block_name, is_plain, memo_key
from hypercuboid.ops.base import TensorType

DEPTH_LIMIT = 100
"""Blocks inside blocks inside blocks."""


def use(block: UserBlock, tensors: list[Tensor | Missing], context: Context, span: Span) -> Tensor | Missing:
    """Runs a block of the language on tensors."""
    inputs = block.definition.inputs
    name = context.instance(block_name(block))
    if len(inputs) != len(tensors):
        raise error(
            "HC3015",
            f"`{block_name(block)}` takes {len(inputs)} tensor{'s' * (len(inputs) != 1)}, not {len(tensors)}",
            span,
            secondary=(Label(block.definition.span, "declared here"),),
        )
    missing = all(isinstance(tensor, Missing) for tensor in tensors)
    types = tuple(None if isinstance(t, Missing) and not missing else t.type for t in tensors)
    plain = instantiate(context.session, block, types, {}, span)
    names = _names(block, plain, context, span)
    coordinates = () if block.home else context.coordinates
    binding = _inner_binding(names, coordinates, context.frame.binding)
    definition = instantiate(context.session, block, types, binding, span) if binding else plain
    context.frame.bounded &= definition.bounded
    if missing or definition.body.output < 0:
        return Missing(definition.body.type)
    read = {node.name for node in definition.body.nodes[: definition.body.arity]}
    positions = tuple(
        context.builder.position(tensor, span)
        for declared, tensor in zip(inputs, tensors, strict=True)
        if isinstance(tensor, Tensor) and declared.name in read
    )
    node = UseNode(
        definition, positions, definition.body.type, name, span, names, coordinates, _arguments(block, context)
    )
    return context.builder.add(node)


def _arguments(block: UserBlock, context: Context) -> dict[str, OpArgument]:
    here = context.frame.number
    return {
        name: OpArgument(as_value(given.value), given.text if given.frame == here else None, given.span)
        for name, given in block.given
        if is_plain(given.value) and not isinstance(given.value, range)
    }


def _names(block: UserBlock, definition: Definition, context: Context, span: Span) -> dict[str, str]:
    """How the decisions inside are called in the frame of the use."""
    frame = context.frame
    if not definition.decisions:
        return {}
    place = (span, context.path, context.coordinates)
    occurrence = 0 if block.home else frame.occurrence(place)
    names: dict[str, str] = {}
    for inner in definition.decisions:
        if inner.startswith("^"):
            names[inner] = frame.mention(local_name(inner, frame.number))
        elif block.home is not None:
            full = joined(block.home.name, inner)
            names[inner] = frame.mention(local_name(f"^{block.home.frame}/{full}", frame.number))
        else:
            names[inner] = frame.declare(joined(context.path, inner), (span, inner, occurrence))
    return names


def local_name(name: str, frame: int) -> str:
    """A name that says its frame, `^3/Normal.n[2]`, without it where it is met in that frame."""
    prefix = f"^{frame}/"
    return name.removeprefix(prefix)


def _inner_binding(
    names: Mapping[str, str], coordinates: Coordinates, binding: Mapping[str, Decided]
) -> dict[str, Decided]:
    """The decisions made inside a use, under their names there and without the coordinates of the use."""
    inner: dict[str, Decided] = {}
    prefix = tuple(label for _, label in coordinates)
    for name, outer in names.items():
        decided = binding.get(outer)
        if decided is None:
            continue
        cut = () if name.startswith("^") else prefix
        kept = {key[len(cut) :]: value for key, value in decided.kept.items() if key[: len(cut)] == cut}
        if kept:
            inner[name] = Decided(name, kept)
    return inner


def instantiate(
    session: Session, block: UserBlock, types: tuple[TensorType | None, ...], binding: Mapping[str, Decided], span: Span
) -> Definition:
    """The definition of a block for these arguments, input types (None: missing) and decisions, made once."""
    from hypercuboid.frontend.statements import elaborate_block  # statements hold uses of blocks

    given = tuple((name, memo_key(one.value)) for name, one in block.given)
    decided = tuple(sorted((name, tuple(sorted(d.kept.items(), key=repr))) for name, d in binding.items()))
    key = (id(block.definition), given, types, decided)
    memo = session.decided if decided else session.definitions
    if key in session.failed:
        raise silence()
    if key not in memo:
        if session.depth >= DEPTH_LIMIT:
            raise error("HC4005", f"blocks stand more than {DEPTH_LIMIT} deep in each other", span)
        session.depth += 1
        try:
            memo[key] = elaborate_block(session, block, types, binding, span)
        except HypercuboidError as problem:
            session.failed.add(key)
            raise used_at(problem, block, span) from None
        finally:
            session.depth -= 1
    return memo[key]
