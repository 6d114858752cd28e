"""Weights files: architecture weights as JSON, read by the labels of their axes and never by position."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from hypercuboid.diagnostics import Diagnostic, error
from hypercuboid.graph.groups import softmax, sum_warnings
from hypercuboid.graph.weight_arrays import DecisionWeights, array_of, few
from hypercuboid.graph.weights_writer import weights_data, write_weights
from hypercuboid.nearby import near_file
from hypercuboid.records import dataclass
from hypercuboid.registry import suggestion
from hypercuboid.runs.files import read_regular

if TYPE_CHECKING:
    import numpy as np

    from hypercuboid.graph.build import Graph

SIZE_LIMIT = 64 * 2**20
"""Bytes of a weights file."""


class WeightsFile(BaseModel):
    """A weights file as it is written."""

    model_config = ConfigDict(extra="forbid", strict=True)
    space: str
    hash: str | None = None
    kind: Literal["weights", "alphas", "scores"] = "weights"
    decisions: dict[str, DecisionWeights]


@dataclass(frozen=True)
class ReadWeights:
    """Weights by decision, in the order of `Decision.axes`, and warnings to show."""

    values: Mapping[str, np.ndarray]
    warnings: tuple[Diagnostic, ...]


def read_weights(graph: Graph, path: str | Path) -> ReadWeights:
    """The weights of a file for the decisions of a graph; HC7 errors name what does not fit.

    Alphas become weights by a softmax over each competing group; scores are used as they are, whatever their sums.
    Undeclared entries are 0; a file may leave them null.
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
                help=f"it has {few(list(file.decisions))}",
            )
    values = {name: array_of(decision, file.decisions[name], shown) for name, decision in known.items()}
    if file.kind == "alphas":
        values = {name: softmax(known[name], value) for name, value in values.items()}
        return ReadWeights(values, ())
    for name, value in values.items():
        if (value < 0).any():
            raise error("HC7013", f"`{shown}` has a negative weight in `{name}`", help='is its `kind` "alphas"?')
    summing = known if file.kind == "weights" else {}
    doubts = [text for name in summing for text in sum_warnings(known[name], values[name])]
    return ReadWeights(values, tuple(_doubt(shown, text) for text in doubts))


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


__all__ = ["ReadWeights", "WeightsFile", "read_weights", "softmax", "weights_data", "write_weights"]
