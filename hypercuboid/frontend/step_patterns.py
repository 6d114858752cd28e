"""Open steps of a cuboid that differ in the sizes of their states alone: their alternatives are made again from types.

See `resized`, whose rules hold here for all alternatives of a step together.
"""

from __future__ import annotations

from functools import partial
from typing import TypeAlias

from hypercuboid.frontend import ast
from hypercuboid.frontend.builder import Builder
from hypercuboid.frontend.elaborated import Body, Candidate
from hypercuboid.frontend.resized import again, count_as, decides, has_all, is_usual, sizes_fit
from hypercuboid.frontend.session import Watch
from hypercuboid.frontend.specialised import use_again
from hypercuboid.frontend.trellis import Trellis
from hypercuboid.frontend.values import Tensor
from hypercuboid.ops.base import TensorType
from hypercuboid.records import dataclass, replace

Types: TypeAlias = tuple[TensorType | None, ...]
"""Types of states, None where there is none."""

Made: TypeAlias = tuple[tuple[Candidate, ...], Types]
"""The alternatives of a step, and the types of the states after it."""


@dataclass(frozen=True, eq=False)
class StepPattern:
    """The alternatives of a step from states of `types`, made in so many `steps`, and the sizes that they asked for."""

    types: Types
    candidates: tuple[Candidate, ...]
    asked: tuple[tuple[int, str, int], ...]
    steps: int


class StepWatch:
    """What the alternatives of a step ask of its states while they are made."""

    def __init__(self, trellis: Trellis, types: Types) -> None:
        self.trellis = trellis
        self.types = types
        self.session = trellis.context.session
        self.watch = Watch(self.session.spent, trellis.scope)
        self.whole = all(one is None or is_usual(one) for one in types) and not _decides(trellis)
        self.outer = self.session.watch

    def __enter__(self) -> StepWatch:
        self.session.watch = self.watch
        return self

    def __exit__(self, *problem: object) -> None:
        self.session.watch = self.outer

    def saw(self, builder: Builder, body: Body) -> None:
        """One of the alternatives, as it was made and as it is kept."""
        self.whole = self.whole and has_all(body, builder, len(builder.captured))
        own = (isinstance(one, Tensor) and one.builder is builder for one, _, _ in self.watch.asked)
        self.whole = self.whole and not any(own)

    def pattern(self, candidates: tuple[Candidate, ...]) -> StepPattern | None:
        """What can be made again."""
        if not self.whole:
            return None
        asked = [
            (one.index, axis, size)
            for one, axis, size in self.watch.asked
            if isinstance(one, Tensor) and one.builder is self.trellis.scope
        ]
        return StepPattern(self.types, candidates, tuple(asked), self.session.spent - self.watch.spent)


def _decides(trellis: Trellis) -> bool:
    statement = trellis.statement
    wheres = [axis.where for axis in statement.axes if isinstance(axis, ast.ChoiceAxis)]
    return any(map(decides, (statement.result, statement.lets, *wheres)))


def step_again(pattern: StepPattern, trellis: Trellis, types: Types) -> Made | None:
    """The alternatives from states of other types; None where that may be more than other sizes, or a mistake."""
    if not _is_like(pattern, types):
        return None
    session, states = trellis.context.session, trellis.scope.states
    spent = session.spent
    found: list[Candidate] = []
    after: list[TensorType | None] = [None] * len(types)
    for one in pattern.candidates:
        inputs = [
            types[slot] if slot < states else one.body.nodes[position].type for position, slot in enumerate(one.inputs)
        ]
        body = again(one.body, inputs, session, partial(use_again, session))
        if body is None or after[one.target] not in (None, body.type):
            return None
        after[one.target] = body.type
        found.append(replace(one, body=body))
    count_as(pattern.steps, spent, trellis.statement.result.span, session)
    return tuple(found), tuple(after)


def _is_like(pattern: StepPattern, types: Types) -> bool:
    for old, new in zip(pattern.types, types, strict=True):
        if (old is None) is not (new is None):
            return False
        if old is not None and new is not None and not (old.kind == new.kind and is_usual(new)):
            return False
    return sizes_fit(pattern.asked, types)
