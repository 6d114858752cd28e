"""Uses of a cell have equal decisions (ruling 5)."""

from __future__ import annotations

from hypercuboid.diagnostics import Label, Span, error
from hypercuboid.frontend.elaborated import Definition, label_text
from hypercuboid.frontend.given import Home
from hypercuboid.frontend.points import Point, points_of
from hypercuboid.frontend.session import Session


def require_equal_decisions(home: Home, definition: Definition, session: Session, span: Span) -> None:
    """HC5021 with both places where a use of a cell decides other things than its first use."""
    points = points_of(definition)
    known, first = session.cells.setdefault((home.frame, home.name), (points, span))
    if known is points or (len(known) == len(points) and all(map(_alike, known, points))):
        return
    decided = {_decides(one) for one in points} & {_decides(one) for one in known}
    here, there = (next((one for one in all if _decides(one) not in decided), None) for all in (points, known))
    name = (here or there or points[0]).name
    raise error(
        "HC5021",
        f"two uses share the decision `{home.name}.{name}` and have different alternatives",
        span,
        f"here {_alternatives(here)}",
        secondary=(Label(first, f"and here {_alternatives(there)}"),),
        help="give uses of one cell equal alternatives, or use the block itself",
    )


def _alike(one: Point, other: Point) -> bool:
    return one is other or _decides(one) == _decides(other)


def _decides(point: Point) -> tuple[object, ...]:
    return point.name, point.coordinates, point.axes, point.labels, point.moves, point.top


def _alternatives(point: Point | None) -> str:
    if point is None:
        return "there is none"
    labels = point.labels or tuple(label for _, _, label in point.moves)
    return "it has " + "; ".join(", ".join(map(label_text, label)) for label in labels[:8])
