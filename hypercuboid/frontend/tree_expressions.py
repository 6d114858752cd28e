"""Reductions of the grammar to expressions."""

from __future__ import annotations

import math

from hypercuboid.frontend import ast
from hypercuboid.frontend.tokens import Token
from hypercuboid.frontend.tree import Children, Piece, Reduction

INTEGER_LIMIT = 1 << 53
"""Integers are at most this large in both directions, so that every one is a float too."""


def integer(c: Children, token: Token) -> int:
    """The value of an INT token, 0 and a report where it is too large; never converts a long text."""
    digits = token.text.lstrip("0") or "0"
    if len(digits) <= 16 and int(digits) <= INTEGER_LIMIT:
        return int(digits)
    shown = digits if len(digits) <= 40 else f"{digits[:12]}... ({len(digits)} digits)"
    help = "write a float, `1e20`, or a smaller number"
    c.report("HC1009", f"the integer {shown} is larger than 2**53", c.at(token), help=help)
    return 0


def _name(c: Children) -> ast.Expr:
    return ast.Name(c.span, c.names()[0])


def _int(c: Children) -> ast.Expr:
    return ast.Literal(c.span, integer(c, c.tokens("INT")[0]))


def _float(c: Children) -> ast.Expr:
    token = c.tokens("FLOAT")[0]
    value = float(token.text)
    if not math.isfinite(value):
        c.report("HC1009", "this number is too large", c.at(token), help="numbers go up to about 1.8e308")
        value = 0.0
    return ast.Literal(c.span, value)


def _string(c: Children) -> ast.Expr:
    return ast.Literal(c.span, c.tokens("STRING")[0].text[1:-1])


def _chain(c: Children) -> ast.Expr:
    operators = tuple(part.text for part in c.parts if isinstance(part, Token))
    return ast.Operation(c.span, c.nodes, operators)


def _pipe(c: Children) -> ast.Expr:
    first, *stages = c.pieces
    head = first
    for stage in stages:
        _check_stage(c, head, stage)
        head = Piece(None, first.start, stage.end)
    return ast.Pipe(c.span, c.nodes)


def _check_stage(c: Children, head: Piece, stage: Piece) -> None:
    """Ruling 1: `x -> f + y` is an error, since it would pipe `x` into a sum."""
    node = stage.node
    if stage.grouped or not isinstance(node, ast.Operation | ast.Range | ast.Unary):
        return
    symbol = node.operators[0] if isinstance(node, ast.Operation) else ".." if isinstance(node, ast.Range) else ""
    message = f"`{symbol}` binds tighter than `->`" if symbol else "what follows `->` must be a block"
    span = c.at(stage)
    c.report("HC1010", message, span, "this whole expression would be the block", _regrouped(c, head, stage))


def _regrouped(c: Children, head: Piece, stage: Piece) -> str:
    node, text = stage.node, c.source.text
    if not isinstance(node, ast.Operation):
        return ""
    before, rest = text[head.start : node.operands[0].span.end], text[node.operands[0].span.end : stage.end]
    if "\n" in before + rest or len(before + rest) > 100:
        return "put the pipeline in parentheses"
    return f"write `({before}){rest}`"


def _unary(operator: str) -> Reduction:
    return lambda c: ast.Unary(c.span, operator, c.nodes[0])


def _conditional(c: Children) -> ast.Expr:
    then, condition, otherwise = c.nodes
    return ast.Conditional(c.span, then, condition, otherwise)


def _call(c: Children) -> ast.Expr:
    function, *arguments = c.nodes
    return ast.Call(c.span, function, arguments[0] if arguments else ())


def _index(c: Children) -> ast.Expr:
    value, *items = c.nodes
    return ast.Index(c.span, value, tuple(items))


def _choose(c: Children) -> ast.Expr:
    names = c.names()
    return ast.Choose(c.span, names[0] if names else None, c.nodes)


def _choose_in(c: Children) -> ast.Expr:
    return ast.ChooseIn(c.span, c.nodes[0], c.after("WHERE"), c.nodes[-1])


def _scan(c: Children) -> ast.Expr:
    state, item = c.names()
    start, sequence, body = c.nodes
    return ast.Scan(c.span, state, start, item, sequence, body)


def _fold_in(c: Children) -> ast.Expr:
    kind, binders, *_, body = c.nodes
    top = None
    if count := c.tokens("INT"):
        top = integer(c, count[0])
        if kind != "sum":
            help = f"write `sum top`, or `{kind}` without `top`"
            message = f"`top` stands only after `sum`, not after `{kind}`"
            c.report("HC1015", message, c.at(c.tokens("TOP")[0]), help=help)
        elif top < 1:
            c.report("HC1015", "`sum top` keeps at least one term", c.at(count[0]), help="write `sum top 1`")
    return ast.Fold(c.span, kind, top, binders, c.after("WHERE"), body)


def _fold_of(c: Children) -> ast.Expr:
    kind, arguments = c.nodes
    return ast.FoldOf(c.span, kind, arguments)


def _clause(c: Children) -> ast.Clause:
    names, iterable, *_ = c.nodes
    return ast.Clause(c.span, _bound_name(names), iterable, c.after("IF"), names if len(names) > 1 else ())


def _binder(c: Children) -> ast.Binder:
    names, iterable = c.nodes
    return ast.Binder(c.span, _bound_name(names), iterable, names if len(names) > 1 else ())


def _bound_name(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"({', '.join(names)})"


def _alternative(c: Children) -> ast.Alternative:
    names = c.names()
    return ast.Alternative(c.span, names[0] if names else None, c.nodes[0])


def _argument(c: Children) -> ast.Argument:
    names = c.names()
    return ast.Argument(c.span, names[0] if names else None, c.nodes[0])


def _block(c: Children) -> ast.Block:
    *lets, result = c.nodes
    return ast.Block(c.span, tuple(lets), result)


EXPRESSIONS: dict[str, Reduction] = {
    "name": _name,
    "int": _int,
    "float": _float,
    "string": _string,
    "true": lambda c: ast.Literal(c.span, True),
    "false": lambda c: ast.Literal(c.span, False),
    "group": lambda c: c.nodes[0],
    "tuple": lambda c: ast.TupleOf(c.span, c.nodes),
    "list": lambda c: ast.ListOf(c.span, c.nodes),
    "comprehension": lambda c: ast.Comprehension(c.span, c.nodes[0], c.nodes[1:]),
    "or_": _chain,
    "and_": _chain,
    "compare": _chain,
    "add": _chain,
    "mul": _chain,
    "raised": _chain,
    "negated": _unary("not"),
    "neg": _unary("-"),
    "between": lambda c: ast.Range(c.span, *c.nodes),
    "up_to": lambda c: ast.Range(c.span, None, c.nodes[0]),
    "onward": lambda c: ast.Range(c.span, c.nodes[0], None),
    "ternary": _conditional,
    "pipe": _pipe,
    "call": _call,
    "item_of": _index,
    "attribute": lambda c: ast.Attribute(c.span, c.nodes[0], c.names()[0]),
    "choose": _choose,
    "choose_in": _choose_in,
    "scan": _scan,
    "fold_in": _fold_in,
    "fold_of": _fold_of,
    "fold": lambda c: c.source.text[c.span.start : c.span.end],
    "clause": _clause,
    "alternative": _alternative,
    "binders": lambda c: c.nodes,
    "binder": _binder,
    "bound": lambda c: tuple(c.names()),
    "inner": _block,
    "args": lambda c: c.nodes,
    "arg": _argument,
}

NESTING = frozenset(
    ("group", "tuple", "list", "comprehension", "negated", "neg", "raised", "ternary", "call", "item_of")
) | {"attribute", "choose", "choose_in", "scan", "fold_in", "fold_of"}
"""Reductions that make an expression one level deeper."""

LOOPS = frozenset(("comprehension", "binders"))
"""Reductions in which each part but the first is a loop inside the one before it, and so one level deeper."""
