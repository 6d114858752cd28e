"""What reads what: surely, whatever is decided, or perhaps, in some architecture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hypercuboid.frontend.elaborated import Body, ChoiceNode, InputNode, Node, TopNode, TrellisNode, UseNode
from hypercuboid.frontend.zeros import zero_nodes


class Reads:
    """Reading among the nodes of a body. `sure`: in every architecture, else in some.

    `values`: what is zero reads nothing, since nothing of what it is made of is left in it. Bodies are memoised.
    """

    def __init__(self, sure: bool, values: bool) -> None:
        self.sure = sure
        self.values = values
        self._inputs: dict[tuple[int, tuple[bool, ...]], tuple[bool, ...]] = {}
        self._kept: list[Body] = []

    def inputs_read(self, body: Body, zeros: tuple[bool, ...] = ()) -> tuple[bool, ...]:
        """Per input of a body whether its output reads it; `zeros` are the inputs that are zero."""
        key = (id(body), zeros)
        if key not in self._inputs:
            self._kept.append(body)  # an id is a key only while its body lives
            read = self.behind(body.nodes, [body.output], zeros)
            self._inputs[key] = tuple(i in read or i == body.output for i in range(body.arity))
        return self._inputs[key]

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

        Of `sum top` and of the states that enter a cuboid none is sure; see `common`.
        """
        if isinstance(node, UseNode):
            return list(
                self.inputs_read(node.definition.body, tuple(zero[i] for i in node.inputs) if self.values else ())
            )
        if isinstance(node, ChoiceNode):
            sets = [self._read_inside(a.body, a.inputs, node, zero) for a in node.alternatives]
            return [self._together(slot in one for one in sets) for slot in range(len(node.inputs))]
        if isinstance(node, TopNode):
            return [not self.sure or node.count == len(node.inputs)] * len(node.inputs)
        if isinstance(node, TrellisNode):
            return self._trellis(node)
        return [True] * len(node.inputs)

    def _together(self, each: Iterable[bool]) -> bool:
        return all(each) if self.sure else any(each)

    def _read_inside(self, body: Body, inputs: Sequence[int], node: Node, zero: Sequence[bool]) -> set[int]:
        flags = tuple(zero[node.inputs[slot]] for slot in inputs) if self.values else ()
        return {slot for slot, read in zip(inputs, self.inputs_read(body, flags), strict=True) if read}

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

    def _direct(self, nodes: Sequence[Node], position: int, zero: Sequence[bool]) -> set[int]:
        """What a node reads, and what it reads whichever of its terms or states is kept."""
        node = nodes[position]
        if (self.values and zero[position]) or isinstance(node, InputNode):
            return set()
        read = {s for s, one in zip(node.inputs, self.slots(node, zero), strict=True) if one and s >= 0}
        if self.sure and isinstance(node, TopNode):
            read |= self.common(nodes, node.inputs, node.count, zero)
        if self.sure and isinstance(node, TrellisNode):
            entered = [source for source in node.inputs[: len(node.state_labels)] if source >= 0]
            read |= self.common(nodes, entered, 1, zero)
        return read

    def common(self, nodes: Sequence[Node], sources: Sequence[int], kept: int, zero: Sequence[bool] = ()) -> set[int]:
        """What is read by so many of the sources that any `kept` of them read it."""
        sets = [{source} | self._behind(nodes, {source}, zero) for source in sources]
        everything = set().union(*sets)
        return {p for p in everything if sum(p not in one for one in sets) < kept}

    def _behind(self, nodes: Sequence[Node], roots: set[int], zero: Sequence[bool]) -> set[int]:
        read: set[int] = set()
        for position in range(max(roots, default=-1), -1, -1):
            if position in roots or position in read:
                read |= self._direct(nodes, position, zero)
        return read

    def _hits(self, node: Node, found: list[bool], zero: Sequence[bool]) -> bool:
        if isinstance(node, ChoiceNode):
            sets = [self._read_inside(a.body, a.inputs, node, zero) for a in node.alternatives]
            return self._together(any(found[slot] for slot in one) for one in sets)
        if isinstance(node, TopNode) and self.sure:
            return found.count(False) < node.count
        read = self.slots(node, zero)
        if isinstance(node, TrellisNode) and self.sure:
            entered = [found[slot] for slot in range(len(node.state_labels)) if node.inputs[slot] >= 0]
            if entered and all(entered):
                return True
        return any(one and hit for one, hit in zip(read, found, strict=True))
