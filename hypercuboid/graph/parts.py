"""Parts of a space that are decided together, and how sure weights are of what an architecture keeps in each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from hypercuboid.frontend.elaborated import Decided, Kept, KeptPath, Label
from hypercuboid.frontend.points import Point, points_of
from hypercuboid.graph.forest import Cases, Group, OneOf, Path, Top, placed
from hypercuboid.graph.notation import kept_text, path_text, single_sites, site_text, term_text
from hypercuboid.records import dataclass

if TYPE_CHECKING:
    import numpy as np

    from hypercuboid.graph.build import Graph
    from hypercuboid.graph.decision import Decision


@dataclass(frozen=True)
class Part:
    """One choice at one coordinate, one step of a cuboid, or all terms of one `sum top`, with what is kept there."""

    points: tuple[Point, ...]
    kept: tuple[tuple[Kept, ...], ...]
    """One for each point; of a term that is not kept the empty tuple."""

    @property
    def decided(self) -> tuple[Decided, ...]:
        return tuple(Decided(one.name, {one.key: kept}) for one, kept in zip(self.points, self.kept, strict=True))

    @property
    def sites(self) -> Mapping[str, list[str]]:
        """What is kept by site, in the notation of the language."""
        point, kept = self.points[0], self.kept[0]
        if point.top:
            site = site_text(point.name, point.coordinates[: len(point.coordinates) - len(point.fold)])
            return {site: [text for one, kept in zip(self.points, self.kept, strict=True) for text in _term(one, kept)]}
        if isinstance(kept[0], KeptPath):
            return {site_text(point.name, point.coordinates): [path_text(kept[0])]}
        return {site: [text] for site, text in single_sites((point.name, point.coordinates), point.axes, kept[0])}


def _term(point: Point, kept: tuple[Kept, ...]) -> Iterator[str]:
    where = point.coordinates[len(point.coordinates) - len(point.fold) :]
    for one in kept:
        assert not isinstance(one, KeptPath)
        yield f"{term_text(where)}: {kept_text(_labels(one))}"


def parts(graph: Graph, decided: tuple[Decided, ...]) -> list[Part]:
    """The outermost open parts that an architecture decides, in the order of the source.

    What stands inside an alternative of another open part is none: which of it is there is not decided yet. Where no
    open part stands outside of all alternatives, all parts that the architecture decides are given.
    """
    kept = {(one.name, key): value for one in decided for key, value in one.kept.items()}
    points = [point for point in points_of(graph.space.definition) if (point.name, point.key) in kept]
    outside = set(_outermost(graph.forest.root))
    free = [point for point in points if (point.name, point.key) in outside]
    together: dict[object, list[Point]] = {}
    for point in free or points:
        fold = len(point.coordinates) - len(point.fold) if point.top else len(point.coordinates)
        together.setdefault((point.name, point.coordinates[:fold]), []).append(point)
    return [
        Part(tuple(some), tuple(kept[one.name, one.key] for one in some))
        for some in together.values()
        if any(kept[one.name, one.key] for one in some)
    ]


def _outermost(group: Group) -> Iterator[tuple[str, tuple[Label, ...]]]:
    """Names and coordinates of what is decided whatever is kept elsewhere."""
    for point in group.points:
        if isinstance(point, OneOf):
            name, coordinates = placed(point.address, (), point.levels)
            yield name, tuple(label for _, label in coordinates)
        elif isinstance(point, Top):
            for _, term in point.terms:
                yield from _outermost(Group(points=tuple(one for one in term.points if isinstance(one, OneOf))))
        elif isinstance(point, Cases):
            yield from _outermost(point.whole)
        elif isinstance(point, Path):
            for segment in point.segments:
                for layer in segment.layers:
                    if not layer.decided:
                        name, coordinates = segment.step_address(layer, ())
                        yield name, tuple(label for _, label in coordinates)


def margin(graph: Graph, weights: Mapping[str, np.ndarray], part: Part) -> float:
    """The least by which a weight that is kept leads what would stand in its place: 1 decided, 0 a tie.

    In a choice or a step: what is kept over the strongest other. In a `sum top` also the weakest kept term over the
    strongest alternative of a term that is dropped. Negative where the best architecture keeps less than the strongest.
    """
    found, weakest = [], 1.0
    for point, kept in zip(part.points, part.kept, strict=True):
        for one in kept:
            own, others = _weights(graph.decision(point.name), weights[point.name], point, one)
            weakest = min(weakest, own)
            found.append(own - max(others, default=0.0))
    for point, kept in zip(part.points, part.kept, strict=True):
        if not kept:
            found.append(weakest - max(_live(graph.decision(point.name), weights[point.name], point), default=0.0))
    return min(found)


def certainty(graph: Graph, weights: Mapping[str, np.ndarray], part: Part) -> float:
    """1 - H / ln n over the n weights of a part that can reach the output: 1 decided, 0 uniform."""
    import numpy as np

    live = [_live(graph.decision(point.name), weights[point.name], point) for point in part.points]
    values = np.array([value for some in live for value in some])
    if len(values) < 2 or values.sum() <= 0:
        return 1.0
    shares = values[values > 0] / values.sum()
    return 1.0 + float((shares * np.log(shares)).sum() / np.log(len(values)))


def _front(decision: Decision, point: Point) -> tuple[int, ...]:
    """The index of a point in the leading axes of its decision's array."""
    return tuple(axis.position(label) for axis, label in zip(decision.axes, point.key, strict=False))


def _live(decision: Decision, weights: np.ndarray, point: Point) -> list[float]:
    front = _front(decision, point)
    return [float(value) for value in weights[front][decision.reaching()[front]]]


def _weights(decision: Decision, weights: np.ndarray, point: Point, kept: Kept) -> tuple[float, list[float]]:
    """The weight of what is kept at a point, and those of the others that can reach the output."""
    front = _front(decision, point)
    own = kept_index(decision, point, kept)
    live = decision.reaching()[front].copy()
    live[own] = False
    return float(weights[front][own]), [float(value) for value in weights[front][live]]


def kept_index(decision: Decision, point: Point, kept: Kept) -> tuple[int, ...]:
    """Where what is kept stands in the axes of a point of its own."""
    labels = (kept.source, kept.target, *kept.label) if isinstance(kept, KeptPath) else _labels(kept)
    axes = decision.axes[len(point.key) :]
    return tuple(axis.position(label) for axis, label in zip(axes, labels, strict=True))


def with_kept(decision: Decision, weights: np.ndarray, part: Part) -> None:
    """Writes a part that is decided into weights of its space: 1 where something is kept, 0 elsewhere."""
    for point, kept in zip(part.points, part.kept, strict=True):
        if point.name != decision.name:
            continue
        front = _front(decision, point)
        weights[front] = 0.0
        for one in kept:
            weights[(*front, *kept_index(decision, point, one))] = 1.0


def _labels(kept: tuple[Label | None, ...]) -> tuple[Label, ...]:
    return tuple(label for label in kept if label is not None)
