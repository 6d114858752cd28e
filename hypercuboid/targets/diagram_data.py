"""What a picture of a cuboid shows, as one frozen value, and how it is read off a graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from hypercuboid.frontend.elaborated import Candidate, KeptPath, Label, TrellisNode, label_text
from hypercuboid.graph.decision import Decision
from hypercuboid.ops.base import TensorType
from hypercuboid.targets.diagram_costs import candidate_facts
from hypercuboid.targets.diagram_groups import group_ranks, group_sizes, index_of

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
    """A cuboid to be drawn. `lines` stand under the title; `shapes` are those of the states before the first step."""

    title: str
    lines: tuple[str, ...]
    states: tuple[str, ...]
    primitives: tuple[str, ...]
    steps: tuple[DrawnStep, ...]
    shapes: tuple[str, ...] = ()

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
    kept = {} if best is None else _kept(best, decision.name)
    bare = from_trellis(node, decision, values, kept)
    counts = graph.counts()
    title = f"{graph.space.name}   HC = {counts.tuple}" if counts.tuple else graph.space.name
    run = run_line(epoch, strategy, best)
    if best is not None and bare.path:
        run += f" (uniform {sum(op.uniform for op in bare.path if op.weight is not None):.4g})"
    body = graph.space.definition.body
    shapes = tuple(shape_text(body.nodes[i].type) if i >= 0 else "" for i in node.inputs[: len(node.state_labels)])
    return replace(
        bare, title=title, shapes=shapes, lines=(counts_line(counts), run) if run else (counts_line(counts),)
    )


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


def _kept(best: Selection, name: str) -> dict[tuple[Label, ...], KeptPath]:
    return {
        key: one
        for decided in best.decided
        if decided.name == name
        for key, all_kept in decided.kept.items()
        for one in all_kept
        if isinstance(one, KeptPath)
    }


def from_trellis(
    node: TrellisNode, decision: Decision, values: np.ndarray | None, kept: Mapping[tuple[Label, ...], KeptPath]
) -> Drawing:
    """The drawing of a cuboid, without title. `values` are weights in the order of the decision's axes."""
    primitives = tuple(dict.fromkeys(primitive_text(c.label) for s in node.steps for c in s.candidates))
    facts = candidate_facts(node)
    sizes, ranks = group_sizes(decision), group_ranks(decision, values)
    live = decision.reaching()
    steps, before = [], None
    for step in node.steps:
        chosen = kept.get(step.coordinates)
        ops = []
        for candidate in step.candidates:
            at = index_of(decision, step.coordinates, candidate, node)
            path = KeptPath(node.state_labels[candidate.source], node.state_labels[candidate.target], candidate.label)
            fact = facts[id(candidate.body)]
            ops.append(
                DrawnOp(
                    candidate.source,
                    candidate.target,
                    primitives.index(primitive_text(candidate.label)),
                    uniform=1.0 if step.decided else 1 / int(sizes[at]),
                    weight=None if values is None or step.decided else float(values[at]),
                    rank=0 if ranks is None or step.decided else int(ranks[at]),
                    params=fact.params,
                    macs=fact.macs,
                    place=fact.place,
                    kept=step.decided or chosen == path,
                    live=step.decided or bool(live[at]),
                )
            )
        name = ", ".join(
            f"{axis} {label_text(label)}" for axis, label in zip(node.depth, step.coordinates, strict=True)
        )
        shapes = tuple("" if one is None else shape_text(one) for one in step.types)
        note = step_note(step.candidates, before, step.types)
        steps.append(DrawnStep(name, note, tuple(ops), shapes, step.decided))
        before = step.types
    return Drawing("", (), tuple(map(label_text, node.state_labels)), primitives, tuple(steps))


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
