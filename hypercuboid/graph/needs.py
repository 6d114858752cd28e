"""When something that lives reads a node of a body: the backward half of `conditions`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from hypercuboid.frontend.elaborated import Body, StateNode, TopNode, TrellisNode
from hypercuboid.frontend.reads import Reads
from hypercuboid.graph.conditions import ALWAYS, MAYBE, Condition, Port, at, both, either


class Needs:
    """Where each node of a body lives, given where it is not missing.

    Auxiliary outputs need nothing (counts leave them out).
    """

    def __init__(self) -> None:
        self._reads = Reads(sure=True, values=False)

    def inputs_read(self, body: Body) -> tuple[bool, ...]:
        """Per input of a body: whether its output reads it whatever is decided inside."""
        return self._reads.inputs_read(body)

    def conditions(
        self,
        body: Body,
        full: dict[Port, frozenset[int]],
        available: list[Condition],
        root: int,
        among: Iterable[int] | None = None,
    ) -> dict[int, Condition]:
        """The condition under which each node lives where node `root` does; impossible for what nothing reads.

        `among` are the nodes that are asked for, if not all: nothing but they and `root` may read them.
        """
        claims: dict[int, list[Condition]] = defaultdict(list)
        claims[root].append(ALWAYS)
        found: dict[int, Condition] = {}
        for position in sorted(range(len(body.nodes)) if among is None else among, reverse=True):
            found[position] = both(either(claims[position], full), available[position])
            if not found[position].impossible:
                self._claim(body, position, found[position], claims)
        return found

    def _claim(self, body: Body, position: int, own: Condition, claims: dict[int, list[Condition]]) -> None:
        node = body.nodes[position]
        if isinstance(node, TopNode):
            for source in self._reads.common(body)[position]:
                claims[source].append(own)
        for slot, (source, sure) in enumerate(zip(node.inputs, self._reads.slots(node), strict=True)):
            if source < 0:
                continue
            condition = own if sure else both(own, MAYBE)
            if isinstance(node, TrellisNode):
                entered = slot < len(node.state_labels)
                condition = at(("in", position), frozenset((slot,))) if entered else (ALWAYS if sure else MAYBE)
            elif isinstance(node, StateNode):
                condition = Condition(tuple(port for port in own.ports if port[0] == ("out", source)), own.optional)
            claims[source].append(condition)
