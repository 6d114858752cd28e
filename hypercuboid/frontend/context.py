"""Where an expression is evaluated: names in scope, the frame of its block, the body being built, its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any

from hypercuboid.diagnostics import Span
from hypercuboid.frontend.builder import Builder
from hypercuboid.frontend.elaborated import Coordinates, Decided, Label, bracketed, written_label
from hypercuboid.frontend.modules import LoadedModule
from hypercuboid.frontend.session import Session
from hypercuboid.frontend.values import SharedBlock, Tensor
from hypercuboid.records import dataclass

FAMILY_LIMIT = 20_000
"""Members of one family, or elements of one list that is walked."""

COMBINATION_LIMIT = 10_000
"""Alternatives of one choice, and copies of a body in which values are chosen."""


@dataclass(eq=False)
class Frame:
    """One block being elaborated: its module, the decisions made in it, and the names of its decisions."""

    number: int
    module: LoadedModule
    binding: Mapping[str, Decided]
    declared: dict[str, dict[object, int]] = field(default_factory=dict)
    """Names of decisions: the places that declare them, with their numbers."""
    order: dict[str, None] = field(default_factory=dict)
    uses: dict[object, int] = field(default_factory=dict)
    inner: dict[object, tuple[Mapping[str, Decided], Mapping[str, Decided]]] = field(default_factory=dict)
    """What is decided inside of uses, behind the decisions here that it follows from (their id is in the key)."""
    shares: dict[str, SharedBlock] = field(default_factory=dict)
    """What is declared shared here, by the name of its instance."""
    apart: frozenset[str] = frozenset()
    """Families that `unused` asks about: each member is a node of its own."""
    bounded: bool = True
    """False where an architecture may cost anything: `unused` settles more than the width of a `concat`."""
    met: int = 0
    """How many decisions were met so far, open or made, each as often as it was met."""

    @property
    def is_outside(self) -> bool:
        """Whether this is no block but the level of a file or the command line."""
        return self.number < 0

    def occurrence(self, place: object) -> int:
        """How often this was asked for the same place before: tells apart uses that nothing else tells apart."""
        count = self.uses.get(place, 0)
        self.uses[place] = count + 1
        return count

    def declare(self, name: str, owner: object) -> str:
        """The name of a decision: `name`, or `name@2`, ... where another place of this frame has it already."""
        self.met += 1
        owners = self.declared.setdefault(name, {})
        position = owners.setdefault(owner, len(owners))
        full = name if position == 0 else f"{name}@{position + 1}"
        self.order[full] = None
        return full

    def mention(self, name: str) -> str:
        """Records a decision that is declared elsewhere (a cell, a choice handed in) and met here."""
        self.met += 1
        self.order[name] = None
        return name

    def snapshot(self) -> Frame:
        copy = Frame(self.number, self.module, self.binding, apart=self.apart)
        copy.restore(self)
        return copy

    def restore(self, other: Frame) -> None:
        self.declared = {name: dict(owners) for name, owners in other.declared.items()}
        self.order, self.uses = dict(other.order), dict(other.uses)


@dataclass(frozen=True)
class Origin:
    """Where a value comes from, in the words of messages: `argument`, "default of `c`", nothing for a `let`."""

    kind: str
    span: Span | None


@dataclass(frozen=True)
class Entry:
    """A name in scope: its value, and its expression in the names of the block where it has one."""

    value: Any
    text: str | None = None
    origin: Origin | None = None


_FEW = 12
"""Names that one scope holds, so that most bodies need no other; the innermost stand last."""

_CHAIN = 32
"""Scopes in a row that are looked through one after the other; more become one."""


@dataclass(frozen=True, eq=False)
class Scope:
    """Names, those of `outer` further out; `depth` scopes stand around it."""

    names: Mapping[str, Entry]
    outer: Scope | None = None
    depth: int = 0

    def inner(self, name: str, entry: Entry) -> Scope:
        """The scope with one more name in front."""
        if len(self.names) < _FEW and name not in self.names:
            return Scope({**self.names, name: entry}, self.outer, self.depth)
        if self.depth < _CHAIN:
            return Scope({name: entry}, self, self.depth + 1)
        merged: dict[str, Entry] = {}
        for scope in self._chain():
            merged = {**scope.names, **merged}
        return Scope({**merged, name: entry})

    def _chain(self) -> Iterator[Scope]:
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.outer

    def find(self, name: str) -> Entry | None:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return None

    def name_of(self, value: Any) -> str | None:
        """The innermost name of a tensor."""
        for scope in self._chain():
            for name, entry in reversed(list(scope.names.items())):
                if entry.value is value or _same_tensor(entry.value, value):
                    return name
        return None

    def known(self) -> list[str]:
        return [name for scope in self._chain() for name in scope.names]


def _same_tensor(one: Any, other: Any) -> bool:
    return (
        isinstance(one, Tensor)
        and isinstance(other, Tensor)
        and (one.builder, one.index) == (other.builder, other.index)
    )


@dataclass(eq=False)
class Forks:
    """Value choices of one body: the labels taken so far, and the axes met (name, labels)."""

    taken: tuple[int, ...]
    axes: list[tuple[str, tuple[Label, ...], Span]] = field(default_factory=list)


class Dropped(Exception):  # noqa: N818 - a signal to the fold around it, never an error
    """A term of `sum top` that the decisions leave out."""


@dataclass(frozen=True, eq=False)
class Context:
    """The place of an expression.

    `path` names decisions and `place` instances, both local to the frame and the body respectively; `origin` is the
    place of the body in its frame. `coordinates` are those of the folds around, `whole` is the name of the node whose
    whole expression this is.
    """

    session: Session
    frame: Frame
    builder: Builder
    scope: Scope
    path: str = ""
    place: str = ""
    origin: str = ""
    coordinates: Coordinates = ()
    whole: str | None = None
    term: str | None = None
    forks: Forks | None = None
    top: bool = False

    def but(self, **changes: Any) -> Context:
        # dataclasses.replace is measurably slow here: one call per expression evaluated
        new = object.__new__(Context)
        new.__dict__ = {**self.__dict__, **changes}
        return new

    def bind(self, name: str, value: Any, text: str | None = None, origin: Origin | None = None) -> Context:
        return self.but(scope=self.scope.inner(name, Entry(value, text, origin)))

    def bind_all(self, names: Iterable[tuple[str, Any]]) -> Context:
        """Several names bound one after the other."""
        scope = self.scope
        for name, value in names:
            scope = scope.inner(name, Entry(value))
        return self if scope is self.scope else self.but(scope=scope)

    def named(self, name: str) -> Context:
        """Inside a named thing (`let`, node): decisions and instances carry its name."""
        return self.but(path=joined(self.path, name), place=joined(self.place, name), whole=None, term=None)

    def at(self, name: str, label: Label) -> Context:
        """Inside a fold at one coordinate."""
        return self.but(coordinates=(*self.coordinates, (name, label)), place=self.place + bracketed((label,)))

    def instance(self, name: str) -> str:
        """The unique name of an instance of weights in this body."""
        return self.builder.unique(joined(self.place, name))


def joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path and name else path or name


def label_component(axes: tuple[str, ...], label: tuple[Label, ...]) -> str:
    """What an alternative adds to the names of decisions in it: `Flex`, or `k[3]` where the label is no name."""
    return ".".join(_component(axis, part) for axis, part in zip(axes, label, strict=True))


def _component(axis: str, part: Label) -> str:
    is_name = isinstance(part, str) and part.isidentifier() and written_label(part) == part
    return str(part) if is_name else axis + bracketed((part,))
