"""What decisions keep: transitions of cuboids, labels of alternatives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from hypercuboid.frontend.label_names import Label
from hypercuboid.records import dataclass


@dataclass(frozen=True)
class KeptPath:
    """What a decision keeps at one coordinate of a cuboid: a transition between states and a choice label."""

    source: Label
    target: Label
    label: tuple[Label, ...]


Kept: TypeAlias = KeptPath | tuple[Label | None, ...]
"""A transition, or the label of an alternative: one element per choice axis, None where the axis stays open."""


@dataclass(frozen=True)
class Decided:
    """A decision that is made: for each coordinate (the labels of the leading axes) what is kept there.

    A coordinate that is not a key is open. Of `sum top`, a term that is not kept maps to the empty tuple.
    """

    name: str
    kept: Mapping[tuple[Label, ...], tuple[Kept, ...]]
