"""Bodies: `let`s, then a result; where a `let` chooses values, the whole body is copied per combination (ruling 9)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from hypercuboid.frontend import ast, value_choices
from hypercuboid.frontend.context import Context, Origin
from hypercuboid.frontend.evaluate import evaluate
from hypercuboid.frontend.recovery import POISONED, Mistakes
from hypercuboid.frontend.shown import is_plain
from hypercuboid.frontend.text import atomic, text_of
from hypercuboid.frontend.values import relabelled


def run_body(block: ast.Block, context: Context) -> Any:
    """The value of `{ e }` or `{ let ... out e }`."""

    def run(inner: Context) -> Any:
        mistakes = Mistakes()
        for let in block.lets:
            after = inner.bind(let.name, POISONED)
            with mistakes:
                after = bind_let(let, inner)
            inner = after
        if not mistakes.failed:
            return evaluate(block.result, inner)
        with mistakes:
            evaluate(block.result, inner)
        mistakes.report()
        return None

    return with_value_choices(block.lets, context, run)


def with_value_choices(statements: Sequence[ast.Statement], context: Context, run: Callable[[Context], Any]) -> Any:
    """Runs a body, as copies where one of its `let`s chooses among values."""
    if any(isinstance(s, ast.Let) and isinstance(s.value, (ast.Choose, ast.ChooseIn)) for s in statements):
        return value_choices.value_forks(context, run)
    return run(context if context.forks is None else context.but(forks=None))


def bind_let(let: ast.Let, context: Context) -> Context:
    """The context after a `let`; a choice without a name of its own that is the whole right side takes the let's."""
    inner = context.named(let.name)
    forks = context.forks
    if forks is not None and isinstance(let.value, (ast.Choose, ast.ChooseIn)):
        chosen, value = value_choices.value_let(let, forks, inner)
        if chosen:
            return context.bind(let.name, value, origin=Origin("", let.span))
    if isinstance(let.value, ast.Choose) and let.value.name is None:
        named = replace(let.value, name=let.name)
        value = evaluate(named, inner.but(forks=None, term=inner.path, place=context.place))
    else:
        value = evaluate(let.value, inner.but(forks=None))
    value = relabelled(value, let.name)
    text = text_of(let.value, context.scope) if is_plain(value) else None
    return context.bind(let.name, value, None if text is None else atomic(text), Origin("", let.span))
