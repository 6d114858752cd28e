"""Reads a cell off a body: numbered nodes of the source, and what stands on the edges between them."""

from __future__ import annotations

from collections import defaultdict

from hypercuboid.frontend.elaborated import Body, ChoiceNode, InputNode, Label, Node, UseNode
from hypercuboid.frontend.places import Place
from hypercuboid.targets.sheet import Cell, Edge, Row
from hypercuboid.targets.sheet_parts import edge_label, inline_choice, node_title, root
from hypercuboid.targets.sheet_rating import Ratings


def read_cell(name: str, body: Body, place: Place, ratings: Ratings) -> Cell:
    """The cell of a body that `is_cell`."""
    return _Reader(body, place, ratings).read(name)


class _Reader:
    """Groups the nodes of a body by the node of the source that they belong to, and finds what joins the groups."""

    def __init__(self, body: Body, place: Place, ratings: Ratings) -> None:
        self.body, self.place, self.ratings = body, place, ratings
        self.nodes: dict[str, str] = {}
        self.edges: dict[tuple[str, str], list[tuple[Row, ...]]] = defaultdict(list)
        self.sources: list[tuple[str, ...]] = []
        """For each node of the body, the drawn nodes that its value comes from."""

    def read(self, name: str) -> Cell:
        for position, node in enumerate(self.body.nodes):
            self._node(position, node)
        order = {key: place for place, key in enumerate(self.nodes)}
        edges = tuple(Edge(order[a], order[b], tuple(blocks)) for (a, b), blocks in self.edges.items())
        used = {edge.source for edge in edges} | {edge.target for edge in edges}
        assert used, "a cell has edges"
        return Cell(name, tuple(self.nodes.items()), self.body.arity, edges)

    def _node(self, position: int, node: Node) -> None:
        given = tuple(dict.fromkeys(key for i in node.inputs if i >= 0 for key in self.sources[i]))
        key = self._key(position, node)
        if key is None:
            self.sources.append(given)
            return
        self.nodes.setdefault(key, node_title(node, self.body))
        choice = inline_choice(node)
        if choice is not None:
            self._choice(key, node, choice)
        else:
            block = (self._use(node),) if isinstance(node, UseNode) else ()
            for source in given:
                if source != key and (block or (source, key) not in self.edges):
                    self.edges[source, key] += [block] if block else []
        self.sources.append((key,))

    def _key(self, position: int, node: Node) -> str | None:
        """The drawn node that a node belongs to; None where it only hands on what comes in."""
        if isinstance(node, InputNode):
            return node.name
        if "[" in root(node.name):
            return root(node.name)
        return "out" if position == self.body.output else None

    def _use(self, node: UseNode) -> Row:
        label = edge_label(node, self.place, self.ratings.kept)
        return Row(label, self.ratings.hue(label), f"{label}\n{node_title(node, self.body)}")

    def _choice(self, key: str, node: Node, choice: ChoiceNode) -> None:
        """The rows of a choice, by the node that each alternative reads."""
        place = self.place.use(node) if isinstance(node, UseNode) else self.place
        address = place.decision(choice.decision, choice.coordinates)
        rows: dict[str, list[Row]] = defaultdict(list)
        for one in choice.alternatives:
            inputs = one.inputs if choice is node else tuple(range(len(node.inputs)))
            read = [self.sources[node.inputs[i]] for i in inputs if i < len(node.inputs)]
            shown = self._shown(choice, one.label)
            for source in dict.fromkeys(key for keys in read for key in keys):
                rows[source].append(self.ratings.row(address, one, shown))
        for source, found in rows.items():
            if source != key:
                self.edges[source, key].append(tuple(found))

    def _shown(self, choice: ChoiceNode, label: tuple[Label, ...]) -> tuple[Label, ...]:
        """The label without what says which node is read: the place of the row says it."""
        if len(label) < 2 or len({one.inputs for one in choice.alternatives}) < 2:
            return label
        reads = {one.label[0]: one.inputs for one in choice.alternatives}
        return label[1:] if all(reads[one.label[0]] == one.inputs for one in choice.alternatives) else label
