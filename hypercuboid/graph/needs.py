"""When something that lives reads a node of a body: the backward half of `conditions`."""

from __future__ import annotations

from collections import defaultdict

from hypercuboid.frontend.elaborated import Body, ChoiceNode, StateNode, TopNode, TrellisNode
from hypercuboid.graph.conditions import ALWAYS, MAYBE, Condition, Port, at, both, either


class Needs:
    """Where each node of a body lives, given where it is not missing.

    Auxiliary outputs need nothing (counts leave them out). `inputs_read(body)` memoises across bodies.
    """

    def __init__(self) -> None:
        self._read: dict[int, tuple[bool, ...]] = {}

    def conditions(
        self, body: Body, full: dict[Port, frozenset[int]], available: list[Condition], root: int
    ) -> list[Condition]:
        """The condition under which each node lives where node `root` does; impossible for what nothing reads."""
        claims: dict[int, list[Condition]] = defaultdict(list)
        claims[root].append(ALWAYS)
        found: list[Condition] = [ALWAYS] * len(body.nodes)
        for position in range(len(body.nodes) - 1, -1, -1):
            found[position] = both(either(claims[position], full), available[position])
            if not found[position].impossible:
                self._claim(body, position, found[position], claims)
        return found

    def _claim(self, body: Body, position: int, own: Condition, claims: dict[int, list[Condition]]) -> None:
        node = body.nodes[position]
        if isinstance(node, TopNode):
            for source in self._read_by_top(body, node):
                claims[source].append(own)
        for slot, (source, weak) in enumerate(zip(node.inputs, self._weak(body, position), strict=True)):
            if source < 0:
                continue
            condition = both(own, MAYBE) if weak else own
            if isinstance(node, TrellisNode):
                entered = slot < len(node.state_labels)
                condition = at(("in", position), frozenset((slot,))) if entered else (MAYBE if weak else ALWAYS)
            elif isinstance(node, StateNode):
                condition = Condition(tuple(port for port in own.ports if port[0] == ("out", source)), own.optional)
            claims[source].append(condition)

    def _weak(self, body: Body, position: int) -> list[bool]:
        """Per input: whether the node may live without reading it."""
        node = body.nodes[position]
        if isinstance(node, ChoiceNode):
            return [
                not all(self._reads(a.body, a.inputs, slot) for a in node.alternatives)
                for slot in range(len(node.inputs))
            ]
        if isinstance(node, TopNode):
            return [node.inputs.count(source) <= len(node.inputs) - node.count for source in node.inputs]
        if isinstance(node, TrellisNode):
            templates = {id(step.candidates): step.candidates for step in node.steps}.values()
            return [
                slot >= len(node.state_labels)
                and not any(all(self._reads(c.body, c.inputs, slot) for c in candidates) for candidates in templates)
                for slot in range(len(node.inputs))
            ]
        return [False] * len(node.inputs)

    def _reads(self, body: Body, inputs: tuple[int, ...], slot: int) -> bool:
        read = self.inputs_read(body)
        return any(source == slot and read[i] for i, source in enumerate(inputs))

    def inputs_read(self, body: Body) -> tuple[bool, ...]:
        """Per input of a body: whether its output reads it whatever is decided inside."""
        if id(body) not in self._read:
            read = {body.output}
            for position in range(len(body.nodes) - 1, -1, -1):
                node = body.nodes[position]
                if position in read and not isinstance(node, StateNode | TopNode):
                    weak = self._weak(body, position)
                    read.update(source for source, w in zip(node.inputs, weak, strict=True) if not w)
                elif position in read and isinstance(node, StateNode):
                    read.add(node.inputs[0])
                elif position in read and isinstance(node, TopNode):
                    read |= self._read_by_top(body, node)
            self._read[id(body)] = tuple(i in read for i in range(body.arity))
        return self._read[id(body)]

    def _read_by_top(self, body: Body, node: TopNode) -> set[int]:
        """What is read by so many terms that one of them is kept."""
        sets = [self._behind(body, source) for source in node.inputs]
        everything = set().union(*sets)
        return {p for p in everything if sum(p not in one for one in sets) < node.count}

    def _behind(self, body: Body, position: int) -> set[int]:
        read = {position}
        for current in range(position, -1, -1):
            node = body.nodes[current]
            if current in read and not isinstance(node, TopNode):
                weak = self._weak(body, current)
                read.update(s for s, w in zip(node.inputs, weak, strict=True) if not w and s >= 0)
        return read
