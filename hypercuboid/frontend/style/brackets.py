"""Elements between brackets: on one line if they fit, else in the rows that they had, else one per line."""

from __future__ import annotations

from collections.abc import Sequence

from hypercuboid.frontend.style.concrete import Branch, Part, last_token
from hypercuboid.frontend.style.layout import FILL, HARD, SOFT, Broken, Doc, Hang, Line, Nest, group
from hypercuboid.frontend.style.writer import Writer, gap
from hypercuboid.frontend.tokens import OPENING, Token
from hypercuboid.records import dataclass

_PLAIN = {"name", "int", "float", "string", "true", "false", "neg", "attribute"}
"""Elements of which several go on one line of a long list."""


@dataclass(frozen=True)
class _Elements:
    """What stands between brackets, and the comma behind each element; `rows` where the first began a line."""

    parts: tuple[Part, ...]
    commas: tuple[Token | None, ...]
    rows: bool
    plain: bool


def brackets(w: Writer, parts: Sequence[Part], space: str = "", trailing: bool = True) -> Doc:
    """`parts` with the brackets; `space` stands inside them on one line, `trailing` allows a comma after the last."""
    opening, *inside, closing = parts
    assert isinstance(closing, Token)
    comments, close = w.remarks.closing(closing)
    elements = _elements(w, inside)
    if not elements.parts:
        return group(Hang([w.doc(opening), Nest(comments), HARD if comments else [], close], within=True))
    if not comments and _hugs(elements):
        return [w.doc(opening), space, w.doc(elements.parts[0]), space, close]
    start = HARD if elements.rows else Line(space)
    end = HARD if elements.rows or comments else Line(space)
    inner: list[Doc] = [start, group(_separated(w, elements)), _last_comma(w, elements.commas[-1], trailing), comments]
    return group(Hang([w.doc(opening), Nest(inner), end, close], within=True))


def _elements(w: Writer, parts: Sequence[Part]) -> _Elements:
    if len(parts) == 1 and isinstance(parts[0], Branch) and parts[0].rule in ("args", "formals"):
        parts = parts[0].parts
    found: list[Part] = []
    commas: list[Token | None] = []
    for part in parts:
        if isinstance(part, Token) and part.type == "COMMA":
            commas[-1] = part
        else:
            found.append(part)
            commas.append(None)
    rows = bool(found) and w.remarks.begins_line(found[0])
    plain = all(isinstance(one, Token) or one.rule in _PLAIN for one in found)
    return _Elements(tuple(found), tuple(commas), rows, plain)


def _hugs(elements: _Elements) -> bool:
    """Whether a single element that ends in a bracket stays inside its brackets without a line of its own."""
    only = elements.parts[0]
    return len(elements.parts) == 1 and not elements.rows and last_token(only).type in OPENING.values()


def _separated(w: Writer, elements: _Elements) -> list[Doc]:
    docs: list[Doc] = []
    for position, part in enumerate(elements.parts):
        if position:
            comma = elements.commas[position - 1]
            assert comma is not None
            docs += [w.doc(comma), _separator(w, elements, part)]
        docs += [w.remarks.blank_before(part) if elements.rows else [], w.doc(part)]
    return docs


def _separator(w: Writer, elements: _Elements, after: Part) -> Line:
    if elements.rows:
        return HARD if w.remarks.begins_line(after) else FILL
    return FILL if elements.plain else Line()


def _last_comma(w: Writer, comma: Token | None, trailing: bool) -> Doc:
    if comma is not None and w.remarks.is_remarked([comma]):
        return w.doc(comma)
    return Broken(",") if trailing else []


def spread(w: Writer, parts: Sequence[Part]) -> list[Doc]:
    """Parts in a row; round brackets among them hold arguments or parameters, which may take lines of their own."""
    docs: list[Doc] = []
    position = 0
    while position < len(parts):
        part = parts[position]
        docs += [gap(parts[position - 1], part)] if position else []
        if isinstance(part, Token) and part.type == "LPAR":
            end = position + (1 if isinstance(parts[position + 1], Token) else 2)
            docs.append(brackets(w, parts[position : end + 1]))
            position = end
        else:
            docs.append(w.doc(part))
        position += 1
    return docs


def listed(w: Writer, branch: Branch) -> Doc:
    return brackets(w, branch.parts)


def grouped(w: Writer, branch: Branch) -> Doc:
    """An expression in parentheses."""
    return brackets(w, branch.parts, trailing=False)


def call(w: Writer, branch: Branch) -> Doc:
    function, *rest = branch.parts
    return [w.doc(function), brackets(w, rest)]


def index(w: Writer, branch: Branch) -> Doc:
    value, *rest = branch.parts
    return [w.doc(value), w.row(rest)]


def braced_list(w: Writer, branch: Branch) -> Doc:
    """Words, then elements between braces where there are any."""
    at = [i for i, part in enumerate(branch.parts) if isinstance(part, Token) and part.type == "LBRACE"]
    if not at:
        return w.row(branch.parts)
    return [w.row(branch.parts[: at[0]]), " ", brackets(w, branch.parts[at[0] :], " ")]


def comprehension(w: Writer, branch: Branch) -> Doc:
    opening, element, *clauses, closing = branch.parts
    assert isinstance(closing, Token)
    comments, close = w.remarks.closing(closing)
    rows = w.remarks.begins_line(element)
    docs = [[HARD if w.remarks.begins_line(one) else Line(), w.doc(one)] for one in clauses]
    inner = [HARD if rows else SOFT, w.doc(element), docs, comments]
    return group(Hang([w.doc(opening), Nest(inner), HARD if rows or comments else SOFT, close], within=True))
