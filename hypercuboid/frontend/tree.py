"""What the reductions of the parser share: pieces with their places, and the children of one rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from hypercuboid.diagnostics import Diagnostic, Source, Span
from hypercuboid.frontend.tokens import Token


@dataclass(slots=True)
class Piece:
    """The value of a rule: a node, the text it covers (parentheses included), and how deep it is nested."""

    node: Any
    start: int
    end: int
    depth: int = 0
    grouped: bool = False


Child: TypeAlias = Token | Piece


@dataclass(slots=True)
class Children:
    """The children of one rule while its value is made; problems are collected, never raised."""

    source: Source
    parts: list[Child]
    problems: list[Diagnostic]

    @property
    def span(self) -> Span:
        return Span(self.source, self.parts[0].start, self.parts[-1].end)

    @property
    def doc(self) -> str:
        """The documentation before the first token."""
        first = self.parts[0]
        return first.doc if isinstance(first, Token) else ""

    @property
    def pieces(self) -> list[Piece]:
        return [part for part in self.parts if isinstance(part, Piece)]

    @property
    def nodes(self) -> tuple[Any, ...]:
        return tuple(part.node for part in self.parts if isinstance(part, Piece))

    def tokens(self, *types: str) -> list[Token]:
        return [part for part in self.parts if isinstance(part, Token) and part.type in types]

    def names(self) -> list[str]:
        return [token.text for token in self.tokens("NAME")]

    def after(self, type: str) -> Any:
        """The node that follows the first token of this type, None without one."""
        for position, part in enumerate(self.parts[:-1]):
            if isinstance(part, Token) and part.type == type:
                follower = self.parts[position + 1]
                return follower.node if isinstance(follower, Piece) else follower
        return None

    def of(self, *types: type) -> tuple[Any, ...]:
        """The nodes of these types."""
        return tuple(node for node in self.nodes if isinstance(node, types))

    def at(self, part: Child) -> Span:
        return Span(self.source, part.start, part.end)

    def report(self, code: str, message: str, span: Span, label: str = "", help: str = "") -> None:
        self.problems.append(Diagnostic(code, message, span, label, help=help))


Reduction: TypeAlias = Callable[[Children], Any]
