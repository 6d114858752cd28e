"""Everything that is wrong with a file, found in one run: syntax and imports, names, the meaning of what is left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from hypercuboid.diagnostics import Diagnostic, HypercuboidError
from hypercuboid.frontend import ast
from hypercuboid.frontend.agree import require_agreement
from hypercuboid.frontend.cycles import CIRCLE
from hypercuboid.frontend.elaborate import examine_architecture, examine_block, examine_values
from hypercuboid.frontend.files import Reader, read_source
from hypercuboid.frontend.library_blocks import LibraryBlocks
from hypercuboid.frontend.modules import BoundItem, LoadedModule, reachable, read_module
from hypercuboid.frontend.names import check_names
from hypercuboid.frontend.parts import SHAPE_UNKNOWN
from hypercuboid.frontend.recovery import distinct
from hypercuboid.frontend.request import Memory, Request
from hypercuboid.frontend.session import FUEL, TOO_LONG
from hypercuboid.graph.countable import Countable
from hypercuboid.pipeline import Space

_SPACES = 2
"""Elaborations of the longest kind after which the check of a file ends."""


class Known(Protocol):
    """What is remembered of earlier texts of a file: an editor checks it after every keystroke."""

    def reached(self, item: ast.Item) -> frozenset[str] | None:
        """The blocks of the file that elaborating an item reaches, where nothing is to be said of it; else None."""

    def add(self, item: ast.Item, reached: frozenset[str]) -> None:
        """Nothing is to be said of an item; `reached` are blocks that it and others reach."""

    def told(self, problems: Sequence[Diagnostic]) -> None:
        """What one item has wrong, before the others are looked at."""

    @property
    def library(self) -> LibraryBlocks | None:
        """What earlier checks made of the standard library, and where this one keeps it; None: nowhere."""


class Nothing:
    """Nothing is remembered."""

    def reached(self, item: ast.Item) -> frozenset[str] | None:
        return None

    def add(self, item: ast.Item, reached: frozenset[str]) -> None:
        pass

    def told(self, problems: Sequence[Diagnostic]) -> None:
        pass

    @property
    def library(self) -> LibraryBlocks | None:
        return None


def examine(path: str | Path, read: Reader = read_source) -> list[Diagnostic]:
    """Mistakes and warnings of a file and of what it uses, in the order of the text, each once."""
    try:
        module, problems = read_module(path, read=read)
    except HypercuboidError as problem:
        return list(problem.diagnostics)
    return examine_module(module, [*problems, *check_names(module)], Nothing())


def examine_module(module: LoadedModule, found: list[Diagnostic], known: Known) -> list[Diagnostic]:
    """What is wrong with a file that was read; `found` is what reading it and its names found."""
    if not any(one.code == CIRCLE for one in found):
        found = [*found, *_news(_meaning(module, known), found)]
    return _in_order(module, _without_echoes(distinct(found)))


def _without_echoes(found: list[Diagnostic]) -> list[Diagnostic]:
    """Nothing doubtful is said of an expression that is wrong: it has to change anyway."""
    wrong = {(one.span.source.path, one.span.start) for one in _wrong(found) if one.span is not None}
    return [
        one
        for one in found
        if one.severity == "error" or one.span is None or (one.span.source.path, one.span.start) not in wrong
    ]


def _news(later: Iterable[Diagnostic], found: list[Diagnostic]) -> list[Diagnostic]:
    """What is not about a place where something is known to be wrong."""
    wrong = {one.span for one in _wrong(found)}
    return [one for one in later if one.span is None or one.span not in wrong]


def _meaning(module: LoadedModule, known: Known) -> list[Diagnostic]:
    """What elaborating finds wrong or doubtful: constants, spaces, architectures, then the blocks that none reaches.

    A space with a mistake is looked at once more as a block of unknown shapes: its arguments or inputs may be wrong.
    """
    memory, countable = Memory(library=known.library), Countable()
    found = _mistakes(examine_values, Request(module, "", memory=memory))
    items = [item for item in module.module.items if _is_bound(module, item)]
    sound, reached, fresh = set[str](), set[str](), list[ast.Item]()
    for item in filter(_stands_alone, items):
        if (late := _too_late(found, memory, item)) is not None:
            return [*found, *late]
        if (names := known.reached(item)) is not None:
            reached |= names
            sound.add(item.name)
            continue
        problems = _of_item(item, Request(module, item.name, memory=memory), countable)
        found += problems
        if problems:
            known.told(problems)
        fresh += [] if problems else [item]
        sound |= set() if _wrong(problems) else {item.name}
    seen = {one for session in memory.sessions.values() for one in session.reached}
    reached |= {item.name for item in items if id(item) in seen}
    for item in fresh:
        known.add(item, frozenset(reached))
    if known.library is not None and not found:
        known.library.keep(memory.sessions.values())
    for item in items:
        if (late := _too_late(found, memory, item)) is not None:
            return [*found, *late]
        if isinstance(item, ast.BlockDefinition) and item.name not in sound | reached:
            found += _of_block(item, Request(module, item.name, memory=memory), known)
        elif isinstance(item, ast.Search):
            found += _settings(module, item)
    return found


def _of_block(item: ast.BlockDefinition, request: Request, known: Known) -> list[Diagnostic]:
    """What is wrong with a block whatever its arguments and shapes are."""
    if not item.is_space and known.reached(item) is not None:
        return []
    problems = [one for one in _mistakes(examine_block, request) if one.code != SHAPE_UNKNOWN]
    if not problems and not item.is_space:
        known.add(item, frozenset())
    return problems


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
