"""The flat form of a space: one networkx DAG of atomic ops, for inspection and export."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hypercuboid.diagnostics import Span, error
from hypercuboid.frontend.counting import count_in
from hypercuboid.frontend.elaborated import (
    Body,
    ChoiceNode,
    Coordinates,
    Elaborated,
    InputNode,
    OpNode,
    ScanNode,
    StateNode,
    Step,
    TopNode,
    TrellisNode,
    UseNode,
    instance_component,
    label_text,
)
from hypercuboid.frontend.places import TOP, Place
from hypercuboid.ops import OPS
from hypercuboid.ops.base import TensorType

if TYPE_CHECKING:
    import networkx as nx


def flatten(space: Elaborated, max_ops: int = 100_000) -> nx.MultiDiGraph[int]:
    """One node per tensor, one edge per use of it; HC4001 with the exact number above `max_ops` atomic ops.

    Node attributes: `kind` (input, op, choice, top, state; of a scan, whose body stands here once, element, carried and
    scan), `name` (full name of the instance; uses of a shared one
    have the same), `shape`, `span` ("path:line:column"); of ops `op`, `arguments`, `params`; of choices and states
    `decision`. Edges carry `position` among the inputs and, into a choice or state, `entry`: axis -> label. Graph
    attributes: `name`, `output`, `aux`.
    """
    import networkx as nx

    count = atomic_ops(space.definition.body)
    if count > max_ops:
        raise error(
            "HC4001",
            f"`{space.name}` has {count} atomic ops; a flat graph has at most {max_ops}",
            space.definition.span.first_line,
            help="make the space smaller, or raise `--max-ops`",
        )
    flat = _Flat(nx.MultiDiGraph(name=space.name))
    body = space.definition.body
    inputs = [flat.add("input", node.name, node.type, node.span, ()) for node in body.nodes[: body.arity]]
    values = flat.body(body, inputs, TOP)
    output = values[body.output]
    assert output is not None
    aux = None if body.aux is None else values[body.aux]
    keep = {output} | nx.ancestors(flat.graph, output) | set(inputs)
    if aux is not None:
        keep |= {aux} | nx.ancestors(flat.graph, aux)
    flat.graph.remove_nodes_from([node for node in flat.graph if node not in keep])
    flat.graph.graph.update(output=output, aux=aux)
    return flat.graph


def node_link(graph: nx.MultiDiGraph[int]) -> dict[str, Any]:
    """networkx node-link data with edges under "edges"."""
    import networkx as nx

    data: dict[str, Any] = nx.node_link_data(graph, edges="edges")
    return data


def atomic_ops(body: Body) -> int:
    """How many atomic ops a body expands to; cuboids are multiplied, not walked."""
    return count_in(body, "atomic ops", lambda node: int(isinstance(node, OpNode)))


def _place(span: Span | None) -> str | None:
    return None if span is None else f"{span.source.path}:{span.line}:{span.column}"


def _entry(coordinates: Coordinates) -> dict[str, Any]:
    return {axis: label_text(label) if isinstance(label, tuple) else label for axis, label in coordinates}


class _Flat:
    """A flat graph in the making."""

    def __init__(self, graph: nx.MultiDiGraph[int]) -> None:
        self.graph = graph

    def add(
        self,
        kind: str,
        name: str,
        type: TensorType,
        span: Span | None,
        inputs: Sequence[tuple[int, Coordinates]],
        **more: Any,
    ) -> int:
        number = len(self.graph)
        self.graph.add_node(
            number, kind=kind, name=name, shape=list(type.shape) if type.known else None, span=_place(span), **more
        )
        for position, (source, entry) in enumerate(inputs):
            extra: dict[str, Any] = {"entry": _entry(entry)} if entry else {}
            self.graph.add_edge(source, number, key=position, position=position, **extra)
        return number

    def body(self, body: Body, inputs: Sequence[int | None], place: Place) -> list[int | None]:
        values: list[int | None] = list(inputs)
        trellises: dict[int, list[int | None]] = {}
        for position, node in enumerate(body.nodes):
            if isinstance(node, InputNode):
                continue
            given = [values[i] if i >= 0 else None for i in node.inputs]
            value: int | None = None
            if isinstance(node, TrellisNode):
                trellises[position] = self.trellis(node, given, place)
            elif isinstance(node, StateNode):
                value = trellises[node.inputs[0]][node.state]
            elif isinstance(node, ScanNode):
                value = self.scan(node, given, place)
            else:
                value = self.node(node, body, [g for g in given if g is not None], place)
            values.append(value)
        return values

    def node(
        self, node: OpNode | UseNode | ChoiceNode | TopNode, body: Body, given: list[int], place: Place
    ) -> int | None:
        name = place.name(node.name)
        if isinstance(node, OpNode):
            return self.op(node, body, given, name)
        if isinstance(node, TopNode):
            edges = list(zip(given, node.terms, strict=True))
            return self.add("top", name, node.type, node.span, edges, keep=node.count)
        if isinstance(node, UseNode):
            inner = node.definition.body
            return self.body(inner, given, place.use(node))[inner.output]
        decision, where = place.decision(node.decision, node.coordinates)
        edges = []
        for alternative in node.alternatives:
            inputs = [given[i] for i in alternative.inputs]
            value = self.body(alternative.body, inputs, place.inside(node.name))[alternative.body.output]
            if value is not None:
                edges.append((value, (*where, *zip(node.axes, alternative.label, strict=True))))
        return self.add("choice", name, node.type, node.span, edges, decision=decision)

    def op(self, node: OpNode, body: Body, given: list[int], name: str) -> int:
        values = {key: argument.value for key, argument in node.arguments.items()}
        types = tuple(body.nodes[i].type for i in node.inputs)
        known = all(type.known for type in (*types, node.type))
        params = OPS[node.op].cost(values, types, node.type).params if known else None
        edges = [(value, ()) for value in given]
        return self.add("op", name, node.type, node.span, edges, op=node.op, arguments=values, params=params)

    def scan(self, node: ScanNode, given: list[int | None], place: Place) -> int | None:
        """The body once: `element` and `carried` are the vector and the state at a position, `scan` all states."""
        name = place.name(node.name)
        sequence, state, *captured = given
        if sequence is None or state is None:
            return None
        element, carried = (
            self.add(kind, f"{name}.{one.name}", one.type, one.span, [(source, ())])
            for kind, one, source in zip(("element", "carried"), node.body.nodes, (sequence, state), strict=False)
        )
        value = self.body(node.body, [element, carried, *captured], place.inside(node.name))[node.body.output]
        if value is None:
            return None
        edges: list[tuple[int, Coordinates]] = [(value, ()), (element, ()), (carried, ())]
        return self.add("scan", name, node.type, node.span, edges, length=node.length)

    def trellis(self, node: TrellisNode, given: list[int | None], place: Place) -> list[int | None]:
        count = len(node.state_labels)
        states, captured = given[:count], given[count:]
        for step in node.steps:
            states = self.step(node, step, [*states, *captured], place)
        return states

    def step(self, node: TrellisNode, step: Step, given: list[int | None], place: Place) -> list[int | None]:
        labels = node.state_labels
        depth = tuple(zip(node.depth, step.coordinates, strict=True))
        decision, where = place.decision(node.decision, (*node.coordinates, *depth))
        inner = place.step(node, depth)
        gained: dict[int, list[tuple[int, Coordinates]]] = {}
        for candidate in step.candidates:
            inputs = [given[i] for i in candidate.inputs]
            if any(value is None for value in inputs):
                continue
            source, target = labels[candidate.source], labels[candidate.target]
            inside = inner.inside(instance_component(node.name, step.coordinates, source, target, candidate.label))
            present = [value for value in inputs if value is not None]
            value = self.body(candidate.body, present, inside)[candidate.body.output]
            entry = (*where, *zip(node.states, (source, target), strict=True))
            if value is not None:
                entry = (*entry, *zip(node.choices, candidate.label, strict=True))
                gained.setdefault(candidate.target, []).append((value, () if step.decided else entry))
        after: list[int | None] = [None] * len(labels)
        for target, edges in gained.items():
            type = step.types[target]
            assert type is not None
            name = place.name(f"{node.name}[{','.join(map(label_text, (*step.coordinates, labels[target])))}]")
            after[target] = self.add("state", name, type, node.span, edges, decision=decision)
        return after
