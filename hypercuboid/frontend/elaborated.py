"""What the front end hands on: a space elaborated to nodes over tensors, hierarchical, folded, nothing materialised.

A `Body` is a DAG in the order of its source. A `Definition` is one block specialised to its arguments, input shapes
and the decisions made inside; equal uses are one object, so passes memoise by identity. What is still open stands as
`ChoiceNode`, `TopNode` and `TrellisNode`; an elaboration in which every decision is made has none of the three.

Names. An op or a use has a `name`, local to its definition; the full name of an instance of weights is the names on
the way to it joined by dots, and is the same in a space and in everything decided from it. A decision has a name that
is local to its definition too; a `UseNode` says how the names inside are called outside (`decisions`) and which
coordinates it puts in front (`coordinates`). At the top, names are those that users write.

A use of a shared block names the instance whose weights it reads (`instance`); the full names inside begin with that
of the instance, whatever the way to the use. An instance that is declared further out is called `^FRAME/NAME`, and each
use on the way out says what it is called there (`instances`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any, TypeAlias

from hypercuboid.diagnostics import Span
from hypercuboid.frontend.decided import Decided, Kept, KeptPath
from hypercuboid.frontend.definitions import Definition, Elaborated, Share
from hypercuboid.frontend.label_names import (
    Coordinates,
    Label,
    bracketed,
    full_name,
    instance_component,
    label_text,
    numbered,
    written_label,
)
from hypercuboid.frontend.simple_nodes import InputNode, OpArgument, OpNode, StateNode, TopNode
from hypercuboid.frontend.trellis_nodes import Candidate, Step, TrellisNode
from hypercuboid.ops.base import TensorType
from hypercuboid.records import cached_property, dataclass


@dataclass(frozen=True, eq=False)
class UseNode:
    """A use of a definition. `decisions` maps names inside the definition to names in the body that holds this."""

    definition: Definition
    inputs: tuple[int, ...]
    type: TensorType
    name: str
    span: Span
    decisions: Mapping[str, str]
    coordinates: Coordinates
    arguments: Mapping[str, OpArgument] = field(default_factory=dict)
    """The arguments given at the place of use, with their expressions there; defaults are in the definition."""
    instance: str | None = None
    """The shared instance whose weights are used; None: the use has weights of its own under `name`."""
    instances: Mapping[str, str] = field(default_factory=dict)
    """Shared instances that are declared outside of the definition: names inside it to names in the body around."""


@dataclass(frozen=True, eq=False)
class Alternative:
    """One alternative of a choice: its label per open axis, and a body over some of the choice's inputs.

    Names of instances in the body begin with the whole label, `[SharpSepConv]`, behind the name of the choice.
    """

    label: tuple[Label, ...]
    body: Body
    inputs: tuple[int, ...]
    """Positions in the `inputs` of the choice, one per input of the body."""
    zero: bool
    """The alternative is zero whatever comes in (ruling 12)."""


@dataclass(frozen=True, eq=False)
class ChoiceNode:
    """An open decision at one coordinate: its alternatives are mixed in a supernet, one is kept in a model.

    Several nodes may have the same `decision` and `coordinates`: they are decided together.
    `axes` are the names of the choice axes, one per element of a label.
    """

    decision: str
    coordinates: Coordinates
    axes: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    inputs: tuple[int, ...]
    type: TensorType
    name: str
    span: Span


@dataclass(frozen=True, eq=False)
class ScanNode:
    """A recurrence, folded: one body with one set of weights, and of decisions, at each position of a sequence.

    `inputs` are the sequence, the first state and the captured tensors. Those of the body are the element at a
    position, the state before it and the captured tensors; its output is the state after it. The value is all states.
    """

    body: Body
    inputs: tuple[int, ...]
    type: TensorType
    name: str
    span: Span

    @property
    def length(self) -> int | None:
        """The positions of the sequence; None where shapes are unknown."""
        return self.type.shape[0] if self.type.known else None


Node: TypeAlias = InputNode | OpNode | UseNode | ChoiceNode | TopNode | TrellisNode | StateNode | ScanNode


@dataclass(frozen=True, eq=False)
class Body:
    """A DAG of nodes in source order: `inputs` of a node are positions of earlier nodes. Only live nodes stand here.

    The first `arity` nodes are its inputs. `aux` is the position of the training-only output.
    """

    nodes: tuple[Node, ...]
    arity: int
    output: int
    aux: int | None = None

    @property
    def type(self) -> TensorType:
        return self.nodes[self.output].type

    @cached_property
    def passes(self) -> dict[str, Any]:
        """What passes have worked out of this body, by their name: equal parts of a network are one object."""
        return {}

    @cached_property
    def instances(self) -> Mapping[str, tuple[UseNode, ...]]:
        """The uses of shared instances in the body and deeper, by the names that its frame has for the instances, in
        source order; a definition once."""
        found: dict[str, dict[int, UseNode]] = {}
        for node in self.nodes:
            if isinstance(node, OpNode):
                continue
            if isinstance(node, UseNode) and node.instance is not None:
                found.setdefault(node.instance, {}).setdefault(id(node.definition), node)
            if isinstance(node, UseNode) and node.instances:
                deeper = {outer: node.definition.body.instances[inner] for inner, outer in node.instances.items()}
                _add_uses(found, deeper)
            for inner in inner_bodies(node):
                _add_uses(found, inner.instances)
        return {name: tuple(uses.values()) for name, uses in found.items()}


def _add_uses(found: dict[str, dict[int, UseNode]], uses: Mapping[str, tuple[UseNode, ...]]) -> None:
    for name, nodes in uses.items():
        for node in nodes:
            found.setdefault(name, {}).setdefault(id(node.definition), node)


def inner_bodies(node: Node) -> Iterator[Body]:
    """The bodies that a node holds in the frame around it: those of alternatives, candidates and scans."""
    if isinstance(node, ChoiceNode):
        yield from (alternative.body for alternative in node.alternatives)
    elif isinstance(node, TrellisNode):
        steps = {id(step.candidates): step.candidates for step in node.steps}
        yield from (candidate.body for candidates in steps.values() for candidate in candidates)
    elif isinstance(node, ScanNode):
        yield node.body


__all__ = [
    "Alternative",
    "Body",
    "Candidate",
    "ChoiceNode",
    "Coordinates",
    "Decided",
    "Definition",
    "Elaborated",
    "InputNode",
    "Kept",
    "KeptPath",
    "Label",
    "Node",
    "OpArgument",
    "OpNode",
    "ScanNode",
    "Share",
    "StateNode",
    "Step",
    "TopNode",
    "TrellisNode",
    "UseNode",
    "bracketed",
    "full_name",
    "inner_bodies",
    "instance_component",
    "label_text",
    "numbered",
    "written_label",
]
