"""What a picture of a cuboid shows, as one frozen value, and how it is read off a graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from hypercuboid.frontend.elaborated import (
    Body,
    Candidate,
    Coordinates,
    Decided,
    KeptPath,
    Label,
    TrellisNode,
    label_text,
)
from hypercuboid.graph.decision import Decision
from hypercuboid.ops.base import TensorType
from hypercuboid.targets.diagram_costs import candidate_facts
from hypercuboid.targets.diagram_groups import FREE, Standing
from hypercuboid.targets.hues import Palette, named_text

if TYPE_CHECKING:
    import numpy as np

    from hypercuboid.graph.build import Graph
    from hypercuboid.graph.counts import Counts
    from hypercuboid.graph.selection import Selection

TIMES = "\N{MULTIPLICATION SIGN}"


@dataclass(frozen=True)
class DrawnOp:
    """One candidate of a step. `primitive` is a position in `Drawing.primitives`.

    `uniform` is 1 / n for a competing group of n, `rank` the place by weight in that group, from 1 (0: no weights).
    """

    source: int
    target: int
    primitive: int
    uniform: float
    weight: float | None = None
    rank: int = 0
    params: int | None = None
    macs: int | None = None
    place: str = ""
    kept: bool = False
    live: bool = True


@dataclass(frozen=True)
class DrawnStep:
    """One depth coordinate: its name, a note of stride and shape, its candidates, the shape of each state after it."""

    name: str
    note: str
    ops: tuple[DrawnOp, ...]
    shapes: tuple[str, ...]
    decided: bool = False


@dataclass(frozen=True)
class Drawing:
    """A cuboid to be drawn. `lines` stand under the title; `shapes` are those of the states before the first step.

    `hues` are those of the primitives, see `Palette`.
    `names` are what the legend calls the primitives: numbers with the axis that they are of.
    """

    title: str
    lines: tuple[str, ...]
    states: tuple[str, ...]
    primitives: tuple[str, ...]
    steps: tuple[DrawnStep, ...]
    shapes: tuple[str, ...] = ()
    hues: tuple[int, ...] = ()
    names: tuple[str, ...] = ()

    def hue(self, primitive: int) -> int:
        return self.hues[primitive] if self.hues else primitive

    @property
    def op_count(self) -> int:
        return sum(len(step.ops) for step in self.steps)

    @property
    def has_weights(self) -> bool:
        return any(op.weight is not None for step in self.steps for op in step.ops)

    @property
    def path(self) -> tuple[DrawnOp, ...]:
        """The kept op of every step; empty where a step keeps none."""
        kept = tuple(op for step in self.steps for op in step.ops if op.kept)
        connected = all(a.target == b.source for a, b in pairwise(kept))
        return kept if len(kept) == len(self.steps) and connected else ()


def single_cuboid(graph: Graph) -> tuple[TrellisNode, Decision] | None:
    """The cuboid of a graph whose only open decision it is, at the top of the space; else None."""
    nodes = [node for node in graph.space.definition.body.nodes if isinstance(node, TrellisNode)]
    if len(nodes) != 1 or len(graph.decisions) != 1 or nodes[0].coordinates:
        return None
    return nodes[0], graph.decisions[0]


def from_graph(
    graph: Graph,
    weights: Mapping[str, np.ndarray] | None = None,
    best: Selection | None = None,
    *,
    epoch: str = "",
    strategy: str = "",
) -> Drawing:
    """The drawing of a graph that is a single cuboid (ValueError else), with weights and a best path where given.

    `epoch` ("10 / 60") and `strategy` are texts for the header.
    """
    found = single_cuboid(graph)
    if found is None:
        raise ValueError(f"`{graph.space.name}` is no single cuboid")
    node, decision = found
    values = None if weights is None else weights[decision.name]
    kept = () if best is None else best.decided
    bare = from_trellis(node, Standing.of_decision(decision, values), (), path_of(kept, decision.name))
    counts = graph.counts()
    title = f"{graph.space.name}   HC = {counts.tuple}" if counts.tuple else graph.space.name
    run = run_line(epoch, strategy, best)
    if best is not None and bare.path:
        run += f" (uniform {sum(op.uniform for op in bare.path if op.weight is not None):.4g})"
    lines = (counts_line(counts), run) if run else (counts_line(counts),)
    return replace(bare, title=title, lines=lines, shapes=entry_shapes(node, graph.space.definition.body))


def counts_line(counts: Counts) -> str:
    """`288 architecture weights in 9 groups | 536,870,912 architectures | 7,396,042 params`."""
    many = counts.architectures is None or counts.architectures >= 10**15
    number = f"about 10^{counts.architectures_log10:.1f}" if many else f"{counts.architectures:,}"
    parts = [
        f"{counts.weights:,} architecture weights in {counts.groups:,} group{'s' * (counts.groups != 1)}",
        f"{number} architectures",
    ]
    if counts.params is not None:
        parts.append(f"supernet {counts.params:,} params")
    return " | ".join(parts)


def run_line(epoch: str, strategy: str, best: Selection | None) -> str:
    """`epoch 10 / 60 | strategy max_w | best path score 1.059 | margin 0.2 %`."""
    parts = [f"epoch {epoch}"] if epoch else []
    if strategy:
        parts.append(f"strategy {strategy}")
    if best is not None:
        if best.margin is not None:
            parts.append(f"margin to the second {100 * best.margin:.3g} %")
        parts.append(f"best path score {best.score:.4g}")
    return " | ".join(parts)


def path_of(decided: Iterable[Decided], name: str) -> dict[tuple[Label, ...], KeptPath]:
    """What is kept of a cuboid, by all coordinates of the step."""
    return {
        key: one
        for each in decided
        if each.name == name
        for key, all_kept in each.kept.items()
        for one in all_kept
        if isinstance(one, KeptPath)
    }


def entry_shapes(node: TrellisNode, body: Body) -> tuple[str, ...]:
    """The shapes of the states before the first step."""
    return tuple(shape_text(body.nodes[i].type) if i >= 0 else "" for i in node.inputs[: len(node.state_labels)])


def from_trellis(
    node: TrellisNode, standing: Standing | None, front: Coordinates, kept: Mapping[tuple[Label, ...], KeptPath]
) -> Drawing:
    """The drawing of a cuboid, without title; `front` are the coordinates in front of its own axes.

    `standing` is None where nothing of it is left to decide.
    """
    labels = dict.fromkeys(candidate.label for step in node.steps for candidate in step.candidates)
    primitives = tuple(dict.fromkeys(map(primitive_text, labels)))
    facts = candidate_facts(node)
    where = tuple(label for _, label in front)
    steps, before = [], None
    for step in node.steps:
        chosen = kept.get((*where, *step.coordinates))
        ops = []
        for candidate in step.candidates:
            states = node.state_labels[candidate.source], node.state_labels[candidate.target]
            open_ = None if step.decided else standing
            rated = FREE if open_ is None else open_.of((*where, *step.coordinates, *states, *candidate.label))
            path = KeptPath(*states, candidate.label)
            fact = facts[id(candidate.body)]
            ops.append(
                DrawnOp(
                    candidate.source,
                    candidate.target,
                    primitives.index(primitive_text(candidate.label)),
                    uniform=rated.uniform,
                    weight=rated.weight,
                    rank=rated.rank,
                    params=fact.params,
                    macs=fact.macs,
                    place=fact.place,
                    kept=step.decided or chosen == path,
                    live=rated.live,
                )
            )
        name = ", ".join(
            f"{axis} {label_text(label)}" for axis, label in zip(node.depth, step.coordinates, strict=True)
        )
        shapes = tuple("" if one is None else shape_text(one) for one in step.types)
        note = step_note(step.candidates, before, step.types)
        steps.append(DrawnStep(name, note, tuple(ops), shapes, step.decided))
        before = step.types
    names = tuple({primitive_text(label): named_text(node.choices, label) for label in labels}.values())
    hues = tuple(map(Palette(names).hue, names))
    return Drawing("", (), tuple(map(label_text, node.state_labels)), primitives, tuple(steps), (), hues, names)


def weight_text(weight: float | None, uniform: float, rank: int) -> str:
    """A weight among those that it competes with, in words; empty where there is none."""
    if weight is None:
        return ""
    return f"weight {weight:.6g}, rank {rank} of {round(1 / uniform)}, {weight / uniform:.3g} x uniform"


def primitive_text(label: tuple[Label, ...]) -> str:
    """The label of a candidate as one text; `op` where the cuboid has no choice axis."""
    return ", ".join(map(label_text, label)) or "op"


def shape_text(type: TensorType) -> str:
    """The sizes of a tensor, nothing where the shape is not known."""
    return TIMES.join(map(str, type.shape)) if type.known else ""


def step_note(
    candidates: tuple[Candidate, ...],
    before: tuple[TensorType | None, ...] | None,
    after: tuple[TensorType | None, ...],
) -> str:
    """What one step does to the shape, as far as it is the same for all states."""
    strides = sorted({stride for candidate in candidates for stride in _strides(candidate, before, after)})
    parts = [f"stride {'..'.join(map(str, strides[:: max(1, len(strides) - 1)]))}"] if strides else []
    known = [type.shape for type in after if type is not None and type.known]
    if known and len({len(shape) for shape in known}) == 1:
        columns = [sorted(set(column)) for column in zip(*known, strict=True)]
        parts.append(TIMES.join(str(c[0]) if len(c) == 1 else f"{c[0]}..{c[-1]}" for c in columns))
    return ", ".join(parts)


def _strides(
    candidate: Candidate, before: tuple[TensorType | None, ...] | None, after: tuple[TensorType | None, ...]
) -> set[int]:
    inside, out = candidate.body.nodes[0].type if candidate.body.arity else None, after[candidate.target]
    if inside is None and before is not None:
        inside = before[candidate.source]
    if inside is None or out is None or inside.kind != "image" or out.kind != "image":
        return set()
    return {max(1, round(inside.shape[1] / out.shape[1]))}
