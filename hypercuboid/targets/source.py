"""Plain PyTorch source of a network in which every decision is made: one file that imports nothing but torch."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

from hypercuboid.diagnostics import error
from hypercuboid.frontend.elaborated import Elaborated
from hypercuboid.frontend.points import points_of
from hypercuboid.ops.base import Constructor, OpSource
from hypercuboid.ops.layers import layer_text
from hypercuboid.resources import resource
from hypercuboid.targets.source_arguments import Slots, default_of, op_source, ordered
from hypercuboid.targets.source_arguments import unit_source as use_source
from hypercuboid.targets.source_classes import Group, Groups, name_classes
from hypercuboid.targets.source_forward import Forward, shape_comment
from hypercuboid.targets.source_header import Provenance, header
from hypercuboid.targets.source_names import state_names
from hypercuboid.targets.source_steps import Order, Step, make_order, module_names
from hypercuboid.targets.source_text import WIDTH, laid_out, prose
from hypercuboid.targets.source_units import Item, Unit, make_unit


@dataclass(frozen=True)
class GeneratedSource:
    """The text of a file, the name of its network class, and the names of weights in it.

    `names` maps the full name of each parameter and buffer of the graph to its key in the class' `state_dict()`.
    """

    text: str
    class_name: str
    names: Mapping[str, str]


@dataclass(frozen=True)
class ClassText:
    """A class as the template lays it out; lines are indented already. `functional` where its code uses `F`."""

    name: str
    body: tuple[str, ...]
    functional: bool


def generate_source(elaborated: Elaborated, provenance: Provenance) -> GeneratedSource:
    """The source of a decided network. HC8001 where decisions are open, HC8002 where an input has no shape."""
    _refuse_open(elaborated)
    root = make_unit(elaborated.definition, {})
    groups = Groups(root)
    _refuse_unlike(elaborated, groups)
    layers: set[str] = set()
    orders: dict[int, Order] = {}
    texts: list[ClassText] = []
    name_classes(groups, elaborated.name, {"F", "DropPath", "ChannelNorm", "Position", "Attention"})
    for number, group in enumerate(groups.groups):
        codes, shares = _codes(groups, group)
        every = (*codes, *shares.values())
        layers |= {code.layer for code in every if isinstance(code, Constructor) and code.layer}
        ordered(group)
        orders[number] = make_order(group.first, codes, shares)
        is_root = number == len(groups.groups) - 1
        texts.append(_class_text(group, orders[number], elaborated if is_root else None))
    text = _fill(header(provenance), sorted(layers), texts)
    return GeneratedSource(text, groups.groups[-1].class_name, state_names(groups, orders))


def _refuse_open(elaborated: Elaborated) -> None:
    left = points_of(elaborated.definition)
    if left:
        listed = ", ".join(dict.fromkeys(f"`{point.name}`" for point in left[:12]))
        raise error(
            "HC8001",
            f"`{elaborated.name}` has open decisions, and source is made of decided networks only",
            elaborated.definition.span.first_line,
            notes=(f"open: {listed}{', ...' if len(left) > 12 else ''}",),
            help="pick them in an `arch`, or select an architecture with weights",
        )
    for name, type in zip(elaborated.input_names, elaborated.input_types, strict=True):
        if not type.known:
            message = f"the shape of input `{name}` is not known, and source needs it"
            raise error("HC8002", message, elaborated.definition.span.first_line, help="give it, `--input 3x32x32`")


def _refuse_unlike(elaborated: Elaborated, groups: Groups) -> None:
    """HC8004 where uses of a shared block differ: inputs that are missing in some of them leave other layers out."""
    for unit in (group.first for group in groups.groups):
        for name, classes in groups.classes_of(unit).items():
            if name in unit.shares and len(classes) > 1:
                raise error(
                    "HC8004",
                    f"the uses of `{name}` do different things, and source makes one module of them",
                    elaborated.definition.span.first_line,
                    help="give all uses of a share inputs that are there whatever is decided",
                )


def _codes(groups: Groups, group: Group) -> tuple[list[OpSource], dict[str, OpSource]]:
    """The code of each item of a group and of each instance that it shares, in the names of its class."""
    slots = Slots(group)
    items = [_code(groups, slots, group.items(number)) for number in range(len(group.first.items))]
    return items, {name: _code(groups, slots, group.share(name)) for name in group.first.shares}


def _code(groups: Groups, slots: Slots, items: list[Item]) -> OpSource:
    if items[0].unit is None:
        return op_source(slots, items)
    return Constructor(use_source(slots, items, groups.group_of(items[0])))


# ---------------------------------------------------------------- classes


def _class_text(group: Group, order: Order, network: Elaborated | None) -> ClassText:
    forward = _forward_head(group.first) + Forward(order, network is not None).write()
    parts = [_doc(group.first, network), _constructor(group, order, network is not None), forward]
    body: list[str] = []
    for part in parts:
        body += [""] * bool(body and part) + part
    functional = any(_USES_FUNCTIONAL.search(line) for part in parts[1:] for line in part)
    return ClassText(group.class_name, tuple(body), functional)


_USES_FUNCTIONAL = re.compile(r"(?<![\w.])F\.")


def _doc(unit: Unit, network: Elaborated | None) -> list[str]:
    """The docstring: what the source says of the block; of the network, its inputs and output too."""
    about_all = network is not None and network.kind != "block"  # the doc of a space speaks of what was to choose
    text = "" if about_all else prose(" ".join(unit.doc.split()))
    lines = textwrap.wrap(text, WIDTH - 8)
    if len(lines) == 1:  # the closing quotes must fit too
        lines = textwrap.wrap(text, WIDTH - 10)
    if network is not None:
        given = [f"{prose(name)}: {shape_comment(type)[2:]}" for name, type in unit.inputs]
        result = shape_comment(unit.type_at(unit.output))[2:]
        extra = ["In training it returns the auxiliary output as well."] if unit.aux is not None else []
        lines = [*(lines or [_what(network.name, network.space)]), ""]
        lines += [*textwrap.wrap(f"Input {', '.join(given)}; output {result}.", WIDTH - 4), *extra]
    if not lines:
        return []
    if len(lines) == 1:
        return [f'    """{lines[0]}"""']
    return [f'    """{lines[0]}', *(f"    {line}" if line else "" for line in lines[1:]), '    """']


def _what(name: str, space: str) -> str:
    return f"{prose(name)}, an architecture of {prose(space)}." if name != space else f"{prose(name)}."


def _constructor(group: Group, order: Order, shapes: bool) -> list[str]:
    layers = [step for step in order.steps if step.is_layer and not order.item(step.output).instance]
    if not layers and not order.shares:
        return []
    arguments = ["self"]
    for name, vector in group.parameters.items():
        kind = "float" if any(isinstance(value, float) for value in vector) else "int"
        default = default_of(group, name)
        arguments.append(f"{name}: {kind}" + ("" if default is None else f" = {default!r}"))
    lines = _signature("__init__", arguments, "None")
    lines.append("        super().__init__()")
    for name, code in order.shares.items():
        lines += laid_out(code.text, 8, f"{order.attributes[name]} = ")
    for step in layers:
        lines += _attribute(step, order, shapes)
    return lines


def _signature(name: str, arguments: list[str], result: str) -> list[str]:
    line = f"    def {name}({', '.join(arguments)}) -> {result}:"
    if len(line) <= WIDTH:
        return [line]
    return [f"    def {name}(", *(f"        {one}," for one in arguments), f"    ) -> {result}:"]


def _attribute(step: Step, order: Order, shapes: bool) -> list[str]:
    """The line of a layer, or the lines of a chain of them, each with the shape it gives."""
    codes = [code.text for code in step.codes]
    if len(codes) == 1:
        return laid_out(codes[0], 8, f"self.{step.attribute} = ")
    line = f"        self.{step.attribute} = nn.Sequential({', '.join(codes)})"
    if len(codes) == 2 and not shapes and len(line) <= WIDTH:
        return [line]
    lines = [f"        self.{step.attribute} = nn.Sequential("]
    for position, code in zip(step.positions, codes, strict=True):
        written = laid_out(code, 12, "", ",")
        note = f"  {shape_comment(order.unit.type_at(position))}" if shapes else ""
        if len(written) == 1 and note.strip() and len(written[0] + note) <= WIDTH:
            written[0] += note
        lines += written
    return [*lines, "        )"]


def _forward_head(unit: Unit) -> list[str]:
    arguments = ["self", *(f"{name}: torch.Tensor" for name in Forward(Order(unit, []), False).arguments)]
    arguments += [f"{name}: nn.Module" for name in module_names(unit).values()]
    result = "torch.Tensor"
    if unit.aux is not None:
        result += " | tuple[torch.Tensor, torch.Tensor]"
    return _signature("forward", arguments, result)


# ---------------------------------------------------------------- the file


def _fill(header: list[str], layers: list[str], classes: list[ClassText]) -> str:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    template = environment.from_string(resource("codegen_templates", "model.py.j2").read_text(encoding="utf-8"))
    texts = [layer_text(name) for name in layers]
    functional = any(one.functional for one in classes) or any(" F." in text for text in texts)
    return template.render(header=header, layers=texts, classes=classes, functional=functional)


__all__ = ["GeneratedSource", "Provenance", "generate_source"]
