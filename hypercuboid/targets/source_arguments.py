"""Arguments of generated classes: a number where all units of a class agree, else an expression in its parameters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from hypercuboid.ops import OPS
from hypercuboid.ops.base import Constructor, Expression, OpSource, Value
from hypercuboid.targets.source_classes import Group, is_number
from hypercuboid.targets.source_text import identifier, names, parse, substituted, value_of
from hypercuboid.targets.source_units import Item

_SUM = re.compile(r"(?:(?<=\()|(?<=, ))\d+(?: \+ \d+)+(?=[,)])")
"""An argument that is a sum of numbers, such as the width of several inputs."""


class Slots:
    """Writes the numbers of one group: a literal where all units agree, else an expression in its parameters."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.known: dict[str, tuple[Any, ...]] = {}
        first = group.first
        for name, value in first.arguments.items():
            if is_number(value):
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
    text = _SUM.sub(lambda found: str(sum(map(int, found[0].split(" + ")))), text)
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
