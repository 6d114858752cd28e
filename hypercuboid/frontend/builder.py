"""Building a body: nodes are appended in source order, outer tensors are captured as inputs, dead nodes are dropped."""

from __future__ import annotations

from hypercuboid.diagnostics import Span
from hypercuboid.frontend.elaborated import Body, InputNode, Node
from hypercuboid.frontend.values import Tensor
from hypercuboid.ops.base import TensorType
from hypercuboid.records import replace


class Builder:
    """A body in the making. `parent` is the body that holds it; tensors of outer bodies are captured on use."""

    def __init__(self, parent: Builder | None = None) -> None:
        self.parent = parent
        self.nodes: list[Node] = []
        self.captured: list[tuple[Tensor, int]] = []
        self._positions: dict[tuple[int, int], int] = {}
        self._names: dict[str, int] = {}

    def input(self, name: str, type: TensorType, span: Span) -> Tensor:
        return self.add(InputNode(name, type, span))

    def add(self, node: Node) -> Tensor:
        self.nodes.append(node)
        return Tensor(self, len(self.nodes) - 1, node.type)

    def unique(self, name: str) -> str:
        """`name`, or `name@2`, `name@3`, ... where it was given before in this body."""
        count = self._names.get(name, 0) + 1
        self._names[name] = count
        return name if count == 1 else f"{name}@{count}"

    def position(self, tensor: Tensor, span: Span) -> int:
        """The position of a tensor in this body; an outer one becomes an input of this body."""
        if tensor.builder is self:
            return tensor.index
        assert self.parent is not None, "a tensor of a foreign body"
        key = (id(tensor.builder), tensor.index)
        if key not in self._positions:
            inner = self.input(f"input{len(self.captured)}", tensor.type, span)
            self._positions[key] = inner.index
            self.captured.append((tensor, inner.index))
        return self._positions[key]

    def finish(self, output: Tensor, span: Span, aux: Tensor | None = None, *, whole: bool = False) -> Body:
        """The body of what `output` (and `aux`) needs: inputs first, then live nodes in source order.

        Of the declared inputs those stay that are needed, all of them if `whole`; of the captured ones those that are
        needed, which `captured` then lists in order.
        """
        result = self.position(output, span)
        training = None if aux is None else self.position(aux, span)
        live = self._live([result] if training is None else [result, training])
        captured = {index for _, index in self.captured}
        self.captured = [(tensor, index) for tensor, index in self.captured if index in live]
        inputs = [i for i, node in enumerate(self.nodes) if isinstance(node, InputNode) and i not in captured]
        declared = [i for i in inputs if whole or i in live]
        inputs = declared + [index for _, index in self.captured]
        order = inputs + [i for i in sorted(live) if not isinstance(self.nodes[i], InputNode)]
        new = {old: position for position, old in enumerate(order)}
        new[-1] = -1
        nodes = tuple(_moved(self.nodes[old], new) for old in order)
        return Body(nodes, len(inputs), new[result], None if training is None else new[training])

    def _live(self, roots: list[int]) -> set[int]:
        live: set[int] = set()
        waiting = list(roots)
        while waiting:
            index = waiting.pop()
            if index in live or index < 0:
                continue
            live.add(index)
            waiting.extend(self.nodes[index].inputs)
        return live


def _moved(node: Node, new: dict[int, int]) -> Node:
    inputs = tuple(new[i] for i in node.inputs)
    return node if isinstance(node, InputNode) or inputs == node.inputs else replace(node, inputs=inputs)


class StateBuilder(Builder):
    """The scope of a cuboid's steps: positions below the number of states are states, the rest captured tensors."""

    def __init__(self, parent: Builder, states: int) -> None:
        super().__init__(parent)
        self.states = states
        self._captures: dict[tuple[int, int], int] = {}
        self.outer: list[Tensor] = []

    def state(self, number: int, type: TensorType) -> Tensor:
        return Tensor(self, number, type)

    def position(self, tensor: Tensor, span: Span) -> int:
        if tensor.builder is self:
            return tensor.index
        key = (id(tensor.builder), tensor.index)
        if key not in self._captures:
            self._captures[key] = self.states + len(self.outer)
            self.outer.append(tensor)
        return self._captures[key]
