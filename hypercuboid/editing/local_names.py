"""The names that are in scope at a place, read from the tokens before it: what is typed has no tree yet."""

from __future__ import annotations

from collections.abc import Sequence

from hypercuboid.frontend.tokens import Token

_ITEMS = ("PARAM", "BLOCK", "SPACE", "ARCH", "SEARCH")
_BINDING = ("LET", "CELL", "SHARE", "NODE", "CUBOID", "DEPTH", "CHOICE", "SCAN", "OVER")
_OPENING = ("LPAR", "BINDER_OPEN", "LSQB", "LBRACE")
_CLOSING = ("RPAR", "RSQB", "RBRACE")


def names_before(tokens: Sequence[Token]) -> list[str]:
    """Names of the item that the last token stands in: parameters, inputs, statements and binders, innermost last.

    What was bound inside brackets that are closed again is gone, save the parameters of the item.
    """
    start = next((i for i in range(len(tokens) - 1, -1, -1) if tokens[i].type in _ITEMS), 0)
    scopes: list[list[str]] = [[]]
    for index in range(start + 1, len(tokens)):
        before, token = tokens[index - 1], tokens[index]
        after = tokens[index + 1].type if index + 1 < len(tokens) else ""
        is_head = "LBRACE" not in {one.type for one in tokens[start:index]} if index - start < 200 else False
        if token.type in _OPENING and not is_head:
            scopes.append([])
        elif token.type in _CLOSING and not is_head and len(scopes) > 1:
            closed = scopes.pop()
            scopes[-1] += closed if token.type == "RPAR" and after == "IN" else []
        elif token.type == "NAME" and _is_bound(before.type, after, is_head, index - start):
            scopes[-1].append(token.text)
    return list(dict.fromkeys(name for scope in scopes for name in scope))


def _is_bound(before: str, after: str, is_head: bool, position: int) -> bool:
    """Whether a name is declared between its neighbours."""
    if is_head:
        return (
            position > 1
            and before in ("LPAR", "COMMA", "ON")
            and after in ("COLON", "EQUAL", "COMMA", "RPAR", "LBRACE", "")
        )
    return before in _BINDING or after == "IN" or (before in ("BINDER_OPEN", "COMMA") and after in ("COMMA", "RPAR"))
