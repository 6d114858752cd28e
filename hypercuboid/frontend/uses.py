"""Uses of blocks: their place in the body around, and how the decisions inside are called there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from hypercuboid.diagnostics import Label, Span, error
from hypercuboid.frontend.cells import require_equal_decisions
from hypercuboid.frontend.context import Context, Frame, joined
from hypercuboid.frontend.elaborated import Coordinates, Decided, Definition, OpArgument, UseNode
from hypercuboid.frontend.given import Given, Home
from hypercuboid.frontend.shown import as_value, block_name, is_plain
from hypercuboid.frontend.specialised import Binding, Types, instantiate
from hypercuboid.frontend.values import Missing, Tensor, UserBlock
from hypercuboid.ops.base import UNKNOWN
from hypercuboid.records import dataclass


@dataclass(frozen=True)
class Use:
    """A use in the making. `make` gives the definition for types and decisions, `home` is that of a cell.

    `inputs` are the names of its inputs. `instance` is the shared instance whose weights are used, as the frame of the
    use calls it.
    """

    name: str
    inputs: tuple[str, ...]
    make: Callable[[Types, Binding], Definition]
    home: Home | None
    arguments: Mapping[str, OpArgument]
    instance: str | None = None


def use(block: UserBlock, tensors: list[Tensor | Missing], context: Context, span: Span) -> Tensor | Missing:
    """Runs a block of the language on tensors."""
    name = context.instance(block_name(block))
    check_arity(block, tensors, span)

    def make(types: Types, binding: Binding) -> Definition:
        return instantiate(context.session, block, types, binding, span)

    arguments = plain_arguments(block.given, context.frame.number)
    inputs = tuple(declared.name for declared in block.definition.inputs)
    return add_use(Use(name, inputs, make, block.home, arguments), tensors, context, span)


def check_arity(block: UserBlock, tensors: list[Tensor | Missing], span: Span) -> None:
    """HC3015 where a block takes another number of tensors."""
    inputs = block.definition.inputs
    if len(inputs) != len(tensors):
        raise error(
            "HC3015",
            f"`{block_name(block)}` takes {len(inputs)} tensor{'s' * (len(inputs) != 1)}, not {len(tensors)}",
            span,
            secondary=(Label(_head(block), "declared here"),),
            help=_feeding(block),
        )


def add_use(made: Use, tensors: list[Tensor | Missing], context: Context, span: Span) -> Tensor | Missing:
    """Puts a use into the body; missing where all inputs are, or where the output is."""
    missing = all(isinstance(tensor, Missing) for tensor in tensors)
    types = tuple(None if isinstance(t, Missing) and not missing else t.type for t in tensors)
    plain = made.make(types, {})
    if made.home is not None and not missing:
        require_equal_decisions(made.home, plain, context.session, span)
    names = _names(made.home, plain, context, span)
    coordinates = () if made.home or not names else context.coordinates
    binding = _inner_binding(names, coordinates, context.frame)
    definition = made.make(types, binding) if binding else plain
    context.frame.bounded &= definition.bounded
    if missing or definition.body.output < 0:
        return Missing(definition.body.type if definition.body.output >= 0 else UNKNOWN)
    read = {node.name for node in definition.body.nodes[: definition.body.arity]}
    positions = tuple(
        context.builder.position(tensor, span)
        for declared, tensor in zip(made.inputs, tensors, strict=True)
        if isinstance(tensor, Tensor) and declared in read
    )
    instances = {name: local_name(name, context.frame.number) for name in outer_instances(definition)}
    node = UseNode(
        definition,
        positions,
        definition.body.type,
        made.name,
        span,
        names,
        coordinates,
        made.arguments,
        made.instance,
        instances,
    )
    return context.builder.add(node)


def _head(block: UserBlock) -> Span:
    """The place of a definition up to its inputs."""
    span, inputs = block.definition.span, block.definition.inputs
    return Span(span.source, span.start, inputs[-1].span.end if inputs else span.start)


def _feeding(block: UserBlock) -> str:
    names = ", ".join(declared.name for declared in block.definition.inputs)
    return (
        f"write `({names}) -> {block_name(block)}(...)`" if "," in names else "give it one tensor; fold several first"
    )


def outer_instances(definition: Definition) -> tuple[str, ...]:
    """The shared instances that a definition uses and that are declared outside of it."""
    return tuple(name for name in definition.body.instances if name.startswith("^"))


def plain_arguments(given: Iterable[tuple[str, Given]], frame: int) -> dict[str, OpArgument]:
    """The arguments that are plain values, with their expressions where those are in the names of `frame`."""
    return {
        name: OpArgument(as_value(one.value), one.text if one.frame == frame else None, one.span)
        for name, one in given
        if is_plain(one.value) and not isinstance(one.value, range)
    }


def _names(home: Home | None, definition: Definition, context: Context, span: Span) -> dict[str, str]:
    """How the decisions inside are called in the frame of the use."""
    frame = context.frame
    if not definition.decisions:
        return {}
    place = (span, context.path, context.coordinates)
    occurrence = 0 if home else frame.occurrence(place)
    names: dict[str, str] = {}
    for inner in definition.decisions:
        if inner.startswith("^"):
            names[inner] = frame.mention(local_name(inner, frame.number))
        elif home is not None:
            full = joined(home.name, inner)
            names[inner] = frame.mention(local_name(f"^{home.frame}/{full}", frame.number))
        else:
            names[inner] = frame.declare(joined(context.path, inner), (span, inner, occurrence))
    return names


def local_name(name: str, frame: int) -> str:
    """A name that says its frame, `^3/Normal.n[2]`, without it where it is met in that frame."""
    prefix = f"^{frame}/"
    return name.removeprefix(prefix)


def _inner_binding(names: Mapping[str, str], coordinates: Coordinates, frame: Frame) -> Binding:
    """The decisions made inside a use; uses of one cell have them alike, so they are worked out once."""
    if not frame.binding or not names:
        return {}
    key = (id(frame.binding), coordinates, tuple(names.items()))
    if key not in frame.inner:
        frame.inner[key] = frame.binding, _inside_use(names, coordinates, frame.binding)
    return frame.inner[key][1]


def _inside_use(names: Mapping[str, str], coordinates: Coordinates, binding: Binding) -> dict[str, Decided]:
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
