"""Numbers over epochs: loss, accuracy, rate, entropy, margin, capacity, time between improvements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hypercuboid.reporting.facts import Reported
from hypercuboid.targets.charts.lines import Series, line_chart
from hypercuboid.targets.charts.marks import Figure, Section, joined, short

SIZES = (
    "Small-op bias (sharpDARTS, Sec. 4.3): searches with shared weights prefer alternatives without parameters early."
)


def curves(one: Reported) -> Section | None:
    """Loss, accuracy and learning rate."""
    measured = [value for name in ("accuracy", "validation_accuracy") for _, value in one.series(name)]
    score = "accuracy" if all(0 <= value <= 1 for value in measured) else "score"
    charts = (
        _chart(one, "Loss", {"train": "loss", "validation": "validation_loss"}),
        _chart(one, score.capitalize(), {"train": "accuracy", "validation": "validation_accuracy"}),
        _chart(one, "Learning rate", {"rate": "lr"}),
        _chart(one, "Seconds of an epoch", {"seconds": "seconds"}),
    )
    return _section("Curves", charts)


def decidedness(one: Reported) -> Section | None:
    """Entropy, margin, score and the agreement of gradients."""
    charts = (
        _chart(one, "Entropy", {"mean over groups": "entropy"}, "1 is uniform, 0 is decided."),
        _chart(one, "Margin to the second best", {"margin": "margin"}, "(best - second) / second."),
        _chart(one, "Score of the best architecture", {"score": "score"}),
        _chart(one, "Gradients of architecture steps", {"correlation between halves": "alpha_gradient"}),
        _chart(one, "Curvature in the architecture parameters", {"dominant eigenvalue": "curvature"}),
    )
    return _section("Entropy and margin", charts)


def capacity(one: Reported) -> Section | None:
    """How large the best architecture is, and how far weights lean to what is small."""
    charts = (
        _chart(one, "Params of the best architecture", {"params": "params"}),
        _chart(one, "Macs of the best architecture", {"macs": "macs"}),
        _chart(
            one, "Size against the space", {"deviations from the mean": "params_deviations"}, "-1.645 is the alarm."
        ),
        _chart(
            one,
            "Alternatives without parameters",
            {"share of the best score": "free_score", "mean weight": "free_mass"},
            "The alarm is a share of 0.75.",
        ),
        _chart(one, "Lean of the weights", {"lean": "params_lean"}, "Below 0 the weights lean to small alternatives."),
    )
    return _section("Capacity over epochs", charts, SIZES)


def improvements(one: Reported) -> Section | None:
    """The mean time between improvements of the validation accuracy (sharpDARTS, Fig. 4)."""
    name = "validation_accuracy" if one.series("validation_accuracy") else "accuracy"
    points = one.series(name)
    times = mean_times(points)
    if not times:
        return None
    better = [int(epoch) for epoch in improved(points)]
    note = f"Epochs so far over improvements so far of `{name}`: {len(better)} of {len(points)} epochs improved."
    chart = line_chart("Mean time between improvements", [Series("epochs per improvement", times)], note=note)
    epochs = joined([str(epoch) for epoch in better], 40)
    said = (
        f"As in Fig. 4 of sharpDARTS. Improved in epochs {epochs}; at the end one in {short(times[-1][1])} on average."
    )
    return _section("Time between improvements", [chart], said)


def improved(points: Sequence[tuple[float, float]]) -> list[float]:
    """The epochs in which a number is greater than in all before."""
    found, most = [], -float("inf")
    for epoch, value in points:
        if value > most:
            most = value
            found.append(epoch)
    return found


def mean_times(points: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """By epoch, epochs so far over improvements so far."""
    better, found, count = set(improved(points)), [], 0
    for place, (epoch, _) in enumerate(points, 1):
        count += epoch in better
        found.append((epoch, place / count))
    return tuple(found)


def scores(one: Reported) -> Section | None:
    """What a black-box search scored, in the order of its trainings."""
    if not one.scored:
        return None
    best, points, tops = -float("inf"), [], []
    for place, (_, score) in enumerate(one.scored, 1):
        best = max(best, score)
        points.append((float(place), score))
        tops.append((float(place), best))
    own, top = Series("score", tuple(points)), Series("best so far", tuple(tops))
    dots = line_chart("Scores in the order of scoring", [own], "architecture", dots=True)
    stairs = line_chart("Best so far", [top], "architecture", steps=True)
    return _section("Architectures that were scored", [dots, stairs])


def _chart(one: Reported, title: str, names: dict[str, str], note: str = "") -> Figure | None:
    return line_chart(title, [Series(shown, one.series(name)) for shown, name in names.items()], note=note)


def _section(title: str, charts: Iterable[Figure | None], *words: str) -> Section | None:
    found = tuple(chart for chart in charts if chart)
    return Section(title, words, figures=found) if found else None
