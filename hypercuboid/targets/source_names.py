"""How weights are called in a generated file: from their full names in the graph to keys of its `state_dict()`."""

from __future__ import annotations

from collections.abc import Mapping

from hypercuboid.frontend.elaborated import full_name
from hypercuboid.ops import OPS
from hypercuboid.targets.source_classes import Groups
from hypercuboid.targets.source_steps import Order
from hypercuboid.targets.source_units import Item, Unit


def state_names(groups: Groups, orders: Mapping[int, Order]) -> dict[str, str]:
    """Full name of a parameter or buffer -> key, for the whole network."""
    known: dict[int, dict[str, str]] = {}
    for group in groups.groups:
        for unit in group.units:
            known[id(unit)] = _names_in(unit, orders[groups.of[id(unit)]], known)
    return known[id(groups.groups[-1].first)]


def _names_in(unit: Unit, order: Order, known: Mapping[int, dict[str, str]]) -> dict[str, str]:
    names: dict[str, str] = {}
    for (name, item), first in zip(unit.shares.items(), order.shares, strict=True):
        attribute = order.attributes[first].removeprefix("self.")
        names |= _names_of(item, attribute, full_name(name, item.name), known)
    for step in order.steps:
        for place, position in enumerate(step.positions):
            item = unit.items[position - len(unit.inputs)]
            prefix = step.attribute if len(step.positions) == 1 else f"{step.attribute}.{place}"
            if not item.instance:
                names |= _names_of(item, prefix, item.name, known)
    return names


def _names_of(item: Item, attribute: str, name: str, known: Mapping[int, dict[str, str]]) -> dict[str, str]:
    inner = {one: one for one in _state(item)} if item.unit is None else known[id(item.unit)]
    return {full_name(name, full): f"{attribute}.{key}" for full, key in inner.items()}


def _state(item: Item) -> list[str]:
    """The names of parameters and buffers that an op has."""
    import torch

    op = OPS[item.op]
    values = {name: argument.value for name, argument in item.arguments.items()}
    with torch.device("meta"):
        return list(op.build(values, item.input_types, item.type).state_dict())
