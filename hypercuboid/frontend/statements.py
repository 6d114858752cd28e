"""The statements of a block, one after the other: from its tensors to its output."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from hypercuboid.diagnostics import Diagnostic, HypercuboidError, Label, Span, error
from hypercuboid.frontend import ast
from hypercuboid.frontend.arithmetic import truth
from hypercuboid.frontend.bodies import bind_let, with_value_choices
from hypercuboid.frontend.builder import Builder
from hypercuboid.frontend.context import Context, Frame, Scope, joined
from hypercuboid.frontend.cuboid import run_cuboid
from hypercuboid.frontend.elaborated import Body, Decided, Definition
from hypercuboid.frontend.evaluate import evaluate
from hypercuboid.frontend.families import bind_named, node_value
from hypercuboid.frontend.formals import bind_formals, check_input
from hypercuboid.frontend.given import Home
from hypercuboid.frontend.globals import ROOT, as_cell
from hypercuboid.frontend.origins import values_note
from hypercuboid.frontend.recovery import POISONED, Mistakes
from hypercuboid.frontend.session import Session
from hypercuboid.frontend.shares import shared_block, shares_of
from hypercuboid.frontend.shown import type_name
from hypercuboid.frontend.unused import families_asked
from hypercuboid.frontend.values import BLOCKS, Family, ListValue, Missing, Tensor, UserBlock
from hypercuboid.ops.base import UNKNOWN, TensorType

_MISFITS = frozenset(("HC3101", "HC3102", "HC3103", "HC3201", "HC3202"))
"""Codes of shapes that do not fit: an auxiliary head with one of them is left out."""


def elaborate_block(
    session: Session,
    block: UserBlock,
    types: tuple[TensorType | None, ...],
    binding: Mapping[str, Decided],
    span: Span,
    *,
    root: bool = False,
) -> Definition:
    """One block specialised to its arguments, input types (None: missing) and the decisions inside."""
    definition = block.definition
    number = ROOT if root else next(session.frames)
    frame = Frame(number, block.module, binding, apart=families_asked(definition, session))
    builder = Builder()
    if session.watch is not None and session.watch.builder is None:
        session.watch.builder = builder
    context = Context(session, frame, builder, Scope({}))
    mistakes = Mistakes()
    for declared, given in zip(definition.inputs, types, strict=True):
        value: Any = POISONED
        with mistakes:
            if given is not None:
                check_input(declared, given, span)
            value = Missing(UNKNOWN) if given is None else builder.input(declared.name, given, declared.span)
        context = context.bind(declared.name, value, declared.name)
    context = bind_formals(definition, dict(block.given), context, span, mistakes)
    auxiliary: list[Tensor] = []
    with mistakes:
        value = with_value_choices(definition.statements, context, partial(_run, definition, auxiliary))
        if not isinstance(value, (Tensor, Missing)):
            raise error(
                "HC3016",
                f"`out` must be a tensor, not {type_name(value)}",
                definition.result.span,
                help=_to_tensor(value),
            )
    mistakes.report()
    arguments = {
        formal.name: entry.value for formal in definition.formals if (entry := context.scope.find(formal.name))
    }
    body = _body(builder, value, auxiliary[0] if auxiliary and root else None, definition, root)
    return Definition(
        definition.name,
        arguments,
        body,
        definition.doc,
        definition.span,
        tuple(frame.order),
        frame.bounded,
        shares_of(frame, body),
    )


def _run(definition: ast.BlockDefinition, auxiliary: list[Tensor], context: Context) -> Any:
    """The statements in turn, then the output; after a `require` that fails only those like it are held."""
    auxiliary.clear()
    mistakes, refused = Mistakes(), False
    for statement in definition.statements:
        if refused and not isinstance(statement, ast.Require):
            continue
        after, known = None, len(mistakes.found)
        with mistakes:
            after = _STATEMENTS[type(statement)](statement, context, auxiliary)
        refused = refused or (isinstance(statement, ast.Require) and len(mistakes.found) > known)
        context = _without(statement, context) if after is None else after
    if refused:
        mistakes.report()
    place = context.but(path=joined(context.path, "out"))
    if not mistakes.failed:
        return evaluate(definition.result, place)
    with mistakes:
        evaluate(definition.result, place)
    mistakes.report()
    return None


def _without(statement: ast.Statement, context: Context) -> Context:
    """The context after a statement that is wrong: what it names is unknown."""
    if isinstance(statement, (ast.Aux, ast.Require)):
        return context
    return context.bind(statement.name, POISONED)


def _body(
    builder: Builder, value: Tensor | Missing, aux: Tensor | None, definition: ast.BlockDefinition, root: bool
) -> Body:
    if isinstance(value, Missing):
        return Body((), 0, -1)
    if value.type.kind == "several":
        help = "take a part, `g[0]`, or fold them: `concat(g)`"
        raise error("HC3016", "`out` must be one tensor, not the parts of a `split`", definition.result.span, help=help)
    return builder.finish(value, definition.result.span, aux, whole=root)


def _to_tensor(value: Any) -> str:
    if isinstance(value, BLOCKS):
        return "give the block a tensor: `x -> ...`"
    several = isinstance(value, (ListValue, Family, tuple))
    return (
        "fold it with `sum`, `mean` or `concat`, or name one"
        if several
        else "give a tensor: an input, or what a block makes"
    )


# ---------------------------------------------------------------- statements


def _let(statement: ast.Let, context: Context, auxiliary: list[Tensor]) -> Context:
    return bind_let(statement, context)


def _cell(statement: ast.Cell, context: Context, auxiliary: list[Tensor]) -> Context:
    block = evaluate(statement.value, context)
    home = Home(context.frame.number, joined(context.path, statement.name), statement.span)
    return context.bind(statement.name, as_cell(block, home, statement))


def _share(statement: ast.Share, context: Context, auxiliary: list[Tensor]) -> Context:
    return bind_named(statement, shared_block, context)


def _node(statement: ast.Node, context: Context, auxiliary: list[Tensor]) -> Context:
    return bind_named(statement, node_value, context)


def _cuboid(statement: ast.Cuboid, context: Context, auxiliary: list[Tensor]) -> Context:
    return context.bind(statement.name, run_cuboid(statement, context))


def _aux(statement: ast.Aux, context: Context, auxiliary: list[Tensor]) -> Context:
    """The auxiliary head of a model. In a supernet, which has none, it is looked at all the same and thrown away."""
    context.session.asked = True
    if context.frame.number != ROOT:
        return context
    if auxiliary:
        raise error("HC2013", "a network has one `aux`", statement.span, help="leave one of them out")
    failed = set(context.session.failed)
    inner, before = context.named("aux"), context.frame.snapshot()
    if context.session.searching:
        inner = inner.but(builder=Builder(context.builder), place="")
    try:
        value = evaluate(statement.value, inner)
    except HypercuboidError as problem:
        if not problem.diagnostics or not all(one.code in _MISFITS for one in problem.diagnostics):
            raise
        context.session.failed = failed
        context.session.warnings.append(_left_out(statement, problem.diagnostics[0]))
        return context
    if context.session.searching:
        context.frame.restore(before)
    elif isinstance(value, Tensor):
        auxiliary.append(value)
    return context


def _left_out(statement: ast.Aux, reason: Diagnostic) -> Diagnostic:
    """The warning of an auxiliary head whose shapes do not fit."""
    message = "the auxiliary head is left out: its shapes do not fit"
    why = (Label(reason.span or statement.span, reason.message), *reason.secondary)
    help = "feed it a larger tensor, or take the `aux` out"
    span = Span(statement.span.source, statement.span.start, statement.span.start + len("aux"))
    return Diagnostic("HC3024", message, span, "", why, reason.notes, help, "warning")


def _require(statement: ast.Require, context: Context, auxiliary: list[Tensor]) -> Context:
    if truth(evaluate(statement.condition, context), statement.condition.span):
        return context
    message = statement.message or "a requirement of this block does not hold"
    span = statement.condition.span
    notes = values_note(statement.condition, span, context)
    help = "change the arguments of this block, or its requirement"
    raise error("HC5001", message, span, "this is false", notes=notes, help=help)


_STATEMENTS: dict[type, Callable[[Any, Context, list[Tensor]], Context]] = {
    ast.Let: _let,
    ast.Cell: _cell,
    ast.Share: _share,
    ast.Node: _node,
    ast.Cuboid: _cuboid,
    ast.Aux: _aux,
    ast.Require: _require,
}
