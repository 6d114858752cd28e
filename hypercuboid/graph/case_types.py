"""The types of tensors in one case: a `concat` of which a part is missing is narrower, and so is what reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypercuboid.frontend.elaborated import Body, ChoiceNode, Node, OpNode, UseNode
from hypercuboid.graph.available import missing_inputs
from hypercuboid.graph.cases import Case
from hypercuboid.ops import OPS
from hypercuboid.ops.base import ShapeError, TensorType

if TYPE_CHECKING:
    from hypercuboid.graph.grow import Grower

TELLABLE = 8
"""States of a cuboid up to which a `concat` of them is told apart."""


class CaseTypes:
    """The types of the nodes of a body, one after the other. `exact`: each is one type, which is known."""

    def __init__(self, grower: Grower, body: Body, case: Case, shared: bool) -> None:
        self.grower, self.body, self.case, self.shared = grower, body, case, shared
        self.types: list[TensorType] = []
        self.exact = True

    def add(self, position: int, nonzero: bool) -> None:
        """The type of the next node; `nonzero` as for its group."""
        node, available = self.body.nodes[position], self.case.available
        there = [i for i in node.inputs if i >= 0 and not available[i].impossible]
        same = all(self.types[i] == self.body.nodes[i].type for i in there)
        if self.case.live[position].impossible or (
            isinstance(node, OpNode) and same and len(there) == len(node.inputs)
        ):
            self.types.append(node.type)
        elif isinstance(node, OpNode):
            self.types.append(self._inferred(node, [self.types[i] for i in there]))
        else:
            found = _output_types(self.grower, node, nonzero, self.shared, missing_inputs(node, available))
            self.exact &= same and len(found) == 1
            self.types.append(next(iter(found)) if len(found) == 1 else node.type)

    def _inferred(self, node: OpNode, inputs: list[TensorType]) -> TensorType:
        values = {name: argument.value for name, argument in node.arguments.items()}
        if all(one.known and one.settled for one in (*inputs, node.type)):
            try:
                return OPS[node.op].infer(values, tuple(inputs))
            except ShapeError:
                pass
        self.exact = False
        return node.type


def _output_types(grower: Grower, node: Node, nonzero: bool, shared: bool, missing: frozenset[int]) -> set[TensorType]:
    """The types that a node may have without some of its inputs; its own where it is not there at all."""
    found: set[TensorType] = set()
    if isinstance(node, UseNode):
        own = shared or node.instance is not None
        found = grower.types(node.definition.body, nonzero, own, missing)
    elif isinstance(node, ChoiceNode):
        for one in node.alternatives:
            gone = frozenset(i for i, slot in enumerate(one.inputs) if slot in missing)
            found |= grower.types(one.body, nonzero and not one.zero, shared, gone)
    return found or {node.type}
