"""What one elaboration knows as a whole: what was given, what is remembered, and how much work it may do."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any, TypeAlias

from hypercuboid.diagnostics import Diagnostic, HypercuboidError, Span, error
from hypercuboid.frontend.elaborated import Body, Decided, Definition, Label, OpArgument
from hypercuboid.frontend.modules import LoadedModule
from hypercuboid.frontend.recovery import silence
from hypercuboid.frontend.values import ListValue, size_of
from hypercuboid.ops.base import TensorType
from hypercuboid.records import dataclass

if TYPE_CHECKING:
    from hypercuboid.frontend.builder import Builder
    from hypercuboid.frontend.context import Context
    from hypercuboid.frontend.recall import Parts
    from hypercuboid.frontend.recall_choices import KnownChoice
    from hypercuboid.frontend.resized import Pattern
    from hypercuboid.frontend.values import Missing, Tensor, UserBlock


Rule: TypeAlias = Callable[[Any, "Context"], Any]
"""What the value of an expression is at its place."""

FUEL = 600_000
"""Evaluation steps after which an elaboration is refused (HC4003): one to four seconds, twelve times NASNet-A.
A cuboid of a million alternatives in several stages takes 480,000 of them, as does a decided network of 1,250 steps."""

TOO_LONG = "HC4003"

VALUE_LIMIT = 200_000
"""Values that one value holds, those of its elements included."""

_UNCOUNTED = 32
"""Elements that are walked in about the time of one step."""


@dataclass(eq=False)
class Watch:
    """A block while it is elaborated: the steps before that, its body in the making, and the axes of tensors that it
    asked for, with their sizes."""

    spent: int
    builder: Builder | None = None
    asked: list[tuple[Tensor | Missing, str, int]] = field(default_factory=list)


@dataclass(eq=False)
class Session:
    """What was given from outside, and what is remembered over all elaborations of a file with it."""

    searching: bool
    parameters: Mapping[str, Any]
    """Values of `param`s of the entry module, by name."""
    rules: Mapping[type, Rule]
    """By the type of the expression; handed in, since most of them evaluate in turn."""
    entry: LoadedModule | None = None
    definitions: dict[tuple[Any, ...], Definition] = field(default_factory=dict)
    """Blocks in which nothing is decided."""
    alike: dict[tuple[Any, ...], Definition] = field(default_factory=dict)
    """Those of them that are the same whatever `searching` is: shared with the session in which it is not what here."""
    decided: dict[tuple[Any, ...], Definition] = field(default_factory=dict)
    """Blocks in which something is decided: of the elaboration that runs, so that many of them do not pile up."""
    globals: dict[tuple[int, str], Any] = field(default_factory=dict)
    evaluating: list[tuple[int, str]] = field(default_factory=list)
    warnings: list[Diagnostic] = field(default_factory=list)
    bindings: dict[int, tuple[Mapping[str, Decided], tuple[object, ...]]] = field(default_factory=dict)
    """Keys of what is decided in a use, by the ids of the mappings, which live here as long as the elaboration."""
    alternatives: dict[object, tuple[Body, tuple[int, ...]]] = field(default_factory=dict)
    """Alternatives without decisions, and which of the tensors they depend on they read (see `recall`)."""
    choices: dict[object, KnownChoice] = field(default_factory=dict)
    """Open choices without decisions inside (see `recall_choices`)."""
    labels: dict[int, tuple[ListValue, list[Label]]] = field(default_factory=dict)
    """The labels of the elements of lists, by the ids of the lists, which live here."""
    stages: dict[object, Mapping[str, OpArgument]] = field(default_factory=dict)
    """Arguments of the ops in pipelines (see `stages`)."""
    types: dict[tuple[object, ...], tuple[TensorType, object]] = field(default_factory=dict)
    """Types that ops give, by the id of their arguments, which live here beside them, and the types of their inputs."""
    patterns: dict[object, list[Pattern]] = field(default_factory=dict)
    """Blocks that are made of the same at other sizes, by definition and arguments (see `resized`); shared as `alike`.
    """
    blocks: dict[int, UserBlock] = field(default_factory=dict)
    """What definitions were made of, by their id; shared as well."""
    straight: dict[int, bool] = field(default_factory=dict)
    """Blocks, by the id of their syntax, that are made of ops and uses alone (see `resized`)."""
    watch: Watch | None = None
    """What the block that is being elaborated asks of its inputs."""
    parts: dict[int, Parts | None] = field(default_factory=dict)
    """The parts of an expression that are values, by its id (see `recall`)."""
    frames: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    asked: bool = False
    """Whether anything depended on `searching` so far; if not, both of its values give the same."""
    asked_by_file: bool = False
    """Whether a file outside of the standard library asked; what the library does with it changes no decision."""
    apart: dict[int, frozenset[str]] = field(default_factory=dict)
    """Per block the families that `unused` asks about."""
    cells: dict[tuple[int, str], tuple[Any, Span]] = field(default_factory=dict)
    """Per cell of this elaboration, by frame and name, the open decisions of its first use and the place of that."""
    failed: set[tuple[Any, ...]] = field(default_factory=set)
    """Blocks and names of files that have mistakes, reported already, or are being elaborated."""
    loose: bool = False
    """Whether arguments and input shapes of what is elaborated may be unknown: what depends on them says nothing."""
    spent: int = 0
    """Steps of the elaboration that runs; `total`, of those before it."""
    total: int = 0
    reached: set[int] = field(default_factory=set)
    """The ids of all definitions of blocks that were elaborated, with success or without."""
    depth: int = 0
    without: frozenset[str] = frozenset()
    """Labels of alternatives that are left out of every choice."""
    settling: bool = False
    """Whether names of a file are evaluated from the bottom up."""

    def begin(self) -> None:
        """A new elaboration: forgets what belongs to the one before, which may have ended in an error."""
        self.decided, self.evaluating, self.warnings, self.failed, self.cells = {}, [], [], set(), {}
        self.bindings = {}
        self.total += self.spent
        self.spent = self.depth = 0

    def tick(self, span: Span, steps: int = 1) -> None:
        """Counts work; what goes on after the refusal, to look for other mistakes, ends without a word."""
        self.spent += steps
        if self.spent <= FUEL:
            return
        if self.spent - steps > FUEL:
            raise silence()
        raise self.too_long(span)

    @property
    def is_spent(self) -> bool:
        """Whether this elaboration was refused for taking too long, which may have been a try of something else."""
        return self.spent > FUEL

    def too_long(self, span: Span) -> HypercuboidError:
        """HC4003."""
        return error(TOO_LONG, "this program takes too long to elaborate", span, help="make lists or families smaller")

    def hold(self, value: Any, span: Span) -> None:
        """Refuses a value that is too large, and counts the work of whoever walks it."""
        size = size_of(value)
        if size > VALUE_LIMIT:
            message = f"this value holds {size} others; at most {VALUE_LIMIT} are kept"
            raise error("HC4002", message, span, help="make it smaller")
        if size > _UNCOUNTED:
            self.tick(span, size // _UNCOUNTED)
