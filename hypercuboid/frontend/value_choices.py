"""Choices of values: `let k = choose ...` copies the body around it, one copy per combination (ruling 9)."""

from __future__ import annotations

import itertools
from typing import Any

from hypercuboid.diagnostics import error
from hypercuboid.frontend import ast
from hypercuboid.frontend.builder import Builder
from hypercuboid.frontend.choices import options_of
from hypercuboid.frontend.context import COMBINATION_LIMIT, Context, Forks
from hypercuboid.frontend.deciding import decide
from hypercuboid.frontend.options import Option, Thunk, refuse_equal_labels
from hypercuboid.frontend.shown import is_plain


def value_let(let: ast.Let, forks: Forks, context: Context) -> tuple[bool, Any]:
    """Whether `let NAME = choose ...` chooses among values, and the value that the current copy of the body takes."""
    assert isinstance(let.value, (ast.Choose, ast.ChooseIn))
    options = options_of(let.value, context)
    before = context.frame.snapshot()
    values = [option.thunk(context.but(builder=Builder(context.builder), place="", forks=None)) for option in options]
    if not values or not all(map(is_plain, values)):
        context.frame.restore(before)
        return False, None
    if len(values) == 1:
        return True, values[0]
    refuse_equal_labels([option.label for option in options], let.value.span)
    labels = tuple(option.label[0] if len(option.label) == 1 else option.label for option in options)
    position = len(forks.axes)
    forks.axes.append((let.name, labels, let.span))
    return True, values[forks.taken[position] if position < len(forks.taken) else 0]


def value_forks(context: Context, run: Thunk) -> Any:
    """Runs a body that may choose values: once where it does not, else one copy per combination, as one decision."""
    before = context.frame.snapshot()
    probe = Forks(())
    run(context.but(builder=Builder(context.builder), place="", forks=probe))
    context.frame.restore(before)
    if not probe.axes:
        return run(context.but(forks=Forks(())))
    count = 1
    for _, labels, _ in probe.axes:
        count *= len(labels)
    span = probe.axes[0][2]
    if count > COMBINATION_LIMIT:
        message = f"these values have {count} combinations; at most {COMBINATION_LIMIT}"
        raise error("HC4002", message, span, help="choose among fewer values, or in blocks of their own")
    names = tuple(name for name, _, _ in probe.axes)
    options = [
        Option(
            tuple(labels[i] for i, (_, labels, _) in zip(taken, probe.axes, strict=True)),
            _copy(run, taken, probe),
        )
        for taken in itertools.product(*(range(len(labels)) for _, labels, _ in probe.axes))
    ]
    listed, inner = [option.label for option in options], context.but(forks=None, term=None)
    return decide(", ".join(names), names, listed, options.__getitem__, inner, span)


def _copy(run: Thunk, taken: tuple[int, ...], probe: Forks) -> Thunk:
    def thunk(inner: Context) -> Any:
        forks = Forks(taken)
        value = run(inner.but(forks=forks))
        there, here = ([axis[:2] for axis in one.axes] for one in (probe, forks))
        if there != here:
            different = (axis for axis in (*forks.axes, *probe.axes) if axis[:2] not in there or axis[:2] not in here)
            raise error(
                "HC3106",
                "the values to choose from depend on another choice of the same body",
                next(different, probe.axes[-1])[2],
                help="give every `let ... = choose` of one body the same labels whatever the others take",
            )
        return value

    return thunk
