"""Names of a file: parameters, constants, blocks, cells and what it uses, evaluated once and on demand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from hypercuboid.diagnostics import HypercuboidError, Label, Span, error
from hypercuboid.frontend import ast
from hypercuboid.frontend.arithmetic import contains
from hypercuboid.frontend.builder import Builder
from hypercuboid.frontend.context import Context, Frame, Scope
from hypercuboid.frontend.depths import names_in
from hypercuboid.frontend.evaluate import evaluate
from hypercuboid.frontend.given import Home
from hypercuboid.frontend.modules import BoundBroken, BoundItem, BoundNamespace, BoundOp, LoadedModule
from hypercuboid.frontend.recovery import silence
from hypercuboid.frontend.session import Session
from hypercuboid.frontend.shown import type_name
from hypercuboid.frontend.typing import check_type
from hypercuboid.frontend.values import Namespace, OpBlock, SharedBlock, UserBlock, relabelled
from hypercuboid.ops import OPS

ROOT = 0
"""The number of the frame of the space that is elaborated; cells of a file belong to it."""

_DEEP = 100
"""Names of a file that wait for each other before those below are evaluated first."""

OUTSIDE = -1
"""The number of the frame of expressions that stand in no block: at the level of a file, on the command line."""


def module_context(session: Session, module: LoadedModule) -> Context:
    """The place of file-level expressions: no names but those of the file, no body of its own."""
    return Context(session, Frame(OUTSIDE, module, {}), Builder(), Scope({}))


def global_value(session: Session, module: LoadedModule, name: str, span: Span) -> tuple[bool, Any]:
    """Whether the file knows `name`, and its value."""
    bound = module.names.get(name)
    if bound is None:
        return False, None
    key = (id(module.module), name)
    if key not in session.globals:
        if key in session.evaluating:
            raise error("HC2006", f"`{name}` is defined by itself", span, help="break the cycle")
        if key in session.failed or isinstance(bound, BoundBroken):
            raise silence()
        if len(session.evaluating) >= _DEEP and not session.settling:
            _first_what_it_needs(session, module, name, span)
        session.evaluating.append(key)
        try:
            session.globals[key] = _evaluate(session, module, name, bound, span)
        except HypercuboidError:
            session.failed.add(key)
            raise
        finally:
            session.evaluating.pop()
    return True, session.globals[key]


def _first_what_it_needs(session: Session, module: LoadedModule, name: str, span: Span) -> None:
    """Evaluates what a name needs, from the bottom up, so that a chain of ten thousand constants is no recursion."""
    session.settling = True
    try:
        for where, one in _needed(session, module, name):
            with suppress(HypercuboidError):  # it may never be asked for; if it is, it fails there
                global_value(session, where, one, span)
    finally:
        session.settling = False


def _needed(session: Session, module: LoadedModule, name: str) -> Iterator[tuple[LoadedModule, str]]:
    """The values that a name of a file needs and that are not known yet, each after those that it needs itself."""
    seen = {*session.globals, *session.evaluating}
    waiting = [(module, name, iter(_names_of(module, name)))]
    while waiting:
        where, one, rest = waiting[-1]
        for inner in rest:
            bound = where.names.get(inner)
            if isinstance(bound, BoundItem) and (key := (id(where.module), inner)) not in seen:
                seen.add(key)
                waiting.append((where, inner, iter(_names_of(bound.module, bound.item.name))))
                break
        else:
            waiting.pop()
            if waiting:
                yield where, one


def _names_of(module: LoadedModule, name: str) -> set[str]:
    item = getattr(module.names.get(name), "item", None)
    return names_in(item) if isinstance(item, ast.Let | ast.Param | ast.Cell) else set()


def _evaluate(session: Session, module: LoadedModule, name: str, bound: object, span: Span) -> Any:
    if isinstance(bound, BoundOp):
        return OpBlock(OPS[bound.name], label=name)
    if isinstance(bound, BoundNamespace):
        return _namespace(name, bound)
    assert isinstance(bound, BoundItem)
    return _item(session, bound.module, bound.item, name, span)


def _namespace(name: str, bound: BoundNamespace) -> Namespace:
    assert bound.module is not None
    return Namespace(name, bound.module)


def _item(session: Session, module: LoadedModule, item: ast.Item, name: str, span: Span) -> Any:
    if isinstance(item, ast.BlockDefinition):
        return UserBlock(item, module, label=name)
    if isinstance(item, ast.Let):
        return relabelled(evaluate(item.value, module_context(session, module)), name)
    if isinstance(item, ast.Param):
        return param_value(session, module, item)
    if isinstance(item, ast.Cell):
        block = evaluate(item.value, module_context(session, module))
        return as_cell(block, Home(ROOT, item.name, item.span), item)
    kind = "an architecture" if isinstance(item, ast.Arch) else "a search"
    raise error("HC2005", f"`{name}` is {kind}, not a value", span, help="name a block, a cell or a constant")


def as_cell(block: Any, home: Home, cell: ast.Cell) -> UserBlock:
    """A block whose uses all share their decisions under the name of the cell."""
    if isinstance(block, SharedBlock):
        first = Label(block.home.span, "shared here")
        message = "this block is shared, and all uses of a share are decided alike already"
        raise error("HC3011", message, cell.value.span, secondary=(first,), help="use it by its name")
    if not isinstance(block, UserBlock):
        what = "an atomic op" if isinstance(block, OpBlock) else type_name(block)
        raise error(
            "HC3011",
            f"a cell must be a block of the language, not {what}",
            cell.value.span,
            help=f"write a `block` for `{cell.name}`",
        )
    if block.home is not None:
        first = Label(block.home.span, "declared as a cell here")
        help = "use that cell: all its uses make the same choices"
        raise error("HC3011", "this block is a cell already", cell.value.span, secondary=(first,), help=help)
    return UserBlock(block.definition, block.module, block.given, cell.name, home)


def _is_allowed(value: Any, allowed: range | tuple[Any, ...]) -> bool:
    """Of floats a range is all from its start to below its end."""
    if isinstance(value, float) and isinstance(allowed, range):
        return allowed.start <= value < allowed.stop
    return contains(allowed, value)


def param_value(session: Session, module: LoadedModule, param: ast.Param) -> Any:
    """The value of a `param`: the one given from outside (entry module only), else its default, checked."""
    context = module_context(session, module)
    own = session.entry is not None and module.module is session.entry.module
    given = own and param.name in session.parameters
    value = session.parameters[param.name] if given else evaluate(param.default, context)
    value = check_type(value, param.type, param.default.span, f"`{param.name}`", given=given)
    if param.range is None:
        return value
    allowed = evaluate(param.range, context)
    if not isinstance(allowed, (range, tuple)):
        message = f"the range of `{param.name}` must be a range or a list"
        raise error("HC3001", message, param.range.span, help="write `in 2..11` or `in [16, 32]`")
    if not _is_allowed(value, allowed):
        secondary = (Label(param.range.span, "the range"),)
        message = f"`{param.name}` = {value} is outside its range {param.range.span.text}"
        raise error("HC5002", message, param.span, secondary=secondary, help="choose a value inside the range")
    return value
