"""Everything that is wrong with a file, found in one run: syntax and imports, names, the meaning of what is left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from hypercuboid.diagnostics import Diagnostic, HypercuboidError
from hypercuboid.frontend import ast
from hypercuboid.frontend.agree import require_agreement
from hypercuboid.frontend.cycles import CIRCLE
from hypercuboid.frontend.elaborate import examine_architecture, examine_block, examine_values
from hypercuboid.frontend.files import Reader, read_source
from hypercuboid.frontend.modules import BoundItem, LoadedModule, reachable, read_module
from hypercuboid.frontend.names import check_names
from hypercuboid.frontend.parts import SHAPE_UNKNOWN
from hypercuboid.frontend.recovery import distinct
from hypercuboid.frontend.request import Memory, Request
from hypercuboid.frontend.session import FUEL, TOO_LONG
from hypercuboid.graph.countable import Countable
from hypercuboid.pipeline import Space

_SPACES = 4
"""Elaborations of the longest kind after which the check of a file ends."""


def examine(path: str | Path, read: Reader = read_source) -> list[Diagnostic]:
    """Mistakes and warnings of a file and of what it uses, in the order of the text, each once."""
    try:
        module, problems = read_module(path, read=read)
    except HypercuboidError as problem:
        return list(problem.diagnostics)
    named = check_names(module)
    found = [*problems, *named]
    if not any(one.code == CIRCLE for one in named):
        found += _news(_meaning(module), found)
    return _in_order(module, distinct(found))


def _news(later: Iterable[Diagnostic], found: list[Diagnostic]) -> list[Diagnostic]:
    """What is not about a place where something is known to be wrong."""
    wrong = {one.span for one in _wrong(found)}
    return [one for one in later if one.span is None or one.span not in wrong]


def _meaning(module: LoadedModule) -> list[Diagnostic]:
    """What elaborating finds wrong or doubtful: constants, spaces, architectures, then the blocks that none reaches.

    A space with a mistake is looked at once more as a block of unknown shapes: its arguments or inputs may be wrong.
    """
    memory, countable = Memory(), Countable()
    found = _mistakes(examine_values, Request(module, "", memory=memory))
    reached: set[int] = set()
    items = [item for item in module.module.items if _is_bound(module, item)]
    for item in items:
        if (late := _too_late(found, memory, item)) is not None:
            return [*found, *late]
        if _stands_alone(item):
            problems = _of_item(item, Request(module, item.name, memory=memory), countable)
            found += problems
            reached |= set() if _wrong(problems) else {id(item)}
    reached = reached.union(*(session.reached for session in memory.sessions.values()))
    for item in items:
        if (late := _too_late(found, memory, item)) is not None:
            return [*found, *late]
        if isinstance(item, ast.BlockDefinition) and id(item) not in reached:
            problems = _mistakes(examine_block, Request(module, item.name, memory=memory))
            found += [one for one in problems if one.code != SHAPE_UNKNOWN]
        elif isinstance(item, ast.Search):
            found += _settings(module, item)
    return found


def _settings(module: LoadedModule, item: ast.Search) -> list[Diagnostic]:
    """What is wrong with the settings of a search."""
    from hypercuboid.search.settings import read_settings  # pydantic takes time, and few files have a search

    return read_settings(module, item)[1]


def _wrong(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    return [one for one in found if one.severity == "error"]


def _too_late(found: list[Diagnostic], memory: Memory, item: ast.Item) -> list[Diagnostic] | None:
    """What ends the check of a file that takes too long as a whole; None where it goes on."""
    if any(one.code == TOO_LONG for one in found):
        return []
    if sum(session.total for session in memory.sessions.values()) <= _SPACES * FUEL:
        return None
    message = "this file takes too long to check; what follows was not looked at"
    return [Diagnostic(TOO_LONG, message, item.span, help="make it two files")]


def _is_bound(module: LoadedModule, item: ast.Item) -> bool:
    """Whether the name of an item means it, and nothing that was declared before."""
    bound = module.names.get(item.name)
    return isinstance(bound, BoundItem) and bound.item is item


def _stands_alone(item: ast.Item) -> bool:
    """Whether an item is an architecture, or a space that needs no argument."""
    if isinstance(item, ast.BlockDefinition):
        return item.is_space and all(formal.default is not None for formal in item.formals)
    return isinstance(item, ast.Arch)


def _of_item(item: ast.Item, request: Request, countable: Countable) -> Sequence[Diagnostic]:
    """Mistakes and warnings of a space or an architecture."""
    if not isinstance(item, ast.Arch) or item.partial:
        return _of_space(Space(request), countable)
    try:
        return examine_architecture(request)
    except HypercuboidError as problem:
        return problem.diagnostics


def _of_space(space: Space, countable: Countable) -> Sequence[Diagnostic]:
    """Mistakes and warnings of what has, or may have, open decisions."""
    try:
        elaborated = space.elaborated
        if any(session.asked_by_file for session in space.request.memory.sessions.values()):
            require_agreement(elaborated, space.costs)
        countable.require(elaborated)
    except HypercuboidError as problem:
        return problem.diagnostics
    return elaborated.warnings


def _mistakes(check: Callable[[Request], None], request: Request) -> list[Diagnostic]:
    try:
        check(request)
    except HypercuboidError as problem:
        return list(problem.diagnostics)
    return []


def _in_order(module: LoadedModule, found: list[Diagnostic]) -> list[Diagnostic]:
    """By file, the one that is checked first, and by place; what has no place comes last."""
    files = {id(one.module.source): number for number, one in enumerate(reachable(module))}

    def place(one: Diagnostic) -> tuple[int, int]:
        span = one.span
        return (len(files), 0) if span is None else (files.get(id(span.source), len(files)), span.start)

    return sorted(found, key=place)
