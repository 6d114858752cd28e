"""What a generated file is made of: blocks without what leaves no trace in code (identities, blocks around one op)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from hypercuboid.frontend.elaborated import Body, Definition, InputNode, OpArgument, OpNode, UseNode
from hypercuboid.ops.base import TensorType
from hypercuboid.targets.source_text import substituted


@dataclass(frozen=True, eq=False)
class Item:
    """An op (`op`) or a use of a unit (`unit`). `name` is the full name inside its unit, `place` the one it shows."""

    name: str
    place: str
    inputs: tuple[int, ...]
    type: TensorType
    input_types: tuple[TensorType, ...]
    arguments: Mapping[str, OpArgument]
    op: str = ""
    unit: Unit | None = None


@dataclass(frozen=True, eq=False)
class Unit:
    """A block specialised to its arguments: positions below `len(inputs)` are inputs, the rest items in order."""

    name: str
    arguments: Mapping[str, object]
    inputs: tuple[tuple[str, TensorType], ...]
    items: tuple[Item, ...]
    output: int
    aux: int | None
    doc: str

    def type_at(self, position: int) -> TensorType:
        count = len(self.inputs)
        return self.inputs[position][1] if position < count else self.items[position - count].type


def make_unit(definition: Definition, known: dict[int, Unit]) -> Unit:
    """The unit of a definition and, inside it, those of the blocks it uses; one per definition object."""
    if id(definition) not in known:
        known[id(definition)] = _Maker(definition.body, known).unit(definition)
    return known[id(definition)]


class _Maker:
    """Walks one body: `new` maps its positions to those of the unit."""

    def __init__(self, body: Body, known: dict[int, Unit]) -> None:
        self.body = body
        self.known = known
        self.inputs: list[tuple[str, TensorType]] = []
        self.items: list[Item] = []
        self.new: list[int] = []
        self.passed: set[int] = set()
        """Positions in the body that are an earlier one as it is."""

    def unit(self, definition: Definition) -> Unit:
        for node in self.body.nodes:
            if isinstance(node, InputNode):
                self.new.append(len(self.inputs))
                self.inputs.append((node.name, node.type))
            elif isinstance(node, OpNode):
                self._op(node)
            else:
                assert isinstance(node, UseNode), "an open decision"
                self._use(node)
        aux = None if self.body.aux is None else self.new[self.body.aux]
        output = self.new[self.body.output]
        inputs, items = tuple(self.inputs), tuple(self.items)
        return Unit(definition.name, definition.arguments, inputs, items, output, aux, definition.doc)

    def _op(self, node: OpNode) -> None:
        behind_identity = node.op == "drop_path" and node.inputs[0] in self.passed
        if node.op == "identity" or behind_identity:
            self._pass(node.inputs[0])
        else:
            self._add(Item(node.name, node.name, self._moved(node.inputs), node.type, (), node.arguments, node.op))

    def _use(self, node: UseNode) -> None:
        unit = make_unit(node.definition, self.known)
        if not unit.items:
            self._pass(node.inputs[unit.output])
        elif len(unit.items) == 1 and unit.output == len(unit.inputs):
            self._add(self._inlined(node, unit))
        else:
            inputs = self._moved(node.inputs)
            self._add(Item(node.name, node.name, inputs, node.type, (), node.arguments, unit=unit))

    def _inlined(self, node: UseNode, unit: Unit) -> Item:
        """The only item of a unit, in the place of its use and in the names there."""
        item = unit.items[0]
        texts: dict[str, str | None] = {
            name: repr(value) for name, value in unit.arguments.items() if isinstance(value, int | float)
        }
        texts |= {name: argument.text for name, argument in node.arguments.items()}
        for (name, _), position in zip(unit.inputs, node.inputs, strict=True):
            outer = self.body.nodes[position]
            texts[f"{name}.c"] = f"{outer.name}.c" if isinstance(outer, InputNode) else None
        arguments = {
            name: replace(one, text=None if one.text is None else substituted(one.text, texts))
            for name, one in item.arguments.items()
        }
        inputs = tuple(self.new[node.inputs[position]] for position in item.inputs)
        full = f"{node.name}.{item.name}"
        return replace(item, name=full, place=node.name, inputs=inputs, arguments=arguments)

    def _pass(self, position: int) -> None:
        self.passed.add(len(self.new))
        self.new.append(self.new[position])

    def _add(self, item: Item) -> None:
        types = tuple(self._type_at(position) for position in item.inputs)
        self.new.append(len(self.body_inputs) + len(self.items))
        self.items.append(replace(item, input_types=types))

    @property
    def body_inputs(self) -> tuple[InputNode, ...]:
        return tuple(node for node in self.body.nodes if isinstance(node, InputNode))

    def _moved(self, inputs: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(self.new[position] for position in inputs)

    def _type_at(self, position: int) -> TensorType:
        count = len(self.inputs)
        return self.inputs[position][1] if position < count else self.items[position - count].type
