"""What reads what: surely, whatever is decided, or perhaps, in some architecture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from hypercuboid.frontend.elaborated import (
    Alternative,
    Body,
    ChoiceNode,
    InputNode,
    Node,
    ScanNode,
    TopNode,
    TrellisNode,
    UseNode,
)
from hypercuboid.frontend.zeros import is_zero, zero_nodes

Zeros: TypeAlias = tuple[bool, ...]
"""Which inputs are zero."""


class Reads:
    """Reading among the nodes of a body. `sure`: in every architecture, else in some.

    `values`: what is zero reads nothing, since nothing of what it is made of is left in it. Bodies remember what they
    read, and choices that share their alternatives are looked at once.
    """

    def __init__(self, sure: bool, values: bool) -> None:
        self.sure = sure
        self.values = values
        self._inside: dict[tuple[int, Zeros], list[set[int]]] = {}
        self._common: dict[int, dict[int, set[int]]] = {}
        self._alive: list[object] = []
        """What the keys have the ids of: an id is a key only while its owner lives."""

    def inputs_read(self, body: Body, zeros: Zeros = ()) -> tuple[bool, ...]:
        """Per input of a body whether its output reads it; `zeros` are the inputs that are zero."""
        known: dict[object, tuple[bool, ...]] = body.passes.setdefault("reads", {})
        key = (self.sure, self.values, zeros)
        if key not in known:
            read = self.behind(body.nodes, [body.output], zeros)
            known[key] = tuple(i in read or i == body.output for i in range(body.arity))
        return known[key]

    def behind(self, nodes: Sequence[Node], roots: Iterable[int], zeros: tuple[bool, ...] = ()) -> set[int]:
        """The nodes that one of the roots reads, through others too; a root only where another reads it."""
        return self._behind(nodes, set(roots), self._zero(nodes, zeros))

    def readers(self, nodes: Sequence[Node], targets: set[int]) -> set[int]:
        """The nodes that read one of the targets, through others too."""
        zero = self._zero(nodes, ())
        hit: list[bool] = []
        for position, node in enumerate(nodes):
            found = [source >= 0 and (source in targets or hit[source]) for source in node.inputs]
            hit.append(not (self.values and zero[position]) and self._hits(node, found, zero))
        return {position for position, one in enumerate(hit) if one}

    def _zero(self, nodes: Sequence[Node], zeros: tuple[bool, ...]) -> Sequence[bool]:
        return zero_nodes(nodes, zeros) if self.values else ()

    def slots(self, node: Node, zero: Sequence[bool] = ()) -> list[bool]:
        """Per input of a node whether it is read, given which nodes of its body are zero.

        Of `sum top` and of the states that enter a cuboid none is sure; see `_scan`.
        """
        if isinstance(node, UseNode):
            return list(
                self.inputs_read(node.definition.body, tuple(zero[i] for i in node.inputs) if self.values else ())
            )
        if isinstance(node, ScanNode):
            return [True, True, *self.inputs_read(node.body, self._scanned(node, zero))[2:]]
        if isinstance(node, ChoiceNode):
            sets = self._read_inside(node, zero)
            return [self._together(slot in one for one in sets) for slot in range(len(node.inputs))]
        if isinstance(node, TopNode):
            return [not self.sure or node.count == len(node.inputs)] * len(node.inputs)
        if isinstance(node, TrellisNode):
            return self._trellis(node)
        return [True] * len(node.inputs)

    def _scanned(self, node: ScanNode, zero: Sequence[bool]) -> tuple[bool, ...]:
        """Which inputs of the body are zero at every position."""
        if not self.values:
            return ()
        sequence, state, *captured = (zero[i] for i in node.inputs)
        stays = is_zero(node.body, (sequence, state, *captured))
        return (sequence, state and stays, *captured)

    def _together(self, each: Iterable[bool]) -> bool:
        return all(each) if self.sure else any(each)

    def _read_inside(self, node: ChoiceNode, zero: Sequence[bool]) -> list[set[int]]:
        """Per alternative the inputs of the choice that it reads."""
        zeros = tuple(zero[source] for source in node.inputs) if self.values else ()
        key = (id(node.alternatives), zeros)
        if key not in self._inside:
            self._alive.append(node.alternatives)
            self._inside[key] = [self._slots_read(one, zeros) for one in node.alternatives]
        return self._inside[key]

    def _slots_read(self, alternative: Alternative, zeros: Zeros) -> set[int]:
        flags = tuple(zeros[slot] for slot in alternative.inputs) if self.values else ()
        read = self.inputs_read(alternative.body, flags)
        return {slot for slot, one in zip(alternative.inputs, read, strict=True) if one}

    def _trellis(self, node: TrellisNode) -> list[bool]:
        """A captured tensor is sure where every candidate of some step reads it."""
        count = len(node.state_labels)
        entered = [source >= 0 for source in node.inputs[:count]]
        alone = not self.sure or sum(entered) == 1
        templates = {id(step.candidates): step.candidates for step in node.steps}.values()
        steps = [
            [{slot for slot, r in zip(c.inputs, self.inputs_read(c.body), strict=True) if r} for c in candidates]
            for candidates in templates
        ]
        captured = [
            any(self._together(slot in one for one in step) for step in steps)
            for slot in range(count, len(node.inputs))
        ]
        return [alone and one for one in entered] + captured

    def common(self, body: Body) -> dict[int, set[int]]:
        """Per `sum top` of a body what is read by so many of its terms that any that are kept read it."""
        if id(body) not in self._common:
            self._alive.append(body)
            shared = self._scan(body.nodes, set(), ())[1]
            tops = (i for i, node in enumerate(body.nodes) if isinstance(node, TopNode))
            self._common[id(body)] = {position: members(shared[position]) for position in tops}
        return self._common[id(body)]

    def _behind(self, nodes: Sequence[Node], roots: set[int], zero: Sequence[bool]) -> set[int]:
        """Backwards from the roots; where something is read whichever of several is kept, forwards as sets of bits."""
        if self.sure and any(isinstance(node, TopNode | TrellisNode) for node in nodes):
            return members(self._scan(nodes[: max(roots, default=-1) + 1], roots, zero)[0])
        read: set[int] = set()
        for position in range(max(roots, default=-1), -1, -1):
            node = nodes[position]
            silent = (self.values and zero[position]) or isinstance(node, InputNode)
            if not silent and (position in roots or position in read):
                read.update(s for s, one in zip(node.inputs, self.slots(node, zero), strict=True) if one and s >= 0)
        return read

    def _scan(self, nodes: Sequence[Node], roots: set[int], zero: Sequence[bool]) -> tuple[int, dict[int, int]]:
        """What the roots read, as bits, and what each `sum top` and cuboid reads whichever of its inputs is kept.

        What a node reads is kept while a later one may ask for it: that is all nodes times all nodes at worst.
        """
        last = {source: position for position, node in enumerate(nodes) for source in node.inputs}
        closed: dict[int, int] = {}
        shared: dict[int, int] = {}
        for position, node in enumerate(nodes):
            read = 0
            if not (self.values and zero[position]) and not isinstance(node, InputNode):
                for source, one in zip(node.inputs, self.slots(node, zero), strict=True):
                    read |= closed[source] | 1 << source if one and source >= 0 else 0
                if isinstance(node, TopNode | TrellisNode):
                    shared[position] = self._shared(node, closed)
                    read |= shared[position]
            closed[position] = read
            for source in node.inputs:
                if last[source] == position and source not in roots:
                    closed.pop(source, None)
        found = 0
        for root in roots:
            found |= closed[root]
        return found, shared

    def _shared(self, node: TopNode | TrellisNode, closed: dict[int, int]) -> int:
        entered = node.inputs if isinstance(node, TopNode) else node.inputs[: len(node.state_labels)]
        kept = node.count if isinstance(node, TopNode) else 1
        return lacked_by_fewer([closed[source] | 1 << source for source in entered if source >= 0], kept)

    def _hits(self, node: Node, found: list[bool], zero: Sequence[bool]) -> bool:
        if isinstance(node, ChoiceNode):
            sets = self._read_inside(node, zero)
            return self._together(any(found[slot] for slot in one) for one in sets)
        if isinstance(node, TopNode) and self.sure:
            return found.count(False) < node.count
        read = self.slots(node, zero)
        if isinstance(node, TrellisNode) and self.sure:
            entered = [found[slot] for slot in range(len(node.state_labels)) if node.inputs[slot] >= 0]
            if entered and all(entered):
                return True
        return any(one and hit for one, hit in zip(read, found, strict=True))


def lacked_by_fewer(sets: Sequence[int], limit: int) -> int:
    """The members of sets of bits that fewer than `limit` of the sets lack; counted for all members at once.

    `planes[i]` holds bit i of the count of each member.
    """
    everything = 0
    for one in sets:
        everything |= one
    planes: list[int] = []
    for one in sets:
        carry = everything & ~one
        for i, plane in enumerate(planes):
            planes[i], carry = plane ^ carry, plane & carry
        if carry:
            planes.append(carry)
    fewer, equal = 0, everything
    for i in range(max(len(planes), limit.bit_length()) - 1, -1, -1):
        plane = planes[i] if i < len(planes) else 0
        if limit >> i & 1:
            fewer |= equal & ~plane
        equal &= plane if limit >> i & 1 else ~plane
    return fewer


def members(bits: int) -> set[int]:
    """The positions of the bits that are set."""
    text = f"{bits:b}"[::-1]
    return {position for position, one in enumerate(text) if one == "1"}
