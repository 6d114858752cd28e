"""Where architectures stand among random ones that are trained alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb
from pathlib import Path

from hypercuboid.benchmarking.alike import Alike, Trained
from hypercuboid.diagnostics import error
from hypercuboid.runs.intervals import percentile


@dataclass(frozen=True)
class Standing:
    """An architecture with its accuracy on test, and the share of the random ones that are less accurate in percent,
    equal ones as halves.
    """

    name: str
    accuracy: float
    percentile: float
    params: int
    macs: int


@dataclass(frozen=True)
class EqualCost:
    """What random search has on average that trains so many architectures on search-train, takes the best on
    search-validation, and trains that one alike.
    """

    trainings: int
    accuracy: float
    percentile: float


def standings(alike: Alike, numbers: Mapping[str, int], drawn: Sequence[Trained]) -> list[Standing]:
    """Of named architectures among the drawn ones; each is trained if it was not."""
    accuracies = [one.accuracy for one in drawn]
    found = []
    for name, number in numbers.items():
        one = alike.train(number)
        found.append(Standing(name, one.accuracy, percentile(one.accuracy, accuracies), one.params, one.macs))
    return found


def equal_cost(alike: Alike, drawn: Sequence[Trained], trainings: int) -> EqualCost:
    """The exact mean over all ways to draw so many of the random architectures."""
    trainings = min(trainings, len(drawn))
    accuracies = [one.accuracy for one in drawn]
    validated = [alike.train(one.number, "search-train").accuracy for one in drawn]
    ranked = sorted(range(len(drawn)), key=lambda place: -validated[place])
    ways = [comb(len(drawn) - 1 - rank, trainings - 1) for rank in range(len(drawn))]
    shares = [way / comb(len(drawn), trainings) for way in ways]
    chosen = [accuracies[place] for place in ranked]
    accuracy = sum(share * one for share, one in zip(shares, chosen, strict=True))
    mean = sum(share * percentile(one, accuracies) for share, one in zip(shares, chosen, strict=True))
    return EqualCost(trainings, accuracy, mean)


def runs_of(folder: Path) -> list[Path]:
    """The finished searches of a folder: itself, or those of its seeds in order; HC7002 where there is none."""
    own = [folder] if (folder / "config.json").is_file() else []
    seeds = sorted(folder.glob("seed-*"), key=lambda one: int(one.name.removeprefix("seed-")))
    found = [one for one in (*own, *seeds) if (one / "arch.hc").is_file()]
    if not found:
        raise error("HC7002", f"`{folder}` has no architecture that a search found", help="give the folder of a search")
    return found
