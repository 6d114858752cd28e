"""What decisions and shared parameters inside of a use are called outside."""

from __future__ import annotations

from hypercuboid.frontend.elaborated import Coordinates, UseNode, full_name
from hypercuboid.graph.forest import Address, Rename, Weights
from hypercuboid.records import replace


def below(name: str, weights: Weights) -> Weights:
    """Shared parameters as they are called outside of what is called `name`."""
    return weights if weights.instance is not None else replace(weights, part=full_name(name, weights.part))


def of_use(node: UseNode, weights: Weights) -> Weights:
    """Shared parameters inside a use as they are called outside: an instance of the definition stays inside."""
    instance, part = weights.instance, weights.part
    if instance is not None and instance.startswith("^"):
        return replace(weights, instance=node.instances[instance])
    part = part if instance is None else full_name(instance, part)
    if node.instance is not None:
        return replace(weights, instance=node.instance, part=part)
    return replace(weights, instance=None, part=full_name(node.name, part))


def renaming(node: UseNode) -> Rename:
    def rename(name: str, coordinates: Coordinates) -> Address:
        front = () if name.startswith("^") else node.coordinates
        return node.decisions.get(name, name), (*front, *coordinates)

    return rename
