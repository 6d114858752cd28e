"""Tensors that must have one shape: what is said, and shown, where they have not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from hypercuboid.diagnostics import Label, Span, error
from hypercuboid.frontend.context import Context
from hypercuboid.frontend.elaborated import Node, OpNode, UseNode
from hypercuboid.frontend.origins import named_values
from hypercuboid.frontend.values import Missing, Tensor
from hypercuboid.ops.base import TensorType

_WORD = re.compile(r"[A-Za-z_]\w*")


def same_types(
    code: str, message: str, named: Sequence[tuple[str, Tensor | Missing]], context: Context, span: Span
) -> TensorType:
    """The one type that all have; where two differ, an error with both shapes, where they come from and a way out."""
    first = named[0][1]
    for name, other in named[1:]:
        if other.type.known and first.type.known and other.type.widest != first.type.widest:
            pair = tuple((_called(value, context, name), value) for name, value in (named[0], (name, other)))
            shown = ", ".join(f"{name} is {value.type}" for name, value in pair)
            help = way_out(first.type, other.type)
            notes = _values((first, other), context, span)
            raise error(code, message, span, shown, secondary=_made_at(pair, span), notes=notes, help=help)
    return narrower(first.type, *(value.type for _, value in named[1:]))


def narrower(first: TensorType, *others: TensorType) -> TensorType:
    """The type of one of several tensors, equal but for what `unused` leaves open."""
    for other in others:
        if other.least and (not first.least or other.least < first.least):
            first = replace(first, least=other.least)
    return first


def _called(tensor: Tensor | Missing, context: Context, label: str) -> str:
    """What a tensor is called: by its label, else by its name in the body around, else by its number."""
    name = None if label.startswith("`") else context.scope.name_of(tensor)
    return label if name is None else f"`{name}`"


def _values(tensors: Sequence[Tensor | Missing], context: Context, span: Span) -> tuple[str, ...]:
    """The values of the names that the ops are given, and the named tensors that they read."""
    names: dict[str, None] = {}
    for tensor in tensors:
        node = _node(tensor)
        if isinstance(node, (OpNode, UseNode)) and isinstance(tensor, Tensor):
            texts = [argument.text or "" for argument in node.arguments.values()]
            names.update(dict.fromkeys(_WORD.findall(" ".join(texts))))
            read = [Tensor(tensor.builder, index, tensor.type) for index in node.inputs]
            names.update(dict.fromkeys(filter(None, map(context.scope.name_of, read))))
    found = named_values(names, span, context)
    return (f"with {', '.join(found)}",) if found else ()


def _node(value: Tensor | Missing) -> Node | None:
    known = isinstance(value, Tensor) and value.index < len(value.builder.nodes)
    return value.builder.nodes[value.index] if known and isinstance(value, Tensor) else None


def _made_at(named: Sequence[tuple[str, Tensor | Missing]], span: Span) -> tuple[Label, ...]:
    """Where tensors are made, unless that is `span` itself or one place for all."""
    labels = [_label(name, value, node) for name, value in named if (node := _node(value)) is not None]
    found = [one for one in labels if one.span != span]
    return tuple(found) if len({one.span for one in found}) > 1 else ()


def _label(name: str, value: Tensor | Missing, node: Node) -> Label:
    stride = _stride(node, value) if isinstance(node, (OpNode, UseNode)) and isinstance(value, Tensor) else ""
    return Label(node.span, f"{name} is {value.type}{stride}")


def _stride(node: OpNode | UseNode, value: Tensor) -> str:
    """What a stride does to the size of an image."""
    given = node.arguments.get("stride")
    if given is None or given.value in (1, (1, 1)) or value.type.kind != "image" or not node.inputs:
        return ""
    before = value.builder.nodes[node.inputs[0]].type if node.inputs[0] >= 0 else value.type
    if before.kind != "image" or before.shape[1:] == value.type.shape[1:]:
        return ""
    (h0, w0), (h, w) = before.shape[1:], value.type.shape[1:]
    return f": stride {given.value} makes {h} x {w} of {h0} x {w0}"


def way_out(first: TensorType, second: TensorType) -> str:
    """How to give two tensors one shape."""
    if first.kind != second.kind:
        return f"make both {first.kind}s: `gap` and `flatten` make a vector of an image"
    if first.kind == "image" and first.shape[1:] != second.shape[1:]:
        small, large = sorted((first.shape[1:], second.shape[1:]))
        whole = large[0] % small[0] == 0 and large[1] % small[1] == 0 and large[0] // small[0] == large[1] // small[1]
        resize = f"`-> resize({large[0] // small[0]})`" if whole else "`-> resize(...)`"
        return f"give both one stride, or bring one to the size of the other: {resize}"
    if first.channels != second.channels:
        which = "filters" if first.kind == "image" else "features"
        fit = f"conv({first.channels})" if first.kind == "image" else f"linear({first.channels})"
        return f"give both one number of {which}, or bring one to the other: `-> {fit}`"
    return "give all of them one shape"
