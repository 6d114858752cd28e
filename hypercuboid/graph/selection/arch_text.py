"""An architecture as an `arch` item of the language."""

from __future__ import annotations

from hypercuboid.frontend.elaborated import Decided, Elaborated, KeptPath, Label
from hypercuboid.frontend.points import Point, points_of
from hypercuboid.frontend.values import is_plain, show
from hypercuboid.graph.selection.notation import kept_text, path_text, single_sites, site_text, term_text


def arch_text(name: str, space: Elaborated, decided: tuple[Decided, ...], points: tuple[Point, ...] = ()) -> str:
    """`arch NAME of SPACE(args) { pick ... }`; elaborated again, it makes the same decisions.

    `points` are the open decisions of the space as it was before; without them the names of axes follow from the
    decisions alone, which `sum top` and choices over several values need more than.
    """
    arguments = space.definition.arguments
    given = ", ".join(f"{key} = {show(value)}" for key, value in arguments.items() if is_plain(value))
    lines = [f"  {line}" for line in pick_lines(decided, points)]
    partial = " partial" if points_of(space.definition) else ""
    return "\n".join([f"arch {name} of {space.space}({given}){partial} {{", *lines, "}"]) + "\n"


def pick_lines(decided: tuple[Decided, ...], points: tuple[Point, ...]) -> list[str]:
    """One `pick` or `keep` per site."""
    known = {(point.name, point.key): point for point in points}
    lines: list[str] = []
    for one in decided:
        terms: dict[str, list[str]] = {}
        for key, kept in one.kept.items():
            point = known.get((one.name, key))
            if point is not None and point.top:
                _term(point, kept, terms)
                continue
            lines += _lines(one.name, key, kept, point)
        lines += [f"pick {site} = [{', '.join(kept_terms)}]" for site, kept_terms in terms.items()]
    return lines


def _term(point: Point, kept: tuple[object, ...], terms: dict[str, list[str]]) -> None:
    front = point.coordinates[: len(point.coordinates) - len(point.fold)]
    where = point.coordinates[len(front) :]
    found = terms.setdefault(site_text(point.name, front), [])
    found += [f"{term_text(where)}: {kept_text(label)}" for label in kept]  # type: ignore[arg-type]


def _lines(name: str, key: tuple[Label, ...], kept: tuple[object, ...], point: Point | None) -> list[str]:
    coordinates = point.coordinates if point is not None else tuple(("", label) for label in key)
    site = site_text(name, coordinates)
    if len(kept) == 1 and not isinstance(kept[0], KeptPath) and point is not None:
        return [f"pick {s} = {v}" for s, v in single_sites((name, coordinates), point.axes, kept[0])]  # type: ignore[arg-type]
    texts = [path_text(one) if isinstance(one, KeptPath) else kept_text(one) for one in kept]  # type: ignore[arg-type]
    return [f"pick {site} = {texts[0]}"] if len(texts) == 1 else [f"keep {site} = [{', '.join(texts)}]"]
