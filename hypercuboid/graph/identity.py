"""The network of an architecture in one canonical order, to tell whether two architectures are one network."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from hypercuboid.frontend.elaborated import Elaborated
from hypercuboid.frontend.shown import show
from hypercuboid.graph.flatten import flatten
from hypercuboid.records import dataclass

if TYPE_CHECKING:
    import networkx as nx

_LARGEST = 10_000_000
"""Atomic ops; an architecture is far smaller."""


@dataclass(frozen=True)
class Tensor:
    """One tensor: what makes it, from which earlier tensors, and the first tensor that has the same weights.

    `name` and `place` (path:line:column) are for messages and make no difference.
    """

    what: str
    shape: tuple[int, ...] | None
    inputs: tuple[int, ...]
    weights: int
    name: str = field(compare=False)
    place: str | None = field(compare=False)


def network(architecture: Elaborated) -> tuple[Tensor, ...]:
    """The tensors that reach the output, in the order in which a walk from it, inputs first, comes to them.

    Equal for two architectures that compute the same with the same sharing of weights, however they are written.
    The auxiliary head of a model is left out, as in all counts.
    """
    flat = flatten(architecture, _LARGEST)
    order = _order(flat)
    number = {node: position for position, node in enumerate(order)}
    owners: dict[str, int] = {}
    return tuple(_tensor(flat, node, number, owners) for node in order)


def _order(flat: nx.MultiDiGraph[int]) -> list[int]:
    """Nodes after their inputs, the first input first."""
    order: list[int] = []
    seen: set[int] = set()
    stack: list[tuple[int, bool]] = [(flat.graph["output"], False)]
    while stack:
        node, is_done = stack.pop()
        if is_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack += [(source, False) for source in reversed(_inputs(flat, node))]
    return order


def _inputs(flat: nx.MultiDiGraph[int], node: int) -> list[int]:
    edges: list[tuple[int, int, int]] = sorted(flat.in_edges(node, data="position"), key=lambda edge: edge[2])
    return [source for source, _, _ in edges]


def _tensor(flat: nx.MultiDiGraph[int], node: int, number: dict[int, int], owners: dict[str, int]) -> Tensor:
    data: dict[str, Any] = flat.nodes[node]
    position = number[node]
    owner = owners.setdefault(data["name"], position) if data.get("params") else position
    shape = None if data["shape"] is None else tuple(data["shape"])
    inputs = tuple(number[source] for source in _inputs(flat, node))
    return Tensor(_what(data), shape, inputs, owner, data["name"], data["span"])


def _what(data: dict[str, Any]) -> str:
    """`conv(c = 16, k = 3)` of an op, else the kind of the node."""
    if data["kind"] != "op":
        return str(data["kind"])
    return f"{data['op']}({', '.join(f'{name} = {show(value)}' for name, value in sorted(data['arguments'].items()))})"
