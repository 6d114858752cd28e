"""Weights files: architecture weights as JSON, read by the labels of their axes and never by position."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from hypercuboid.diagnostics import Diagnostic, error
from hypercuboid.frontend.elaborated import Label, label_text
from hypercuboid.graph.decision import Axis, Decision, label_key
from hypercuboid.graph.groups import softmax, sum_warnings
from hypercuboid.graph.weights_writer import weights_data, write_weights
from hypercuboid.nearby import near_file
from hypercuboid.registry import suggestion
from hypercuboid.runs.files import read_regular

if TYPE_CHECKING:
    import numpy as np

    from hypercuboid.graph.build import Graph

SIZE_LIMIT = 64 * 2**20
"""Bytes of a weights file."""


class DecisionWeights(BaseModel):
    """The array of one decision: labels per axis, and values nested in the order of those axes."""

    model_config = ConfigDict(extra="forbid", strict=True)
    axes: dict[str, list[Any]]
    values: Any


class WeightsFile(BaseModel):
    """A weights file as it is written."""

    model_config = ConfigDict(extra="forbid", strict=True)
    space: str
    hash: str | None = None
    kind: Literal["weights", "alphas"] = "weights"
    decisions: dict[str, DecisionWeights]


@dataclass(frozen=True)
class ReadWeights:
    """Weights by decision, in the order of `Decision.axes`, and warnings to show."""

    values: Mapping[str, np.ndarray]
    warnings: tuple[Diagnostic, ...]


def read_weights(graph: Graph, path: str | Path) -> ReadWeights:
    """The weights of a file for the decisions of a graph; HC7 errors name what does not fit.

    Alphas become weights by a softmax over each competing group. Undeclared entries are 0; a file may leave them null.
    """
    shown = str(path)
    file = _parsed(Path(path), shown)
    _same_space(graph, file, shown)
    known = {decision.name: decision for decision in graph.decisions}
    for name in file.decisions:
        if name not in known:
            message = f"`{shown}` has weights for `{name}`, which is no open decision of `{graph.space.name}`"
            raise error("HC7010", message, help=suggestion(name, list(known)))
    for name in known:
        if name not in file.decisions:
            raise error(
                "HC7010",
                f"`{shown}` has no weights for the decision `{name}`",
                help=f"it has {_few(list(file.decisions))}",
            )
    values = {name: _array(decision, file.decisions[name], shown) for name, decision in known.items()}
    if file.kind == "alphas":
        values = {name: softmax(known[name], value) for name, value in values.items()}
        return ReadWeights(values, ())
    for name, value in values.items():
        if (value < 0).any():
            raise error("HC7013", f"`{shown}` has a negative weight in `{name}`", help='is its `kind` "alphas"?')
    doubts = [text for name in known for text in sum_warnings(known[name], values[name])]
    return ReadWeights(values, tuple(_doubt(shown, text) for text in doubts))


def _few(names: list[str]) -> str:
    listed = ", ".join(f"`{name}`" for name in names[:12])
    return f"{listed}{', ...' if len(names) > 12 else ''}" if names else "none"


def _doubt(shown: str, text: str) -> Diagnostic:
    help = "the weights of one competing group come from a softmax; they are used as they are"
    return Diagnostic("HC7018", f"`{shown}`: {text}", help=help, severity="warning")


def _parsed(path: Path, shown: str) -> WeightsFile:
    try:
        size = path.stat().st_size
        if size > SIZE_LIMIT:
            raise error(
                "HC7015",
                f"`{shown}` has {size} bytes; a weights file has at most {SIZE_LIMIT}",
                help="is it a weights file?",
            )
        text = read_regular(path, SIZE_LIMIT).decode("utf-8")
        data = json.loads(text, object_pairs_hook=_unique(shown), parse_constant=_finite(shown))
        return WeightsFile.model_validate(data)
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise error("HC7001", f"cannot read `{shown}`: {reason}", help=near_file(path, "json")) from None
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        message = f"`{shown}` is no weights file: `{where}`: {first['msg'].lower()}"
        raise error("HC7015", message, help="a search writes one into its run folder: weights.json") from None
    except (ValueError, RecursionError) as problem:
        raise error("HC7015", f"`{shown}` is no JSON: {str(problem).lower()}", help="is it a weights file?") from None


def _unique(shown: str) -> Any:
    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, value in found:
            if key in result:
                raise error("HC7015", f"`{shown}` has `{key}` twice in one object", help="leave one of them out")
            result[key] = value
        return result

    return pairs


def _finite(shown: str) -> Any:
    def constant(text: str) -> float:
        raise error(
            "HC7013",
            f"`{shown}` holds {text}, which is no finite number",
            help="write a number, or null where none is due",
        )

    return constant


def _same_space(graph: Graph, file: WeightsFile, shown: str) -> None:
    names = {graph.space.name, graph.space.space}
    if file.hash is not None and file.hash != graph.hash:
        raise error(
            "HC7014",
            f"`{shown}` holds weights of another space: its hash is {file.hash[:12]}, not {graph.hash[:12]}",
            notes=(f"they were written for `{file.space}`; this is `{graph.space.name}`",),
            help="give the space as it was searched; to use the weights as they are, remove `hash`",
        )
    if file.space not in names:
        message = f"`{shown}` holds weights of the space `{file.space}`, not of `{graph.space.name}`"
        raise error("HC7014", message, help="give the space they were searched in")


# ---------------------------------------------------------------- one array


def _array(decision: Decision, given: DecisionWeights, shown: str) -> np.ndarray:
    import numpy as np

    order = _axis_order(decision, given, shown)
    labels = list(given.axes.values())
    where = [_positions(decision, decision.axes[axis], labels[i], shown) for i, axis in enumerate(order)]
    shape = tuple(map(len, labels))
    flat = _flat(decision, given.values, shape, shown)
    array = np.array(flat, dtype=float).reshape(shape)
    for i, positions in enumerate(where):
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
                help=f"its axes are {_few(names)}",
            )
    return [names.index(name) for name in given.axes]


def _positions(decision: Decision, axis: Axis, labels: list[Any], shown: str) -> list[int]:
    """The position in the decision of each label of the file."""
    texts = {label_text(label): i for i, label in enumerate(axis.labels) if isinstance(label, tuple)}
    found: list[int] = []
    for raw in labels:
        label = _label(raw)
        position = axis.positions.get(label_key(label), texts.get(raw) if isinstance(raw, str) else None)
        if position is None:
            message = f"`{shown}`: axis `{axis.name}` of `{decision.name}` has no label `{label_text(label)}`"
            raise error("HC7012", message, help=suggestion(label_text(label), list(map(label_text, axis.labels))))
        if position in found:
            message = f"`{shown}`: label `{label_text(label)}` stands twice on axis `{axis.name}` of `{decision.name}`"
            raise error("HC7012", message, help="leave one of them out")
        found.append(position)
    for position, known in enumerate(axis.labels):
        if position not in found:
            message = f"`{shown}`: axis `{axis.name}` of `{decision.name}` lacks the label `{label_text(known)}`"
            raise error("HC7012", message, help="write its weights too")
    return found


def _label(raw: Any, room: int = 20) -> Label:
    """A label as its list says it; what is nested deeper than any label is none that there is."""
    if isinstance(raw, list):
        return tuple(_label(one, room - 1) for one in raw) if room else "..."
    return raw if isinstance(raw, (str, int, float)) else type(raw).__name__


def _flat(decision: Decision, values: Any, shape: tuple[int, ...], shown: str) -> list[float]:
    level: list[Any] = [values]
    for axis, size in enumerate(shape):
        for part in level:
            if not isinstance(part, list) or len(part) != size:
                length = len(part) if isinstance(part, list) else "no list"
                message = f"`{shown}`: the values of `{decision.name}` do not have shape {shape}"
                note = f"axis {axis + 1} has {length} where {size} are due"
                raise error("HC7011", message, notes=(note,), help="write one value for each label of each axis")
        level = [one for part in level for one in part]
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


__all__ = ["ReadWeights", "WeightsFile", "read_weights", "softmax", "weights_data", "write_weights"]
