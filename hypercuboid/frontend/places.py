"""Where a body stands in the whole network: what its instances and decisions are called at the top."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from hypercuboid.frontend.elaborated import Coordinates, TrellisNode, UseNode, full_name
from hypercuboid.records import dataclass

Address: TypeAlias = tuple[str, Coordinates]
"""A decision at one coordinate: its name and the coordinates in front of its alternatives."""


@dataclass(frozen=True)
class Place:
    """What stands in front of the names of a body.

    `shared` gives the full name of a shared instance, `decision` the name and coordinates at the top of a decision,
    both from what the frame of the body calls them.
    """

    prefix: str
    shared: Callable[[str], str]
    decision: Callable[[str, Coordinates], Address]

    def name(self, own: str) -> str:
        """The full name of an instance of the body."""
        return full_name(self.prefix, own)

    def inside(self, component: str) -> Place:
        """The place of a body that a node of this one holds in the same frame."""
        return replace(self, prefix=self.name(component))

    def use(self, node: UseNode) -> Place:
        """The place of the definition that a node uses."""
        prefix = self.name(node.name) if node.instance is None else self.shared(node.instance)

        def shared(name: str) -> str:
            return self.shared(node.instances[name]) if name.startswith("^") else full_name(prefix, name)

        def decision(name: str, coordinates: Coordinates) -> Address:
            front = () if name.startswith("^") else node.coordinates
            return self.decision(node.decisions.get(name, name), (*front, *coordinates))

        return Place(prefix, shared, decision)

    def step(self, node: TrellisNode, depth: Coordinates) -> Place:
        """The place of the candidates of a cuboid's step at these depth coordinates; shared decisions have none."""
        outer = len(node.coordinates)

        def decision(name: str, coordinates: Coordinates) -> Address:
            if not node.owns(name):
                return self.decision(name, coordinates)
            return self.decision(name, (*coordinates[:outer], *depth, *coordinates[outer:]))

        return replace(self, decision=decision)


TOP = Place("", lambda name: name, lambda name, coordinates: (name, coordinates))
"""The place of the body of the whole network."""
