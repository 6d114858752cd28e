"""What an editor shows of a name: how it is declared, its documentation, what flows there and what it weighs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hypercuboid.diagnostics import Source, Span
from hypercuboid.editing.declarations import Declaration, Occurrences
from hypercuboid.editing.names_at import Spelling
from hypercuboid.editing.shapes import Flow, Shapes, Weights
from hypercuboid.editing.word_meanings import MEANINGS
from hypercuboid.frontend import ast
from hypercuboid.frontend.loaded import BoundNamespace, BoundOp
from hypercuboid.frontend.printer import print_expression
from hypercuboid.frontend.typing import type_text
from hypercuboid.graph.counts import Counts
from hypercuboid.library import Entry, entries
from hypercuboid.words import counted

_SHOWN = 4
"""Shapes and decisions that are listed."""

_LONGEST = 400
"""Characters of a value that is shown."""

_HOLDING = ("CHOOSE", "CUBOID", "SUM", "MEAN", "CONCAT", "CHAIN", "SCAN")
"""Keywords at whose place something flows."""


@dataclass(frozen=True)
class Hover:
    """Markdown, and the part of the text that it is about."""

    text: str
    start: int
    end: int


def hover(source: Source, offset: int, names: Occurrences, shapes: Shapes) -> Hover | None:
    """What is to be said of the name or keyword at an offset."""
    token = Spelling(source).at(offset)
    if token is None:
        return None
    found = names.at(token.start)
    if found is not None and found.start == token.start:
        parts = _of_name(found.declaration, source, token.start, shapes)
    elif token.type != "NAME" and token.text in MEANINGS:
        parts = [f"`{token.text}`: {MEANINGS[token.text]}"]
        if token.type in _HOLDING:
            parts += _at(shapes, source, token.start)
    else:
        return None
    return Hover("\n\n".join(part for part in parts if part), token.start, token.end)


def _of_name(declared: Declaration, source: Source, start: int, shapes: Shapes) -> list[str]:
    node = declared.node
    parts = [_fence(signature(declared)), _documentation(declared)]
    flows = [] if declared.source is None else _declared_flows(node, shapes)
    flows = flows or shapes.flows_from(source, start)
    parts.append(_shapes(flows))
    if isinstance(node, ast.BlockDefinition) and (counts := shapes.counts(node.name)):
        parts.append(_counts(counts))
    elif isinstance(node, ast.BlockDefinition | ast.Node | ast.Let | ast.Cuboid | ast.Cell | ast.Share):
        parts.append(_listed(shapes.weights(node.span, "" if isinstance(node, ast.BlockDefinition) else node.name)))
    return parts


def _at(shapes: Shapes, source: Source, start: int) -> list[str]:
    flows = shapes.flows_from(source, start)
    ends = [one.end for one in shapes.places(source, start)]
    weights = shapes.weights(Span(source, start, max(ends))) if ends else []
    return [_shapes(flows), _listed(weights)]


def _declared_flows(node: Any, shapes: Shapes) -> list[Flow]:
    if isinstance(node, ast.Input):
        return shapes.flows(node.span)
    if isinstance(node, ast.Let | ast.Node):
        return [Flow((), one.output, None) for one in shapes.results(node.value.span)]
    return shapes.flows(node.span) if isinstance(node, ast.Cuboid) else []


# ------------------------------------------------------------------ declarations


def signature(declared: Declaration) -> str:
    """A declaration on one line, as it is written."""
    node = declared.node
    if isinstance(node, BoundOp):
        return _entry(node.name, "std.ops").signature
    if isinstance(node, BoundNamespace):
        return f'use "{node.module.module.source.path}" as {declared.name}'
    if isinstance(node, ast.BlockDefinition):
        return _block(node)
    if isinstance(node, ast.Param):
        range = "" if node.range is None else f" in {print_expression(node.range)}"
        return _short(f"param {node.name}: {type_text(node.type)} = {print_expression(node.default)}{range}")
    if isinstance(node, ast.Formal):
        return _short(_formal(node))
    if isinstance(node, ast.Input):
        return f"{node.name}{'' if node.type is None else f': {type_text(node.type)}'}"
    return _short(_first_line(node.span))


def _block(node: ast.BlockDefinition) -> str:
    word = "space" if node.is_space else "block"
    inputs = ", ".join(f"{i.name}{'' if i.type is None else f': {type_text(i.type)}'}" for i in node.inputs)
    return f"{word} {node.name}({', '.join(map(_formal, node.formals))}) on {inputs}"


def _formal(formal: ast.Formal) -> str:
    type = "" if formal.type is None else f": {type_text(formal.type)}"
    return f"{formal.name}{type}{'' if formal.default is None else f' = {print_expression(formal.default)}'}"


def _first_line(span: Span) -> str:
    return " ".join(span.text.split("\n", 1)[0].split()).rstrip("{[( ")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ..."


def _documentation(declared: Declaration) -> str:
    node = declared.node
    doc = _entry(node.name, "std.ops").doc if isinstance(node, BoundOp) else getattr(node, "doc", "")
    library = ""
    if isinstance(node, BoundOp):
        library = "`std.ops`"
    elif declared.source is not None and declared.source.is_library:
        library = f"`{declared.source.path}`"
    return "\n\n".join(part for part in (doc, library) if part)


def _entry(name: str, library: str) -> Entry:
    return next(one for one in entries() if one.name == name and one.library == library)


# ------------------------------------------------------------------ numbers


def _fence(text: str) -> str:
    return f"```hypercuboid\n{text}\n```"


def _shapes(flows: list[Flow]) -> str:
    lines = [_flow(one) for one in flows[:_SHOWN]]
    if len(flows) > _SHOWN:
        lines.append(f"... {len(flows) - _SHOWN} more shapes")
    return _items(lines)


def _flow(flow: Flow) -> str:
    return f"{flow}{f', {flow.params:,} parameters' if flow.params else ''}"


def _listed(weights: list[Weights]) -> str:
    lines = [f"`{one.name}`: {_axes(one)} = {one.count:,} weights" for one in weights[:_SHOWN]]
    if len(weights) > _SHOWN:
        total = sum(one.count for one in weights)
        lines.append(f"... {len(weights) - _SHOWN} more decisions, {total:,} weights together")
    return _items(lines)


def _axes(weights: Weights) -> str:
    return " x ".join(f"{length} {name}" for name, length in weights.axes)


def _counts(counts: Counts) -> str:
    many = counts.architectures
    shown = f"10^{counts.architectures_log10:.0f}" if many is None or many > 10**15 else f"{many:,}"
    lines = [f"{counted(counts.weights, 'weight')} in {counted(counts.groups, 'group')}, {shown} architectures"]
    if counts.params is not None and counts.macs is not None:
        lines.append(f"supernet: {counts.params:,} parameters, {counts.macs:,} macs")
    if counts.params_range is not None:
        least, most = counts.params_range
        lines.append(f"architectures: {least:,} to {most:,} parameters")
    return _items(lines)


def _items(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
