"""From the numbers of an audit to its tests: every weighting by itself, against the first, and what was trained."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hypercuboid.auditing.numbers import Arm, Number, by_arm
from hypercuboid.auditing.outcomes import ACCURACY, BETWEEN, COMPARED, DESCRIBED, FOUND, LEANS, RANDOM
from hypercuboid.runs.comparisons import detectable, holm, sign_flip_test
from hypercuboid.runs.intervals import bootstrap_interval, percentile

LEVEL = 0.05
"""What the family-wise error of a table's tests is held to."""


@dataclass(frozen=True)
class Effect:
    """The mean over seeds of an outcome, or of its difference to the arm `against`, tested against zero.

    `low` and `high` are the bootstrap interval (None for one seed), `p` that of the exact sign-flip test, `adjusted`
    after Holm's correction in the family, `detectable` what so many seeds find with a chance of 80 % at the strictest
    level of the correction (None: nothing). `first` is the mean of the arm, `second` that of `against`.
    """

    space: str
    condition: str
    arm: str
    against: str | None
    outcome: str
    seeds: int
    first: float
    second: float | None
    mean: float
    low: float | None
    high: float | None
    p: float
    adjusted: float
    detectable: float | None


@dataclass(frozen=True)
class Described:
    """Means over seeds of what is told of an arm's searches; `architectures` is how many different ones were found."""

    space: str
    condition: str
    arm: str
    seeds: int
    architectures: int
    means: dict[str, float]


@dataclass(frozen=True)
class Trained:
    """Test accuracies of an arm: median, the smallest and the largest."""

    space: str
    condition: str
    arm: str
    seeds: int
    median: float
    least: float
    most: float


def preferences(numbers: Sequence[Number]) -> list[Effect]:
    """Whether weights lean, by arm; the arms of a space under one condition and both windows are one family."""
    families: dict[tuple[str, str], list[Effect]] = {}
    for outcome in LEANS:
        for arm, values in by_arm(numbers, outcome).items():
            families.setdefault((arm.space, arm.condition), []).append(_effect(arm, outcome, [*values.values()]))
    return [effect for family in families.values() for effect in _corrected(family)]


def comparisons(numbers: Sequence[Number]) -> list[Effect]:
    """Every weighting against the first of its space and condition; the outcomes of one comparison are one family."""
    found = []
    for arm, first in _pairs(numbers):
        names = (*(one.name for one in COMPARED), ACCURACY)
        made = [_paired(numbers, arm, first, name) for name in names]
        found += _corrected([one for one in made if one is not None])
    return found


def ranks(numbers: Sequence[Number]) -> list[Effect]:
    """Of every arm the share of random architectures that are less accurate, ties as halves, against one half.

    That is what another random architecture has on average. The arms are one family.
    """
    arms = by_arm(numbers, ACCURACY)
    others = [(arm, [*values.values()]) for arm, values in arms.items() if arm.name != RANDOM]
    drawn = [one for arm, values in arms.items() if arm.name == RANDOM for one in values.values()]
    if not drawn:
        return []
    return _corrected([_ranked(arm, [percentile(one, drawn) / 100 for one in values]) for arm, values in others])


def _ranked(arm: Arm, found: Sequence[float]) -> Effect:
    middle = 0.5
    made = _effect(arm, ACCURACY, [one - middle for one in found])
    return replace(made, against=RANDOM, first=float(np.mean(found)), second=middle)


def trained(numbers: Sequence[Number]) -> list[Trained]:
    """Every arm with test accuracies."""
    found = []
    for arm, values in by_arm(numbers, ACCURACY).items():
        all_of = list(values.values())
        numbers_of = (len(all_of), float(np.median(all_of)), min(all_of), max(all_of))
        found.append(Trained(arm.space, arm.condition, arm.name, *numbers_of))
    return found


def described(numbers: Sequence[Number]) -> list[Described]:
    """Every arm that was searched."""
    found = []
    for arm, architectures in by_arm(numbers, FOUND).items():
        names = (*(one.name for one in DESCRIBED), BETWEEN)
        values = {name: by_arm(numbers, name).get(arm, {}) for name in names}
        means = {name: float(np.mean([*one.values()])) for name, one in values.items() if one}
        different = len(set(architectures.values()))
        found.append(Described(arm.space, arm.condition, arm.name, len(architectures), different, means))
    return found


def _pairs(numbers: Iterable[Number]) -> list[tuple[Arm, Arm]]:
    """Of every space and condition its searched arms but for the first, each with the first."""
    arms = list(by_arm(numbers, FOUND))
    firsts: dict[tuple[str, str], Arm] = {}
    for arm in arms:
        firsts.setdefault((arm.space, arm.condition), arm)
    pairs = [(arm, firsts[arm.space, arm.condition]) for arm in arms]
    return [(arm, first) for arm, first in pairs if arm != first]


def _paired(numbers: Sequence[Number], arm: Arm, against: Arm, outcome: str) -> Effect | None:
    """None where no seed has both."""
    values = by_arm(numbers, outcome)
    own, other = values.get(arm, {}), values.get(against, {})
    seeds = [seed for seed in own if seed in other]
    if not seeds:
        return None
    made = _effect(arm, outcome, [own[seed] - other[seed] for seed in seeds])
    first, second = (float(np.mean([one[seed] for seed in seeds])) for one in (own, other))
    return replace(made, against=against.name, first=first, second=second)


def _effect(arm: Arm, outcome: str, values: Sequence[float]) -> Effect:
    """Not corrected yet: `detectable` holds the standard deviation until then."""
    low, high = bootstrap_interval(values) if len(values) > 1 else (None, None)
    mean, p = float(np.mean(values)), sign_flip_test(values)
    deviation = float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
    about = (arm.space, arm.condition, arm.name, None, outcome, len(values))
    return Effect(*about, mean, None, mean, low, high, p, p, deviation)


def _corrected(family: Sequence[Effect]) -> list[Effect]:
    """The family after Holm's correction."""
    adjusted = holm({str(place): one.p for place, one in enumerate(family)})
    level = LEVEL / max(1, len(family))
    return [
        replace(one, adjusted=adjusted[str(place)], detectable=detectable(one.detectable or 0.0, one.seeds, level))
        for place, one in enumerate(family)
    ]
