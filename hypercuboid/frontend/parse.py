"""Source to syntax tree: what could be read of a file, and all its syntax errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, TypeAlias

from hypercuboid.diagnostics import MOST, Diagnostic, HypercuboidError, Source, Span
from hypercuboid.frontend.ast import Item, Module, Use
from hypercuboid.frontend.automaton import LEADING_ITEMS, Run, place_of
from hypercuboid.frontend.tables import load_tables
from hypercuboid.frontend.tokens import Token, Tokens, tokenize
from hypercuboid.frontend.tree import Reduction
from hypercuboid.frontend.tree_expressions import EXPRESSIONS
from hypercuboid.frontend.tree_items import EDITION, ITEMS

_NAMED = frozenset(("PARAM", "LET", "BLOCK", "SPACE", "CELL", "ARCH", "SEARCH"))
_REDUCTIONS: dict[str, Reduction] = {**EXPRESSIONS, **ITEMS}


@dataclass(frozen=True)
class Parsed:
    """What could be read of a file: `broken` are names that it declares in places that could not."""

    module: Module
    problems: tuple[Diagnostic, ...]
    broken: frozenset[str] = frozenset()


Parser: TypeAlias = Callable[[Source], Parsed]
"""What gives the tree of a text: `parse_all`, or what remembers it."""


def parse(source: Source) -> Module:
    """The syntax tree of a file; raises HypercuboidError with every syntax error found, in the order of the text."""
    parsed = parse_all(source)
    if parsed.problems:
        raise HypercuboidError(*parsed.problems)
    return parsed.module


def parse_all(source: Source) -> Parsed:
    """The items of a file that have no syntax error, and the errors; raises HypercuboidError where there is no tree."""
    run = _run(source, _REDUCTIONS)
    problems = tuple(sorted(run.problems, key=place_of)[:MOST])
    if run.result is None:
        raise HypercuboidError(*problems)
    return _sound(run.result, run.tokens, problems) if problems else Parsed(run.result, ())


def reduced(source: Source, reductions: Mapping[str, Reduction]) -> Any:
    """What other reductions make of a file without syntax errors; raises HypercuboidError where it has any."""
    run = _run(source, reductions)
    if run.problems or run.result is None:
        raise HypercuboidError(*sorted(run.problems, key=place_of)[:MOST])
    return run.result


def _run(source: Source, reductions: Mapping[str, Reduction]) -> Run:
    found = tokenize(source)
    run = Run(source, _with_first_line(source, found), load_tables(), reductions, list(found.problems))
    run.go()
    return run


def _sound(module: Module, tokens: Sequence[Token], problems: tuple[Diagnostic, ...]) -> Parsed:
    """The tree without what holds a syntax error."""
    places = [place_of(one) for one in problems]

    def is_sound(part: Item | Use) -> bool:
        return not any(part.span.start <= place <= part.span.end for place in places)

    items = tuple(filter(is_sound, module.items))
    uses = tuple(filter(is_sound, module.uses))
    broken = _declared(tokens) - {item.name for item in items}
    return Parsed(replace(module, items=items, uses=uses), problems, broken)


def _declared(tokens: Sequence[Token]) -> frozenset[str]:
    """Names after the keyword of an item at the begin of a line, and all names of a `use`."""
    found, in_use = set(), False
    for before, token in pairwise(tokens):
        in_use = before.type == "USE" or (in_use and before.type != "RBRACE" and before.type not in LEADING_ITEMS)
        if token.type == "NAME" and (in_use or before.type in _NAMED):
            found.add(token.text)
    return frozenset(found)


def _with_first_line(source: Source, found: Tokens) -> tuple[Token, ...]:
    """Checks the edition before anything else is read: another edition is another language."""
    first, second, *_ = (*found.tokens, found.tokens[-1])
    if first.type != "HYPERCUBOID":
        span = Span(source, first.start, first.end)
        raise HypercuboidError(
            Diagnostic(
                "HC1014",
                f"the first line must be `hypercuboid {EDITION}`",
                span,
                help=f"write `hypercuboid {EDITION}` above everything else: it names the edition",
            ),
            *found.problems,
        )
    if second.type == "INT" and second.text != str(EDITION):
        span = Span(source, first.start, second.end)
        message = f"this compiler reads edition {EDITION}, not {second.text[:20]}"
        raise HypercuboidError(Diagnostic("HC1013", message, span, help=f"write `hypercuboid {EDITION}`"))
    return found.tokens
