"""The way out of a syntax error: what people write who come from Python, torch or another language, and what is meant.

A rule looks at the token that does not fit, at the one before and after it, and at what could have stood there.
"""

from __future__ import annotations

from collections.abc import Sequence

from hypercuboid.frontend.tokens import Token
from hypercuboid.records import dataclass

_ANY: frozenset[str] = frozenset()
_STARTS = "NAME INT FLOAT STRING TRUE FALSE"


@dataclass(frozen=True)
class Rule:
    """Empty sets fit everything; of `accepted` one must be acceptable."""

    help: str
    found: frozenset[str] = _ANY
    text: frozenset[str] = _ANY
    before: frozenset[str] = _ANY
    after: frozenset[str] = _ANY
    accepted: frozenset[str] = _ANY
    second: frozenset[str] = _ANY
    third: frozenset[str] = _ANY
    """Types of the tokens two and three before."""
    word: str = ""
    """The text of the token before."""

    def fits(self, tokens: Sequence[Token], index: int, accepted: set[str]) -> bool:
        wanted = ((0, self.found), (-1, self.before), (1, self.after), (-2, self.second), (-3, self.third))
        near = [(tokens[index + step] if 0 <= index + step < len(tokens) else None, types) for step, types in wanted]
        if not all(not types or (token is not None and token.type in types) for token, types in near):
            return False
        before = near[1][0]
        return (
            (not self.text or tokens[index].text in self.text)
            and (not self.word or (before is not None and before.text == self.word))
            and (not self.accepted or bool(self.accepted & accepted))
        )


def _rule(help: str, word: str = "", **types: str) -> Rule:
    """A rule whose sets are written as words with blanks between them."""
    return Rule(help, word=word, **{name: frozenset(words.split()) for name, words in types.items()})


_STATEMENTS = "NODE CELL SHARE CUBOID AUX REQUIRE OUT"
_LEAD = "OUT PARAM"
"""One of these is acceptable where a statement or an item may begin."""

RULES: tuple[Rule, ...] = (
    # words of Python and of other languages
    _rule(
        "a function from tensors to a tensor is a block: `block NAME(c: int) on x { out ... }`",
        text="def fn func",
        accepted=_LEAD,
    ),
    _rule("a network is a `space`, a part of one is a `block`", text="class model module network", accepted=_LEAD),
    _rule("names of files come first: `use std.ops { conv, bn }`", text="import from include", accepted=_LEAD),
    _rule("the result of a body is its `out`", text="return yield", accepted=_LEAD),
    _rule('write `require condition else "why"`', text="assert", accepted=_LEAD),
    _rule(
        "a condition is an expression with both sides: `a if condition else b`",
        text="if elif else",
        accepted=_LEAD,
    ),
    _rule("repeat with a fold: `chain i in 0..3 { conv(8) }`", text="for while loop", accepted=_LEAD),
    _rule("write `let`", text="var val const auto", accepted=_LEAD),
    _rule("a pipeline is a function already: `conv(8) -> relu`", word="lambda"),
    _rule("a comment begins with `#`", text="// /", accepted=_LEAD),
    _rule("arguments are written one by one, by position or name", text="* **", before="LPAR COMMA"),
    # `=`, `:` and their likes
    _rule("bind a name with `let`; it is bound once", found="NAME", after="EQUAL PLUS MINUS", accepted=_LEAD),
    _rule("tensors flow with `->`", found="EQUAL", after="CMP"),
    _rule("ranges are half open: `0..4` ends with 3", found="EQUAL CMP", before="DOTDOT"),
    _rule("only parameters and inputs have types", found="COLON", second="LET"),
    _rule("a parameter has a type: `param classes: int = 10`", found="EQUAL", second="PARAM"),
    _rule("a label stands before `:`", found="EQUAL", accepted="COLON"),
    _rule("a slice is a range: `v[1..3]`", found="COLON", accepted="RSQB"),
    _rule("write `pick SITE = LABEL`", found="COLON", accepted="EQUAL", before="NAME RSQB"),
    _rule("`=` names an argument; compare with `==`", found="EQUAL", accepted="CMP ELSE LBRACE"),
    _rule("join two comparisons with `and`", found="CMP"),
    _rule("a node is bound with `=`: `node n = x -> relu`", found="ARROW", accepted="EQUAL"),
    _rule("a block is due between two arrows", found="ARROW", before="ARROW"),
    _rule("a range has two dots", found="DOT", before="DOTDOT"),
    _rule("a range has no step: `[i for i in 0..10 if i % 2 == 0]`", found="DOTDOT", accepted="FOR RSQB"),
    # brackets
    _rule(
        "write `choose NAME { label: e, ... }`, or `choose NAME in [...] { NAME }`",
        found="LSQB LPAR",
        before="CHOOSE",
    ),
    _rule(
        "what is done for each comes in braces: `choose op in ops { op }`",
        found="RBRACE LET ARROW " + _STATEMENTS,
        accepted="WHERE",
    ),
    _rule(
        "fold tensors in parentheses, `sum(a, b)`, or over a binder, `sum i in 0..3 { n[i] }`",
        found="LSQB",
        accepted="TOP",
    ),
    _rule(
        "a choice has alternatives: `choose act { relu, tanh }`",
        found="RBRACE",
        before="LBRACE",
        third="CHOOSE",
    ),
    _rule("name the tensors that come in: `on x`", found="LBRACE ARROW", accepted="ON"),
    _rule("name the tensors that come in: `on x`", found="LBRACE", before="ON"),
    _rule("inputs need no parentheses: `on x, y`", found="LPAR", before="ON"),
    _rule("what a block gives has no type of its own", found="ARROW", accepted="LBRACE"),
    _rule(
        "parentheses are written also around nothing: `NAME()`",
        found="LBRACE ON",
        accepted="LPAR",
        before="NAME",
    ),
    _rule(
        "one name each: a parameter takes no tuple apart",
        found="LPAR",
        before="LPAR COMMA",
        accepted="NAME",
    ),
    _rule("two names in parentheses, from where and to where: `state (a, b) in ...`", before="STATE"),
    _rule("an index is due: `n[0]`, or `node n[i in 0..3] = ...`", found="RSQB", before="LSQB"),
    # order
    _rule("picks need no commas between them", found="COMMA", accepted="PICK"),
    _rule("an architecture holds `pick` and `keep` only", accepted="PICK"),
    _rule("a cuboid starts from a family of states: `cuboid h from stem { ... }`", accepted="FROM"),
    _rule("the axes of a cuboid come first", found="STATE DEPTH CHOICE", accepted="LET"),
    _rule("all axes stand in one: `compete per (layer, b)`", found="COMPETE", accepted="LET"),
    _rule("`where` belongs to `state`, `choice` and the binders of folds", found="WHERE"),
    _rule("`out` needs the tensor that the block gives", found="LET NODE OUT", before="OUT"),
    _rule("`param` stands outside of blocks", found="PARAM", accepted="OUT"),
    _rule("`use` comes before everything else", found="USE"),
    _rule("name what you use, or write `use std.ops as ops`", text="*", accepted="NAME"),
    _rule("statements stand in a block or a space", found=_STATEMENTS, accepted="PARAM"),
    _rule("this body holds `let`s and an `out` only", found=_STATEMENTS, accepted="LET"),
    _rule("put `,` between", found=_STARTS, accepted="COMMA", before=_STARTS + " RPAR RSQB RBRACE"),
    _rule("join the stages of a pipeline with `->`", found=_STARTS, accepted="ARROW RBRACE", before=_STARTS + " RPAR"),
    _rule("write `out` before the result, `let NAME =` before a step", found=_STARTS + " LPAR", accepted="OUT"),
)
"""The first that fits is what is said."""


def hint(tokens: Sequence[Token], index: int, accepted: set[str]) -> str:
    """The way out for `tokens[index]`, which is none of `accepted`; empty where no rule fits."""
    return next((rule.help for rule in RULES if rule.fits(tokens, index, accepted)), "")
