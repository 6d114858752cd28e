"""`hypercuboid ops`: the standard library, as it describes itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from hypercuboid.cli.common import json_option, print_json, say

if TYPE_CHECKING:
    from hypercuboid.library import Entry
    from hypercuboid.library_examples import Example
    from hypercuboid.ops.base import TensorType


@click.command()
@click.argument("name", required=False, metavar="[NAME]", help="An op, a block, a list or a library; NAME(ARGUMENTS).")
@click.option("--input", "shape", metavar="CxHxW", help="Shape of the input of the examples, 16x32x32.")
@json_option
def ops(name: str | None, shape: str | None, as_json: bool) -> None:
    """List the standard library: atomic ops, blocks and lists, with arguments, shapes and documentation.

    With NAME it shows one: its source text, and an example with its output, params and macs. Everything is read from
    the library's own files.

    Examples:

      hypercuboid ops

      hypercuboid ops std.darts

      hypercuboid ops 'SharpSepConv(32, k = 5)' --input 16x32x32
    """
    from hypercuboid.frontend.arguments import read_inputs
    from hypercuboid.library import entries, find

    size = read_inputs([shape])[""] if shape is not None else None
    called, arguments = _target(name) if name is not None else ("", ())
    found = find(called) if name is not None else list(entries())
    if name is None or called in {one.library for one in found}:
        _print_list(found, size, as_json)
    else:
        _print_each(found, arguments, size, as_json)


def _target(text: str) -> tuple[str, tuple[Any, ...]]:
    """`std.darts.none(16)`: the name with its library, and the arguments."""
    from hypercuboid.frontend.arguments import read_target

    before, bracket, rest = text.partition("(")
    library, dot, name = before.rpartition(".")
    plain, arguments = read_target(f"{name}{bracket}{rest}")
    return f"{library}{dot}{plain}", arguments


def _print_list(found: list[Entry], shape: tuple[int, ...] | None, as_json: bool) -> None:
    from hypercuboid.library_examples import overview

    listed = list(zip(found, overview(found, shape), strict=True))
    if as_json:
        print_json([_described(entry, examples) for entry, examples in listed])
        return
    library = ""
    for entry, examples in listed:
        if entry.library != library:
            say(f"\n{entry.library}" if library else entry.library)
            library = entry.library
        say(f"  {entry.signature}{_shapes(entry, examples)}")
        for line in [*entry.doc.splitlines(), *([", ".join(entry.elements)] if entry.elements else [])]:
            say(f"      {line}")


def _shapes(entry: Entry, examples: list[Example]) -> str:
    """What goes in and comes out, on the first kind of tensor that fits, and the other kinds."""
    if not examples:
        return ""
    first, *others = examples
    also = f", also {', '.join(one.input.kind for one in others)}" if others else ""
    return f"   {_taken(entry, first.input)} -> {_shown(first.output)}{also}"


def _taken(entry: Entry, type: TensorType) -> str:
    number = len(entry.inputs)
    return f"{number} x {_shown(type)}" if number > 1 else f"{_shown(type)}{', ...' if entry.several else ''}"


def _shown(type: TensorType) -> str:
    if type.kind == "several":
        return f"{len(type.parts)} x {_shown(type.parts[0])}"
    return f"{type.kind} {'x'.join(map(str, type.shape))}"


def _print_each(found: list[Entry], arguments: Any, shape: tuple[int, ...] | None, as_json: bool) -> None:
    from hypercuboid.library_examples import example

    shown = [(entry, example(entry, arguments, shape)) for entry in found]
    if as_json:
        described = [_described(entry, [one] if one is not None else [], counted=True) for entry, one in shown]
        print_json(described)
        return
    for position, (entry, one) in enumerate(shown):
        if position:
            say("")
        _print_entry(entry, one)


def _print_entry(entry: Entry, one: Example | None) -> None:
    say(f"{entry.kind} `{entry.name}` of {entry.library}: use {entry.library} {{ {entry.name} }}\n")
    if entry.text:
        say(entry.text)
    else:
        say(f"{entry.signature}: {entry.doc}")
        for argument in entry.arguments:
            default = "must be given" if argument.default is None else f"{argument.default} if not given"
            say(f"  {argument.name}: {argument.type}, {default}")
    if one is not None:
        say(f"\n{one.call} on {_taken(entry, one.input)}")
        for label, text in _numbers(one):
            say(f"  {label:<9} {text}")
    elif entry.kind != "value":
        say(f"\nFor an example give the arguments: hypercuboid ops '{entry.name}(...)' --input 16x32x32")


def _numbers(one: Example) -> list[tuple[str, str]]:
    rows = [
        ("output", _shown(one.output)),
        ("params", f"{one.params:,}"),
        ("macs", f"{one.macs:,}"),
        ("add_mult", f"{one.add_mult:,}"),
    ]
    return [*rows, *([("in torch", one.torch)] if one.torch else [])]


def _described(entry: Entry, examples: list[Example], counted: bool = False) -> dict[str, Any]:
    """The object that `ops --json` prints of one entry."""
    return {
        "name": entry.name,
        "library": entry.library,
        "kind": entry.kind,
        "signature": entry.signature,
        "arguments": [{"name": one.name, "type": one.type or None, "default": one.default} for one in entry.arguments],
        "inputs": list(entry.inputs),
        "any_number_of_inputs": entry.several,
        "doc": entry.doc,
        "elements": list(entry.elements),
        "text": entry.text,
        "examples": [_described_example(one, counted) for one in examples],
    }


def _described_example(one: Example, counted: bool) -> dict[str, Any]:
    shapes = {"call": one.call, "input": _described_type(one.input), "output": _described_type(one.output)}
    numbers = {"params": one.params, "macs": one.macs, "add_mult": one.add_mult, "torch": one.torch or None}
    return {**shapes, **numbers} if counted else shapes


def _described_type(type: TensorType) -> dict[str, Any]:
    if type.kind == "several":
        return {"kind": type.kind, "parts": [_described_type(part) for part in type.parts]}
    return {"kind": type.kind, "shape": list(type.shape)}
