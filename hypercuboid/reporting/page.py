"""The report of runs: read, put into sections, written as one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hypercuboid import __version__
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.reporting.compare import comparison
from hypercuboid.reporting.curves import capacity, curves, decidedness, improvements, scores
from hypercuboid.reporting.facts import BASELINES, Reported, baselines_of_seeds, read_object, read_reported, runs_below
from hypercuboid.reporting.paths import last_change, over_epochs
from hypercuboid.reporting.source import provenance, source
from hypercuboid.reporting.standing import baselines, found, fronts, top
from hypercuboid.reporting.weights import weights_section
from hypercuboid.targets.charts.marks import Section, short
from hypercuboid.targets.charts.page import Part, Report, to_html

STATES = {
    "running": "This run is still going on: all below is as it stands now.",
    "stopped": "This run has not ended: all below is as it stands. The command of its provenance goes on with it.",
}

LARGEST = 1_500_000
"""Characters of a picture that a page holds: what is larger is not read there, and makes the page slow."""


def report(paths: Sequence[Path], live: bool = False) -> str:
    """The page of these runs, or of the runs below these folders; HC8200 where there is none."""
    folders = runs_below(paths)
    runs = [read_reported(path, name) for path, name in zip(folders, _names(folders), strict=True)]
    parts = tuple(_part(one, len(runs) == 1) for one in runs)
    title = f"Report of {runs[0].name}" if len(runs) == 1 else f"Report of {len(runs)} runs"
    return to_html(Report(title, (_compared(runs), *parts) if len(runs) > 1 else parts, __version__, live))


def _compared(runs: Sequence[Reported]) -> Part:
    """All runs together, with the baselines of each folder of seeds."""
    folders = dict.fromkeys(one.run.path.resolve().parent for one in runs)
    tables = [(folder, baselines(baselines_of_seeds(folder))) for folder in folders]
    found = [(folder.name, one) for folder, one in tables if one]
    named = [replace(one, title=f"{one.title} of {name}") if len(found) > 1 else one for name, one in found]
    part = comparison(runs)
    return replace(part, sections=(*part.sections, *named))


def _names(folders: Sequence[Path]) -> list[str]:
    """As little of the paths as tells them apart."""
    parts = [one.resolve().parts for one in folders]
    most = max(map(len, parts))
    for count in range(1, most):
        names = ["/".join(one[-count:]) for one in parts]
        if len(set(names)) == len(names):
            return names
    return [str(one) for one in folders]


def _part(one: Reported, is_alone: bool) -> Part:
    """A run; the baselines of several seeds stand where these are compared."""
    made = (
        found(one),
        _picture(one),
        curves(one),
        over_epochs(one),
        weights_section(one),
        decidedness(one),
        capacity(one),
        scores(one),
        improvements(one),
        top(one),
        fronts(one),
        baselines(one.baselines if is_alone else read_object(one.run.path / BASELINES)),
        source(one),
        provenance(one),
    )
    state = [STATES[one.summary.state]] if one.summary.state in STATES else []
    remarks = (*state, *(f"Left out: {problem}." for problem in one.problems))
    return Part(one.name, _facts(one), tuple(section for section in made if section), remarks)


def _facts(one: Reported) -> tuple[tuple[str, str], ...]:
    config, summary, recipe = one.run.config, one.summary, one.recipe
    of_strategy = ("strategy", "scorer") if one.scored else ("strategy", "weighting")
    facts = [
        ("kind", summary.kind),
        ("state", summary.state),
        ("epoch", f"{summary.epoch} of {summary.epochs}"),
        ("data", str(config.get("data", "-"))),
        ("best", summary.best or "-"),
        *_of_space(one),
        ("strategy", ", ".join(str(recipe[name]) for name in of_strategy if name in recipe) or "-"),
        ("seed", str(config.get("seed", "-"))),
    ]
    return tuple((name, value) for name, value in facts if value != "-")


def _of_space(one: Reported) -> list[tuple[str, str]]:
    if one.space is None:
        return []
    counts = one.space.counts()
    many = counts.architectures is None or counts.architectures >= 10**12
    architectures = f"about 10^{counts.architectures_log10:.1f}" if many else f"{counts.architectures:,}"
    sizes = [(f"{name} found", f"{value:,.0f}") for name in ("params", "macs") if (value := one.last(name)) is not None]
    margin = one.last("margin")
    changed = last_change(one.history)
    return [
        ("space", one.space.name),
        ("architectures", architectures),
        ("weights", f"{counts.weights:,} in {counts.groups:,} groups"),
        *sizes,
        ("margin to the second", "-" if margin is None else f"{100 * margin:.3g} %"),
        ("entropy", short(one.last("entropy"))),
        ("best path changed last", "-" if changed is None else f"epoch {changed}"),
    ]


def _picture(one: Reported) -> Section | None:
    """The space with its weights; none where it needs Graphviz and there is none."""
    from hypercuboid.targets.picture import picture

    if one.space is None or one.weights is None:
        return None
    epoch = f"{one.summary.epoch} / {one.summary.epochs}"
    try:
        drawn = picture(one.space.graph, one.space.name, one.weights, one.best, epoch=epoch, strategy=one.method)
    except HypercuboidError as problem:
        return Section("Picture", (f"It cannot be drawn here: {problem.diagnostics[0].message}.",))
    if len(drawn) > LARGEST:
        size = f"It is {len(drawn) / 1e6:.1f} MB: `hypercuboid render RUN -o picture.svg` draws it."
        return Section("Picture", (size,))
    return Section("Picture", picture=drawn[drawn.index("<svg") :])
