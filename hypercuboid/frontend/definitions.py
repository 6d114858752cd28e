"""Blocks and spaces, elaborated: what a body is the body of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.diagnostics import Diagnostic, Span
from hypercuboid.frontend.decided import Decided
from hypercuboid.frontend.label_names import Label
from hypercuboid.ops.base import TensorType
from hypercuboid.records import dataclass

if TYPE_CHECKING:
    from hypercuboid.frontend.elaborated import Body, OpArgument, UseNode


@dataclass(frozen=True, eq=False)
class Share:
    """A shared instance: `name` in the frame that declares it, where `arguments` have their expressions, and a use."""

    name: str
    use: UseNode
    arguments: Mapping[str, OpArgument]
    span: Span


@dataclass(frozen=True, eq=False)
class Definition:
    """One block specialised to `arguments` (after defaults), the types of its inputs and the decisions inside."""

    name: str
    arguments: Mapping[str, object]
    body: Body
    doc: str
    span: Span
    decisions: tuple[str, ...]
    """Names, in this definition's frame, of all decisions its source declares here or deeper, decided ones too."""
    bounded: bool = True
    """Whether costs at the widest and the narrowest tensors bound those of every architecture (see `unused`)."""
    shares: tuple[Share, ...] = ()
    """The shared instances that are declared here and used."""


@dataclass(frozen=True, eq=False)
class Elaborated:
    """A space, an architecture or a block, elaborated.

    `kind` is "space" while decisions are open, "architecture" for an `arch`, "block" for a block without any use of
    a space. `sites` are the names of all open decisions in source order.
    """

    name: str
    kind: str
    space: str
    """The space that `name` is an architecture of; else `name` itself."""
    arguments: Mapping[str, object]
    definition: Definition
    input_names: tuple[str, ...]
    input_types: tuple[TensorType, ...]
    decided: tuple[Decided, ...]
    searching: bool
    warnings: tuple[Diagnostic, ...] = ()
    offered: tuple[tuple[tuple[str, ...], tuple[Label, ...]], ...] = ()
    """Of an `arch`: what its space chooses among, labels with the names of their axes, each once."""
