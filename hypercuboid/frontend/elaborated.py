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

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from hypercuboid.diagnostics import Diagnostic, Span
from hypercuboid.frontend.tables import load_tables
from hypercuboid.ops.base import TensorType, Value

Label: TypeAlias = int | float | bool | str | tuple["Label", ...]
"""A coordinate or the label of an alternative."""

Coordinates: TypeAlias = tuple[tuple[str, Label], ...]
"""Named coordinates, outermost first: (("layer", 0), ("a", 8))."""


@dataclass(frozen=True)
class OpArgument:
    """The value of an op's argument and, where it can be written with the block's own names, its expression."""

    value: Value
    text: str | None
    span: Span | None = field(compare=False, default=None)


@dataclass(frozen=True, eq=False)
class InputNode:
    """An input of a body: a tensor handed in by whoever runs it."""

    name: str
    type: TensorType
    span: Span
    inputs: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class OpNode:
    """An atomic op of the registry, tensor arithmetic and folds included; owns its weights under `name`."""

    op: str
    arguments: Mapping[str, OpArgument]
    inputs: tuple[int, ...]
    type: TensorType
    name: str
    span: Span


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
class TopNode:
    """`sum top k`: the sum of its terms; in a model only k of them stay. Each term holds a choice.

    `axes` are the binders of the fold, `terms[i]` the coordinates of input i.
    """

    count: int
    axes: tuple[str, ...]
    terms: tuple[Coordinates, ...]
    inputs: tuple[int, ...]
    type: TensorType
    name: str
    span: Span


@dataclass(frozen=True, eq=False)
class Candidate:
    """One alternative of a trellis step: from state `source` to state `target` (positions) by a choice."""

    source: int
    target: int
    label: tuple[Label, ...]
    """The choice label, one element per choice axis; empty where the cuboid has no choice axis."""
    body: Body
    inputs: tuple[int, ...]
    """One per input of the body: below the number of states a state, else the trellis' captured tensor."""
    zero: bool


@dataclass(frozen=True, eq=False)
class Step:
    """One depth coordinate. Equal steps share one `candidates` tuple, so passes memoise by its identity.

    `decided` steps have no weights any more: exactly their candidates are kept.
    `types[s]` is the type of state s after the step, None where no candidate leads there. `dead` are alternatives that
    are declared and start where nothing leads: from state, to state, label of choices. They have weights and no body.
    """

    coordinates: tuple[Label, ...]
    candidates: tuple[Candidate, ...]
    types: tuple[TensorType | None, ...]
    decided: bool
    dead: tuple[tuple[int, int, tuple[Label, ...]], ...] = ()


@dataclass(frozen=True, eq=False)
class TrellisNode:
    """A cuboid, folded: states, and one step per depth coordinate in order (last depth fastest).

    `inputs` are the initial states, one per state (-1 where it is missing), then the captured tensors.
    Its architecture weights are the labelled array `decision` with the axes `coordinates`, then `depth`, then
    `states` (source, target), then `choices`. `compete` names the axes that index the softmax groups.
    """

    decision: str
    coordinates: Coordinates
    depth: tuple[str, ...]
    states: tuple[str, str]
    choices: tuple[str, ...]
    depth_labels: tuple[tuple[Label, ...], ...]
    state_labels: tuple[Label, ...]
    choice_labels: tuple[tuple[Label, ...], ...]
    compete: tuple[str, ...]
    steps: tuple[Step, ...]
    inputs: tuple[int, ...]
    type: TensorType
    name: str
    span: Span
    axis_order: tuple[str, ...] = ()
    """The axes as the source declares them, each state axis once by both names: ("c_in", "c_out", "reduction", ...)."""

    def owns(self, decision: str) -> bool:
        """Whether a decision inside a step is one at each step; if not, all steps share it, as that of a cell."""
        return decision.startswith(f"{self.decision}.")


@dataclass(frozen=True, eq=False)
class StateNode:
    """The tensor of state number `state` after the last step of the trellis that is its one input."""

    state: int
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


@dataclass(frozen=True, eq=False)
class Share:
    """A shared instance: `name` in the frame that declares it, where `arguments` have their expressions, and a use."""

    name: str
    use: UseNode
    arguments: Mapping[str, OpArgument]
    span: Span


@dataclass(frozen=True, eq=False)
class Definition:
    """One block specialised to `arguments` (after defaults), the types of its inputs and the decisions inside."""

    name: str
    arguments: Mapping[str, object]
    body: Body
    doc: str
    span: Span
    decisions: tuple[str, ...]
    """Names, in this definition's frame, of all decisions its source declares here or deeper, decided ones too."""
    bounded: bool = True
    """Whether costs at the widest and the narrowest tensors bound those of every architecture (see `unused`)."""
    shares: tuple[Share, ...] = ()
    """The shared instances that are declared here and used."""


@dataclass(frozen=True)
class KeptPath:
    """What a decision keeps at one coordinate of a cuboid: a transition between states and a choice label."""

    source: Label
    target: Label
    label: tuple[Label, ...]


Kept: TypeAlias = KeptPath | tuple[Label | None, ...]
"""A transition, or the label of an alternative: one element per choice axis, None where the axis stays open."""


@dataclass(frozen=True)
class Decided:
    """A decision that is made: for each coordinate (the labels of the leading axes) what is kept there.

    A coordinate that is not a key is open. Of `sum top`, a term that is not kept maps to the empty tuple.
    """

    name: str
    kept: Mapping[tuple[Label, ...], tuple[Kept, ...]]


@dataclass(frozen=True, eq=False)
class Elaborated:
    """A space, an architecture or a block, elaborated.

    `kind` is "space" while decisions are open, "architecture" for an `arch`, "block" for a block without any use of
    a space. `sites` are the names of all open decisions in source order.
    """

    name: str
    kind: str
    space: str
    """The space that `name` is an architecture of; else `name` itself."""
    arguments: Mapping[str, object]
    definition: Definition
    input_names: tuple[str, ...]
    input_types: tuple[TensorType, ...]
    decided: tuple[Decided, ...]
    searching: bool
    warnings: tuple[Diagnostic, ...] = ()


def label_text(label: Label) -> str:
    """A coordinate or label as messages show it: `0`, `SharpSepConv`, `(3, 1)`."""
    if isinstance(label, tuple):
        return f"({', '.join(label_text(part) for part in label)})"
    if isinstance(label, bool):
        return "true" if label else "false"
    return str(label)


def written_label(label: Label) -> str:
    """A label as picks and names write it: names and calls stand for themselves, other strings are quoted."""
    if isinstance(label, str):
        return label if _PLAIN.fullmatch(label) and label not in load_tables().keywords else f'"{label}"'
    if isinstance(label, tuple):
        return f"({', '.join(map(written_label, label))})"
    return label_text(label)


_PLAIN = re.compile(r"[A-Za-z_]\w*(\(.*\))?", re.DOTALL)


def numbered(name: str) -> tuple[str, str]:
    """The name of a decision and the number behind it: `out.k, mid` and `@2`, or nothing."""
    at = name.rfind("@")
    return (name[:at], name[at:]) if at > name.rfind("]") else (name, "")


def bracketed(labels: tuple[Label, ...]) -> str:
    """`[0,1]`, and nothing for no labels."""
    return f"[{','.join(map(written_label, labels))}]" if labels else ""


def instance_component(
    name: str, depth: tuple[Label, ...], source: Label, target: Label, label: tuple[Label, ...]
) -> str:
    """The component that a trellis candidate adds to the names of instances: `h[0,1][8,16][SharpSepConv]`."""
    return f"{name}{bracketed(depth)}{bracketed((source, target))}{bracketed(label)}"


def full_name(prefix: str, name: str) -> str:
    """The name of an instance inside what `prefix` names: joined by a dot, unless it begins with coordinates.

    In a body of its own the term of a fold is called `[0].conv`; inside `out[Flex]` that is `out[Flex][0].conv`, as it
    is where the alternative is kept and stands in the body around it.
    """
    if not prefix or not name:
        return prefix or name
    return f"{prefix}{name}" if name.startswith("[") else f"{prefix}.{name}"
