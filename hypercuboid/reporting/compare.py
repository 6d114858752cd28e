"""Several runs beside each other: a row for each, their curves together, and the sites on which they agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hypercuboid.reporting.facts import Reported
from hypercuboid.targets.charts.lines import Series, line_chart
from hypercuboid.targets.charts.marks import Section, Table, short
from hypercuboid.targets.charts.page import Part

CHARTS = {
    "Validation loss": "validation_loss",
    "Validation accuracy": "validation_accuracy",
    "Training loss": "loss",
    "Entropy": "entropy",
    "Margin": "margin",
    "Params of the best architecture": "params",
    "Weight on alternatives without parameters": "free_mass",
}
MOST = 8
"""Runs in one chart: as many as there are dashes."""

_COLUMNS = (
    "run",
    "kind",
    "state",
    "epoch",
    "strategy",
    "weighting",
    "seed",
    "best",
    "entropy",
    "margin",
    "params",
    "macs",
)


def comparison(runs: Sequence[Reported]) -> Part:
    """What is said of all runs together."""
    rows = tuple(_row(one) for one in runs)
    sections = [Section("Runs", table=Table(_COLUMNS, rows)), _curves(runs), *_agreement(runs)]
    return Part(f"{len(runs)} runs compared", (), tuple(sections))


def _row(one: Reported) -> tuple[str, ...]:
    summary, recipe = one.summary, one.recipe
    epochs = f"{summary.epoch} / {summary.epochs}"
    numbers = (short(one.last(name)) for name in ("entropy", "margin"))
    sizes = (f"{one.last(name):,.0f}" if one.last(name) is not None else "-" for name in ("params", "macs"))
    words = (str(recipe.get("strategy", "-")), "-" if one.scored else str(recipe.get("weighting", "-")))
    seed = str(one.run.config.get("seed", "-"))
    return (one.name, summary.kind, summary.state, epochs, *words, seed, summary.best or "-", *numbers, *sizes)


def _curves(runs: Sequence[Reported]) -> Section:
    shown = runs[:MOST]
    charts = [
        line_chart(title, [Series(one.name, one.series(name)) for one in shown]) for title, name in CHARTS.items()
    ]
    words = (f"The first {MOST} runs are drawn.",) if len(runs) > MOST else ()
    return Section("Curves together", words, figures=tuple(chart for chart in charts if chart))


def _agreement(runs: Sequence[Reported]) -> list[Section]:
    """By site what most runs of one space keep, and how many of them; the least agreed first."""
    held = [one.history[-1].picks for one in runs if one.history and one.history[-1].picks]
    spaces = {one.run.config.get("hash") for one in runs if one.history}
    if len(held) < 2 or len(spaces) != 1:
        return []
    rows = []
    for site in dict.fromkeys(site for picks in held for site in picks):
        (most, count), *_ = Counter(", ".join(picks.get(site, ["not reached"])) for picks in held).most_common(1)
        rows.append((count, (site, most, f"{count} of {len(held)}")))
    rows.sort(key=lambda row: row[0])
    table = Table(("site", "kept most", "by"), tuple(row for _, row in rows))
    return [Section("Where the runs agree", (f"{len(held)} runs of one space, the least agreed site first.",), table)]
