"""What was found, the next best, the front of score against cost, and where it stands among baselines."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.graph.selection.uniform import architecture
from hypercuboid.network.kept import kept_masks
from hypercuboid.pipeline import Space
from hypercuboid.reporting.facts import Reported
from hypercuboid.targets.charts.lines import Series, line_chart
from hypercuboid.targets.charts.marks import Figure, Section, Table, short

if TYPE_CHECKING:
    from hypercuboid.frontend.elaborated import Decided

TOP = 5
SITES = 20
"""Sites of an architecture that are listed in a row; all of the best one stand in its text."""

BLACK_BOX = "Weights of this search say what its good architectures keep; what it found, it found by its own scores."
WEIGHTS, GROUPS = 20_000, 400
"""Size of a space up to which its front is computed here, in a second or two; `select --front` does it for any."""


def found(one: Reported) -> Section | None:
    """The architecture as text, with its doubts."""
    text = one.text("arch.hc")
    if not text:
        return None
    doubts = () if one.best is None else tuple(f"Not decided: {doubt}." for doubt in one.best.doubts)
    unfinished = () if one.summary.state == "finished" else ("The search has not ended: this is the best so far.",)
    return Section("Architecture", (*unfinished, *doubts), code=text.rstrip())


def top(one: Reported) -> Section | None:
    """The best architectures under the weights, and the best of those that were scored."""
    if one.space is None or one.weights is None:
        return None
    space, words, parts = one.space, [], list[tuple[str, ...]]()
    first: Mapping[str, list[str]] = {}
    try:
        for place, made in enumerate(space.select_best(one.weights, top=TOP), 1):
            selection, counts = made.selection, made.counts()
            assert selection is not None
            first = selection.picks if place == 1 else first
            parts.append(
                (
                    f"{place}. by weights",
                    short(selection.score),
                    short(counts.params),
                    short(counts.macs),
                    _picks(selection.picks, first if place > 1 else {}),
                )
            )
    except HypercuboidError as problem:
        words.append(f"The best by weights cannot be computed: {problem.diagnostics[0].message}.")
    if one.scored:
        words.append(BLACK_BOX)
    for place, (number, score) in enumerate(sorted(one.scored, key=lambda pair: -pair[1])[:TOP], 1):
        decided = _numbered(space, number)
        if decided is not None:
            sizes = (_cost(space, decided, name) for name in ("params", "macs"))
            parts.append((f"{place}. by its own score", short(score), *map(short, sizes), f"number {number}"))
    columns = ("rank", "score", "params", "macs", "keeps")
    return Section("Best architectures", tuple(words), Table(columns, tuple(parts))) if parts else None


def _picks(picks: Mapping[str, list[str]], first: Mapping[str, list[str]]) -> str:
    """What an architecture keeps; where there is a first one, in what it differs from that."""
    differing = [f"{site} = {', '.join(kept)}" for site, kept in picks.items() if first.get(site) != kept]
    words = "; ".join(differing[:SITES])
    words += f"; and {len(differing) - SITES:,} more" if len(differing) > SITES else ""
    return f"as the first, but {words}" if first else words


def _numbered(space: Space, number: int) -> tuple[Decided, ...] | None:
    count = space.counts().architectures
    return architecture(space.graph, number) if count is not None and 0 <= number < count else None


def _cost(space: Space, decided: tuple[Decided, ...], name: str) -> int | None:
    """What an architecture costs; None where costs are no sum over what is kept."""
    costs = space.graph.candidate_costs
    if costs is None:
        return None
    fixed, arrays = costs.of(name)
    masks = kept_masks(space.graph.decisions, decided)
    return fixed + sum(int(arrays[one][mask].sum()) for one, mask in masks.items())


def fronts(one: Reported) -> Section | None:
    """Score against params and macs: all that nothing cheaper beats, and what was scored."""
    if one.space is None or one.weights is None:
        return None
    counts = one.space.counts()
    if counts.weights > WEIGHTS or counts.groups > GROUPS:
        large = f"The space has {counts.weights:,} weights in {counts.groups:,} groups: its front takes a while."
        return Section("Front of score against cost", (f"{large} `hypercuboid select RUN --front macs` lists it.",))
    figures, words = list[Figure](), list[str]()
    for name in ("params", "macs"):
        try:
            points = tuple((float(cost), score) for cost, score, _ in one.space.front(one.weights, name))
        except HypercuboidError as problem:
            words.append(f"No front over {name}: {problem.diagnostics[0].message}.")
            continue
        chart = line_chart(
            f"Score by weights against {name}", [Series("front", points), *_found_at(one, name)], name, steps=True
        )
        figures += [chart] if chart else []
    figures += list(_scored(one))
    return Section("Front of score against cost", tuple(words), figures=tuple(figures)) if figures or words else None


def _found_at(one: Reported, name: str) -> list[Series]:
    """What was found, by what its weights come to."""
    if one.best is None or one.space is None or one.weights is None:
        return []
    cost = _cost(one.space, one.best.decided, name)
    score = sum(float(one.weights[decision][mask].sum()) for decision, mask in one.masks.items())
    return [] if cost is None else [Series("found", ((float(cost), score),))]


def _scored(one: Reported) -> Iterator[Figure]:
    assert one.space is not None
    decided = ((_numbered(one.space, number), score) for number, score in one.scored[:2_000])
    costs = ((_cost(one.space, made, "macs"), score) for made, score in decided if made is not None)
    points = tuple(sorted((float(cost), score) for cost, score in costs if cost is not None))
    chart = line_chart("Own scores against macs", [Series("scored", points)], "macs", dots=True)
    if chart:
        yield chart


def baselines(data: Mapping[str, Any]) -> Section | None:
    """What `hypercuboid baselines` wrote into a run, or into the folder of its seeds."""
    rows = data.get("architectures")
    if not isinstance(rows, list):
        return None
    random, cost = data.get("random"), data.get("equal_cost")
    words = []
    if isinstance(random, dict):
        median = _percent(random.get("median"))
        words.append(f"{random.get('count')} random architectures, all trained alike: median accuracy {median}.")
    if isinstance(cost, dict):
        place = _plain(cost.get("percentile"))
        words.append(f"Random search of the same cost: {_percent(cost.get('accuracy'))}, percentile {place}.")
    columns = ("architecture", "accuracy", "percentile", "params", "macs")
    cells = tuple(
        (str(row.get("name")), _percent(row.get("accuracy")), *(_plain(row.get(c)) for c in columns[2:]))
        for row in rows
        if isinstance(row, dict)
    )
    return Section("Baselines", tuple(words), Table(columns, cells))


def _percent(value: Any) -> str:
    return f"{100 * value:.2f} %" if isinstance(value, int | float) and math.isfinite(value) else "-"


def _plain(value: Any) -> str:
    return short(value) if isinstance(value, int | float) else "-"
