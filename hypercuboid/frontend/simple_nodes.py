"""Nodes of a body that hold no other body: inputs, ops, the sum of the best terms, states of a cuboid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from hypercuboid.diagnostics import Span
from hypercuboid.frontend.label_names import Coordinates
from hypercuboid.ops.base import TensorType, Value
from hypercuboid.records import dataclass


@dataclass(frozen=True)
class OpArgument:
    """The value of an op's argument and, where it can be written with the block's own names, its expression."""

    value: Value
    text: str | None
    span: Span | None = field(compare=False, default=None)


@dataclass(frozen=True, eq=False)
class InputNode:
    """An input of a body: a tensor handed in by whoever runs it."""

    name: str
    type: TensorType
    span: Span
    inputs: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class OpNode:
    """An atomic op of the registry, tensor arithmetic and folds included; owns its weights under `name`."""

    op: str
    arguments: Mapping[str, OpArgument]
    inputs: tuple[int, ...]
    type: TensorType
    name: str
    span: Span


@dataclass(frozen=True, eq=False)
class TopNode:
    """`sum top k`: the sum of its terms; in a model only k of them stay. Each term holds a choice.

    `axes` are the binders of the fold, `terms[i]` the coordinates of input i.
    """

    count: int
    axes: tuple[str, ...]
    terms: tuple[Coordinates, ...]
    inputs: tuple[int, ...]
    type: TensorType
    name: str
    span: Span


@dataclass(frozen=True, eq=False)
class StateNode:
    """The tensor of state number `state` after the last step of the trellis that is its one input."""

    state: int
    inputs: tuple[int, ...]
    type: TensorType
    name: str
    span: Span
