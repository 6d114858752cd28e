"""Classes of a generated file: units of equal structure share one; numbers that differ become its arguments."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass, field
from typing import Any

from hypercuboid.ops import OPS
from hypercuboid.ops.base import Expression
from hypercuboid.targets.source_text import pascal
from hypercuboid.targets.source_units import Item, Unit


@dataclass(eq=False)
class Group:
    """Units of equal structure, in the order of their first use; `parameters` maps names to a value per unit."""

    units: list[Unit]
    class_name: str = ""
    parameters: dict[str, tuple[Any, ...]] = field(default_factory=dict)

    @property
    def first(self) -> Unit:
        return self.units[0]

    def items(self, position: int) -> list[Item]:
        return [unit.items[position] for unit in self.units]

    def share(self, name: str) -> list[Item]:
        """The instance that the first unit calls `name`, in each unit."""
        place = list(self.first.shares).index(name)
        return [list(unit.shares.values())[place] for unit in self.units]


class Groups:
    """All groups of a network, inner ones first; the network's own is the last."""

    def __init__(self, root: Unit) -> None:
        self.groups: list[Group] = []
        self.of: dict[int, int] = {}
        """The group of a unit by its identity."""
        self._by_signature: dict[object, int] = {}
        self._classes: dict[int, dict[str, set[object]]] = {}
        self._visit(root)
        self.use_names: dict[int, list[str]] = {}
        for group in self.groups:
            for unit in group.units:
                for item in unit.items:
                    if item.unit is not None:
                        self.use_names.setdefault(self.of[id(item.unit)], []).append(_last(item.place))

    def _visit(self, unit: Unit) -> int:
        if id(unit) in self.of:
            return self.of[id(unit)]
        instances = {name: i for i, name in enumerate((*unit.shares, *unit.modules))}
        everything = (*unit.items, *unit.shares.values())
        inner = [None if item.unit is None else self._visit(item.unit) for item in everything]
        parts = tuple(
            (_signature(item, number), tuple(instances[name] for name in item.instances))
            for item, number in zip(everything, inner, strict=True)
        )
        inputs = tuple(name for name, _ in unit.inputs)
        signature = (unit.name, unit.is_scan, inputs, parts, len(unit.shares), unit.output, unit.aux)
        if signature not in self._by_signature:
            self._by_signature[signature] = len(self.groups)
            self.groups.append(Group([]))
        number = self._by_signature[signature]
        self.groups[number].units.append(unit)
        self.of[id(unit)] = number
        return number

    def group_of(self, item: Item) -> Group:
        return self.groups[self.of[id(item.unit)]]

    def classes_of(self, unit: Unit) -> dict[str, set[object]]:
        """By the names of the instances that a unit uses, what they are used as: groups, or ops by name."""
        if id(unit) not in self._classes:
            self._classes[id(unit)] = self._found_classes(unit)
        return self._classes[id(unit)]

    def _found_classes(self, unit: Unit) -> dict[str, set[object]]:
        found: dict[str, set[object]] = {name: set() for name in (*unit.shares, *unit.modules)}
        for item in unit.items:
            if item.instance:
                found[item.instance].add((item.op, item.name) if item.unit is None else self.of[id(item.unit)])
            if item.unit is not None and item.modules:
                inner = self.classes_of(item.unit)
                for name, outer in zip(item.unit.modules, item.modules, strict=True):
                    found[outer] |= inner[name]
        return found


def _last(place: str) -> str:
    return place.rpartition("]")[2].rpartition(".")[2] or place


def _signature(item: Item, inner: int | None) -> object:
    """Equal for items whose code is equal but for numbers; what is handed in is called alike in all units."""
    place = item.place.rpartition(".")[0] if item.instance else item.place
    if item.unit is not None:
        return (place, item.name, item.inputs, inner)
    op = OPS[item.op]
    plain = {name: repr(argument.value) for name, argument in item.arguments.items()}
    marks = tuple(f"c{i}" for i in range(len(item.input_types)))
    is_expression = isinstance(op.source(plain, item.input_types, marks), Expression)
    fixed = {
        name: repr(argument.value)
        for name, argument in item.arguments.items()
        if is_expression or name in op.literal or not is_number(argument.value)
    }
    code = op.source({name: fixed.get(name, name) for name in item.arguments}, item.input_types, marks)
    return (place, item.name, item.inputs, item.op, code)


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


# ---------------------------------------------------------------- names of classes


def name_classes(groups: Groups, root_name: str, taken: set[str]) -> None:
    """One name per class: that of its block, with a suffix that tells structures of one block apart."""
    root = groups.groups[-1]
    root.class_name = root_name if re.fullmatch("[A-Z][0-9A-Za-z_]*", root_name) else pascal(root_name)
    if root.class_name in taken or keyword.iskeyword(root.class_name):
        root.class_name += "Network"
    taken = {*taken, root.class_name}
    seen: dict[str, list[int]] = {}
    for number, group in enumerate(groups.groups[:-1]):
        seen.setdefault(group.first.name, []).append(number)
    for block, members in seen.items():
        for number in members:
            group = groups.groups[number]
            wanted = pascal(block) + ("" if len(members) == 1 else _suffix(groups, number, members))
            name, count = wanted, 1
            while name in taken or keyword.iskeyword(name):
                count += 1
                name = f"{wanted}{count}"
            group.class_name = name
            taken.add(name)


def _suffix(groups: Groups, number: int, members: list[int]) -> str:
    """What tells a group from the others of its block: how its uses are called, else what only it holds."""
    block = groups.groups[number].first.name
    uses = set(groups.use_names.get(number, []))
    suffix = pascal(min(uses)) if len(uses) == 1 and uses != {block} else ""
    alike = [other for other in members if set(groups.use_names.get(other, [])) == uses]
    if alike[0] == number or len(alike) == 1:
        return suffix
    mine, base = _parts(groups, number), _parts(groups, alike[0])
    extra = [part for part in mine if part not in base]
    lost = [part for part in base if part not in mine]
    if extra:
        return suffix + pascal(extra[0])
    return suffix + (f"Without{pascal(lost[0])}" if lost else "")


def _parts(groups: Groups, number: int) -> list[str]:
    """The names of what a group is made of."""
    items = groups.groups[number].first.items
    return [item.op if item.unit is None else item.unit.name for item in items]
