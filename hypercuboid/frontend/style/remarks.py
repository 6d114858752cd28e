"""The comments of a file as documents, by the tokens that they stand around."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hypercuboid.diagnostics import Source
from hypercuboid.frontend.style.concrete import Part, Surroundings, first_token
from hypercuboid.frontend.style.layout import HARD, Blank, Comment, Doc, Lead, Suffix
from hypercuboid.frontend.tokens import Token
from hypercuboid.records import dataclass


@dataclass(frozen=True)
class Remarks:
    """What stands around the tokens of a file; see `surroundings`."""

    source: Source
    around: Mapping[int, Surroundings]

    def column(self, token: Token) -> int:
        """Where the token stood in its line."""
        return token.start - (self.source.text.rfind("\n", 0, token.start) + 1)

    def begins_line(self, part: Part) -> bool:
        """Whether the part began a line in the text."""
        return self.around[first_token(part).start].begins_line

    def is_remarked(self, tokens: Iterable[Token]) -> bool:
        """Whether a comment stands before or behind one of these tokens."""
        return any(self.around[one.start].before or self.around[one.start].behind for one in tokens)

    def token(self, token: Token, lead: bool = False) -> Doc:
        """A token with the comments before it and behind it; `lead` of an operator that may begin a line."""
        found = self.around[token.start]
        text: Doc = Lead(f"{token.text} ") if lead else token.text
        if not found.before and found.behind is None:
            return text
        last: Doc = Blank() if found.before and found.blank else []
        return [_comments(found), last, text, self.behind(token)]

    def closing(self, token: Token) -> tuple[Doc, Doc]:
        """The comments before a closing bracket, on lines of their own, and the bracket with the one behind it."""
        found = self.around[token.start]
        comments: Doc = [HARD, self.blank_before(token), _comments(found)] if found.before else []
        return comments, [token.text, self.behind(token)]

    def behind(self, token: Token) -> Doc:
        """The comment behind a token."""
        found = self.around[token.start].behind
        return [] if found is None else Suffix(found.text, found.column)

    def blank_before(self, part: Part) -> Doc:
        """An empty line where one stood before a part and its comments."""
        found = self.around[first_token(part).start]
        return Blank() if (found.before[0].blank if found.before else found.blank) else []

    def has_blank(self, part: Part) -> bool:
        """Whether an empty line stood anywhere between a part and what is before it."""
        found = self.around[first_token(part).start]
        return found.blank or any(one.blank for one in found.before)


def _comments(found: Surroundings) -> list[Doc]:
    """The comments before a token, and the empty lines among them."""
    docs: list[Doc] = []
    for position, remark in enumerate(found.before):
        docs += [Blank()] if position and remark.blank else []
        docs.append(Comment(remark.text, remark.documents))
    return docs
