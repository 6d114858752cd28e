"""What the command line says in the language: `NAME=VALUE`, `NAME(args)`, and shapes such as `3x32x32`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from hypercuboid.diagnostics import HypercuboidError, Source, error
from hypercuboid.frontend import ast
from hypercuboid.frontend.evaluate import evaluate
from hypercuboid.frontend.expressions import RULES
from hypercuboid.frontend.globals import module_context
from hypercuboid.frontend.modules import LoadedModule
from hypercuboid.frontend.parse import parse
from hypercuboid.frontend.printer import print_expression
from hypercuboid.frontend.session import Session

_PREFIX = "hypercuboid 1 let value = "
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SHAPE = re.compile(r"[1-9][0-9]{0,8}(x[1-9][0-9]{0,8})*")


def parse_expression(text: str, what: str) -> ast.Expr:
    """One expression that stands on the command line; HC1 errors show it alone."""
    source = Source(what, _PREFIX + text)
    try:
        module = parse(source)
    except HypercuboidError as problem:
        reason = problem.diagnostics[0].message
        help = "write it as in a file, in single quotes where a shell would eat something: '[16, 32]'"
        raise error("HC1030", f"`{text}` ({what}) cannot be read: {reason}", help=help) from None
    if len(module.items) != 1 or not isinstance(module.items[0], ast.Let):
        raise error("HC1030", f"`{text}` ({what}) is more than one value", help="write a list for several: `[3, 5]`")
    return module.items[0].value


def read_parameters(settings: Iterable[str], module: LoadedModule) -> tuple[dict[str, Any], dict[str, str]]:
    """`-p NAME=VALUE` settings, values and texts; values are expressions that may use the names of the file."""
    found: dict[str, Any] = {}
    texts: dict[str, str] = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        name = name.strip(" ")
        if not equals or not _NAME.fullmatch(name):
            raise error("HC1031", f"`-p {setting}` is not NAME=VALUE", help="write `-p layers=3`")
        if name in found:
            raise error("HC1031", f"`-p {name}=...` is given twice", help="leave one of them out")
        expression = parse_expression(text, f"-p {name}")
        found[name] = evaluate(expression, module_context(Session(True, {}, RULES, module), module))
        texts[name] = print_expression(expression)
    return found, texts


def read_inputs(settings: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """`--input 3x32x32` (under the empty name) and `--input NAME=3x32x32`."""
    found: dict[str, tuple[int, ...]] = {}
    for setting in settings:
        name, equals, text = setting.rpartition("=")
        if not _SHAPE.fullmatch(text) or (equals and not _NAME.fullmatch(name)):
            raise error("HC1032", f"`--input {setting}` is no shape", help="write `--input 3x32x32` or NAME=3x32x32")
        if name in found:
            raise error("HC1032", f"`--input {setting}` is given twice", help="leave one of them out")
        found[name] = tuple(int(size) for size in text.split("x"))
    return found


def read_target(text: str) -> tuple[str, tuple[ast.Argument, ...]]:
    """`NAME` or `NAME(args)`: the name and the arguments."""
    expression = parse_expression(text, "NAME")
    if isinstance(expression, ast.Name):
        return expression.id, ()
    if isinstance(expression, ast.Call) and isinstance(expression.function, ast.Name):
        return expression.function.id, expression.arguments
    raise error("HC1033", f"`{text}` is neither a name nor a name with arguments", help="write FILE:NAME(c = 64)")


def value_text(value: Any) -> str | None:
    """A plain value as the language writes it; None for blocks and tensors."""
    from hypercuboid.frontend.shown import is_plain, show

    return show(value) if is_plain(value) else None


def resolved_text(
    module: LoadedModule,
    item: ast.BlockDefinition,
    arguments: Mapping[str, Any],
    written: Mapping[str, str],
    shapes: Mapping[str, str],
) -> str:
    """The file's text with the defaults of parameters, of the space's arguments and of its input as they were used.

    `written` are the texts of arguments that were given, for those whose value has none.
    """
    edits = [
        (one.default.span.start, one.default.span.end, text)
        for one in module.module.items
        if isinstance(one, ast.Param) and (text := value_text(arguments.get(one.name))) is not None
    ]
    for formal in item.formals:
        text = value_text(arguments.get(formal.name)) if formal.name in arguments else None
        text = written.get(formal.name) if text is None else text
        if text is not None and formal.default is not None:
            edits.append((formal.default.span.start, formal.default.span.end, text))
        elif text is not None:
            edits.append((formal.span.end, formal.span.end, f" = {text}"))
    for declared in item.inputs:
        if declared.name in shapes and declared.type is not None:
            edits.append((declared.type.span.start, declared.type.span.end, shapes[declared.name]))
        elif declared.name in shapes:
            edits.append((declared.span.end, declared.span.end, f": {shapes[declared.name]}"))
    whole = module.module.source.text
    for start, end, new in sorted(edits, reverse=True):
        whole = whole[:start] + new + whole[end:]
    return whole
