"""Classes of a generated file: units of equal structure share one; numbers that differ become its arguments."""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hypercuboid.ops import OPS
from hypercuboid.ops.base import Constructor, Expression, OpSource, Value
from hypercuboid.targets.source_text import identifier, names, parse, pascal, substituted, value_of
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
        if is_expression or name in op.literal or not _is_number(argument.value)
    }
    code = op.source({name: fixed.get(name, name) for name in item.arguments}, item.input_types, marks)
    return (place, item.name, item.inputs, item.op, code)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


# ---------------------------------------------------------------- arguments


class Slots:
    """Writes the numbers of one group: a literal where all units agree, else an expression in its parameters."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.known: dict[str, tuple[Any, ...]] = {}
        first = group.first
        for name, value in first.arguments.items():
            if _is_number(value):
                self.known[name] = tuple(unit.arguments.get(name) for unit in group.units)
        self.channel_names: dict[str, str] = {}
        for position, (name, type) in enumerate(first.inputs):
            if type.shape:
                self.known[f"{name}.c"] = tuple(unit.inputs[position][1].channels for unit in group.units)
                self.channel_names[f"{name}.c"] = "c_in" if len(first.inputs) == 1 else f"{name}_c"

    def write(self, values: Sequence[Any], texts: Sequence[str | None], hint: str) -> str:
        """An expression that gives `values[i]` in unit i."""
        if all(type(value) is type(values[0]) and value == values[0] for value in values):
            return repr(values[0])
        for text in dict.fromkeys(text for text in texts if text is not None):
            written = self._from_text(text, values)
            if written is not None:
                return written
        for name, vector in self.known.items():
            if vector == tuple(values):
                return self._parameter(self.channel_names.get(name, name), vector)
        return self._parameter(hint, tuple(values))

    def _from_text(self, text: str, values: Sequence[Any]) -> str | None:
        tree = parse(text)
        if tree is None or any(name not in self.known for name in names(tree)):
            return None
        for i, value in enumerate(values):
            try:
                found = value_of(tree, {name: self.known[name][i] for name in names(tree)})
            except (ArithmeticError, TypeError):
                return None
            if found != value or type(found) is not type(value):
                return None
        return substituted(text, {name: self._name(name) for name in names(tree)})

    def _name(self, name: str) -> str:
        vector = self.known[name]
        if all(value == vector[0] for value in vector):
            return repr(vector[0])
        alike = [other for other, values in self.known.items() if values == vector and other not in self.channel_names]
        name = alike[0] if alike else name
        return self._parameter(self.channel_names.get(name, name), vector)

    def _parameter(self, hint: str, vector: tuple[Any, ...]) -> str:
        parameters = self.group.parameters
        name = identifier(hint)
        while parameters.get(name, vector) != vector:
            name = identifier(hint, set(parameters))
        parameters[name] = vector
        return name

    def channels_of(self, items: list[Item], number: int) -> str:
        """The expression of the channels of an input of items, those of one use in each unit."""
        if items[0].inputs:
            return self.channels(items[0].inputs[number])
        return self.write([item.input_types[number].channels for item in items], [], "c_in")

    def channels(self, position: int) -> str:
        """The expression of the channels of the tensor at a position."""
        group = self.group
        values = [unit.type_at(position).channels for unit in group.units]
        count = len(group.first.inputs)
        if position < count:
            return self.write(values, [f"{group.first.inputs[position][0]}.c"], "c_in")
        items = group.items(position - count)
        given = [item.arguments["c"] for item in items if "c" in item.arguments]
        if len(given) == len(items) and [one.value for one in given] == values:
            return self.write(values, [one.text for one in given], "c")
        whole = items[0].input_types[0].kind != "several"
        if whole and values == [item.input_types[0].channels for item in items]:
            return self.channels(items[0].inputs[0])
        if items[0].op == "concat" and len({*values}) > 1 and tuple(values) not in self.known.values():
            return " + ".join(self.channels(one) for one in items[0].inputs)
        return self.write(values, [], "c")


def op_source(slots: Slots, items: list[Item]) -> OpSource:
    """The code of an op, in the names of the class; `items` are the op in each unit."""
    first = items[0]
    op = OPS[first.op]
    arguments = {
        name: _argument(slots, items, name, isinstance(first.arguments[name].value, int | float))
        for name in first.arguments
    }
    marks = tuple(f"__channels_{i}__" for i in range(len(first.input_types)))
    code = op.source(arguments, first.input_types, marks)
    text = code.text
    for number, mark in enumerate(marks):
        if mark in text:
            text = text.replace(mark, slots.channels_of(items, number))
    if isinstance(code, Constructor):
        return Constructor(text, code.call, code.layer)
    return Expression(text)


def _argument(slots: Slots, items: list[Item], name: str, number: bool) -> str:
    values: list[Value] = [item.arguments[name].value for item in items]
    return slots.write(values, [item.arguments[name].text for item in items] if number else [], name)


def unit_source(slots: Slots, items: list[Item], inner: Group) -> str:
    """The constructor call of a use, in the names of the class around it; `items` are the use in each unit."""
    index = {id(unit): place for place, unit in enumerate(inner.units)}
    parts: list[str] = []
    for name, vector in inner.parameters.items():
        values = [vector[index[id(item.unit)]] for item in items]
        texts = [item.arguments[name].text if name in item.arguments else None for item in items]
        default = default_of(inner, name)
        written = slots.channels_of(items, 0) if name == "c_in" else slots.write(values, texts, name)
        if default is None:
            parts.append(written)
        elif written != repr(default):
            parts.append(f"{name}={written}")
    return f"{inner.class_name}({', '.join(parts)})"


def default_of(group: Group, name: str) -> Any:
    """The default of a constructor argument: its most frequent value, for all but channels; None for none."""
    if name in ("c", "c_in") or name.endswith("_c"):
        return None
    vector = group.parameters[name]
    best = max(vector, key=vector.count)
    return best if 2 * vector.count(best) >= len(vector) else None


def ordered(group: Group) -> None:
    """Puts arguments in order: channels of inputs, then as the block declares them, those with a default last."""
    declared = list(group.first.arguments)

    def key(name: str) -> tuple[bool, bool, int]:
        channel = name == "c_in" or (name.endswith("_c") and name not in declared)
        place = declared.index(name) if name in declared else len(declared)
        return default_of(group, name) is not None, not channel, place

    group.parameters = {name: group.parameters[name] for name in sorted(group.parameters, key=key)}


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
            while name in taken:
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
