"""A file that was read: its names, what each is bound to, and the files that it uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TypeAlias

from hypercuboid.diagnostics import Span
from hypercuboid.frontend import ast
from hypercuboid.records import cached_property, dataclass


@dataclass(frozen=True)
class BoundItem:
    """A name of an item, in the module that declares it."""

    module: LoadedModule
    item: ast.Item


@dataclass(frozen=True)
class BoundOp:
    """A name of an atomic op of `std.ops`."""

    name: str


@dataclass(frozen=True)
class BoundNamespace:
    """`use ... as NAME`: the names of another module, reached by `NAME.item`."""

    module: LoadedModule


@dataclass(frozen=True)
class BoundBroken:
    """A name whose declaration could not be read; the mistake is reported there."""


Bound: TypeAlias = BoundItem | BoundOp | BoundNamespace | BoundBroken


@dataclass(frozen=True, eq=False)
class LoadedModule:
    """A file with its names. `places` says where a name was declared, for a used one in the `use`.

    `imports` are the files it uses, in the order of the text. Identity tells modules apart.
    """

    module: ast.Module
    names: Mapping[str, Bound]
    places: Mapping[str, Span] = field(default_factory=dict)
    imports: tuple[LoadedModule, ...] = ()
    is_whole: bool = True
    """Whether all of it and of what it uses could be read."""

    @cached_property
    def params(self) -> tuple[str, ...]:
        """The names of its parameters."""
        return tuple(item.name for item in self.module.items if isinstance(item, ast.Param))
