"""A decision as a labelled array: named axes, the competing groups, and which entries are declared or live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING

from hypercuboid.diagnostics import Span
from hypercuboid.frontend.elaborated import Label
from hypercuboid.records import dataclass

if TYPE_CHECKING:
    import numpy as np


def label_key(label: Label) -> tuple[str, object]:
    """A label as a key of a mapping: `1`, `1.0` and `True` are different labels."""
    if isinstance(label, tuple):
        return ("tuple", tuple(label_key(part) for part in label))
    return (type(label).__name__, label)


def distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names of the axes of one array, in order: equal ones are numbered."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name}@{seen[name]}")
    return tuple(result)


@dataclass(frozen=True)
class Axis:
    """A named axis and its labels, in order."""

    name: str
    labels: tuple[Label, ...]

    @cached_property
    def positions(self) -> dict[tuple[str, object], int]:
        """The position of each label, by `label_key`."""
        return {label_key(label): i for i, label in enumerate(self.labels)}

    def position(self, label: Label) -> int:
        """The position of a label; KeyError where the axis has no such label."""
        found = self.positions.get(label_key(label))
        if found is None:
            raise KeyError(f"axis `{self.name}` has no label `{label}`")
        return found


@dataclass(frozen=True, eq=False)
class Decision:
    """A decision and the architecture weights that belong to it: one array over `axes`.

    `compete` are the axes that index the competing groups: one softmax over all other axes at each coordinate of them.
    `mask` is True where an entry is declared (None: all), `live` where it can reach the output (None: all declared);
    both have the shape of the array. `kind` is "one" (one alternative is kept per coordinate), "top" (a term of
    `sum top`) or "path" (a cuboid). `span` is the place of the first node that has it.
    """

    name: str
    axes: tuple[Axis, ...]
    compete: tuple[str, ...]
    mask: np.ndarray | None = None
    live: np.ndarray | None = None
    kind: str = "one"
    span: Span | None = field(default=None)

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(len(axis.labels) for axis in self.axes)

    def axis(self, name: str) -> Axis:
        """The axis of that name; KeyError where there is none."""
        for axis in self.axes:
            if axis.name == name:
                return axis
        raise KeyError(f"`{self.name}` has no axis `{name}`")

    def index(self, coordinates: Mapping[str, Label]) -> tuple[int, ...]:
        """The position in the array of an entry given by the label on each axis; KeyError for an unknown one."""
        return tuple(axis.position(coordinates[axis.name]) for axis in self.axes)

    @property
    def competing_axes(self) -> tuple[int, ...]:
        """Positions of the axes that a softmax runs over."""
        return tuple(i for i, axis in enumerate(self.axes) if axis.name not in self.compete)

    @property
    def group_axes(self) -> tuple[int, ...]:
        """Positions of the axes that index the groups, in the order of `axes`."""
        return tuple(i for i, axis in enumerate(self.axes) if axis.name in self.compete)

    def declared(self) -> np.ndarray:
        """The mask as an array, all True where there is none."""
        import numpy as np

        return np.ones(self.shape, dtype=bool) if self.mask is None else self.mask

    def reaching(self) -> np.ndarray:
        """Declared entries that can reach the output."""
        declared = self.declared()
        return declared if self.live is None else declared & self.live
