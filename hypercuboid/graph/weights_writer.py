"""Writing a weights file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypercuboid.frontend.elaborated import Label, label_text

if TYPE_CHECKING:
    import numpy as np

    from hypercuboid.graph.build import Graph


def weights_data(graph: Graph, weights: Mapping[str, np.ndarray], kind: str = "weights") -> dict[str, Any]:
    """A weights file as JSON-ready data; undeclared entries are null."""
    decisions = {}
    for decision in graph.decisions:
        array, declared = weights[decision.name], decision.declared()
        axes = {axis.name: [_json_label(label) for label in axis.labels] for axis in decision.axes}
        decisions[decision.name] = {"axes": axes, "values": _nested(array.tolist(), declared.tolist())}
    return {"space": graph.space.space, "hash": graph.hash, "kind": kind, "decisions": decisions}


def _json_label(label: Label) -> Any:
    return label_text(label) if isinstance(label, tuple) else label


def _nested(values: Any, declared: Any) -> Any:
    if isinstance(values, list):
        return [_nested(value, one) for value, one in zip(values, declared, strict=True)]
    return float(values) if declared else None


def write_weights(path: str | Path, graph: Graph, weights: Mapping[str, np.ndarray], kind: str = "weights") -> None:
    """Writes a weights file; HC7001 where the path cannot be written."""
    from hypercuboid.runs.files import write_text

    write_text(Path(path), json.dumps(weights_data(graph, weights, kind)) + "\n")
