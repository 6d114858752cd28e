"""What picks keep of the decisions that their sites name (rulings 9, 11, 18)."""

from __future__ import annotations

from typing import Any

from hypercuboid.diagnostics import error
from hypercuboid.frontend import ast
from hypercuboid.frontend.elaborated import Kept, KeptPath, Label, label_text
from hypercuboid.frontend.points import Point
from hypercuboid.frontend.sites import Index, Target, read_label, where_of
from hypercuboid.registry import near_miss


def kept_of(pick: ast.Pick, target: Target, index: Index) -> list[tuple[Point, tuple[Kept, ...]]]:
    first = target.points[0]
    if first.moves:
        kept = tuple(_path(one, pick) for one in pick.kept)
        return [(point, _possible_path(kept, point, pick, index)) for point in target.points]
    if first.top:
        return _top_terms(pick, target)
    if pick.is_list and not pick.keeps:
        return _per_coordinate(pick, target)
    kept_labels = tuple(_label(one, first, target.axis) for one in pick.kept)
    return [(point, _possible(kept_labels, point, pick)) for point in target.points]


def _path(one: ast.Kept, pick: ast.Pick) -> KeptPath:
    move = one.key if one.key is not None else one.value
    if not isinstance(move, ast.Pipe) or len(move.stages) != 2:
        help = "write the two states and the choice: `8 -> 16: conv`"
        raise error("HC5010", "a step of a cuboid is picked as `FROM -> TO: CHOICE`", one.span, help=help)
    source, target = (read_label(stage) for stage in move.stages)
    if one.key is None:
        return KeptPath(source, target, ())
    label = read_label(one.value)
    return KeptPath(source, target, label if isinstance(label, tuple) else (label,))


def _possible_path(kept: tuple[KeptPath, ...], point: Point, pick: ast.Pick, index: Index) -> tuple[Kept, ...]:
    if len(kept) > 1 and not pick.keeps:
        raise error("HC5010", "`pick` decides one alternative", pick.span, help="`keep` keeps several")
    moves = index.moves(point)
    for one, written in zip(kept, pick.kept, strict=True):
        if (one.source, one.target, one.label) not in moves:
            text = f"{label_text(one.source)} -> {label_text(one.target)}"
            labels = [m[2] for m in point.moves if m[:2] == (one.source, one.target)]
            known = ", ".join(label_text(x if len(x) > 1 else x[0]) for x in labels if x)
            note = f"{text} has: {known}" if known else f"no step leads {text}"
            help = _step_help(one, point, [label_text(x if len(x) > 1 else x[0]) for x in labels if x])
            raise error(
                "HC5007", f"`{written.span.text}` is no alternative here", written.span, notes=(note,), help=help
            )
    return kept


def _step_help(one: KeptPath, point: Point, labels: list[str]) -> str:
    """The step that may be meant: a near label, or the states that can be reached."""
    if labels:
        label = label_text(one.label if len(one.label) != 1 else one.label[0])
        return near_miss(label, labels) or "write one of these"
    targets = dict.fromkeys(label_text(target) for source, target, _ in point.moves if source == one.source)
    if targets:
        return f"from {label_text(one.source)} a step leads to {', '.join(list(targets)[:12])}"
    states = dict.fromkeys(label_text(source) for source, _, _ in point.moves)
    return f"a step starts from {', '.join(list(states)[:12])}"


def _label(one: ast.Kept, point: Point, axis: int | None) -> tuple[Any, ...]:
    """The label that is kept, with None for axes that stay open."""
    value = read_label(one.value)
    if axis is not None:
        return tuple(value if i == axis else None for i in range(len(point.axes)))
    if one.key is None:
        return value if isinstance(value, tuple) and len(point.axes) > 1 else (value,)
    key = read_label(one.key)
    readings = [(*front, *back) for front in _spread(key) for back in _spread(value)]
    return next((one for one in readings if len(one) == len(point.axes)), readings[0])


def _spread(label: Any) -> list[tuple[Any, ...]]:
    """A label alone, and the labels that it may list: `(3, 1)` is one of an axis of tuples, or two of two axes."""
    return [(label,), label] if isinstance(label, tuple) else [(label,)]


def _possible(kept: tuple[tuple[Any, ...], ...], point: Point, pick: ast.Pick) -> tuple[Kept, ...]:
    if len(kept) > 1 and not pick.keeps:
        raise error("HC5010", "`pick` decides one alternative", pick.span, help="`keep` keeps several")
    for label, written in zip(kept, pick.kept, strict=False):
        if len(label) != len(point.axes) or not any(_fits(label, known) for known in point.labels):
            known = [", ".join(map(label_text, one)) for one in point.labels]
            text = written.span.text
            raise error(
                "HC5007",
                f"`{text}` is no alternative of `{point.name}`",
                written.span,
                notes=(f"alternatives: {'; '.join(known[:12])}{'; ...' if len(known) > 12 else ''}",),
                help=near_miss(text, known) or "write one of these",
            )
    return kept


def _fits(label: tuple[Any, ...], known: tuple[Label, ...]) -> bool:
    return all(
        one is None or (one == other and type(one) is type(other)) for one, other in zip(label, known, strict=True)
    )


def _per_coordinate(pick: ast.Pick, target: Target) -> list[tuple[Point, tuple[Kept, ...]]]:
    """A list has one entry per coordinate, in declared order (ruling 11)."""
    if len(pick.kept) != len(target.points):
        raise error(
            "HC5011",
            f"`{target.name}` has {len(target.points)} coordinates, and {len(pick.kept)} are given",
            pick.span,
            notes=where_of(list(target.points)),
            help="write one entry for each coordinate, in this order",
        )
    found = []
    for one, point in zip(pick.kept, target.points, strict=True):
        single = ast.Pick(one.span, False, pick.site, (one,), False)
        found.append((point, _possible((_label(one, point, target.axis),), point, single)))
    return found


def _top_terms(pick: ast.Pick, target: Target) -> list[tuple[Point, tuple[Kept, ...]]]:
    """`[j: label, ...]`: a set keyed by the binder, its order kept; terms that are not named are left out.

    `keep` may name a term several times: these alternatives of it are kept side by side.
    """
    count, fold = target.points[0].top, len(target.points[0].fold)
    chosen: dict[tuple[Label, ...], dict[tuple[Any, ...], ast.Kept]] = {}
    for one in pick.kept:
        term, label = _term(one, target)
        again = chosen.setdefault(term, {})
        if again and (label in again or not pick.keeps):
            help = "leave one of them out" if label in again else "`keep` keeps several alternatives of a term"
            raise error("HC5006", f"term {label_text(term[0])} is picked twice", one.span, help=help)
        again[label] = one
    found: list[tuple[Point, tuple[Kept, ...]]] = []
    for points in _fronts(target, fold):
        wanted = min(count, len(points))
        if len(chosen) != wanted and not pick.keeps:
            raise error(
                "HC5011",
                f"`{target.name}` keeps {wanted} term{'s' * (wanted != 1)}, not {len(chosen)}",
                pick.span,
                help=f"pick {wanted} of its terms, or `keep` another number of them",
            )
        for term, labels in chosen.items():
            if term not in points:
                there = ", ".join(label_text(one[0]) for one in list(points)[:12])
                message = f"`{target.name}` has no term {label_text(term[0])}"
                raise error("HC5007", message, next(iter(labels.values())).span, help=f"its terms are {there}")
            kept = [_possible_term(label, points[term], pick, written) for label, written in labels.items()]
            found.append((points[term], tuple(kept)))
        found += [(point, ()) for term, point in points.items() if term not in chosen]
    return found


def _term(one: ast.Kept, target: Target) -> tuple[tuple[Label, ...], tuple[Any, ...]]:
    """The coordinates of a term and the label that is kept of it, as they are written."""
    if one.key is None:
        raise error(
            "HC5010",
            "terms of `sum top` are picked as `[TERM: LABEL, ...]`",
            one.span,
            help=f"say which term: `{label_text(target.points[0].key[-1])}: {one.span.text}`",
        )
    key, value = read_label(one.key), read_label(one.value)
    return (key if isinstance(key, tuple) else (key,)), (value if isinstance(value, tuple) else (value,))


def _possible_term(label: tuple[Any, ...], point: Point, pick: ast.Pick, written: ast.Kept) -> Kept:
    single = ast.Pick(written.span, False, pick.site, (written,), False)
    (kept,) = _possible((label,), point, single)
    return kept


def _fronts(target: Target, fold: int) -> list[dict[tuple[Label, ...], Point]]:
    """For each coordinate in front of a `sum top`, its terms."""
    found: dict[tuple[Label, ...], dict[tuple[Label, ...], Point]] = {}
    for point in target.points:
        cut = len(point.key) - fold
        found.setdefault(point.key[:cut], {})[point.key[cut:]] = point
    return list(found.values())
