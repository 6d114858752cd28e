"""`share W = B(args)`: one instance of weights, and of decisions, that all uses of `W` read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from hypercuboid.diagnostics import Label, Span, error
from hypercuboid.frontend import ast, calls
from hypercuboid.frontend.builder import Builder
from hypercuboid.frontend.context import Context, Frame, Scope, joined
from hypercuboid.frontend.elaborated import Body, Definition, Share, UseNode, full_name
from hypercuboid.frontend.evaluate import evaluate
from hypercuboid.frontend.given import Given, Home
from hypercuboid.frontend.same import Difference, difference
from hypercuboid.frontend.shown import block_name, type_name
from hypercuboid.frontend.specialised import Binding, Types, instantiate, remembered
from hypercuboid.frontend.uses import Use, add_use, check_arity, local_name, plain_arguments
from hypercuboid.frontend.values import BLOCKS, BlockValue, Missing, OpBlock, SharedBlock, Tensor, UserBlock, memo_key
from hypercuboid.ops.base import UNKNOWN, TensorType


def shared_block(statement: ast.Share, name: str, context: Context) -> SharedBlock:
    """The value of a `share`, or of one member of a family of them."""
    instance = full_name(context.origin, context.instance(name))
    value = evaluate(statement.value, context.named(name).but(forks=None))
    span = statement.value.span
    if not isinstance(value, BLOCKS):
        help = (
            "`node` gives a tensor a name"
            if isinstance(value, (Tensor, Missing))
            else "name a block: `share w = conv(8)`"
        )
        raise error("HC3025", f"a share must be a block, not {type_name(value)}", span, help=help)
    if isinstance(value, SharedBlock):
        first = Label(value.home.span, "shared here")
        raise error("HC3025", "this block is shared already", span, secondary=(first,), help="use it by its name")
    home = Home(context.frame.number, joined(context.path, name), statement.span)
    context.frame.shares[instance] = SharedBlock(value, home, instance, statement.name, name)
    return context.frame.shares[instance]


def run_shared(block: SharedBlock, tensors: list[Tensor | Missing], context: Context, span: Span) -> Tensor | Missing:
    """A use of a shared block: a use of its definition that reads the weights of the instance."""
    inner = block.block
    name = context.instance(block_name(block))
    inputs = ("x",) if len(tensors) == 1 else tuple(f"x{i}" for i in range(len(tensors)))
    if isinstance(inner, UserBlock):
        check_arity(inner, tensors, span)
        inputs = tuple(declared.name for declared in inner.definition.inputs)

    def make(types: Types, binding: Binding) -> Definition:
        if isinstance(inner, UserBlock):
            return instantiate(context.session, inner, types, binding, span)
        key = ("shared", block.title, memo_key(inner), types)
        wrap = partial(_wrap, inner, block.title, dict(zip(inputs, types, strict=True)), binding, context, span)
        return remembered(context.session, key, binding, span, wrap)

    cell = inner.home if isinstance(inner, UserBlock) and inner.home else block.home
    instance = local_name(f"^{block.home.frame}/{block.instance}", context.frame.number)
    arguments = plain_arguments(_given(inner), context.frame.number)
    return add_use(Use(name, inputs, make, cell, arguments, instance), tensors, context, span)


def _given(block: BlockValue) -> tuple[tuple[str, Given], ...]:
    return block.given if isinstance(block, (OpBlock, UserBlock)) else ()


def _wrap(
    block: BlockValue,
    title: str,
    types: Mapping[str, TensorType | None],
    binding: Binding,
    context: Context,
    span: Span,
) -> Definition:
    """A definition around a block that is none: an op, a pipeline, a choice."""
    session = context.session
    frame = Frame(next(session.frames), context.frame.module, binding)
    builder = Builder()
    inner = Context(session, frame, builder, Scope({}))
    tensors: list[Tensor | Missing] = [
        Missing(UNKNOWN) if type is None else builder.input(name, type, span) for name, type in types.items()
    ]
    if isinstance(block, OpBlock):
        # in the definition an argument is called as the op calls it
        given = tuple((name, replace(one, text=name, frame=frame.number)) for name, one in block.given)
        block = replace(block, given=given)
    value = calls.run(block, tensors, inner, span)
    body = builder.finish(value, span) if isinstance(value, Tensor) else Body((), 0, -1)
    arguments = {name: one.value for name, one in _given(block)}
    return Definition(title, arguments, body, "", span, tuple(frame.order), frame.bounded)


# ---------------------------------------------------------------- all uses alike


def shares_of(frame: Frame, body: Body) -> tuple[Share, ...]:
    """The instances that a frame declares and its body uses; HC3120 where two uses need different weights."""
    return tuple(
        _share(frame.shares[name], name, uses, frame.number)
        for name, uses in body.instances.items()
        if not name.startswith("^")
    )


def _share(block: SharedBlock, name: str, uses: tuple[UseNode, ...], frame: int) -> Share:
    """Uses in which other inputs are missing are not held against each other."""
    firsts: dict[tuple[str, ...], UseNode] = {}
    for node in uses:
        names = tuple(one.name for one in node.definition.body.nodes[: node.definition.body.arity])
        first = firsts.setdefault(names, node)
        found = difference(first.definition.body, node.definition.body)
        if found is not None:
            raise _unlike(block, first, node, found)
    most = max(firsts.values(), key=lambda node: len(node.inputs))
    return Share(name, most, plain_arguments(_given(block.block), frame), block.home.span)


def _unlike(block: SharedBlock, first: UseNode, second: UseNode, found: Difference) -> Exception:
    places = [(block.home.span, "one instance of weights")]
    if first.span != second.span:
        places.insert(0, (first.span, "first used here"))
    return error(
        "HC3120",
        f"the uses of `{block.label}` {'need different weights' if found.in_weights else 'are different networks'}",
        second.span,
        secondary=tuple(Label(place, text) for place, text in places),
        notes=(f"it has {found.first} in the first use, and {found.second} in this one",),
        help="give it equal inputs, or use the block itself: a plain use has weights of its own",
    )
