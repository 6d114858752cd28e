"""Every code that the product can print, with the messages it is used for, read from the source."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "hypercuboid"

_CODE = re.compile(r"HC\d{4}")
GAP = "…"
"""Stands for what varies in a message."""


def codes_in_package() -> set[str]:
    """Every string that is a code."""
    return {
        node.value
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _CODE.fullmatch(node.value)
    }


def messages_by_code() -> dict[str, set[str]]:
    """The messages of each code; a code and its message are neighbours among the arguments of a call."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = _codes(tree)
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        for function in functions:
            names = _assigned(function)
            for call in ast.walk(function):
                if isinstance(call, ast.Call):
                    for code, message in _said(call, constants):
                        found[code] |= set(_texts(message, names))
    return found


def _codes(tree: ast.Module) -> dict[str, str]:
    """Constants of a module that are codes."""
    return {
        target.id: str(node.value.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and _CODE.fullmatch(str(node.value.value))
    }


def _said(call: ast.Call, constants: dict[str, str]) -> list[tuple[str, ast.expr]]:
    if isinstance(call.func, ast.Name) and call.func.id == "ShapeError":
        given = [*call.args[2:], *(one.value for one in call.keywords if one.arg == "code")]
        code = given[0].value if given and isinstance(given[0], ast.Constant) else "HC3201"
        return [(str(code), call.args[0])]
    arguments = call.args
    for position, one in enumerate(arguments[:-1]):
        code = constants.get(one.id) if isinstance(one, ast.Name) else getattr(one, "value", None)
        if isinstance(code, str) and _CODE.fullmatch(code):
            return [(code, arguments[position + 1])]
    return []


def _assigned(function: ast.FunctionDef) -> dict[str, list[ast.expr]]:
    names: dict[str, list[ast.expr]] = defaultdict(list)
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    names[target.id].append(node.value)
                elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    for one, value in zip(target.elts, node.value.elts, strict=False):
                        if isinstance(one, ast.Name):
                            names[one.id].append(value)
    return names


def _texts(node: ast.expr, names: dict[str, list[ast.expr]]) -> list[str]:
    """The forms of a message, `…` for each part that varies."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.JoinedStr):
        parts = [str(one.value) if isinstance(one, ast.Constant) else GAP for one in node.values]
        return [_short("".join(parts))]
    if isinstance(node, ast.IfExp):
        return [*_texts(node.body, names), *_texts(node.orelse, names)]
    if isinstance(node, ast.BinOp):
        return [_short(a + b) for a in _texts(node.left, names) for b in _texts(node.right, names)]
    if isinstance(node, ast.Subscript):
        return _texts(node.value, names)
    if isinstance(node, ast.Name) and node.id in names:
        return [text for value in names[node.id] for text in _texts(value, {})]
    return [GAP]


def _short(text: str) -> str:
    return re.sub(f"({GAP}[ ,]*)*{GAP}", GAP, text)
