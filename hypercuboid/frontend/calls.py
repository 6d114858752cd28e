"""Calling: binding arguments to blocks, and running blocks on tensors, which makes the nodes of a body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypercuboid.diagnostics import HypercuboidError, Label, Span, error
from hypercuboid.frontend import ast, deciding, shares
from hypercuboid.frontend.context import Context
from hypercuboid.frontend.elaborated import OpArgument
from hypercuboid.frontend.evaluate import evaluate
from hypercuboid.frontend.given import Given
from hypercuboid.frontend.meant import meant_argument
from hypercuboid.frontend.op_nodes import default_arguments, is_of_kind, op_argument, op_node, wrong_kind
from hypercuboid.frontend.recovery import POISONED, Mistakes
from hypercuboid.frontend.shown import block_name, is_plain, type_name
from hypercuboid.frontend.text import text_of
from hypercuboid.frontend.typing import check_type
from hypercuboid.frontend.uses import use
from hypercuboid.frontend.values import (
    BlockValue,
    ChoiceBlock,
    Family,
    ListValue,
    Missing,
    OpBlock,
    Pipeline,
    PlacedBlock,
    SharedBlock,
    Tensor,
    UserBlock,
)
from hypercuboid.ops import OPS
from hypercuboid.records import replace


def call(block: BlockValue, expression: ast.Call, context: Context) -> Any:
    """`block(arguments)`: binds values; runs where tensors are given (ruling 3)."""
    mistakes, counted = Mistakes(), True
    tensors: list[Any] = []
    positional: list[Given] = []
    named: dict[str, Given] = {}
    for argument in expression.arguments:
        try:
            value = evaluate(argument.value, context)
        except HypercuboidError as problem:
            mistakes.add(problem)
            value = POISONED
        given = Given(value, text_of(argument.value, context.scope), context.frame.number, argument.span)
        if argument.name is None and isinstance(value, (Tensor, Missing)):
            tensors.append(value)
        elif argument.name is None:
            positional.append(given)
            counted = counted and (value is not POISONED or _is_value(argument.value, context))
        elif argument.name in named:
            mistakes.add(_given_twice(argument, named[argument.name]))
        else:
            named[argument.name] = given
    try:
        bound = bind(block, positional if counted else [], named, expression.span)
    except HypercuboidError as problem:
        mistakes.add(problem)
    mistakes.report()
    return run(bound, tensors, context, expression.span) if tensors else bound


def _is_value(expression: ast.Expr, context: Context) -> bool:
    """Whether an argument that is wrong or not known is no tensor for certain, so that arguments can be counted."""
    if isinstance(expression, ast.Name):
        entry = context.scope.find(expression.id)
        return entry is not None and (is_plain(entry.value) or getattr(entry.value, "is_value", False))
    if isinstance(expression, (ast.Operation, ast.Unary)):
        parts = expression.operands if isinstance(expression, ast.Operation) else (expression.operand,)
        return all(_is_value(part, context) for part in parts)
    return isinstance(expression, (ast.Literal, ast.Attribute))


def _given_twice(argument: ast.Argument, before: Given) -> HypercuboidError:
    message = f"`{argument.name}` is given twice"
    first = (Label(before.span, "first given here"),)
    return error("HC3013", message, argument.span, secondary=first, help="leave one of them out")


def bind(block: BlockValue, positional: list[Given], named: dict[str, Given], span: Span) -> BlockValue:
    """The block with more arguments bound: names bind or rebind, positional values fill the unbound in order."""
    if not positional and not named:
        return block
    if isinstance(block, (PlacedBlock, SharedBlock)):
        return replace(block, block=bind(block.block, positional, named, span))
    if isinstance(block, ChoiceBlock):
        inner = tuple(bind(one, positional, named, span) for one in block.alternatives)
        return replace(block, alternatives=inner)
    if isinstance(block, Pipeline):
        raise error(
            "HC3013", "a pipeline takes no arguments, only tensors", span, help="write a `block` with parameters"
        )
    names = parameter_names(block)
    given = {**dict(block.given), **named}
    mistakes = Mistakes()
    for name, one in named.items():
        if name not in names:
            label = f"`{block_name(block)}` has no parameter `{name}`"
            mistakes.add(error("HC3013", label, one.span, help=_way_out(name, block)))
    free = [name for name in names if name not in given] if positional else []
    if len(positional) > len(free):
        surplus = positional[len(free)]
        many = f"no more than {len(names)} argument{'s' * (len(names) != 1)}" if names else "no arguments"
        message, shown = f"`{block_name(block)}` takes {many}", f"{type_name(surplus.value)} too many"
        notes = (f"parameters: {', '.join(names)}",) if names else ()
        mistakes.add(error("HC3013", message, surplus.span, shown, notes=notes, help="leave it out"))
    added = {**named, **dict(zip(free, positional, strict=False))}
    given.update(added)
    _check_kinds(block, {name: one for name, one in added.items() if one.value is not POISONED}, mistakes)
    mistakes.report()
    ordered = tuple((name, given[name]) for name in names if name in given)
    if isinstance(block, OpBlock):
        return OpBlock(block.op, ordered, block.label)
    return UserBlock(block.definition, block.module, ordered, block.label, block.home)


def _way_out(name: str, block: OpBlock | UserBlock) -> str:
    """What may be meant by the name of no parameter."""
    if isinstance(block, UserBlock) and name in [one.name for one in block.definition.inputs]:
        return f"`{name}` is an input: tensors are given without a name, in order"
    return meant_argument(name, list(parameter_names(block)))


def _check_kinds(block: OpBlock | UserBlock, given: dict[str, Given], mistakes: Mistakes) -> None:
    """Arguments of another type than declared, found where they are given, whether the block runs or not."""
    if isinstance(block, OpBlock):
        for parameter in block.op.parameters:
            one = given.get(parameter.name)
            if one is not None and not is_of_kind(one.value, parameter.kind):
                mistakes.add(wrong_kind(block.op, parameter, one))
        return
    for formal in block.definition.formals:
        if formal.name in given:
            one, what = given[formal.name], f"`{formal.name}` of `{block.definition.name}`"
            try:
                check_type(one.value, formal.type, one.span, what)
            except HypercuboidError as problem:
                mistakes.add(problem)


def parameter_names(block: OpBlock | UserBlock) -> Sequence[str]:
    """What the arguments of a block are called, in order."""
    if isinstance(block, OpBlock):
        return block.op.parameter_names
    return [formal.name for formal in block.definition.formals]


def tensors_of(values: Sequence[Any], span: Span) -> list[Tensor | Missing]:
    """The tensors at the head of a pipeline; HC3002 for anything else."""
    for value in values:
        if isinstance(value, (Tensor, Missing)):
            continue
        help = ""
        if isinstance(value, Family):
            help = f"name a member: `{value.name}[...]`, or fold the family"
        elif isinstance(value, ListValue):
            help = "a list feeds no block; fold it with `sum`, `mean` or `concat`"
        else:
            help = "put a tensor at the head: an input, or what a block made"
        raise error("HC3002", f"what flows into `->` must be a tensor, not {type_name(value)}", span, help=help)
    return list(values)


def run(block: BlockValue, tensors: list[Tensor | Missing], context: Context, span: Span) -> Tensor | Missing:
    """The output of a block on tensors."""
    context.session.tick(span)
    if isinstance(block, OpBlock):
        return run_given(block, tensors, context, span)
    if isinstance(block, UserBlock):
        return use(block, tensors, context, span)
    if isinstance(block, ChoiceBlock):
        return deciding.run_choice(block, tensors, context, span)
    if isinstance(block, SharedBlock):
        return shares.run_shared(block, tensors, context, span)
    if isinstance(block, PlacedBlock):
        place = context.but(coordinates=(*context.coordinates, *block.coordinates))
        for _, label in block.coordinates:
            place = place.but(place=f"{place.place}[{label}]")
        return run(block.block, tensors, place, span)
    values = tensors
    for part in block.parts:
        values = [run(part, values, context, span)]
    return values[0] if block.parts else _only(values, span)


def _only(values: list[Tensor | Missing], span: Span) -> Tensor | Missing:
    if len(values) != 1:
        raise error(
            "HC3002", "an empty `chain` takes one tensor", span, help="give it one tensor, or a list that is not empty"
        )
    return values[0]


def run_given(block: OpBlock, tensors: list[Tensor | Missing], context: Context, span: Span) -> Tensor | Missing:
    """An atomic op with the arguments that a program gives it."""
    arguments = op_arguments(block, context, span)
    return op_node(block.op, arguments, tensors, context, span, lasting=not block.given)


def op_arguments(block: OpBlock, context: Context, span: Span) -> Mapping[str, OpArgument]:
    """The arguments of an op, defaults included, in its order; HC3014 where one is missing."""
    op, defaults = block.op, default_arguments(block.op)
    if not block.given and len(defaults) == len(op.parameters):
        return defaults
    arguments = {**defaults, **{name: op_argument(one, context) for name, one in block.given}}
    if len(arguments) == len(defaults) == len(op.parameters):
        return arguments
    missing = [name for name in op.parameter_names if name not in arguments]
    if missing:
        name = missing[0]
        raise error("HC3014", f"`{op.name}` needs `{name}`", span, help=f"`{op.name}({name} = ...)`")
    return {name: arguments[name] for name in op.parameter_names}


def run_op(
    name: str, values: dict[str, Any], tensors: Sequence[Tensor | Missing], context: Context, span: Span
) -> Tensor | Missing:
    """An op that stands for an operator or a fold of the language."""
    arguments = {key: OpArgument(value, repr(value)) for key, value in values.items()}
    return op_node(OPS[name], arguments, list(tensors), context, span)


def part(value: Tensor, index: int, context: Context, span: Span) -> Tensor | Missing:
    """One tensor of what `split` gives."""
    count = len(value.type.parts)
    if not -count <= index < count:
        raise error(
            "HC2004", f"part {index} is outside these {count} parts", span, help=f"write an index from 0 to {count - 1}"
        )
    return run_op("part", {"index": index % count}, [value], context, span)
