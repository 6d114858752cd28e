"""The LALR(1) automaton driven by hand: nodes are made as rules are reduced, and errors are recovered from.

Nothing here recurses. After an error the parser drops what is unfinished and goes on at the next statement, item or `}`
(panic mode); the next three tokens report nothing, so that one slip is one error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypercuboid.diagnostics import MOST, Diagnostic, HypercuboidError, Source, Span
from hypercuboid.frontend.expected import syntax_error
from hypercuboid.frontend.tables import Rule, Tables
from hypercuboid.frontend.tokens import NESTING_LIMIT, UNKNOWN, Token, too_deep
from hypercuboid.frontend.tree import Child, Children, Piece, Reduction
from hypercuboid.frontend.tree_expressions import LOOPS, NESTING

LEADING_ITEMS = frozenset(("USE", "PARAM", "BLOCK", "SPACE", "ARCH", "SEARCH"))
_STATEMENTS = frozenset(("LET", "CELL", "SHARE", "NODE", "CUBOID", "AUX", "REQUIRE", "OUT"))
_PARTS = frozenset(("STATE", "DEPTH", "CHOICE", "COMPETE", "PICK", "KEEP", "RBRACE"))
_LEADING = LEADING_ITEMS | _STATEMENTS | _PARTS
_CLOSING = LEADING_ITEMS | {"RBRACE"}

_QUIET = 3
"""Tokens after an error that report nothing."""

_ERRORS = 20
"""Errors after which the parser stops."""

_STACK = 30 * NESTING_LIMIT
"""States that are open at once: one level of nesting takes fewer than 30, and what is right-nested shows late."""


def place_of(problem: Diagnostic) -> int:
    return problem.span.start if problem.span else 0


@dataclass(slots=True)
class Run:
    """One parse. `values[i]` is what led to `states[i + 1]`: a token, a piece, or the parts of a repetition.

    `strays` counts the `{` that were dropped after errors: as many `}` that fit nowhere are passed over.
    """

    source: Source
    tokens: tuple[Token, ...]
    tables: Tables
    reductions: Mapping[str, Reduction]
    problems: list[Diagnostic]
    states: list[int] = field(default_factory=list)
    values: list[Child | list[Child]] = field(default_factory=list)
    result: Any = None
    strays: int = 0

    def go(self) -> None:
        self.states = [self.tables.start]
        index, quiet, errors = 0, 0, 0
        while index < len(self.tokens) and len(self.problems) < MOST:
            if self._feed(self.tokens[index]):
                index, quiet = index + 1, max(0, quiet - 1)
                continue
            if self.strays and self.tokens[index].type == "RBRACE":
                index, self.strays = index + 1, self.strays - 1
                continue
            if not quiet and self.tokens[index].type != UNKNOWN:
                self._report(index)
                errors += 1
            if errors >= _ERRORS:
                return
            index, quiet = self._recover(index), _QUIET

    def _report(self, index: int) -> None:
        problem = syntax_error(self.source, self.tokens, index, self._accepted(), self.values)
        begin = problem.secondary[0].span.start if problem.code == "HC1004" else len(self.source.text)
        if all(place_of(before) < begin for before in self.problems):  # else what was dropped may have held the `out`
            self.problems.append(problem)

    # ------------------------------------------------------------ the automaton

    def _feed(self, token: Token) -> bool:
        """Reduces as the next token asks and shifts it; False where it cannot stand here."""
        actions, states = self.tables.actions, self.states
        while True:
            if token.type == "$END" and states[-1] == self.tables.end:
                piece = self.values[-1]
                assert isinstance(piece, Piece)
                self.result = piece.node
                return True
            action = actions[states[-1]].get(token.type)
            if action is None:
                return False
            if action >= 0:
                if len(states) > _STACK:
                    raise HypercuboidError(too_deep(Span(self.source, token.start, token.end)))
                states.append(action)
                self.values.append(token)
                return True
            self._reduce(self.tables.rules[-1 - action])

    def _reduce(self, rule: Rule) -> None:
        states, values = self.states, self.values
        if rule.reduction or rule.is_helper:
            children = values[-rule.size :]
            del values[-rule.size :]
            values.append(_joined(children) if rule.is_helper else self._value(rule, _joined(children)))
        del states[-rule.size :]
        states.append(self.tables.actions[states[-1]][rule.origin])

    def _value(self, rule: Rule, parts: list[Child]) -> Piece:
        depth = max((part.depth for part in parts if isinstance(part, Piece)), default=0)
        depth += rule.reduction in NESTING
        if rule.reduction in LOOPS:
            depth += sum(isinstance(part, Piece) for part in parts) - 1
        if depth > NESTING_LIMIT:
            raise HypercuboidError(too_deep(Span(self.source, parts[0].start, parts[0].end)))
        node = self.reductions[rule.reduction](Children(self.source, parts, self.problems))
        return Piece(node, parts[0].start, parts[-1].end, depth, rule.reduction == "group")

    # ------------------------------------------------------------ errors

    def _accepts(self, size: int, type: str) -> bool:
        """Whether a token could follow the first `size` states."""
        actions, over = self.tables.actions, list[int]()
        while True:
            top = over[-1] if over else self.states[size - 1]
            if type == "$END" and top == self.tables.end:
                return True
            action = actions[top].get(type)
            if action is None or action >= 0:
                return action is not None
            rule = self.tables.rules[-1 - action]
            inside = min(rule.size, len(over))
            del over[len(over) - inside :]
            size -= rule.size - inside
            over.append(actions[over[-1] if over else self.states[size - 1]][rule.origin])

    def _accepted(self) -> set[str]:
        size = len(self.states)
        return {one for one in self.tables.actions[self.states[-1]] if not one.islower() and self._accepts(size, one)}

    def _recover(self, index: int) -> int:
        """Drops what is unfinished; the position of the token to go on with."""
        first, depth = self.tokens[index], 0
        for at in range(index + self._is_stray(first), len(self.tokens) - 1):
            token = self.tokens[at]
            if token.type == "RBRACE" and depth:
                depth -= 1
            elif (token.type in LEADING_ITEMS or (token.type in _LEADING and not depth)) and self._settle(token):
                return at
            depth += token.type == "LBRACE"
        return len(self.tokens)

    def _is_stray(self, token: Token) -> bool:
        """Whether a leading keyword does not lead: it stands for a name, or begins an item in the midst of a line."""
        last = self.problems[-1] if self.problems else None
        is_name = last is not None and last.code == "HC1003" and place_of(last) == token.start
        is_indented = token.start > 0 and self.source.text[token.start - 1] != "\n"
        return is_name or (token.type in LEADING_ITEMS and is_indented)

    def _settle(self, token: Token) -> bool:
        """Goes back to the innermost construct that the token continues; a body without `out` is given one."""
        for size in range(len(self.states), 0, -1):
            fits = self._accepts(size, token.type)
            lacks = not fits and token.type == "RBRACE" and self._accepts(size, "OUT")
            if not fits and not lacks:
                continue
            opened = [one for one in self.values[size - 1 :] if isinstance(one, Token) and one.type == "LBRACE"]
            if opened and token.type not in _CLOSING and self._stands_in(opened[-1], token):
                return False
            self.strays = 0 if token.type in LEADING_ITEMS else self.strays + len(opened)
            del self.states[size:]
            del self.values[size - 1 :]
            for type in ("OUT", "NAME") if lacks else ():
                self._feed(Token(type, "", token.start, token.start))
            return True
        return False

    def _stands_in(self, brace: Token, token: Token) -> bool:
        """Whether a token begins a line that is indented below that of an open `{`: it was meant to stand in there."""
        text = self.source.text
        before, outer = (text[text.rfind("\n", 0, one.start) + 1 : one.start] for one in (token, brace))
        return not before.strip() and len(before) > len(outer) - len(outer.lstrip())


def _joined(children: Sequence[Child | list[Child]]) -> list[Child]:
    """Children with repetitions laid flat; a repetition that comes first is grown in place, so chains are linear."""
    first = children[0]
    if isinstance(first, list):
        joined, rest = first, children[1:]
    else:
        joined, rest = [], children
    for child in rest:
        if isinstance(child, list):
            joined.extend(child)
        else:
            joined.append(child)
    return joined
