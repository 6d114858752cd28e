"""The Pygments lexer of the language: colours in Markdown, in documentation and in terminals."""

from __future__ import annotations

from typing import Any, ClassVar

from pygments import lexer
from pygments.lexer import RegexLexer, words
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Text, Whitespace

from hypercuboid.editing.words import (
    CLAUSES,
    CONSTANTS,
    DECLARATIONS,
    FOLDS,
    FUNCTIONS,
    KEYWORDS,
    OPERATORS,
    STATEMENTS,
    TYPES,
)

__all__ = ["HypercuboidLexer"]

_NAME = r"[A-Za-z_]\w*"
_NAMING = ("arch", "block", "cell", "search", "space")
"""Declarations whose name others use as a whole: written as the name of a class."""

_VALUES = tuple(word for word in DECLARATIONS if word not in _NAMING)

_LABELS = tuple(sorted(KEYWORDS - {*CONSTANTS, "block"}))
"""Keywords that are labels before the end of a list or of a pick: nothing of the language ends in them."""


_each: Any = lexer.bygroups
"""One kind of token for each group; its stub has no types."""


class HypercuboidLexer(RegexLexer):
    """Lexes files and parts of them; whatever the text, no token is an Error.

    As in the language, a keyword is a name after a dot, before `:` or `=`, and where a pick has one.
    """

    name = "hypercuboid"
    aliases: ClassVar[list[str]] = ["hypercuboid", "hc"]
    filenames: ClassVar[list[str]] = ["*.hc"]
    mimetypes: ClassVar[list[str]] = ["text/x-hypercuboid"]

    tokens: ClassVar[dict[str, list[Any]]] = {
        "root": [
            (r"\s+", Whitespace),
            (r"##[^\n]*", String.Doc),
            (r"#[^\n]*", Comment.Single),
            (r'"[^"\\\n]*"', String.Double),
            (r"\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+", Number.Float),
            (r"\d+", Number.Integer),
            (r"@\d+", Name.Decorator),
            (rf"(\.)(\s*)({_NAME})", _each(Punctuation, Whitespace, Name.Attribute)),
            (rf"(:)(\s*)({'|'.join((*TYPES, 'block'))})\b", _each(Punctuation, Whitespace, Keyword.Type)),
            (rf"{_NAME}(?=\s*(?::|=(?!=)))", Name.Variable),
            (words(_LABELS, prefix=r"\b", suffix=r"(?=\s*(?:[,\])}]|(?:keep|pick)\b))"), Name),
            (rf"({'|'.join(_NAMING)})(\s+)({_NAME})", _each(Keyword.Declaration, Whitespace, Name.Class)),
            (rf"({'|'.join(_VALUES)})(\s+)({_NAME})", _each(Keyword.Declaration, Whitespace, Name.Variable)),
            (rf"(keep|pick)(\s+)({_NAME})", _each(Keyword, Whitespace, Name.Variable)),
            (words(DECLARATIONS, suffix=r"\b"), Keyword.Declaration),
            (words(FOLDS, suffix=r"\b"), Keyword),
            (words((*STATEMENTS, *CLAUSES), suffix=r"\b"), Keyword),
            (words(OPERATORS, suffix=r"\b"), Operator.Word),
            (words(CONSTANTS, suffix=r"\b"), Keyword.Constant),
            (r"searching\b", Name.Builtin.Pseudo),
            (words(FUNCTIONS, suffix=r"\b(?=\s*\()"), Name.Builtin),
            (rf"{_NAME}(?=\s*\()", Name.Function),
            (_NAME, Name),
            (r"->|\.\.|\*\*|==|!=|<=|>=|//|[-+*/%<>=]", Operator),
            (r"[{}()\[\],:.]", Punctuation),
            (r".", Text),
        ]
    }
