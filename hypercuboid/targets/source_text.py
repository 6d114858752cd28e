"""Pieces of Python text: identifiers, checked expressions, escaped comments, lines laid out as `ruff format` does."""

from __future__ import annotations

import ast
import keyword
import operator
import re
from collections.abc import Callable, Mapping, Set
from typing import Any

WIDTH = 88
LONGEST = 30
"""Characters of an identifier; longer names are cut, so that lines can be laid out."""
MODULE_NAMES = frozenset(
    """T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches
    eval extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict
    modules mtia named_buffers named_children named_modules named_parameters parameters register_backward_hook
    register_buffer register_forward_hook register_forward_pre_hook register_full_backward_hook
    register_full_backward_pre_hook register_load_state_dict_post_hook register_load_state_dict_pre_hook
    register_module register_parameter register_state_dict_post_hook register_state_dict_pre_hook requires_grad_
    set_extra_state set_submodule share_memory state_dict to to_empty train training type xpu zero_grad""".split()  # noqa: SIM905 - a list would be a page
)
"""Attributes of `nn.Module` that a layer must not be called."""
RESERVED = frozenset({"self", "torch", "nn", "F", "super", "print", "int", "float", "bool", "tuple"})

_OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


def identifier(text: str, taken: Set[str] = frozenset()) -> str:
    """An ASCII identifier made of `text` that is no keyword, no attribute of `nn.Module` and not taken."""
    name = re.sub(r"[^0-9A-Za-z]+", "_", text).strip("_")[:LONGEST].rstrip("_") or "layer"
    name = f"n{name}" if name[0].isdigit() else name
    if keyword.iskeyword(name) or keyword.issoftkeyword(name) or name in MODULE_NAMES or name in RESERVED:
        name += "_"
    unique, count = name, 1
    while unique in taken:
        count += 1
        unique = f"{name.rstrip('_')}_{count}"
    return unique


def snake(text: str) -> str:
    """`SharpSepConv` as `sharp_sep_conv`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", text.replace("ReLU", "Relu"))
    return spaced.lower()


def pascal(text: str) -> str:
    """`sep_conv_3x3` as `SepConv3x3`; names that hold capitals keep them."""
    parts = [part for part in re.split(r"[^0-9A-Za-z]+", text) if part]
    name = "".join(part[0].upper() + part[1:] for part in parts)[: 2 * LONGEST] or "Network"
    return f"N{name}" if name[0].isdigit() else name


def comment(text: str) -> str:
    """Text that is safe in a comment: one line, control and bidirectional characters escaped."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def prose(text: str) -> str:
    """Text that is safe in a docstring as well."""
    return comment(text).replace("\\", "\\\\").replace('"', "'").strip()


def parse(text: str) -> ast.expr | None:
    """The tree of an arithmetic expression over names and `x.c`; None for anything else."""
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        return None
    return tree if all(_is_plain(node) for node in ast.walk(tree)) else None


def _is_plain(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp):
        return type(node.op) in _OPERATORS
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int | float)
    if isinstance(node, ast.Attribute):
        return isinstance(node.value, ast.Name)
    return isinstance(node, ast.Name | ast.operator | ast.expr_context)


def names(tree: ast.expr) -> list[str]:
    """The names and dotted names of an expression."""
    dotted = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    inner = {id(node.value) for node in dotted}
    plain = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in inner]
    return plain + [ast.unparse(node) for node in dotted]


def value_of(tree: ast.expr, known: Mapping[str, Any]) -> Any:
    """The value of an expression; KeyError for an unknown name, ArithmeticError where it has none."""
    if isinstance(tree, ast.Constant):
        return tree.value
    if isinstance(tree, ast.BinOp):
        return _OPERATORS[type(tree.op)](value_of(tree.left, known), value_of(tree.right, known))
    return known[ast.unparse(tree)]


class _Replace(ast.NodeTransformer):
    def __init__(self, replacements: Mapping[str, ast.expr]) -> None:
        self.replacements = replacements

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.replacements.get(node.id, node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return self.replacements.get(ast.unparse(node), node)


def substituted(text: str, replacements: Mapping[str, str | None]) -> str | None:
    """The expression with its names replaced; None where a name has no replacement."""
    tree = parse(text)
    if tree is None:
        return None
    trees: dict[str, ast.expr] = {}
    for name in names(tree):
        new = replacements.get(name)
        parsed = None if new is None else parse(new)
        if parsed is None:
            return None
        trees[name] = parsed
    return ast.unparse(_Replace(trees).visit(tree))


# ---------------------------------------------------------------- layout


def laid_out(code: str, indent: int, prefix: str = "", suffix: str = "") -> list[str]:
    """`prefix + code + suffix` as lines of at most 88 columns; `code` is one expression."""
    line = " " * indent + prefix + code + suffix
    if len(line) <= WIDTH and "\n" not in code:
        return [line]
    return _broken(code, ast.parse(code, mode="eval").body, indent, prefix, suffix, False)


def _broken(code: str, node: ast.expr, indent: int, prefix: str, suffix: str, inside: bool) -> list[str]:
    pad = " " * indent
    flat = _segment(code, node)
    if len(pad + prefix + flat + suffix) <= WIDTH:
        return [pad + prefix + flat + suffix]
    if isinstance(node, ast.Call):
        lines = [f"{pad}{prefix}{_segment(code, node.func)}("]
        for argument in node.args:
            lines += _broken(code, argument, indent + 4, "", ",", True)
        for named in node.keywords:
            lines += _broken(code, named.value, indent + 4, f"{named.arg}=", ",", True)
        return [*lines, f"{pad}){suffix}"]
    if isinstance(node, ast.Tuple):
        lines = [f"{pad}{prefix}("]
        for item in node.elts:
            lines += _broken(code, item, indent + 4, "", ",", True)
        return [*lines, f"{pad}){suffix}"]
    if isinstance(node, ast.BinOp):
        terms = _terms(code, node)
        if len(terms) == 2 and isinstance(node.left, ast.BinOp) and _wrapped(code, node.left):
            inner = [f"{pad}    {term}" for term in _terms(code, node.left)]
            return [f"{pad}{prefix}(", *inner, f"{pad}) {terms[1]}{suffix}"]
        if inside and not prefix:
            return [pad + terms[0], *(pad + term for term in terms[1:-1]), pad + terms[-1] + suffix]
        return [f"{pad}{prefix}(", *(f"{pad}    {term}" for term in terms), f"{pad}){suffix}"]
    return [pad + prefix + flat + suffix]


def _terms(code: str, node: ast.BinOp) -> list[str]:
    """`["a", "+ b", "+ c"]` of a chain of operators of one precedence."""
    symbols: dict[type, str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
    high = isinstance(node.op, ast.Mult | ast.Div)
    terms: list[str] = []
    left: ast.expr = node
    while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Mult | ast.Div) == high:
        if left is not node and _wrapped(code, left):
            break
        terms.append(f"{symbols[type(left.op)]} {_segment(code, left.right)}")
        left = left.left
    return [_segment(code, left), *reversed(terms)]


def _segment(code: str, node: ast.expr) -> str:
    text = code.encode()[node.col_offset : node.end_col_offset].decode()
    return f"({text})" if _wrapped(code, node) else text


def _wrapped(code: str, node: ast.expr) -> bool:
    """Whether the code has parentheses of its own around a node."""
    if not isinstance(node, ast.BinOp | ast.UnaryOp):
        return False
    before, after = code[: node.col_offset].rstrip(), code[node.end_col_offset :].lstrip()
    opened = before.endswith("(") and not re.search(r"[\w\])]\($", before)
    return opened and after.startswith(")")
