"""Going on after a mistake: independent parts are all tried, and what depends on a wrong part says nothing.

A name whose definition is wrong is bound to POISONED, and reading it raises an error without diagnostics: the mistake
was reported where it was made.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType

from hypercuboid.diagnostics import Diagnostic, HypercuboidError, Span
from hypercuboid.records import dataclass

LIMIT = 50
"""Mistakes after which an elaboration stops."""


@dataclass(frozen=True, eq=False)
class Poisoned:
    """The value of a name whose definition is wrong; with `is_value` of an argument that nobody gave."""

    is_value: bool = False


POISONED = Poisoned()
NOT_GIVEN = Poisoned(is_value=True)


def silence() -> HypercuboidError:
    """What is raised where a mistake that is reported elsewhere makes it impossible to go on."""
    return HypercuboidError()


class Mistakes:
    """The mistakes of parts that do not depend on each other: `with mistakes: part`, then `mistakes.report()`."""

    __slots__ = ("failed", "found")

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []
        self.failed = False

    def __enter__(self) -> None:
        """A part begins."""

    def __exit__(
        self, type: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(problem, HypercuboidError):
            return False
        self.add(problem)
        return True

    def add(self, problem: HypercuboidError) -> None:
        """A mistake of a part; where parts are many and few fail, `try: ... except` in place of `with` is faster."""
        self.failed = True
        self.found += problem.diagnostics
        if len(self.found) >= LIMIT:
            self.report()

    def report(self) -> None:
        """Raises what was found; nothing happens where all parts went well."""
        if self.failed:
            raise HypercuboidError(*distinct(self.found)) from None


def distinct(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """One diagnostic for each code and place, the first."""
    found: dict[tuple[str, Span | str], Diagnostic] = {}
    for one in diagnostics:
        found.setdefault((one.code, one.message if one.span is None else one.span), one)
    return list(found.values())
