"""What the tree of a generated file may hold: layers, calls of them, arithmetic; nothing that reaches further."""

from __future__ import annotations

import ast
from collections.abc import Iterator

NODES = """Module Import ImportFrom alias ClassDef FunctionDef arguments arg keyword Expr Assign Return If For Call
Attribute Name Constant Tuple List Starred Subscript Slice BinOp UnaryOp BoolOp Compare Load Store Add Sub Mult Div
FloorDiv Mod BitOr Or Not USub Eq Lt""".split()  # noqa: SIM905

IMPORTS = {"import torch", "from torch import nn", "from torch.nn import functional as F"}

TORCH = """Tensor cat rand zeros_like stack empty""".split()  # noqa: SIM905
"""Attributes of `torch` itself; `nn` and `F` hold nothing but layers and functions of tensors."""

BUILTINS = {"self", "super", "torch", "nn", "F", "int", "float", "bool", "tuple"}

METHODS = {"__init__", "forward", "slices"}

STRINGS = {"nearest"}
"""Texts that stand as values."""


def forbidden(text: str) -> list[str]:
    """Everything in a file that no generated file may hold, each with its line."""
    tree = ast.parse(text)
    return [f"line {getattr(node, 'lineno', 0)}: {what}" for node, what in (*_kinds(tree), *_file(tree), *_names(tree))]


def _kinds(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    documentation = {id(one) for one in _documentation(tree)}
    for node in ast.walk(tree):
        if type(node).__name__ not in NODES:
            yield node, f"a node {type(node).__name__}"
        if isinstance(node, ast.Expr) and id(node) not in documentation and not isinstance(node.value, ast.Call):
            yield node, f"a statement {ast.unparse(node)}"
        if isinstance(node, ast.Constant) and isinstance(node.value, bytes | complex | type(...)):
            yield node, f"a constant {node.value!r}"
    inside = {id(one.value) for one in _documentation(tree)}
    for node in ast.walk(tree):
        value = node.value if isinstance(node, ast.Constant) and id(node) not in inside else None
        if isinstance(value, str) and value not in STRINGS:
            yield node, f"a text {value!r}"


def _documentation(tree: ast.Module) -> Iterator[ast.Expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first


def _file(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Imports of torch, then classes of layers, each of methods."""
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            if ast.unparse(node) not in IMPORTS:
                yield node, ast.unparse(node)
        elif not isinstance(node, ast.ClassDef):
            yield node, f"{type(node).__name__} at the top"
        else:
            yield from _class(node)


def _class(node: ast.ClassDef) -> Iterator[tuple[ast.AST, str]]:
    bases = [ast.unparse(base) for base in node.bases]
    if node.keywords or node.decorator_list or len(bases) != 1 or not bases[0].startswith("nn."):
        yield node, f"a class {node.name}"
    for number, inner in enumerate(node.body):
        if isinstance(inner, ast.FunctionDef):
            defaults = [*inner.args.defaults, *(one for one in inner.args.kw_defaults if one)]
            if inner.decorator_list or inner.name not in METHODS:
                yield inner, f"a method {inner.name}"
            if not all(isinstance(one, ast.Constant) for one in defaults):
                yield inner, "a default that is no constant"
        elif number or not isinstance(inner, ast.Expr):
            yield inner, f"{type(inner).__name__} in a class"


def _names(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    known = BUILTINS | {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            known.add(node.arg)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            known.add(node.id)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and (node.id not in known or node.id.startswith("__")):
            yield node, f"a name {node.id}"
        if isinstance(node, ast.Attribute):
            if node.attr.startswith("_") and ast.unparse(node) != "super().__init__":
                yield node, f"an attribute {node.attr}"
            if isinstance(node.value, ast.Name) and node.value.id == "torch" and node.attr not in TORCH:
                yield node, f"torch.{node.attr}"
