"""The plan that a search runs its supernet by: chosen once, said, and kept in the run folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hypercuboid.network.available import available_bytes
from hypercuboid.network.plans import AUTO, PLANS, Circumstances, choose_plan, require_plan
from hypercuboid.runs.files import read_json

if TYPE_CHECKING:
    import torch

    from hypercuboid.network.supernet import Supernet
    from hypercuboid.search.recipe import Recipe

FILE = "plan.json"
"""Of a run folder."""


class Planned(NamedTuple):
    """The name of a plan and why it was chosen."""

    name: str
    why: str

    def __str__(self) -> str:
        return f"plan `{self.name}`: {self.why}"


def planned(
    supernet: Supernet, recipe: Recipe, device: torch.device, run: Path | None = None, synchronised: bool = False
) -> Planned:
    """What the recipe names, else what the run began with, else what suits best; HC7400 for an unknown plan,
    and what a plan says that cannot run here."""
    require_plan(recipe.plan)
    if recipe.plan != AUTO:
        PLANS[recipe.plan].require()
        return Planned(recipe.plan, "it was asked for")
    begun_with = _recorded(run)
    if begun_with is not None:
        require_plan(begun_with)
        PLANS[begun_with].require()
        return Planned(begun_with, "the run began with it")
    because = "batch norm is synchronised" if synchronised else ""
    parts = (supernet.plan, device, recipe.precision, because, recipe.batch, available_bytes(device))
    return Planned(*choose_plan(Circumstances(*parts)))


def _recorded(run: Path | None) -> str | None:
    """The plan of a run that goes on."""
    try:
        name = read_json((run / FILE).read_text("utf-8")).get("plan") if run is not None else None
    except (OSError, ValueError, AttributeError):
        return None
    return name if isinstance(name, str) else None
