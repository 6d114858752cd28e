"""The order of the batched plan: ops of one kind wait for each other.

A stage is what lies between two weighted sums on the longest way from the input. Within one, a kind runs when no more
of its ops can become ready by running others; so it runs once wherever that is possible. (DyNet chooses by the mean
depth of a kind instead: Neubig et al. 2017, On-the-fly Operation Batching in Dynamic Computation Graphs.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hypercuboid.network.plans.batching.kinds import Kind, Kinds
from hypercuboid.network.plans.batching.steps import Total
from hypercuboid.network.steps import Mix, RunOp, Slot, Step
from hypercuboid.ops import OPS


@dataclass(frozen=True)
class Together:
    """Steps that run as one, of a kind; sums of one stage, and what runs by itself, have none."""

    kind: Kind | None
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class _Node:
    step: Step
    kind: Kind | None
    after: frozenset[int]
    """The places of the steps that must have run."""


def scheduled(steps: Sequence[Step]) -> list[Together]:
    """All steps; of one kind together as often as they can be."""
    nodes, stages = _nodes(steps), dict[int, list[int]]()
    of = [0] * len(nodes)
    for at, node in enumerate(nodes):
        of[at] = max((of[one] + isinstance(nodes[one].step, Total) for one in node.after), default=0)
        stages.setdefault(of[at], []).append(at)
    done: set[int] = set()
    return [together for stage in sorted(stages) for together in _of_stage(nodes, stages[stage], done)]


def _nodes(steps: Sequence[Step]) -> list[_Node]:
    """What has chance, or statistics or weights of which nothing is known, stays in its order."""
    kinds, made, last = Kinds(steps), dict[Slot, int](), set[int]()
    nodes: list[_Node] = []
    for at, step in enumerate(steps):
        kind = kinds(step)
        ordered = kind is None and not _free(step)
        nodes.append(
            _Node(
                step,
                kind,
                frozenset({made[slot] for slot in step.inputs if slot in made} | (last if ordered else set())),
            )
        )
        last = {at} if ordered else last
        made.update(dict.fromkeys(step.outputs, at))
    return nodes


def _free(step: Step) -> bool:
    """Whether it does not matter when it runs."""
    return isinstance(step, Mix | Total) or (isinstance(step, RunOp) and OPS[step.op].pure)


def _of_stage(nodes: Sequence[_Node], stage: Sequence[int], done: set[int]) -> Iterator[Together]:
    left = [at for at in stage if not isinstance(nodes[at].step, Total)]
    while left:
        chosen = _next(nodes, left, done)
        yield Together(nodes[chosen[0]].kind, tuple(nodes[at].step for at in chosen))
        done.update(chosen)
        left = [at for at in left if at not in done]
    totals = [at for at in stage if isinstance(nodes[at].step, Total)]
    if totals:
        yield Together(None, tuple(nodes[at].step for at in totals))
        done.update(totals)


def _next(nodes: Sequence[_Node], left: Sequence[int], done: set[int]) -> list[int]:
    """What runs by itself first; then the first kind of which no more can come; else the one with most."""
    ready: dict[Kind, list[int]] = {}
    for at in left:
        kind = nodes[at].kind
        if nodes[at].after <= done:
            if kind is None:
                return [at]
            ready.setdefault(kind, []).append(at)
    for kind, found in ready.items():
        if _reachable(nodes, left, done, kind) == len(found):
            return found
    return max(ready.values(), key=len)


def _reachable(nodes: Sequence[_Node], left: Sequence[int], done: set[int], kind: Kind) -> int:
    """How many of a kind could be ready before any of them runs."""
    known, count = set(done), 0
    for at in left:
        if nodes[at].after <= known:
            if nodes[at].kind == kind:
                count += 1
            else:
                known.add(at)
    return count
