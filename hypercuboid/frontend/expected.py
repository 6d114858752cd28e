"""What a syntax error says: what stood there and what was expected, in the words of the language."""

from __future__ import annotations

from collections.abc import Sequence

from hypercuboid.diagnostics import Diagnostic, Label, Source, Span
from hypercuboid.frontend.hints import hint
from hypercuboid.frontend.tables import load_tables
from hypercuboid.frontend.tokens import OPENING, Token

_EXPRESSION = {"NAME", "INT", "FLOAT", "STRING", "TRUE", "FALSE", "LPAR", "LSQB", "CHOOSE", "SCAN", "NOT", "MINUS"} | {
    *("SUM", "MEAN", "CONCAT", "CHAIN")
}
_AFTER_EXPRESSION = {"ARROW", "PLUS", "MINUS", "MULOP", "POWER", "CMP", "AND", "OR", "IF", "DOTDOT"} | {
    *("LPAR", "LSQB", "DOT")
}
_NAMING = {"LET", "NODE", "SHARE", "CELL", "CUBOID", "BLOCK", "SPACE", "PARAM", "ARCH", "SEARCH"} | {
    *("FOR", "OF", "AS", "ON")
}
_STATEMENTS = frozenset(("LET", "NODE", "CELL", "SHARE", "CUBOID", "AUX", "REQUIRE"))
_LEADING = _STATEMENTS | {"OUT", "USE", "PARAM", "BLOCK", "SPACE", "ARCH", "SEARCH", "PICK", "KEEP", "STATE", "DEPTH"}
"""Tokens that begin a statement or an item: what is open before them was forgotten."""
_GROUPS: tuple[tuple[frozenset[str], str], ...] = (
    (
        frozenset(("PARAM", "LET", "BLOCK", "SPACE", "CELL", "ARCH", "SEARCH")),
        "an item (`block`, `space`, `let`, ...)",
    ),
    (_STATEMENTS, "a statement"),
    (frozenset(("STATE", "DEPTH", "CHOICE")), "an axis (`state`, `depth` or `choice`)"),
)
_SIGNS = {
    "LPAR": "`(`",
    "RPAR": "`)`",
    "LSQB": "`[`",
    "RSQB": "`]`",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "COMMA": "`,`",
    "COLON": "`:`",
    "DOT": "`.`",
    "EQUAL": "`=`",
    "ARROW": "`->`",
    "DOTDOT": "`..`",
    "NAME": "a name",
    "INT": "an integer",
    "STRING": "a string",
    "CMP": "a comparison",
    "$END": "the end of the file",
    "BINDER_OPEN": "",
}


def syntax_error(
    source: Source, tokens: Sequence[Token], index: int, accepted: set[str], stack: Sequence[object]
) -> Diagnostic:
    """The diagnostic for `tokens[index]`; `accepted` are the types that could stand there, `stack` what is open."""
    token = tokens[index]
    span = Span(source, token.start, token.end)
    opened = _opened(stack)
    if token.type == "$END" and opened is not None:
        return _not_closed(source, opened)
    if "OUT" in accepted and token.type == "RBRACE" and opened is not None:
        label = Label(Span(source, opened.start, opened.end), "its body begins here")
        help = "end it with `out` and the tensor it gives"
        return Diagnostic("HC1004", "this body has no `out`", span, secondary=(label,), help=help)
    if token.type in load_tables().keywords.values() and "NAME" in accepted and _names(tokens, index):
        message = f"`{token.text}` is a word of the language and cannot be a name"
        return Diagnostic("HC1003", message, span, help="choose another name")
    last = _last_out(stack)
    if last is not None and token.type in (*_STATEMENTS, "OUT") and "RBRACE" in accepted:
        label = Label(Span(source, last.start, last.end), "the `out`")
        help = "move it to the end" if token.type != "OUT" else "fold two results: `concat(a, b)`"
        message = "`out` stands last in its body" if token.type != "OUT" else "a body has one `out`"
        return Diagnostic("HC1016", message, span, secondary=(label,), help=help)
    help = hint(tokens, index, accepted)
    forgotten = token.type in _LEADING and (opened is None or opened.type != "LBRACE" or not help)
    if opened is not None and OPENING[opened.type] in accepted and forgotten:
        return _not_closed(source, opened, token)
    found = f"`{token.text}`" if token.text else "the end of the file"
    message = f"expected {in_words(accepted)}, found {found}"
    return Diagnostic("HC1002", message, span, help=help or _either(accepted))


def _not_closed(source: Source, opened: Token, before: Token | None = None) -> Diagnostic:
    """HC1005 at the bracket, and where it should have been closed at the latest."""
    closing = _SIGNS[OPENING[opened.type]]
    span = Span(source, opened.start, opened.end)
    due = () if before is None else (Label(Span(source, before.start, before.end), f"{closing} is due before this"),)
    return Diagnostic(
        "HC1005", f"this `{opened.text}` is not closed", span, secondary=due, help=f"close it with {closing}"
    )


def _either(accepted: set[str]) -> str:
    """What to do where nothing more is known."""
    words = in_words(accepted)
    return f"write {words}" if words.count("`") <= 2 else "write one of these, or take out what stands there"


def _opened(stack: Sequence[object]) -> Token | None:
    """The innermost bracket that is still open."""
    return next((one for one in reversed(stack) if isinstance(one, Token) and one.type in OPENING), None)


def _last_out(stack: Sequence[object]) -> Token | None:
    """The `out` of the innermost body, where it was read already."""
    for one in reversed(stack):
        if isinstance(one, Token) and one.type in ("OUT", *OPENING):
            return one if one.type == "OUT" else None
    return None


def _names(tokens: Sequence[Token], index: int) -> bool:
    """Whether a keyword stands where only a name makes sense."""
    before = tokens[index - 1].type if index else ""
    after = tokens[index + 1].type if index + 1 < len(tokens) else ""
    if before == "CHOOSE" and after == "LBRACE":
        return True
    return before in _NAMING or after in ("EQUAL", "IN", "COLON", "COMMA", "RPAR", "RBRACE", "RSQB", "ARROW", "PLUS")


def in_words(accepted: set[str]) -> str:
    """`an expression`, "`,` or `)`": terminals of the grammar as a reader of the language calls them."""
    left, words = set(accepted), []
    if {"INT", "FLOAT", "LSQB", "CHOOSE"} <= left:
        words.append("an expression")
        left -= _EXPRESSION
    elif {"ARROW", "IF"} & left or {"PLUS", "MULOP"} <= left:
        left -= _AFTER_EXPRESSION
    for members, text in _GROUPS:
        if members <= left:
            words.append(text)
            left -= members | ({"USE", "$END"} if "PARAM" in members else set())
    words += sorted(filter(None, (_SIGNS.get(type, f"`{type.lower()}`") for type in left)), key=_rank)
    if not words:
        return "an operator"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _rank(word: str) -> tuple[bool, str]:
    return word.startswith("`") and not word[1].isalpha(), word
