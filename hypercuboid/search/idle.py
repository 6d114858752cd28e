"""Settings that were given and mean nothing to the search that they were given to."""

from __future__ import annotations

from collections.abc import Iterable

from hypercuboid.search.blackbox import BLACK_BOX
from hypercuboid.search.recipe import Recipe, is_of_alphas

_IDLE_UNDER = {
    "alone": frozenset({"evaluations", "scoring", "recalibration"}),
    "shared": frozenset({"trainings", "small_batch", "sharing"}),
}
_OF_SCORES = frozenset({"scorer"}).union(*_IDLE_UNDER.values())
_OF_NARROWING = frozenset({"narrow_every", "narrow_share", "narrow_by"})


def idle_settings(recipe: Recipe, given: Iterable[str]) -> list[tuple[str, str]]:
    """Each such setting with the reason, in the order in which they are given."""
    return [(name, reason) for name in given if (reason := _reason(recipe, name))]


def _reason(recipe: Recipe, name: str) -> str:
    scores = recipe.strategy in BLACK_BOX
    if scores and name in _IDLE_UNDER[recipe.scorer]:
        return f"the scorer is `{recipe.scorer}`"
    idle = is_of_alphas(name) if scores else name in _OF_SCORES
    if idle or (name in _OF_NARROWING and recipe.strategy != "narrowing"):
        return f"the strategy is `{recipe.strategy}`"
    if name == "alpha_warmup" and recipe.alpha_warmup >= recipe.epochs:
        return f"no epoch of {recipe.epochs} is left to learn the architecture in"
    return ""
