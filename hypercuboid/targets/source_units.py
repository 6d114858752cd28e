"""What a generated file is made of: blocks without what leaves no trace in code (identities, blocks around one op)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from hypercuboid.frontend.elaborated import (
    Body,
    Definition,
    InputNode,
    OpArgument,
    OpNode,
    ScanNode,
    Share,
    UseNode,
    full_name,
)
from hypercuboid.ops import OPS
from hypercuboid.ops.base import Constructor, TensorType
from hypercuboid.targets.source_text import substituted

SCAN = "One step at each position of a sequence; gives all states."


@dataclass(frozen=True, eq=False)
class Item:
    """An op (`op`) or a use of a unit (`unit`). `name` is the full name inside its unit, `place` the one it shows.

    `instance` is the shared instance whose weights it uses, and `name` then the rest behind it; `modules` are the
    instances that it hands to its unit. Both are names of the body, `^7/W` for what is declared further out.
    """

    name: str
    place: str
    inputs: tuple[int, ...]
    type: TensorType
    input_types: tuple[TensorType, ...]
    arguments: Mapping[str, OpArgument]
    op: str = ""
    unit: Unit | None = None
    instance: str = ""
    modules: tuple[str, ...] = ()

    @property
    def instances(self) -> tuple[str, ...]:
        """The shared instances that it names."""
        return (self.instance, *self.modules) if self.instance else self.modules


@dataclass(frozen=True, eq=False)
class Unit:
    """A block specialised to its arguments: positions below `len(inputs)` are inputs, the rest items in order.

    `shares` are the instances that it declares, each as an item without inputs; `modules` are names of those that are
    handed in. `is_scan`: it runs at each position of a sequence, its inputs are the element there, the state before it
    and what it reads besides, its output is the state after it, and its value is all states.
    """

    name: str
    arguments: Mapping[str, object]
    inputs: tuple[tuple[str, TensorType], ...]
    items: tuple[Item, ...]
    output: int
    aux: int | None
    doc: str
    shares: Mapping[str, Item]
    modules: tuple[str, ...]
    is_scan: bool = False

    def type_at(self, position: int) -> TensorType:
        count = len(self.inputs)
        return self.inputs[position][1] if position < count else self.items[position - count].type


def make_unit(definition: Definition, known: dict[int, Unit]) -> Unit:
    """The unit of a definition and, inside it, those of the blocks it uses; one per definition object."""
    if id(definition) not in known:
        known[id(definition)] = _Maker(definition.body, known).unit(definition)
    return known[id(definition)]


def _is_inlined(unit: Unit) -> bool:
    """Whether a unit is one item that needs no class around it."""
    if len(unit.items) != 1 or unit.output != len(unit.inputs):
        return False
    return not any(name in unit.shares for name in unit.items[0].modules)


def _inlined(node: UseNode, unit: Unit, channels: Mapping[str, str]) -> Item:
    """The only item of a unit, in the place of its use and in the names there; without inputs."""
    item = unit.items[0]
    texts: dict[str, str | None] = {
        name: repr(value) for name, value in unit.arguments.items() if isinstance(value, int | float)
    }
    texts |= {name: argument.text for name, argument in node.arguments.items()}
    texts |= {f"{name}.c": channels.get(f"{name}.c") for name, _ in unit.inputs}
    arguments = {
        name: replace(one, text=None if one.text is None else substituted(one.text, texts))
        for name, one in item.arguments.items()
    }
    modules = tuple(node.instances[name] for name in item.modules)
    name, instance = _owner(node, item)
    return replace(item, name=name, place=node.name, inputs=(), arguments=arguments, instance=instance, modules=modules)


def _owner(node: UseNode, item: Item) -> tuple[str, str]:
    """The name of the only item of a unit and the instance that it belongs to, at the place of the use."""
    if item.instance.startswith("^"):
        return item.name, node.instances[item.instance]
    name = full_name(item.instance, item.name)
    if node.instance and is_layer(item):
        return name, node.instance
    return full_name(node.name, name), ""


def is_layer(item: Item) -> bool:
    """Whether an item is a module in generated source, and no expression."""
    if item.unit is not None:
        return True
    op = OPS[item.op]
    plain = {name: repr(argument.value) for name, argument in item.arguments.items()}
    channels = tuple(str(type.channels) for type in item.input_types if type.shape)
    return isinstance(op.source(plain, item.input_types, channels), Constructor)


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
        self._walk(definition)
        aux = None if self.body.aux is None else self.new[self.body.aux]
        output = self.new[self.body.output]
        inputs, items, named = tuple(self.inputs), tuple(self.items), self._named()
        shares = {one.name: self._share(one) for one in definition.shares if one.name in named}
        modules = tuple(name for name in named if name not in shares)
        return Unit(definition.name, definition.arguments, inputs, items, output, aux, definition.doc, shares, modules)

    def scan(self, definition: Definition, names: tuple[str, ...]) -> Unit:
        """The unit of the body of a scan in a definition; `names` are those of its inputs."""
        self._walk(definition)
        inputs = tuple((name, type) for name, (_, type) in zip(names, self.inputs, strict=True))
        output = self.new[self.body.output]
        items, arguments = tuple(self.items), definition.arguments
        return Unit("scan", arguments, inputs, items, output, None, SCAN, {}, self._named(), True)

    def _named(self) -> tuple[str, ...]:
        """The shared instances that items name."""
        return tuple(dict.fromkeys(name for item in self.items for name in item.instances))

    def _walk(self, definition: Definition) -> None:
        for node in self.body.nodes:
            if isinstance(node, InputNode):
                self.new.append(len(self.inputs))
                self.inputs.append((node.name, node.type))
            elif isinstance(node, OpNode):
                self._op(node)
            elif isinstance(node, ScanNode):
                self._scan(node, definition)
            else:
                assert isinstance(node, UseNode), "an open decision"
                self._use(node)

    def _scan(self, node: ScanNode, definition: Definition) -> None:
        """A scan is a unit of its own, with the arguments of the block that it stands in."""
        names = [one.name for one in node.body.nodes[: node.body.arity]]
        for place, position in enumerate(node.inputs[2:], 2):
            outer = self.body.nodes[position]
            if isinstance(outer, InputNode) and outer.name not in names:
                names[place] = outer.name
        unit = _Maker(node.body, self.known).scan(definition, tuple(names))
        arguments = {
            name: OpArgument(value, name)
            for name, value in definition.arguments.items()
            if isinstance(value, int | float)
        }
        inputs = self._moved(node.inputs)
        self._add(Item(node.name, node.name, inputs, node.type, (), arguments, unit=unit, modules=unit.modules))

    def _share(self, share: Share) -> Item:
        """An instance as its class makes it."""
        node = replace(share.use, arguments=share.arguments, name=share.name)
        unit = make_unit(node.definition, self.known)
        if _is_inlined(unit):
            return replace(_inlined(node, unit, {}), instance="", modules=())
        types = tuple(type for _, type in unit.inputs)
        return Item("", share.name, (), node.type, types, node.arguments, unit=unit)

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
        elif _is_inlined(unit):
            given = [self.body.nodes[position] for position in node.inputs]
            channels = {
                f"{name}.c": f"{outer.name}.c"
                for (name, _), outer in zip(unit.inputs, given, strict=True)
                if isinstance(outer, InputNode)
            }
            inputs = self._moved(tuple(node.inputs[position] for position in unit.items[0].inputs))
            self._add(replace(_inlined(node, unit, channels), inputs=inputs))
        else:
            modules = tuple(node.instances[name] for name in unit.modules)
            name, instance = ("", node.instance) if node.instance else (node.name, "")
            inputs = self._moved(node.inputs)
            self._add(Item(name, node.name, inputs, node.type, (), node.arguments, "", unit, instance, modules))

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
