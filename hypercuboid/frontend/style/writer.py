"""The parts of one file as documents: a rule for each reduction that is more than words in a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from hypercuboid.frontend.style.concrete import Branch, Part, first_token, last_token
from hypercuboid.frontend.style.layout import Doc
from hypercuboid.frontend.style.remarks import Remarks
from hypercuboid.frontend.tokens import Token
from hypercuboid.records import dataclass

WIDTH = 120

_TIGHT_BEFORE = {"RPAR", "RSQB", "COMMA", "COUNT", "DOT", "COLON", "DOTDOT"}
_TIGHT_AFTER = {"LPAR", "LSQB", "BINDER_OPEN", "DOT", "DOTDOT"}
_OPENING = {"LPAR", "LSQB"}
_BEFORE_OPENING = {"NAME", "RPAR", "RSQB", "RBRACE"}
"""What a bracket follows where it holds arguments or an index."""


@dataclass(frozen=True)
class Writer:
    """Makes documents of parts by the rules, with their comments."""

    remarks: Remarks
    rules: Mapping[str, Rule]

    def doc(self, part: Part) -> Doc:
        if isinstance(part, Token):
            return self.remarks.token(part)
        return self.rules.get(part.rule, _words)(self, part)

    def row(self, parts: Sequence[Part]) -> list[Doc]:
        """Parts in a row."""
        docs: list[Doc] = []
        for position, part in enumerate(parts):
            docs += [gap(parts[position - 1], part)] if position else []
            docs.append(self.doc(part))
        return docs


Rule: TypeAlias = Callable[[Writer, Branch], Doc]


def _words(writer: Writer, branch: Branch) -> Doc:
    return writer.row(branch.parts)


def gap(before: Part, after: Part) -> str:
    """The blank between two parts of one line, if there is one."""
    left, right = last_token(before).type, first_token(after).type
    if right in _OPENING and left in _BEFORE_OPENING:
        return ""
    return "" if left in _TIGHT_AFTER or right in _TIGHT_BEFORE else " "
