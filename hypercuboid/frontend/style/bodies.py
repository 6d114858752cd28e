"""Files, and what stands between braces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from hypercuboid.frontend.style.brackets import spread
from hypercuboid.frontend.style.concrete import Branch, Part
from hypercuboid.frontend.style.layout import HARD, Blank, Doc, Hang, Line, Nest, group
from hypercuboid.frontend.style.lines import on_one_line
from hypercuboid.frontend.style.writer import WIDTH, Writer
from hypercuboid.frontend.tokens import Token

_WITH_BODY = {"block", "space", "arch", "search"}


def file(w: Writer, tree: Branch, end: Token) -> Doc:
    """`end` is the token at the end of the file: comments may stand before it."""
    docs: list[Doc] = [w.doc(tree.parts[0])]
    for before, part in zip(tree.parts, tree.parts[1:], strict=False):
        assert isinstance(before, Branch) and isinstance(part, Branch)
        docs += [HARD, _between(w, before, part), w.doc(part)]
    comments, _ = w.remarks.closing(end)
    return [docs, comments, HARD]


def _between(w: Writer, before: Branch, after: Branch) -> Doc:
    """An empty line around what takes several lines, and where one was: before the comments, unless after one."""
    apart = _is_spread(w, before) or _is_spread(w, after) or (before.rule == "use") != (after.rule == "use")
    if apart and before.rule != "pragma" and not w.remarks.has_blank(after):
        return Blank()
    return w.remarks.blank_before(after)


def _is_spread(w: Writer, item: Branch) -> bool:
    """Whether an item has a body that takes lines of its own."""
    text = on_one_line(w.doc(item)) if item.rule in _WITH_BODY else ""
    return text is None or len(text) > WIDTH


class _Braces(NamedTuple):
    opening: Token
    inner: Sequence[Part]
    closing: Token


def _braces(parts: Sequence[Part]) -> _Braces:
    opening, *inner, closing = parts
    assert isinstance(opening, Token) and isinstance(closing, Token)
    return _Braces(opening, inner, closing)


def body(w: Writer, branch: Branch) -> Doc:
    """Statements between braces."""
    return _statements(w, [], _braces(branch.parts))


def headed(w: Writer, branch: Branch) -> Doc:
    """Words, then statements between braces."""
    at = next(i for i, part in enumerate(branch.parts) if isinstance(part, Token) and part.type == "LBRACE")
    return group(_statements(w, [spread(w, branch.parts[:at]), " "], _braces(branch.parts[at:])))


def definition(w: Writer, branch: Branch) -> Doc:
    """A block or a space."""
    return group(spread(w, branch.parts))


def _statements(w: Writer, head: Doc, braces: _Braces) -> Doc:
    """Each statement on a line of its own; a single one may stay on the line of the braces."""
    comments, brace = w.remarks.closing(braces.closing)
    opening = w.doc(braces.opening)
    if not braces.inner and not comments:
        return [head, opening, brace]
    if len(braces.inner) == 1 and not comments and not w.remarks.begins_line(braces.inner[0]):
        return Hang([head, opening, Nest([Line(), w.doc(braces.inner[0])]), Line(), brace])
    docs: list[Doc] = [[HARD, w.remarks.blank_before(one), w.doc(one)] for one in braces.inner]
    return Hang([head, opening, Nest([docs, comments]), HARD, brace], within=True)


def inner(w: Writer, branch: Branch) -> Doc:
    """`{ e }`, on one line if it stood on one and fits; with `let`s each part has a line."""
    braces = _braces(branch.parts)
    if len(braces.inner) > 1:
        return body(w, branch)
    comments, brace = w.remarks.closing(braces.closing)
    end = HARD if w.remarks.begins_line(braces.inner[0]) else Line()
    return group(Hang([w.doc(braces.opening), Nest([end, w.doc(braces.inner[0]), comments]), end, brace], within=True))
