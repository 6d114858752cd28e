"""A choice at its place in a block, and its alternatives before they are evaluated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any

from hypercuboid.diagnostics import Span, error
from hypercuboid.frontend import ast
from hypercuboid.frontend.context import Context, joined, label_component
from hypercuboid.frontend.elaborated import Coordinates, Label, bracketed, label_text
from hypercuboid.frontend.values import BlockValue, ChoiceBlock
from hypercuboid.records import dataclass

Thunk = Callable[[Context], Any]


@dataclass(frozen=True)
class Option:
    """An alternative that has not been evaluated: its label, how, and where it is written, over which bound names."""

    label: tuple[Label, ...]
    thunk: Thunk
    expression: ast.Expr | None = None
    bound: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Site:
    """A choice at its place: how decision and instances are called, and which of its axes are open."""

    name: str
    own: str
    axes: tuple[str, ...]
    open: tuple[int, ...]
    coordinates: Coordinates
    path: str
    place: str
    span: Span

    @property
    def open_axes(self) -> tuple[str, ...]:
        return tuple(self.axes[i] for i in self.open)


def refuse_equal_labels(labels: Sequence[tuple[Label, ...]], span: Span) -> None:
    """HC2011 where two options have one label."""
    if len(set(labels)) == len(labels):
        return
    seen: set[tuple[Label, ...]] = set()
    for label in labels:
        if label in seen:
            text = ", ".join(map(label_text, label))
            raise error("HC2011", f"two alternatives are called `{text}`", span, help="give them labels: `NAME: ...`")
        seen.add(label)


def inside(site: Site, option: Option, place: str, context: Context) -> Any:
    """Evaluates an option under its name in the body of `context`."""
    path = joined(site.path, label_component(site.axes, option.label))
    return option.thunk(context.but(path=path, place=place + bracketed(option.label), forks=None))


def choice_of_blocks(site: Site, options: list[Option], blocks: list[BlockValue], frame: int) -> ChoiceBlock:
    """A choice of blocks, declared in the frame of that number: it waits for tensors as they do."""
    labels, alternatives = tuple(option.label for option in options), tuple(blocks)
    return ChoiceBlock(
        site.name, site.coordinates, site.axes, labels, alternatives, site.own, site.open, frame, site.span
    )
