"""What names inside of expressions may have wrong, by the kind of the expression; see `names.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypercuboid.diagnostics import Diagnostic, Span
from hypercuboid.frontend import ast
from hypercuboid.frontend.builtins import BUILTINS
from hypercuboid.frontend.expression_parts import PARTS, PartRule
from hypercuboid.frontend.meant import meant
from hypercuboid.frontend.modules import BoundNamespace
from hypercuboid.frontend.scopes import Names

if TYPE_CHECKING:
    from hypercuboid.frontend.names import Reader


def _name(reader: Reader, e: ast.Name, scope: Names) -> None:
    reader.name(e.id, e.span, scope)


def _call(reader: Reader, e: ast.Call, scope: Names) -> None:
    if isinstance(e.function, ast.Name) and e.function.id in BUILTINS:
        reader.read_all([one.value for one in e.arguments], scope)
    else:
        PARTS[ast.Call](reader, e, scope)


def _attribute(reader: Reader, e: ast.Attribute, scope: Names) -> None:
    PARTS[ast.Attribute](reader, e, scope)
    if not isinstance(e.value, ast.Name) or scope.has(e.value.id):
        return
    bound = reader.module.names.get(e.value.id)
    if isinstance(bound, BoundNamespace) and e.name not in bound.module.names:
        message = f"`{e.value.id}` has no `{e.name}`"
        help = meant(e.name, sorted(bound.module.names))
        reader.report(Diagnostic("HC2001", message, e.span, help=help))


def _choose(reader: Reader, e: ast.Choose, scope: Names) -> None:
    if e.name is None and e is not reader.named:
        message = "this choice has no name of its own"
        help = "write `choose NAME { ... }`: picks and weights call it by its name"
        notes = ("it is called `choice`, and a name like that does not survive an edit",)
        span = Span(e.span.source, e.span.start, e.span.start + len("choose"))
        reader.report(Diagnostic("HC2020", message, span, notes=notes, help=help, severity="warning"))
    PARTS[ast.Choose](reader, e, scope)


RULES: dict[type, PartRule] = {
    **PARTS,
    ast.Name: _name,
    ast.Call: _call,
    ast.Attribute: _attribute,
    ast.Choose: _choose,
}
