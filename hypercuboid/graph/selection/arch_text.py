"""An architecture as an `arch` item of the language."""

from __future__ import annotations

from hypercuboid.frontend.elaborated import Decided, Elaborated, Kept, KeptPath, Label
from hypercuboid.frontend.points import Point, points_of
from hypercuboid.frontend.values import is_plain, show
from hypercuboid.graph.notation import kept_text, path_text, single_sites, site_text, term_text


def arch_text(name: str, space: Elaborated, decided: tuple[Decided, ...], points: tuple[Point, ...]) -> str:
    """`arch NAME of SPACE(args) { pick ... }`; elaborated again, it makes the same decisions.

    `points` are the open decisions of the space with nothing decided: they know the names of coordinates and axes.
    """
    arguments = space.definition.arguments
    given = ", ".join(f"{key} = {show(value)}" for key, value in arguments.items() if is_plain(value))
    partial = " partial" if points_of(space.definition) else ""
    lines = [f"  {line}" for line in pick_lines(decided, points)]
    return "\n".join([f"arch {name} of {space.space}({given}){partial} {{", *lines, "}"]) + "\n"


def pick_lines(decided: tuple[Decided, ...], points: tuple[Point, ...]) -> list[str]:
    """One `pick` or `keep` per site, in the order of the points; terms of `sum top` in the order they are kept in."""
    kept = {(one.name, key): value for one in decided for key, value in one.kept.items()}
    order = {key: position for position, key in enumerate(kept)}
    lines: list[str] = []
    terms: dict[str, tuple[int, int, list[tuple[int, str]]]] = {}
    for point in points:
        value = kept.get((point.name, point.key))
        if value is None:
            continue
        if not point.top:
            lines += _lines(point, value)
            continue
        front = point.coordinates[: len(point.coordinates) - len(point.fold)]
        site = site_text(point.name, front)
        if site not in terms:
            terms[site] = len(lines), point.top, []
            lines.append("")
        term = term_text(point.coordinates[len(front) :])
        place = order[point.name, point.key]
        terms[site][2].extend((place, f"{term}: {kept_text(_label(one))}") for one in value)
    for site, (position, top, texts) in terms.items():
        verb = "pick" if len(texts) == top else "keep"
        lines[position] = f"{verb} {site} = [{', '.join(text for _, text in sorted(texts))}]"
    return lines


def _lines(point: Point, kept: tuple[Kept, ...]) -> list[str]:
    site = site_text(point.name, point.coordinates)
    if len(kept) > 1:
        texts = [path_text(one) if isinstance(one, KeptPath) else kept_text(_label(one)) for one in kept]
        return [f"keep {site} = [{', '.join(texts)}]"]
    if isinstance(kept[0], KeptPath):
        return [f"pick {site} = {path_text(kept[0])}"]
    return [f"pick {s} = {v}" for s, v in single_sites((point.name, point.coordinates), point.axes, kept[0])]


def _label(kept: Kept) -> tuple[Label, ...]:
    assert not isinstance(kept, KeptPath)
    return tuple(part for part in kept if part is not None)
