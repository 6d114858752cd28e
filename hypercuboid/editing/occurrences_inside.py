"""What names inside of expressions mean, by the kind of the expression; see `occurrences.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from hypercuboid.editing.declarations import Declaration, Occurrence, Scope, declaration_at
from hypercuboid.editing.names_at import Spelling
from hypercuboid.frontend import ast
from hypercuboid.frontend.expression_parts import PARTS, PartRule
from hypercuboid.frontend.loaded import BoundNamespace

if TYPE_CHECKING:
    from hypercuboid.editing.occurrences import Reader


def _name(reader: Reader, e: ast.Name, scope: Scope) -> None:
    reader.refer(e.id, e.span.start, scope)


def _call(reader: Reader, e: ast.Call, scope: Scope) -> None:
    reader.read(e.function, scope)
    name = e.function.id if isinstance(e.function, ast.Name) else ""
    read_arguments(reader, e.arguments, formals_of(reader, name, scope), scope)


def read_arguments(
    reader: Reader, arguments: Iterable[ast.Argument], formals: Mapping[str, Declaration] | None, scope: Scope
) -> None:
    for one in arguments:
        if one.name is not None and formals is None:
            reader.unclear.add(one.name)
        elif one.name is not None and formals is not None and one.name in formals:
            reader.found.append(Occurrence(one.span.start, formals[one.name], is_label=True))
        reader.read(one.value, scope)


def formals_of(reader: Reader, name: str, scope: Scope) -> Mapping[str, Declaration] | None:
    """The parameters of a block, also by the name of a `let`, cell or share of it; None where it is not clear."""
    for _ in range(20):
        declared = scope.get(name) or reader.of_bound(name)
        if declared is None or declared.source is None:
            return {} if declared is not None else None
        node = declared.node
        if isinstance(node, ast.BlockDefinition):
            spelling = reader.spellings.setdefault(id(declared.source), Spelling(declared.source))
            return {f.name: declaration_at(spelling, f.name, f.span.start, f.span.end, f) for f in node.formals}
        value = node.value if isinstance(node, ast.Let | ast.Cell | ast.Share) else None
        value = value.function if isinstance(value, ast.Call) else value
        if not isinstance(value, ast.Name):
            return None
        name = value.id
    return None


def _attribute(reader: Reader, e: ast.Attribute, scope: Scope) -> None:
    PARTS[ast.Attribute](reader, e, scope)
    if isinstance(e.value, ast.Name) and e.value.id not in scope:
        bound = reader.module.names.get(e.value.id)
        if isinstance(bound, BoundNamespace):
            meant = reader.of_module(bound.module, e.name)
            if meant is not None:
                reader.found.append(Occurrence(e.span.end - len(e.name), meant))


RULES: dict[type, PartRule] = {**PARTS, ast.Name: _name, ast.Call: _call, ast.Attribute: _attribute}
