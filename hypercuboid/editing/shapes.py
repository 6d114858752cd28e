"""What flows where: the shapes, parameters and architecture weights that elaborating a file gives, by place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from hypercuboid.diagnostics import HypercuboidError, Source, Span
from hypercuboid.frontend import ast
from hypercuboid.frontend.elaborated import Body, InputNode, Node, OpNode, StateNode, TrellisNode, UseNode, inner_bodies
from hypercuboid.frontend.modules import BoundItem, LoadedModule, reachable
from hypercuboid.frontend.request import Memory, Request
from hypercuboid.graph.counts import Counts
from hypercuboid.graph.decision import Decision
from hypercuboid.ops import OPS
from hypercuboid.ops.base import TensorType
from hypercuboid.pipeline import Space

_SPACES = 8
"""Spaces of a file that are elaborated for its shapes."""

_LARGEST = 200_000
"""Weights of a space above which its decisions are not listed: their masks are arrays."""


_SILENT = (InputNode, TrellisNode)
"""Nodes that say nothing where others stand at the same place: what an alternative reads, a cuboid with its states."""


@dataclass(frozen=True)
class Flow:
    """What one op or use takes and gives at one place of the text; `params` are those that it owns."""

    inputs: tuple[TensorType, ...]
    output: TensorType
    params: int | None

    def __str__(self) -> str:
        return f"{', '.join(map(str, self.inputs))} -> {self.output}" if self.inputs else str(self.output)


@dataclass(frozen=True)
class Weights:
    """The architecture weights of one decision: its axes with their lengths, and how many entries are declared."""

    name: str
    axes: tuple[tuple[str, int], ...]
    count: int


@dataclass(frozen=True, eq=False)
class Shapes:
    """A file that was read, elaborated when something is asked. Nothing is raised: what has mistakes has no shapes."""

    module: LoadedModule

    @cached_property
    def spaces(self) -> dict[str, Space]:
        """The spaces of the file that need no argument and have no mistake."""
        memory, found = Memory(), dict[str, Space]()
        if any(_is_broken(one) for one in reachable(self.module)):
            return found
        for item in self.module.module.items:
            if _stands_alone(self.module, item) and len(found) < _SPACES:
                space = Space(Request(self.module, item.name, memory=memory))
                if _is_sound(space):
                    found[item.name] = space
        return found

    @cached_property
    def _nodes(self) -> dict[tuple[int, int, int], list[tuple[Body, Node]]]:
        """The nodes of all spaces by source and place, each body once."""
        found: dict[tuple[int, int, int], list[tuple[Body, Node]]] = {}
        seen: set[int] = set()
        waiting = [space.elaborated.definition.body for space in self.spaces.values()]
        for body in waiting:
            if id(body) in seen:
                continue
            seen.add(id(body))
            for node in body.nodes:
                key = (id(node.span.source), node.span.start, node.span.end)
                found.setdefault(key, []).append((body, node))
                waiting += [node.definition.body] if isinstance(node, UseNode) else inner_bodies(node)
        return found

    def flows(self, span: Span) -> list[Flow]:
        """What flows at exactly that place, each shape once, in the order in which it is met."""
        at = self._nodes.get((id(span.source), span.start, span.end), [])
        said = [(body, node) for body, node in at if not isinstance(node, _SILENT)] or at
        return list(dict.fromkeys(_flow(body, node) for body, node in said))

    def places(self, source: Source, start: int) -> list[Span]:
        """The parts that begin there and in which something flows."""
        return [Span(source, start, key[2]) for key in self._nodes if key[:2] == (id(source), start)]

    def flows_from(self, source: Source, start: int) -> list[Flow]:
        """What flows at the longest part that begins there."""
        places = self.places(source, start)
        return self.flows(max(places, key=lambda one: one.end)) if places else []

    def results(self, value: Span) -> list[Flow]:
        """What an expression gives: the flows of its longest part that ends where it ends."""
        source = id(value.source)
        starts = [s for (o, s, end) in self._nodes if o == source and end == value.end and value.start <= s]
        return self.flows(Span(value.source, min(starts), value.end)) if starts else []

    def weights(self, span: Span, path: str = "") -> list[Weights]:
        """The decisions that are declared inside a place, and those whose names begin with a path."""
        decisions = [one for space in self.spaces.values() for one in _decisions(space)]
        named = f"{path}." if path else "\0"
        found = [one for one in decisions if _inside(one.span, span) or one.name.startswith(named)]
        return list(dict.fromkeys(map(_weights, found)))

    def counts(self, name: str) -> Counts | None:
        """The numbers of a space of the file."""
        space = self.spaces.get(name)
        try:
            return None if space is None else space.counts()
        except HypercuboidError:
            return None


def _is_broken(module: LoadedModule) -> bool:
    return not module.is_whole


def _stands_alone(module: LoadedModule, item: ast.Item) -> bool:
    bound = module.names.get(item.name)
    own = isinstance(bound, BoundItem) and bound.item is item
    is_space = isinstance(item, ast.BlockDefinition) and item.is_space
    return own and is_space and all(one.default is not None for one in getattr(item, "formals", ()))


def _is_sound(space: Space) -> bool:
    try:
        return space.elaborated is not None
    except HypercuboidError:
        return False


def _decisions(space: Space) -> tuple[Decision, ...]:
    try:
        small = space.counts().weights <= _LARGEST
        return tuple(space.graph.decisions) if small else ()
    except HypercuboidError:
        return ()


def _inside(span: Span | None, outer: Span) -> bool:
    return span is not None and span.source is outer.source and outer.start <= span.start and span.end <= outer.end


def _weights(decision: Decision) -> Weights:
    axes = tuple((axis.name, len(axis.labels)) for axis in decision.axes)
    return Weights(decision.name, axes, int(decision.declared().sum()))


def _flow(body: Body, node: Node) -> Flow:
    inputs = () if isinstance(node, StateNode) else node.inputs
    return Flow(tuple(body.nodes[i].type for i in inputs), node.type, _params(body, node))


def _params(body: Body, node: Node) -> int | None:
    """The trainable parameters of a node, alternatives together; None where shapes are unknown.

    None also for a cuboid, of which only what can reach the output is built, and for what shares weights.
    """
    if isinstance(node, OpNode):
        inputs = tuple(body.nodes[i].type for i in node.inputs)
        if not node.type.known or not all(one.known for one in inputs):
            return None
        values = {name: argument.value for name, argument in node.arguments.items()}
        return OPS[node.op].cost(values, inputs, node.type).params
    if isinstance(node, UseNode):
        return params_of(node.definition.body)
    return None if isinstance(node, TrellisNode) else _total(map(params_of, inner_bodies(node)))


def params_of(body: Body) -> int | None:
    """The trainable parameters of a body; None where they are not known from it alone."""
    if body.instances:
        return None
    if "editing.params" not in body.passes:
        body.passes["editing.params"] = _total(_params(body, node) for node in body.nodes)
    total: int | None = body.passes["editing.params"]
    return total


def _total(numbers: Iterable[int | None]) -> int | None:
    """The sum of the numbers; None where one is not known."""
    listed = list(numbers)
    known = [one for one in listed if one is not None]
    return sum(known) if len(known) == len(listed) else None
