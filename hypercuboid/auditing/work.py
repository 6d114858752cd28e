"""The work of an audit, piece by piece: a search and the training of what it found, or the training of a baseline.

Every search has a run folder and every training a line of a file, so that an audit that was stopped or killed goes on,
and pieces can be shared out to processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hypercuboid.auditing.baselines import (
    HANDMADE,
    LARGEST,
    SMALLEST,
    drawn,
    found,
    handmade,
    largest,
    smallest,
)
from hypercuboid.auditing.design import AS_GIVEN, NATURAL, Given, Place, searches
from hypercuboid.auditing.numbers import Arm
from hypercuboid.auditing.outcomes import RANDOM
from hypercuboid.benchmarking.alike import Alike, Trained
from hypercuboid.runs.files import write_text
from hypercuboid.runs.folder import is_finished
from hypercuboid.search.loop import steps_of_a_search
from hypercuboid.searching import SearchRequest, run_config, run_search
from hypercuboid.training.recipe import Recipe as TrainingRecipe

if TYPE_CHECKING:
    from hypercuboid.diagnostics import Diagnostic

Watch = Callable[[Any], None]
"""Gets where a search or a training stands; both have a `step`."""

Warn = Callable[["Diagnostic"], None]


@dataclass(frozen=True)
class Trainings:
    """How what is found is trained, and what else is: so many random architectures, and one of the file by name."""

    recipe: TrainingRecipe
    given: Given
    random: int
    handmade: str | None = None


@dataclass(frozen=True)
class Piece:
    """One arm and seed: a search where there is one, and a training of what it found, or of a baseline's number."""

    arm: Arm
    seed: int
    search: SearchRequest | None = None
    alike: Alike | None = None
    number: int | None = None

    @property
    def steps(self) -> int:
        """Steps in all, to show progress."""
        of_search = 0 if self.search is None else steps_of_a_search(self.search.data, self.search.recipe)
        return of_search + self._steps_of_training

    @property
    def _steps_of_training(self) -> int:
        if self.alike is None:
            return 0
        recipe, images = self.alike.recipe, len(self.alike.data.splits["train"])
        return recipe.epochs * -(-images // recipe.batch)

    @property
    def is_searched(self) -> bool:
        """Whether there is nothing to search, or it is finished."""
        return self.search is None or is_finished(self.search.run, run_config(self.search))

    def run(self, watch: Watch, warn: Warn) -> None:
        """Runs what is not finished; raises Stopped where it was asked to stop."""
        if self.search is not None and not self.is_searched:
            run_search(self.search, watch, warn)
        if self.alike is not None:
            self.trained(watch)

    def trained(self, watch: Watch = lambda step: None) -> Trained | None:
        """The training, from its file where it is there; None where nothing is trained."""
        if self.alike is None:
            return None
        return replace(self.alike, watch=watch).train(self._number)

    @cached_property
    def _number(self) -> int:
        if self.number is not None:
            return self.number
        assert self.alike is not None and self.search is not None
        return found(self.alike.space, self.search.run)


def pieces(
    places: Sequence[Place],
    weightings: Sequence[str],
    seeds: int,
    request: SearchRequest,
    trainings: Trainings | None = None,
) -> list[Piece]:
    """All pieces, searches seed by seed. What the natural space gives is trained; planted spaces are searched alone."""
    alike = (
        {} if trainings is None else {one.condition: _alike(one, request, trainings) for one in places if _natural(one)}
    )
    all_searches = [
        Piece(arm, search.recipe.seed, search, alike.get(arm.condition) if arm.space == NATURAL else None)
        for arm, search in searches(places, weightings, seeds, request)
    ]
    if trainings is None or AS_GIVEN not in alike:
        return all_searches
    return [*all_searches, *_baselines(alike[AS_GIVEN], trainings)]


def share(all_pieces: Sequence[Piece], part: int, parts: int) -> list[Piece]:
    """The pieces of one of several processes, from 1; together they have all."""
    return list(all_pieces[part - 1 :: parts])


def prepare(all_pieces: Sequence[Piece]) -> None:
    """Writes the first lines of the files of trainings, before several processes add theirs."""
    for path in {piece.alike.kept for piece in all_pieces if piece.alike is not None}:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_text(path, ",".join(one.name for one in fields(Trained)) + "\n")


def _natural(place: Place) -> bool:
    return place.name == NATURAL


def _alike(place: Place, request: SearchRequest, trainings: Trainings) -> Alike:
    return Alike(place.space, request.data, trainings.recipe, request.run / "trained", request.device)


def _baselines(alike: Alike, trainings: Trainings) -> Iterator[Piece]:
    space = alike.space
    for place, number in enumerate(drawn(space, trainings.random)):
        yield Piece(Arm(NATURAL, AS_GIVEN, RANDOM), place, alike=alike, number=number)
    by_hand = None if trainings.handmade is None else handmade(space, trainings.given, trainings.handmade)
    for name, one in {LARGEST: largest(space), SMALLEST: smallest(space), HANDMADE: by_hand}.items():
        if one is not None:
            yield Piece(Arm(NATURAL, AS_GIVEN, name), 0, alike=alike, number=one)
