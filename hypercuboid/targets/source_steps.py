"""The order of a class: chains of layers become one attribute, everything else an expression of `forward`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from hypercuboid.ops.base import Constructor, OpSource
from hypercuboid.targets.source_text import identifier, snake
from hypercuboid.targets.source_units import Item, Unit


@dataclass(eq=False)
class Step:
    """One or more items computed together: a chain of layers in attribute `attribute`, or an expression."""

    positions: list[int]
    codes: list[OpSource]
    attribute: str = ""
    variable: str = ""

    @property
    def is_layer(self) -> bool:
        return isinstance(self.codes[0], Constructor)

    @property
    def output(self) -> int:
        return self.positions[-1]


@dataclass(eq=False)
class Order:
    """The steps of a unit. `uses[p]` says how often the tensor at position p is read, outputs included.

    `shares` is the code of the instances that its class makes, `attributes` what they and those that are handed in are
    called in the code.
    """

    unit: Unit
    steps: list[Step]
    uses: dict[int, int] = field(default_factory=dict)
    shares: dict[str, OpSource] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    training_only: set[int] = field(default_factory=set)
    """Positions that only the auxiliary output needs."""

    def item(self, position: int) -> Item:
        return self.unit.items[position - len(self.unit.inputs)]

    def inputs(self, step: Step) -> tuple[int, ...]:
        return self.item(step.positions[0]).inputs


def make_order(unit: Unit, codes: list[OpSource], shares: dict[str, OpSource]) -> Order:
    """Steps with names of their attributes and variables."""
    order = Order(unit, [], shares=shares)
    outputs = [unit.output] + ([] if unit.aux is None else [unit.aux])
    for position in [*outputs, *(input for item in unit.items for input in item.inputs)]:
        order.uses[position] = order.uses.get(position, 0) + 1
    order.training_only = _training_only(unit)
    for number, code in enumerate(codes):
        position = len(unit.inputs) + number
        if order.steps and _continues(order, order.steps[-1], position, code):
            order.steps[-1].positions.append(position)
            order.steps[-1].codes.append(code)
        else:
            order.steps.append(Step([position], [code]))
    _name(order)
    return order


def _training_only(unit: Unit) -> set[int]:
    if unit.aux is None:
        return set()
    needed: set[int] = set()
    waiting = [unit.output]
    while waiting:
        position = waiting.pop()
        if position in needed:
            continue
        needed.add(position)
        if position >= len(unit.inputs):
            waiting.extend(unit.items[position - len(unit.inputs)].inputs)
    count = len(unit.inputs)
    return {p for p in range(count, count + len(unit.items)) if p not in needed}


def _continues(order: Order, step: Step, position: int, code: OpSource) -> bool:
    """Whether a layer only carries on what the step before it computes."""
    item = order.item(position)
    if not isinstance(code, Constructor) or code.call or item.inputs != (step.output,) or not step.is_layer:
        return False
    if item.instances or order.item(step.output).instances:
        return False
    head = step.codes[0]
    assert isinstance(head, Constructor)
    if head.call or len(order.inputs(step)) != 1:
        return False
    if order.uses[step.output] != 1 or (position in order.training_only) != (step.output in order.training_only):
        return False
    return base_of(item) == base_of(order.item(step.output))


# ---------------------------------------------------------------- names


def components(place: str) -> list[str]:
    """A name cut at its dots, those inside brackets apart: `h[0,1][8,16][A].conv` is two."""
    return re.findall(r"(?:\[[^\]]*\]|[^.\[])+", place)


def base_of(item: Item) -> str:
    """The named thing that an item stands in, without indices: `h` of `h[0,1][8,16][A].conv`; empty for none."""
    parts = components(item.place)
    return parts[0].partition("[")[0] if len(parts) > 1 else ""


def _indexed(item: Item, groups: int) -> str:
    """The named thing with its first bracket groups as an identifier: `h_0_1`."""
    part = components(item.place)[0]
    found = re.findall(r"\[([^\]]*)\]", part)[:groups]
    return "_".join([part.partition("[")[0], *found])


def module_names(unit: Unit) -> dict[str, str]:
    """What `forward` calls the instances that are handed in: as their first use says, `project`."""
    taken = {identifier(name) for name, _ in unit.inputs}
    found: dict[str, str] = {}
    for name in unit.modules:
        item = next(item for item in unit.items if name in item.instances)
        own = components(item.place)[-1].partition("[")[0] if item.instance == name else name.rpartition("/")[2]
        found[name] = identifier(snake(own), taken)
        taken.add(found[name])
    return found


def _name_shares(order: Order) -> set[str]:
    """Names the instances; the attributes that are taken by them."""
    attributes: set[str] = set()
    for name in order.shares:
        own = identifier(snake(name), attributes)
        attributes.add(own)
        order.attributes[name] = f"self.{own}"
    order.attributes |= module_names(order.unit)
    return attributes


def _name(order: Order) -> None:
    attributes = _name_shares(order)
    layers = [step for step in order.steps if step.is_layer and not order.item(step.output).instance]
    families: dict[str, set[str]] = {}
    for item in order.unit.items:
        families.setdefault(base_of(item), set()).add(_indexed(item, 9))
    for step in order.steps:
        first, last = order.item(step.positions[0]), order.item(step.output)
        step.variable = _variable(families, last)
        if len(step.positions) > 1 and base_of(first) and _variable(families, first) != step.variable:
            step.variable = identifier(base_of(first))
    wanted = [step.variable or _unnamed(order, step) for step in layers]
    for step, name in zip(layers, wanted, strict=True):
        item = order.item(step.positions[0])
        if wanted.count(name) > 1 and base_of(item):
            name = _indexed(item, 2)
        if step.positions[0] in order.training_only and "aux" not in name:
            name = f"aux_{name}"
        step.attribute = identifier(name, attributes)
        attributes.add(step.attribute)
    if order.unit.aux is not None:
        for step in order.steps:
            if step.output == order.unit.output and not step.variable:
                step.variable = "logits"


def _unnamed(order: Order, step: Step) -> str:
    if len(step.positions) > 1:
        return "layers"
    item = order.item(step.positions[0])
    return snake(components(item.place)[-1].partition("[")[0] or item.op)


def _variable(families: Mapping[str, Set[str]], item: Item) -> str:
    """The name of the tensor of an item: that of the named thing it stands in; empty for none.

    Indices are left out where there is only one of that name (`families` holds the indexed names of each).
    """
    base = base_of(item)
    if not base:
        return ""
    if len(families[base]) == 1:
        return identifier(base)
    return identifier(_indexed(item, 1))
