"""What an audit runs: spaces under conditions, weightings and seeds, as searches in folders of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from hypercuboid.auditing.numbers import Arm
from hypercuboid.diagnostics import error
from hypercuboid.search.recipe import Recipe
from hypercuboid.searching import SearchRequest, load_for_data

if TYPE_CHECKING:
    from hypercuboid.data.base import DataSet
    from hypercuboid.pipeline import Space

NATURAL, AS_GIVEN = "natural", "as given"

PLANTED_FILE = str(Path(__file__).with_name("planted.hc"))
PLANTED = {
    "idle parameters": ("IdleParameters", ()),
    "linear maps": ("LinearMaps", ()),
    "linear maps, normed": ("LinearMaps", ("norm=true",)),
}
"""Spaces of which every alternative is as good as its rival, by what a table calls them: name and settings."""


@dataclass(frozen=True)
class Place:
    """A space under a condition, with the recipe of its searches."""

    name: str
    condition: str
    space: Space
    recipe: Recipe

    def arm(self, name: str) -> Arm:
        return Arm(self.name, self.condition, name)


@dataclass(frozen=True)
class Given:
    """A space as a command line names it."""

    file: str
    name: str | None
    parameters: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()


def natural(given: Given, data: DataSet, recipe: Recipe, varied: Sequence[str]) -> list[Place]:
    """The space as given, and under each condition `NAME=VALUE`: a field of the recipe or a parameter of the space.

    HC7111: a condition is neither.
    """
    settings = (data, recipe)
    return [_under(given, AS_GIVEN, *settings), *(_under(given, condition, *settings) for condition in varied)]


def planted(data: DataSet, recipe: Recipe) -> list[Place]:
    """The planted spaces; HC7112 where the data are no images."""
    if data.input_type.kind != "image":
        message = f"the planted spaces take images, and `{data.name}` has {data.input_type.kind}"
        raise error("HC7112", message, help="give `--only natural`")
    found = []
    for title, (name, parameters) in PLANTED.items():
        space = load_for_data(PLANTED_FILE, name, parameters, (), data)
        found.append(Place(title, AS_GIVEN, space, recipe))
    return found


def searches(
    places: Sequence[Place], weightings: Sequence[str], seeds: int, request: SearchRequest
) -> Iterator[tuple[Arm, SearchRequest]]:
    """All searches below the folder of `request`, seed by seed, so that whatever is done is done for every arm."""
    for seed in range(request.recipe.seed, request.recipe.seed + seeds):
        for place in places:
            for name in weightings:
                arm = place.arm(name)
                recipe = place.recipe.model_copy(update={"seed": seed, "weighting": name, "strategy": "first_order"})
                yield arm, replace(request, space=place.space, recipe=recipe, run=folder(request.run, arm, seed))


def folder(run: Path, arm: Arm, seed: int) -> Path:
    """Where a search of an audit is."""
    parts = (re.sub(r"[^\w=.\[\]-]+", "-", part) for part in (arm.space, arm.condition, arm.name))
    return run.joinpath(*parts, f"seed-{seed}")


def _under(given: Given, condition: str, data: DataSet, recipe: Recipe) -> Place:
    name, found, value = condition.partition("=")
    if condition != AS_GIVEN and not found:
        raise error("HC7111", f"`{condition}` is no condition", help="write `--vary NAME=VALUE`")
    parameters = list(given.parameters)
    if name in Recipe.model_fields:
        recipe = _changed(recipe, name, value)
    elif condition != AS_GIVEN:
        parameters.append(condition)
    space = load_for_data(given.file, given.name, parameters, given.inputs, data)
    return Place(NATURAL, condition, space, recipe)


def _changed(recipe: Recipe, name: str, value: str) -> Recipe:
    """A recipe with one field read from text."""
    values: dict[str, Any] = {**recipe.model_dump(), name: value}
    try:
        return Recipe.model_validate(values)
    except ValidationError as problem:
        said = problem.errors()[0]["msg"].lower()
        raise error("HC7111", f"`{name}` cannot be `{value}`: {said}", help="write `--vary NAME=VALUE`") from None


def check_weightings(names: Sequence[str]) -> None:
    """HC7040 for a name that no weighting has."""
    from hypercuboid.network.weightings import require_weighting

    for name in names:
        require_weighting(name)
