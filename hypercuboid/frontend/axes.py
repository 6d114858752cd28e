"""The axes of a cuboid: states, depths and choices, with their labels, sizes and competing groups."""

from __future__ import annotations

import itertools
import math
from typing import Any

from hypercuboid.diagnostics import HypercuboidError, Span, error
from hypercuboid.diagnostics import Label as Place
from hypercuboid.frontend import ast
from hypercuboid.frontend.context import Context
from hypercuboid.frontend.elaborated import Label, label_text
from hypercuboid.frontend.evaluate import elements, evaluate
from hypercuboid.frontend.labels import element_labels
from hypercuboid.frontend.names import no_axis
from hypercuboid.frontend.shown import type_name
from hypercuboid.frontend.values import Family
from hypercuboid.records import cached_property, dataclass


@dataclass(frozen=True, eq=False)
class Axes:
    """Axes as declared. Domains that are too large to walk are kept as ranges, so that they can be counted."""

    depth: tuple[str, ...]
    depth_raw: tuple[Any, ...]
    states: tuple[str, str]
    state_raw: Any
    choices: tuple[str, ...]
    choice_raw: tuple[Any, ...]
    compete: tuple[str, ...]
    order: tuple[str, ...]
    spans: dict[str, Span]
    without: frozenset[str] = frozenset()
    """Labels that are left out of the choices."""

    @property
    def sizes(self) -> list[tuple[str, int]]:
        named = [(self.states[0], self.state_raw), *zip(self.depth, self.depth_raw, strict=True)]
        return [(name, len(raw)) for name, raw in [*named, *zip(self.choices, self.choice_raw, strict=True)]]

    @property
    def step_count(self) -> int:
        return math.prod(len(raw) for raw in self.depth_raw)

    @cached_property
    def depth_domains(self) -> tuple[tuple[Label, ...], ...]:
        return tuple(self._labels(n, raw) for n, raw in zip(self.depth, self.depth_raw, strict=True))

    @cached_property
    def depth_labels(self) -> tuple[tuple[Label, ...], ...]:
        """One tuple per step, the last depth fastest."""
        return tuple(itertools.product(*self.depth_domains))

    @cached_property
    def depth_values(self) -> tuple[tuple[Any, ...], ...]:
        return tuple(itertools.product(*(list(raw) for raw in self.depth_raw)))

    @cached_property
    def depth_index(self) -> dict[tuple[Label, ...], int]:
        return {labels: position for position, labels in enumerate(self.depth_labels)}

    @cached_property
    def state_labels(self) -> tuple[Label, ...]:
        return self._labels(self.states[0], self.state_raw) if len(self.state_raw) <= 100_000 else self.state_raw

    @cached_property
    def state_values(self) -> tuple[Any, ...]:
        return tuple(self.state_raw)

    @cached_property
    def choice_labels(self) -> tuple[tuple[Label, ...], ...]:
        """What is left of each choice axis; labels are those that tell all of its values apart."""
        left = zip(self._choice_labels, self._choices_left, strict=True)
        return tuple(tuple(labels[i] for i in at) if self.without else labels for labels, at in left)

    @cached_property
    def choice_values(self) -> tuple[tuple[Any, ...], ...]:
        left = zip(self.choice_raw, self._choices_left, strict=True)
        return tuple(tuple(raw[i] for i in at) if self.without else tuple(raw) for raw, at in left)

    @cached_property
    def _choice_labels(self) -> tuple[tuple[Label, ...], ...]:
        return tuple(
            self._labels(n, raw) if len(raw) <= 100_000 else raw
            for n, raw in zip(self.choices, self.choice_raw, strict=True)
        )

    @cached_property
    def _choices_left(self) -> tuple[list[int], ...]:
        """Positions of what is left of each choice axis; not looked for where nothing is left out."""
        if not self.without:
            return tuple([] for _ in self.choices)
        return tuple(
            [i for i, label in enumerate(labels) if label_text(label) not in self.without]
            for labels in self._choice_labels
        )

    @property
    def alone(self) -> bool:
        """Nothing to decide: one state and one choice everywhere."""
        return len(self.state_raw) == 1 and all(len(raw) == 1 for raw in self.choice_raw)

    def _labels(self, name: str, raw: Any) -> tuple[Label, ...]:
        span = self.spans[name]
        return tuple(element_labels(elements(raw, span), span)) if not isinstance(raw, range) else tuple(raw)


def read_axes(statement: ast.Cuboid, context: Context) -> Axes:
    """The axes of a cuboid; HC3 errors for a missing or doubled one."""
    states = [axis for axis in statement.axes if isinstance(axis, ast.StateAxis)]
    if len(states) != 1:
        raise error(
            "HC3020",
            f"a cuboid has one `state` axis, not {len(states)}",
            statement.span.first_line,
            help="write `state (a, b) in [16, 32]`, once",
        )
    depths = [axis for axis in statement.axes if isinstance(axis, ast.DepthAxis)]
    choices = [axis for axis in statement.axes if isinstance(axis, ast.ChoiceAxis)]
    if not depths:
        raise error(
            "HC3020", "a cuboid needs a `depth` axis", statement.span.first_line, help="add `depth layer in 0..3`"
        )
    spans: dict[str, Span] = {}
    order: list[str] = []
    for axis in statement.axes:
        names = (axis.first, axis.second) if isinstance(axis, ast.StateAxis) else (axis.name,)
        for name in names:
            if name in spans:
                first = (Place(spans[name], "the first one"),)
                raise error(
                    "HC2012", f"two axes are called `{name}`", axis.span, secondary=first, help="rename one of them"
                )
            spans[name] = axis.span
            order.append(name)
    depth = tuple(axis.name for axis in depths)
    return Axes(
        depth,
        tuple(_domain(axis.name, axis.domain, context) for axis in depths),
        (states[0].first, states[0].second),
        _domain(states[0].first, states[0].domain, context),
        tuple(axis.name for axis in choices),
        tuple(_domain(axis.name, axis.domain, context) for axis in choices),
        _compete(statement, depth, order),
        tuple(order),
        spans,
        context.session.without,
    )


def _domain(name: str, expression: ast.Expr, context: Context) -> Any:
    value = evaluate(expression, context)
    if isinstance(value, Family) or not isinstance(value, (tuple, range)):
        message = f"axis `{name}` must be a list or a range, not {type_name(value)}"
        raise error("HC3001", message, expression.span, help="write `[8, 16]` or `0..3`")
    if len(value) == 0:
        raise error("HC5003", f"axis `{name}` has no coordinates", expression.span, help="give it at least one")
    return value


def _compete(statement: ast.Cuboid, depth: tuple[str, ...], order: list[str]) -> tuple[str, ...]:
    given = statement.compete
    if given is None:
        return depth
    names = given.items if isinstance(given, ast.TupleOf) else (given,)
    found = []
    for name in names:
        if not isinstance(name, ast.Name) or name.id not in order:
            raise HypercuboidError(no_axis(name, order))
        found.append(name.id)
    return tuple(axis for axis in order if axis in found)
