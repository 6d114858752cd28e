"""Expressions that may take several lines: a line that is broken goes on with an operator or a word."""

from __future__ import annotations

from hypercuboid.frontend.style.columns import aligned_rows
from hypercuboid.frontend.style.concrete import Branch, Part
from hypercuboid.frontend.style.layout import FILL, HARD, Doc, Hang, Line, Nest, Rows, group
from hypercuboid.frontend.style.writer import Writer
from hypercuboid.frontend.tokens import Token


def _end(w: Writer, *parts: Part) -> Line:
    """A line end where one of the parts began a line, else where what follows does not fit."""
    return HARD if any(map(w.remarks.begins_line, parts)) else FILL


def chain(w: Writer, branch: Branch) -> Doc:
    """Operands with operators between them."""
    first, *rest = branch.parts
    docs: list[Doc] = []
    for operator, operand in zip(rest[::2], rest[1::2], strict=True):
        assert isinstance(operator, Token)
        docs += [_end(w, operator, operand), w.remarks.token(operator, lead=True), w.doc(operand)]
    return group(Hang([w.doc(first), Nest(docs)]))


def pipe(w: Writer, branch: Branch) -> Doc:
    rows = aligned_rows(w, branch)
    return Rows(rows, chain(w, branch)) if rows else chain(w, branch)


def ternary(w: Writer, branch: Branch) -> Doc:
    then, *rest = branch.parts
    docs: list[Doc] = [[_end(w, word), w.row([word, part])] for word, part in (rest[:2], rest[2:])]
    return group(Hang([w.doc(then), Nest(docs)]))


def negative(w: Writer, branch: Branch) -> Doc:
    return [w.doc(part) for part in branch.parts]


def require(w: Writer, branch: Branch) -> Doc:
    word, condition, *rest = branch.parts
    if not rest:
        return w.row(branch.parts)
    return group(Hang([w.row([word, condition]), Nest([_end(w, rest[0]), w.row(rest)])]))


def binders(w: Writer, branch: Branch) -> Doc:
    docs: list[Doc] = []
    for position, part in enumerate(branch.parts):
        docs += [FILL, w.doc(part)] if position and isinstance(part, Branch) else [w.doc(part)]
    return Nest(docs)
