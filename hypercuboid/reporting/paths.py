"""The best architecture of every epoch: what each site kept, and when it changed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypercuboid.reporting.facts import Reported
from hypercuboid.runs.weights_history import Recorded
from hypercuboid.targets.charts.grid import strips
from hypercuboid.targets.charts.marks import Section
from hypercuboid.words import counted

SITES = 80
"""Sites that are shown, those that changed most."""

ABSENT = "not reached"


def over_epochs(one: Reported) -> Section | None:
    """Nothing for a run without a history."""
    history = [epoch for epoch in one.history if epoch.picks]
    if not history:
        return None
    held = held_by_site(history)
    order = sorted(held, key=lambda site: -changes(held[site]))[:SITES] if len(held) > SITES else list(held)
    rows = [(site, held[site]) for site in held if site in set(order)]
    epochs = [epoch.epoch for epoch in history]
    said = _words(held, epochs, len(rows))
    return Section("Best path over epochs", figures=(strips("What each site keeps", epochs, rows, said),))


def held_by_site(history: Sequence[Recorded]) -> dict[str, list[str]]:
    """By site, in the order of the source, what it kept in each epoch."""
    sites = dict.fromkeys(site for epoch in history for site in epoch.picks)
    return {
        site: [", ".join(epoch.picks[site]) if site in epoch.picks else ABSENT for epoch in history] for site in sites
    }


def changes(held: Sequence[str]) -> int:
    """How often what is held changed."""
    return sum(before != after for before, after in pairwise(held))


def last_change(history: Sequence[Recorded]) -> int | None:
    """The last epoch in which the best architecture became another; None where it never did."""
    found = [after.epoch for before, after in pairwise(history) if before.picks != after.picks]
    return found[-1] if found else None


def _words(held: dict[str, list[str]], epochs: Sequence[int], shown: int) -> str:
    total = sum(changes(one) for one in held.values())
    still = sum(changes(one) == 0 for one in held.values())
    few = f" The {shown} sites that changed most are shown." if shown < len(held) else ""
    told = f"{counted(len(held), 'site')} over {counted(len(epochs), 'epoch')}: {counted(total, 'change')}"
    return f"{told}; {counted(still, 'site')} kept the same throughout.{few}"
