"""An architecture: a space in which every decision is made, its source and its model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hypercuboid.frontend import ast
from hypercuboid.frontend.elaborate import elaborate_costs
from hypercuboid.frontend.elaborated import Elaborated
from hypercuboid.frontend.made import by_name
from hypercuboid.frontend.points import points_of
from hypercuboid.requested import whole_request
from hypercuboid.space import Space

if TYPE_CHECKING:
    from torch import nn

    from hypercuboid.data.card import Card
    from hypercuboid.graph.selection import Selection
    from hypercuboid.targets.source import GeneratedSource


@dataclass(frozen=True)
class Architecture(Space):
    """A space in which every decision is made; `selection` says how it was found, where it was found by one."""

    selection: Selection | None = None
    found_name: str = ""

    @property
    def name(self) -> str:
        return self.found_name or self.request.name

    def _described(self) -> tuple[Elaborated, bool]:
        """A selection decides everything, so its text needs no elaboration of what it decided."""
        bound = self.request.module.names.get(self.request.name)
        if self.selection is None or isinstance(getattr(bound, "item", None), ast.Arch):
            return super()._described()
        whole = self.whole()
        decided = tuple(by_name(self.request.binding).values())
        return replace(elaborate_costs(whole_request(self.request), whole), decided=decided), False

    def notation(self, name: str) -> str:
        """This architecture in another notation; HC8003 where that cannot say it."""
        from hypercuboid.graph import notations

        points = points_of(self.whole().definition)
        return notations.notation(name).write(self.elaborated, points, self.name)

    def source(self, *, seed: int | None = None, command: str = "", card: Card | None = None) -> str:
        """Standalone PyTorch source that imports nothing but torch."""
        return self.generate(seed=seed, command=command, card=card).text

    def generate(self, *, seed: int | None = None, command: str = "", card: Card | None = None) -> GeneratedSource:
        """The generated source with the map from graph names to state_dict keys (`targets.source`).

        `card` is what is known of its data; the header says it.
        """
        from hypercuboid import __version__
        from hypercuboid.targets.source import Provenance, generate_source

        provenance = Provenance(
            space=self.elaborated.space,
            architecture=self.name,
            parameters=_shown(self.elaborated.arguments),
            seed=seed,
            hash=self.graph.hash,
            command=command,
            version=__version__,
            card=card,
        )
        return generate_source(replace(self.elaborated, name=self.name), provenance)

    def model(self) -> nn.Module:
        """The network of this architecture, run by the plain plan; equal to the generated source."""
        from hypercuboid.network.model import Model

        return Model(self.elaborated)


def _shown(arguments: Mapping[str, Any]) -> dict[str, str]:
    from hypercuboid.frontend.shown import show

    return {name: show(value) for name, value in arguments.items()}
