"""The work of an audit, piece by piece: a search and the training of what it found, or the training of a baseline.

Every piece has run folders of its own, so that an audit that was stopped or killed goes on, and pieces can be shared
out to processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypercuboid.auditing.baselines import HANDMADE, LARGEST, RANDOM, SMALLEST, drawn, handmade, largest, smallest
from hypercuboid.auditing.design import AS_GIVEN, NATURAL, Given, Place, folder, searches
from hypercuboid.auditing.numbers import Arm
from hypercuboid.runs.files import write_text
from hypercuboid.runs.folder import is_finished
from hypercuboid.search.loop import steps_of_a_search
from hypercuboid.searching import SearchRequest, run_config, run_search
from hypercuboid.training.recipe import Recipe as TrainingRecipe
from hypercuboid.training.run import TrainingRequest, config_of, train_file

if TYPE_CHECKING:
    from hypercuboid.diagnostics import Diagnostic
    from hypercuboid.pipeline import Architecture

Watch = Callable[[Any], None]
"""Gets where a search or a training stands; both have a `step`."""

Warn = Callable[["Diagnostic"], None]


@dataclass(frozen=True)
class Piece:
    """One arm and seed: a search where there is one, and a training where what is found is trained."""

    arm: Arm
    seed: int
    search: SearchRequest | None
    training: TrainingRequest | None

    @property
    def steps(self) -> int:
        """Steps in all, to show progress."""
        of_search = 0 if self.search is None else steps_of_a_search(self.search.data, self.search.recipe)
        return of_search + self._steps_of_training

    @property
    def _steps_of_training(self) -> int:
        if self.training is None:
            return 0
        recipe, images = self.training.recipe, len(self.training.data.splits["train"])
        return recipe.epochs * -(-images // recipe.batch)

    def run(self, watch: Watch, warn: Warn) -> None:
        """Runs what is not finished; raises Stopped where it was asked to stop."""
        if self.search is not None and not is_finished(self.search.run, run_config(self.search)):
            run_search(self.search, watch, warn)
        if self.training is not None and not is_finished(self.training.run, config_of(self.training)):
            train_file(self.training, watch, warn)


@dataclass(frozen=True)
class Trainings:
    """How what is found is trained, and what else is: an architecture of the file by name, where there is one."""

    recipe: TrainingRecipe
    given: Given
    handmade: str | None = None


def pieces(
    places: Sequence[Place],
    weightings: Sequence[str],
    seeds: int,
    request: SearchRequest,
    trainings: Trainings | None = None,
) -> list[Piece]:
    """All pieces, seed by seed. What the natural space gives is trained; planted spaces are searched alone."""
    train = {} if trainings is None else _baselines(places, request, trainings)
    found: list[Piece] = []
    for arm, search in searches(places, weightings, seeds, request):
        seed = search.recipe.seed
        if found and found[-1].seed != seed:
            found += _of_baselines(train, found[-1].seed, request, trainings)
        trained = trainings is not None and arm.space == NATURAL
        training = _training(request, trainings, arm, seed, search.run / "model.py") if trained else None
        found.append(Piece(arm, seed, search, training))
    return [*found, *_of_baselines(train, found[-1].seed, request, trainings)] if found else []


def share(all_pieces: Sequence[Piece], part: int, parts: int) -> list[Piece]:
    """The pieces of one of several processes, from 1; together they have all."""
    return list(all_pieces[part - 1 :: parts])


Made = Callable[[int], "Architecture"]


def _baselines(places: Sequence[Place], request: SearchRequest, trainings: Trainings) -> dict[str, Made]:
    """By name, how the architecture of a seed is made."""
    spaces = [place.space for place in places if place.name == NATURAL and place.condition == AS_GIVEN]
    if not spaces:
        return {}
    space = spaces[0]
    made: dict[str, Made] = {RANDOM: lambda seed: drawn(space, seed)}
    for name, one in {LARGEST: largest(space), SMALLEST: smallest(space)}.items():
        if one is not None:
            made[name] = lambda seed, one=one: one  # type: ignore[misc]
    if trainings.handmade is not None:
        by_hand = handmade(trainings.given, trainings.handmade)
        made[HANDMADE] = lambda seed: by_hand
    return made


def _of_baselines(
    made: dict[str, Made], seed: int, request: SearchRequest, trainings: Trainings | None
) -> Iterator[Piece]:
    for name, architecture in made.items():
        arm = Arm(NATURAL, AS_GIVEN, name)
        path = folder(request.run / "architectures", arm, seed).with_suffix(".py")
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_text(path, architecture(seed).source(seed=seed))
        yield Piece(arm, seed, None, _training(request, trainings, arm, seed, path))


def _training(
    request: SearchRequest, trainings: Trainings | None, arm: Arm, seed: int, model: Path
) -> TrainingRequest | None:
    if trainings is None:
        return None
    run = folder(request.run / "trained", arm, seed)
    about = (request.device, request.workers, request.command, request.checkpoint_seconds)
    return TrainingRequest(model, request.data, run, trainings.recipe, seed, *about)
