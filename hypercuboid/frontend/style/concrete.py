"""The concrete tree of a file: all its tokens under the rules of the grammar, and the comments between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

from hypercuboid.diagnostics import Source
from hypercuboid.frontend.parse import reduced
from hypercuboid.frontend.tables import load_tables
from hypercuboid.frontend.tokens import Token, tokenize
from hypercuboid.frontend.tree import Children, Piece, Reduction
from hypercuboid.records import dataclass


@dataclass(frozen=True)
class Branch:
    """One use of a rule, by the name of its reduction, with its parts in the order of the text."""

    rule: str
    parts: tuple[Part, ...]


Part: TypeAlias = Token | Branch


@dataclass(frozen=True)
class Remark:
    """A comment or a line of documentation, from its `#` on; `blank` where an empty line stands before it."""

    text: str
    column: int
    begins_line: bool
    blank: bool

    @property
    def documents(self) -> bool:
        return self.text.startswith("##")


@dataclass(frozen=True)
class Surroundings:
    """What stands around a token: comments on lines before it, one behind it, and whether it begins a line."""

    before: tuple[Remark, ...] = ()
    behind: Remark | None = None
    begins_line: bool = False
    blank: bool = False
    """Whether an empty line stands right before the token."""


def concrete_tree(source: Source) -> Branch:
    """The tree of a file that parses; raises HypercuboidError where it does not."""
    rules = {rule.reduction for rule in load_tables().rules} - {""}
    tree = reduced(source, {rule: _branch(rule) for rule in rules})
    assert isinstance(tree, Branch)
    return tree


def _branch(rule: str) -> Reduction:
    def reduce(c: Children) -> Branch:
        return Branch(rule, tuple(part.node if isinstance(part, Piece) else part for part in c.parts))

    return reduce


def first_token(part: Part) -> Token:
    while isinstance(part, Branch):
        part = part.parts[0]
    return part


def last_token(part: Part) -> Token:
    while isinstance(part, Branch):
        part = part.parts[-1]
    return part


def tokens_of(part: Part) -> list[Token]:
    """The tokens of a part in the order of the text."""
    found: list[Token] = []
    stack: list[Part] = [part]
    while stack:
        top = stack.pop()
        if isinstance(top, Token):
            found.append(top)
        else:
            stack.extend(reversed(top.parts))
    return found


def surroundings(source: Source) -> Mapping[int, Surroundings]:
    """What stands around each token, by the place where the token begins; the end of the file is a token."""
    found: dict[int, Surroundings] = {}
    end, token = 0, None
    for following in tokenize(source).tokens:
        remarks, begins_line, blank = _between(source.text, end, following.start)
        if token is not None and remarks and not remarks[0].documents and not remarks[0].begins_line:
            found[token.start] = replace(found[token.start], behind=remarks.pop(0))
        found[following.start] = Surroundings(tuple(remarks), None, begins_line, blank)
        end, token = following.end, following
    return found


def _between(text: str, start: int, end: int) -> tuple[list[Remark], bool, bool]:
    """The comments between two tokens, whether the second begins a line, and whether an empty line is before it."""
    remarks: list[Remark] = []
    lines = text[start:end].split("\n")
    at, blank = start, False
    for number, line in enumerate(lines):
        begins = number > 0 or start == 0
        if stripped := line.strip():
            column = text.index(stripped, at) - (text.rfind("\n", 0, at) + 1)
            remarks.append(Remark(stripped, column, begins, blank))
        is_empty = begins and number < len(lines) - 1
        blank = not stripped and (blank or is_empty)
        at += len(line) + 1
    return remarks, len(lines) > 1 or start == 0, blank
