"""One array of a weights file: its axes, their labels and its numbers, held against the decision."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from hypercuboid.diagnostics import error
from hypercuboid.frontend.elaborated import Label, label_text
from hypercuboid.graph.decision import Axis, Decision, label_key
from hypercuboid.registry import suggestion

if TYPE_CHECKING:
    import numpy as np


class DecisionWeights(BaseModel):
    """The array of one decision: labels per axis, and values nested in the order of those axes."""

    model_config = ConfigDict(extra="forbid", strict=True)
    axes: dict[str, list[Any]]
    values: Any


def few(names: list[str]) -> str:
    listed = ", ".join(f"`{name}`" for name in names[:12])
    return f"{listed}{', ...' if len(names) > 12 else ''}" if names else "none"


def array_of(decision: Decision, given: DecisionWeights, shown: str) -> np.ndarray:
    import numpy as np

    order = _axis_order(decision, given, shown)
    labels = list(given.axes.values())
    where = [_positions(decision, decision.axes[axis], labels[i], shown) for i, axis in enumerate(order)]
    shape = tuple(map(len, labels))
    flat = _flat(decision, given.values, shape, shown)
    array = np.array(flat, dtype=float).reshape(shape)
    for i, positions in enumerate(where):
        if positions != sorted(positions):
            array = np.take(array, np.argsort(positions), axis=i)
    array = np.transpose(array, [order.index(axis) for axis in range(len(order))])
    declared = decision.declared()
    bad = np.argwhere(declared & ~np.isfinite(array))
    if len(bad):
        place = ", ".join(f"{a.name} = {label_text(a.labels[p])}" for a, p in zip(decision.axes, bad[0], strict=True))
        raise error("HC7013", f"`{shown}` has no finite number for `{decision.name}` at {place}", help="write a number")
    return np.where(declared, array, 0.0)


def _axis_order(decision: Decision, given: DecisionWeights, shown: str) -> list[int]:
    """For each axis of the file, its position in the decision."""
    names = [axis.name for axis in decision.axes]
    for name in given.axes:
        if name not in names:
            message = f"`{shown}`: the decision `{decision.name}` has no axis `{name}`"
            raise error("HC7011", message, help=suggestion(name, names))
    for name in names:
        if name not in given.axes:
            raise error(
                "HC7011",
                f"`{shown}`: the axis `{name}` of `{decision.name}` is missing",
                help=f"its axes are {few(names)}",
            )
    return [names.index(name) for name in given.axes]


def _positions(decision: Decision, axis: Axis, labels: list[Any], shown: str) -> list[int]:
    """The position in the decision of each label of the file."""
    texts = {label_text(label): i for i, label in enumerate(axis.labels) if isinstance(label, tuple)}
    found: dict[int, None] = {}
    for raw in labels:
        label = _label(raw)
        position = axis.positions.get(label_key(label), texts.get(raw) if isinstance(raw, str) else None)
        if position is None:
            message = f"`{shown}`: axis `{axis.name}` of `{decision.name}` has no label `{label_text(label)}`"
            raise error("HC7012", message, help=suggestion(label_text(label), list(map(label_text, axis.labels))))
        if position in found:
            message = f"`{shown}`: label `{label_text(label)}` stands twice on axis `{axis.name}` of `{decision.name}`"
            raise error("HC7012", message, help="leave one of them out")
        found[position] = None
    for position, known in enumerate(axis.labels):
        if position not in found:
            message = f"`{shown}`: axis `{axis.name}` of `{decision.name}` lacks the label `{label_text(known)}`"
            raise error("HC7012", message, help="write its weights too")
    return list(found)


def _label(raw: Any, room: int = 20) -> Label:
    """A label as its list says it; what is nested deeper than any label is none that there is."""
    if isinstance(raw, list):
        return tuple(_label(one, room - 1) for one in raw) if room else "..."
    return raw if isinstance(raw, (str, int, float)) else type(raw).__name__


def _flat(decision: Decision, values: Any, shape: tuple[int, ...], shown: str) -> list[float]:
    level: list[Any] = [values]
    for axis, size in enumerate(shape):
        if set(map(type, level)) != {list} or set(map(len, level)) != {size}:
            lengths = (len(part) if isinstance(part, list) else "no list" for part in level)
            length = next(length for length in lengths if length != size)
            message = f"`{shown}`: the values of `{decision.name}` do not have shape {shape}"
            note = f"axis {axis + 1} has {length} where {size} are due"
            raise error("HC7011", message, notes=(note,), help="write one value for each label of each axis")
        level = list(itertools.chain.from_iterable(level))
    if set(map(type, level)) == {float} and all(map(math.isfinite, level)):
        return level
    return [_number(decision, one, shown) for one in level]


def _number(decision: Decision, value: Any, shown: str) -> float:
    if value is None:
        return math.nan
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        given = value if isinstance(value, str | bool) else type(value).__name__
        raise error(
            "HC7013", f"`{shown}`: a value of `{decision.name}` is no number: `{given}`"[:400], help="write a number"
        )
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise error(
            "HC7013", f"`{shown}`: a value of `{decision.name}` is no finite number", help="write a finite number"
        )
    return number
