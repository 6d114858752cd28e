"""What ops and blocks of the standard library make of a tensor, and what they cost: small programs, compiled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.frontend import ast
from hypercuboid.frontend.depths import names_in
from hypercuboid.frontend.elaborated import Body, OpNode
from hypercuboid.frontend.modules import load_text
from hypercuboid.frontend.printer import print_expression
from hypercuboid.frontend.request import Memory, Request
from hypercuboid.library import Entry, entries
from hypercuboid.ops import OPS
from hypercuboid.ops.base import TensorType
from hypercuboid.pipeline import Space

_INPUTS = (
    TensorType("image", (16, 32, 32)),
    TensorType("vector", (16,)),
    TensorType("sequence", (4, 16)),
    TensorType("tokens", (4,), vocab=100),
)
"""Tried in this order."""

_VALUES = {"c": "16", "d": "16", "classes": "10", "vocab": "100"}
_VALUES_BY_TYPE = {"int": "4", "float": "0.5", "int or (int, int)": "4"}
"""What an argument without a default is in an example: by its name, else by its type."""

_SEVERAL = "HC3016"
"""The code of an output that is several tensors."""


@dataclass(frozen=True)
class Example:
    """One use: the call, the type of each input, the output, and, where it was counted, costs and the line of torch."""

    call: str
    input: TensorType
    output: TensorType
    params: int = 0
    macs: int = 0
    add_mult: int = 0
    torch: str = ""


@dataclass(frozen=True)
class _Case:
    """`names` are those of the library that the arguments of the call use."""

    entry: Entry
    call: str
    input: TensorType
    names: tuple[Entry, ...] = ()

    def block(self, name: str, part: str) -> str:
        """A block that uses the entry; `part` takes one of several outputs."""
        sizes = [*self.input.shape, *([self.input.vocab] if self.input.kind == "tokens" else [])]
        type = f"{self.input.kind}({', '.join(map(str, sizes))})"
        inputs = self.entry.inputs
        head = f"({', '.join(inputs)})" if len(inputs) > 1 else inputs[0]
        call = f"{_alias(self.entry.library)}.{self.call}"
        return f"block {name}() on {', '.join(f'{one}: {type}' for one in inputs)} {{ out ({head} -> {call}){part} }}\n"


def _alias(library: str) -> str:
    return library.replace(".", "_")


def overview(listed: Sequence[Entry], shape: tuple[int, ...] | None = None) -> list[list[Example]]:
    """For each entry a use on each kind of tensor that it takes, not counted: what comes out is all that is known."""
    calls = [_call(entry) for entry in listed]
    cases = [
        [_Case(entry, call, type) for type in _types(shape)] if call is not None else []
        for entry, call in zip(listed, calls, strict=True)
    ]
    spaces = iter(_compiled([case for several in cases for case in several]))
    return [[found for case in several if (found := _output(case, next(spaces))) is not None] for several in cases]


def example(entry: Entry, arguments: tuple[ast.Argument, ...], shape: tuple[int, ...] | None) -> Example | None:
    """The use with these arguments on tensors of this shape; raises HypercuboidError where it does not fit.

    What is not given is tried out; None where nothing fits.
    """
    call = f"{entry.name}({', '.join(map(_written, arguments))})" if arguments else _call(entry)
    names = _names(arguments)
    cases = [] if call is None else [_Case(entry, call, type, names) for type in _types(shape)]
    for case, space in zip(cases, _compiled(cases), strict=True):
        if (found := _output(case, space)) is not None:
            return _counted(case, found)
    if cases and (arguments or shape is not None):
        _compiled(cases)[0].counts()
    return None


def _types(shape: tuple[int, ...] | None) -> tuple[TensorType, ...]:
    return _INPUTS if shape is None else (TensorType({3: "image", 2: "sequence"}.get(len(shape), "vector"), shape),)


def _call(entry: Entry) -> str | None:
    """The call with a value for each argument that needs one; None where there is no obvious one."""
    needed = [one for one in entry.arguments if one.default is None]
    values = [_VALUES.get(one.name, _VALUES_BY_TYPE.get(one.type)) for one in needed]
    if entry.kind == "value" or None in values:
        return None
    return f"{entry.name}({', '.join(f'{one.name} = {value}' for one, value in zip(needed, values, strict=True))})"


def _written(argument: ast.Argument) -> str:
    value = print_expression(argument.value)
    return value if argument.name is None else f"{argument.name} = {value}"


def _names(arguments: tuple[ast.Argument, ...]) -> tuple[Entry, ...]:
    """What the arguments use of the library, the first of each name."""
    used = {name for one in arguments for name in names_in(one.value)}
    return tuple({one.name: one for one in reversed(entries()) if one.name in used}.values())


def _compiled(cases: Sequence[_Case], part: str = "") -> list[Space]:
    """A block for each case, of one program, elaborated on demand."""
    libraries = sorted({case.entry.library for case in cases})
    uses = [f"use {library} as {_alias(library)}\n" for library in libraries]
    uses += [f"use {one.library} {{ {one.name} }}\n" for one in (cases[0].names if cases else ())]
    blocks = [case.block(f"Example{number}", part) for number, case in enumerate(cases)]
    module, memory = load_text("".join(["hypercuboid 1\n", *uses, *blocks]), "<example>"), Memory()
    return [Space(Request(module, f"Example{number}", memory=memory)) for number in range(len(cases))]


def _output(case: _Case, space: Space) -> Example | None:
    """What comes out, None where the case does not fit."""
    try:
        body = space.elaborated.definition.body
        return Example(case.call, case.input, body.nodes[body.output].type)
    except HypercuboidError as problem:
        if [one.code for one in problem.diagnostics] != [_SEVERAL]:
            return None
    body = _compiled([case], "[0]")[0].elaborated.definition.body
    return Example(case.call, case.input, body.nodes[body.nodes[body.output].inputs[0]].type)


def _counted(case: _Case, found: Example) -> Example:
    space = _compiled([case], "[0]" if found.output.kind == "several" else "")[0]
    counts = space.counts()
    assert counts.params is not None and counts.macs is not None and counts.add_mult is not None
    torch = _torch(case.entry, space.elaborated.definition.body)
    return Example(case.call, case.input, found.output, counts.params, counts.macs, counts.add_mult, torch)


def _torch(entry: Entry, body: Body) -> str:
    """The line of generated source of an op, its inputs called as in the entry; "" for a block."""
    node = next((one for one in body.nodes if isinstance(one, OpNode) and one.op == entry.name), None)
    if entry.kind != "op" or node is None:
        return ""
    types = tuple(body.nodes[position].type for position in node.inputs)
    texts = {name: repr(one.value) for name, one in node.arguments.items()}
    source = OPS[node.op].source(texts, types, tuple(str(type.channels) for type in types)).text
    for position, name in enumerate(entry.inputs):
        source = source.replace(f"{{{position}}}", name)
    return source
