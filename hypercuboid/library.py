"""The standard library as it describes itself: atomic ops of the registry, blocks and lists of `spaces/std/*.hc`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from hypercuboid.diagnostics import error
from hypercuboid.frontend import ast
from hypercuboid.frontend.files import read_source
from hypercuboid.frontend.parse import parse
from hypercuboid.frontend.printer import print_expression
from hypercuboid.frontend.shown import show
from hypercuboid.frontend.tokens import escaped
from hypercuboid.frontend.typing import type_text
from hypercuboid.ops import OPS
from hypercuboid.ops.base import AtomicOp, Parameter
from hypercuboid.registry import suggestion
from hypercuboid.resources import resource

_KINDS = {"pair": "int or (int, int)", "padding": 'int or "same"'}
_NAMES_OF_INPUTS = "xyz"


@dataclass(frozen=True)
class Argument:
    """A parameter of an op or a block; `default` is None where it must be given, `type` "" where none is declared."""

    name: str
    type: str
    default: str | None


@dataclass(frozen=True)
class Entry:
    """One name of a library. `kind` is "op", "block" or "value"; `text` is its source, "" for an op.

    `inputs` are the names of its tensors, the first of any number with `several`; `elements` what a list holds, as it
    is written.
    """

    name: str
    library: str
    kind: str
    doc: str
    arguments: tuple[Argument, ...] = ()
    inputs: tuple[str, ...] = ()
    text: str = ""
    elements: tuple[str, ...] = ()
    several: bool = False

    @property
    def signature(self) -> str:
        """As it is called, or the name of a value."""
        if self.kind == "value":
            return self.name
        return f"{self.name}({', '.join(map(_written, self.arguments))})"


def _written(argument: Argument) -> str:
    return argument.name if argument.default is None else f"{argument.name} = {argument.default}"


@cache
def entries() -> tuple[Entry, ...]:
    """Everything that a program can `use`: the ops by name, then each library in the order of its file."""
    files = sorted(resource("spaces", "std").glob("*.hc"))
    items = [_item(item, f"std.{path.stem}") for path in files for item in parse(read_source(path, str(path))).items]
    return (*(_op(OPS[name]) for name in OPS if OPS[name].callable), *(one for one in items if one is not None))


def find(name: str) -> list[Entry]:
    """The entries of a name, `std.darts.none` or `none`, or of a library, `std.darts`; HC2001 where there is none."""
    found = [one for one in entries() if name in (one.name, one.library, f"{one.library}.{one.name}")]
    if not found:
        known = list(dict.fromkeys([one.name for one in entries()] + [one.library for one in entries()]))
        message = f"the standard library has no `{escaped(name)}`"
        raise error("HC2001", message, help=suggestion(name.rpartition(".")[2] or name, known))
    return found


def _op(op: AtomicOp) -> Entry:
    inputs = tuple(_NAMES_OF_INPUTS[: op.arity or 1])
    arguments = tuple(map(_parameter, op.parameters))
    return Entry(op.name, "std.ops", "op", op.doc, arguments, inputs, several=op.arity is None)


def _parameter(parameter: Parameter) -> Argument:
    default = None if parameter.default is None else show(parameter.default)
    return Argument(parameter.name, _KINDS.get(parameter.kind, parameter.kind), default)


def _item(item: ast.Item, library: str) -> Entry | None:
    if isinstance(item, ast.BlockDefinition):
        inputs = tuple(one.name for one in item.inputs)
        return Entry(item.name, library, "block", item.doc, tuple(map(_formal, item.formals)), inputs, _text(item))
    if isinstance(item, ast.Let):
        listed = item.value.items if isinstance(item.value, ast.ListOf) else ()
        return Entry(
            item.name, library, "value", item.doc, text=_text(item), elements=tuple(map(print_expression, listed))
        )
    return None


def _formal(formal: ast.Formal) -> Argument:
    type = "" if formal.type is None else type_text(formal.type)
    return Argument(formal.name, type, None if formal.default is None else print_expression(formal.default))


def _text(item: ast.BlockDefinition | ast.Let) -> str:
    """The item as its file has it, documentation included."""
    docs = "".join(f"## {line}".rstrip() + "\n" for line in item.doc.split("\n")) if item.doc else ""
    return f"{docs}{item.span.text}"
