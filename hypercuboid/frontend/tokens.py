"""Text to tokens. Refuses characters that hide what is read, odd numbers, open strings and deep nesting."""

from __future__ import annotations

import itertools
import re
from typing import NamedTuple

from hypercuboid.diagnostics import MOST, Diagnostic, HypercuboidError, Source, Span
from hypercuboid.frontend.tables import load_tables
from hypercuboid.records import dataclass

SIZE_LIMIT = 1 << 20
"""Bytes of one file."""

NESTING_LIMIT = 200

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
"""Control, bidirectional, zero-width and other characters that an editor does not show."""

OPENING = {"LPAR": "RPAR", "LSQB": "RSQB", "LBRACE": "RBRACE", "BINDER_OPEN": "RPAR"}
_CLOSING = set(OPENING.values())
_FOLDS = {"SUM", "MEAN", "CONCAT", "CHAIN"}
_BEFORE_BINDER = _FOLDS | {"FOR", "CHOOSE", "INT", "COMMA"}
UNKNOWN = "$UNKNOWN"
"""The type of what is reported already and fits nowhere."""

_ITEMS = frozenset(("USE", "PARAM", "BLOCK", "SPACE", "ARCH", "SEARCH"))
_SKIPPED = {"DOC", "COMMENT", "BLANK"}


class Token(NamedTuple):
    """`text` stands at [start, end), `doc` right before it; `word` marks a keyword that is used as a name."""

    type: str
    text: str
    start: int
    end: int
    doc: str = ""
    word: bool = False


@dataclass(frozen=True)
class Tokens:
    tokens: tuple[Token, ...]
    problems: tuple[Diagnostic, ...]


def escaped(text: str) -> str:
    """The text with characters that a terminal would obey or hide written as `\\u{...}`."""
    return _HIDDEN.sub(lambda found: f"\\u{{{ord(found[0]):x}}}", text)


def tokenize(source: Source) -> Tokens:
    """The tokens up to an END; raises HypercuboidError where the text is too long or nested too deep to go on."""
    if len(source.text.encode("utf-8", "surrogatepass")) > SIZE_LIMIT:
        size = Diagnostic(
            "HC1012", "the file is longer than 1 MiB", Span(source, 0, 0), help="split it and `use` the parts"
        )
        raise HypercuboidError(size)
    problems = [_hidden(source, found) for found in itertools.islice(_HIDDEN.finditer(source.text), 20)]
    raw = _scan(source, problems)
    _check_nesting(source, raw)
    return Tokens(tuple(_names(raw, source.text)), tuple(problems))


def _hidden(source: Source, found: re.Match[str]) -> Diagnostic:
    span = Span(source, found.start(), found.end())
    return Diagnostic("HC1001", f"the character `{escaped(found[0])}` cannot be seen", span, help="delete it")


def _scan(source: Source, problems: list[Diagnostic]) -> list[Token]:
    tables, text = load_tables(), _HIDDEN.sub(" ", source.text)
    match, keywords = tables.pattern.match, tables.keywords
    tokens: list[Token] = []
    docs: list[str] = []
    position = 0
    while position < len(text):
        found = match(text, position)
        if found is None:
            bad = _unknown(source, text, position, problems)
            tokens.append(bad)
            position = bad.end
            continue
        type, word = found.lastgroup or "", found[0]
        start, position = position, found.end()
        if type in _SKIPPED:
            if type == "DOC":
                docs.append(word[2:].removeprefix(" ").rstrip())
            continue
        if type in ("INT", "FLOAT") and (rest := _WORD.match(text, position)):
            position = rest.end()
            _report(problems, source, "HC1008", f"`{text[start:position]}` is no number", start, position, _NUMBERS)
            type, word = "INT", "0"
        tokens.append(
            Token(keywords.get(word, type) if type == "NAME" else type, word, start, position, "\n".join(docs))
        )
        docs.clear()
    tokens.append(Token("$END", "", len(text), len(text)))
    return tokens


_NUMBERS = "numbers are written 3, 0.25 or 1e-4; a name begins with a letter"
_WORD = re.compile(r"[A-Za-z0-9_]+")
_NUMBER = re.compile(r"\d[A-Za-z0-9_]*")
_QUOTED = re.compile(r"'[^'\n]*'?")
_RUN = re.compile(r"[^\sA-Za-z0-9_\"'()\[\]{}#,:=]+|.")


def _unknown(source: Source, text: str, position: int, problems: list[Diagnostic]) -> Token:
    """Reports what is no token; what stands in for it, so that one slip is one error."""
    end = text.find("\n", position)
    end = len(text) if end < 0 else end
    if text[position] == '"':
        backslash = "\\" in text[position:end]
        help = "strings have no escapes: leave out the `\\`" if backslash else 'close it with `"` on the same line'
        message = "a string cannot hold `\\`" if backslash else "this string is not closed"
        if backslash and (closing := text.find('"', position + 1, end)) > 0:
            end = closing + 1
        _report(problems, source, "HC1007", message, position, end, help)
        return Token("STRING", '""', position, end)
    if found := _QUOTED.match(text, position):
        help = 'write `"' + found[0].strip("'") + '"`'
        _report(problems, source, "HC1007", "strings stand in double quotes", position, found.end(), help)
        return Token("STRING", '""', position, found.end())
    if found := _NUMBER.match(text, position):
        _report(problems, source, "HC1008", f"`{found[0]}` is no number", position, found.end(), _NUMBERS)
        return Token("INT", "0", position, found.end())
    found = _RUN.match(text, position)
    shown = found[0] if found else text[position]
    message = f"`{shown[:40]}` means nothing in the language"
    _report(problems, source, "HC1006", message, position, position + len(shown), _hint(shown))
    return Token(UNKNOWN, shown, position, position + len(shown))


def _hint(shown: str) -> str:
    letters = "names are written with the letters a to z, A to Z, digits and `_`"
    return _HINTS.get(shown) or (letters if shown.isalpha() else "leave it out")


_HINTS = {
    "&&": "write `and`",
    "||": "write `or`",
    "!": "write `not`",
    ";": "statements need no mark at their end",
    "^": "write `**` for a power",
    "&": "write `and`",
    "|": "tensors flow with `->`",
    "|>": "tensors flow with `->`",
    "~": "write `not`",
    "\\": "a line goes on without a mark",
    "@": "there are no decorators",
    "?": "a condition is written `a if condition else b`",
}


def _report(
    problems: list[Diagnostic], source: Source, code: str, message: str, start: int, end: int, help: str = ""
) -> None:
    if len(problems) < MOST:
        problems.append(Diagnostic(code, message, Span(source, start, end), help=help))


def _check_nesting(source: Source, tokens: list[Token]) -> None:
    depth = 0
    for token in tokens:
        if token.type in OPENING:
            depth += 1
        elif token.type in _CLOSING:
            depth = max(0, depth - 1)
        if depth > NESTING_LIMIT:
            raise HypercuboidError(too_deep(Span(source, token.start, token.end)))


def too_deep(span: Span) -> Diagnostic:
    message = f"this is nested more than {NESTING_LIMIT} deep"
    return Diagnostic("HC1011", message, span, help="name the inner parts with `let`")


def _names(tokens: list[Token], text: str) -> list[Token]:
    """Keywords become names after a dot, before `:` and `=` in arguments and labels, and where a pick names a label.

    An item that begins a line stands in no bracket, so that one that is not closed confuses nothing further down.
    """
    keywords = load_tables().keywords
    found: list[Token] = []
    region, depth, led = "", 0, ""
    for index, token in enumerate(tokens[:-1]):
        before, after = tokens[index - 1].type if index else "", tokens[index + 1].type
        is_word = token.text in keywords and token.type not in ("TRUE", "FALSE", "NAME")
        depth = 0 if token.type in _ITEMS and text[token.start - 1 : token.start] == "\n" else depth
        region = _region(region, token, depth)
        depth += (token.type in OPENING) - (token.type in _CLOSING)
        led = token.type if depth == 0 and is_word and token.type in ("PARAM", "LET", "CELL") else led
        if is_word and (before == "DOT" or _is_label(region, before, after)):
            token = token._replace(type="NAME", word=True)
        elif token.type == "LPAR" and before in _BEFORE_BINDER and _opens_binder(tokens, index):
            token = token if led == "PARAM" and depth == 1 else token._replace(type="BINDER_OPEN")
        found.append(token)
    return [*found, tokens[-1]]


def _region(region: str, token: Token, depth: int) -> str:
    if token.type in ("ARCH", "SEARCH") and depth == 0:
        return token.type
    return "" if token.type in ("BLOCK", "SPACE", "PARAM") and depth == 0 else region


def _is_label(region: str, before: str, after: str) -> bool:
    if after in ("EQUAL", "COLON"):
        return before in ("LPAR", "COMMA", "LBRACE", "LSQB") or (region == "SEARCH" and after == "EQUAL")
    if region == "ARCH" and before in ("PICK", "KEEP"):  # a site may start with a keyword: `pick out.k = ...`
        return after in ("DOT", "COMMA", "COUNT", "LSQB", "EQUAL")
    ends = ("COMMA", "RSQB", "RBRACE", "PICK", "KEEP", "RPAR")
    return region == "ARCH" and before in ("EQUAL", "COLON", "COMMA", "LPAR", "LSQB") and after in ends


def _opens_binder(tokens: list[Token], index: int) -> bool:
    """Whether `(a, b, ...) in` stands at `index`."""
    at, wanted = index + 1, "NAME"
    while tokens[at].type == wanted:
        at, wanted = at + 1, "COMMA" if wanted == "NAME" else "NAME"
    return wanted == "COMMA" and at > index + 3 and tokens[at].type == "RPAR" and tokens[at + 1].type == "IN"
