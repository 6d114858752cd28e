"""When something that lives reads a node of a body: the backward half of `conditions`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TypeAlias

from hypercuboid.frontend.elaborated import Body, Node, StateNode, TopNode, TrellisNode
from hypercuboid.frontend.reads import Reads
from hypercuboid.graph.available import missing_inputs
from hypercuboid.graph.conditions import ALWAYS, MAYBE, Condition, Port, Ports, at, both, either

Slot: TypeAlias = tuple[int, int]
"""A node of a body and the number of one of its inputs."""

Claims: TypeAlias = Sequence[Condition]
"""Per input of a node that lives when it reads it."""

Reading: TypeAlias = Callable[[Node, frozenset[int]], Claims]
"""The claims of a node some of whose inputs, given by their numbers, are missing."""


class Needs:
    """Where each node of a body lives, given where it is not missing.

    Auxiliary outputs need nothing (counts leave them out).
    """

    def __init__(self) -> None:
        self._reads = Reads(sure=True, values=False)

    def inputs_read(self, body: Body) -> tuple[bool, ...]:
        """Per input of a body: whether its output reads it whatever is decided inside."""
        return self._reads.inputs_read(body)

    def slots(self, node: Node) -> list[bool]:
        """Per input of a node: whether it is read whatever is decided inside."""
        return self._reads.slots(node)

    def conditions(
        self,
        body: Body,
        full: Ports,
        available: list[Condition],
        root: int,
        reading: Reading,
        told: Collection[Slot] = (),
        among: Iterable[int] | None = None,
    ) -> dict[int, Condition]:
        """The condition under which each node lives where node `root` does; impossible for what nothing reads.

        `told` are the inputs that have a port of the kind "reads". `among` are the nodes that are asked for, if not
        all: nothing but they and `root` may read them.
        """
        claims: dict[int, list[Condition]] = defaultdict(list)
        claims[root].append(ALWAYS)
        found: dict[int, Condition] = {}
        for position in sorted(range(len(body.nodes)) if among is None else among, reverse=True):
            own = both(either(claims[position], full), available[position])
            found[position] = own
            if own.impossible:
                continue
            gone = missing_inputs(body.nodes[position], available)
            slots = reading(body.nodes[position], gone) if gone else self._slots(body.nodes[position])
            if told:
                slots = [
                    at(Port("reads", position, slot), frozenset((1,))) if (position, slot) in told else one
                    for slot, one in enumerate(slots)
                ]
            self._claim(body, position, own, slots, claims)
        return found

    def _slots(self, node: Node) -> Claims:
        return [ALWAYS if sure else MAYBE for sure in self._reads.slots(node)]

    def _claim(
        self, body: Body, position: int, own: Condition, slots: Claims, claims: dict[int, list[Condition]]
    ) -> None:
        node = body.nodes[position]
        if isinstance(node, TopNode):
            for source in self._reads.common(body)[position]:
                claims[source].append(own)
        for slot, (source, claim) in enumerate(zip(node.inputs, slots, strict=True)):
            if source < 0:
                continue
            condition = both(own, claim)
            if isinstance(node, StateNode):
                condition = without(own, Port("out", source))
            elif isinstance(node, TrellisNode) and slot < len(node.state_labels):
                condition = both(own, at(Port("in", position), frozenset((slot,))))
            claims[source].append(condition)


def without(condition: Condition, *ports: Port) -> Condition:
    """The condition as far as some ports do not decide it."""
    if condition.impossible or condition.entangled:
        return condition
    return Condition(tuple(one for one in condition.ports if one[0] not in ports), condition.optional)
