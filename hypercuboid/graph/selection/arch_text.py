"""An architecture as an `arch` item of the language."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hypercuboid.frontend.elaborated import Decided, Elaborated, Kept, KeptPath, Label
from hypercuboid.frontend.points import Point
from hypercuboid.frontend.shown import is_plain, show
from hypercuboid.graph.notation import kept_text, path_text, single_sites, site_text, term_text


def arch_text(
    name: str,
    space: Elaborated,
    decided: tuple[Decided, ...],
    points: tuple[Point, ...],
    written: Mapping[str, str] = MappingProxyType({}),
    partial: bool = False,
) -> str:
    """`arch NAME of SPACE(args) { pick ... }`; elaborated again, it makes the same decisions. `partial`: not all.

    `points` are the open decisions of the space with nothing decided: they know the names of coordinates and axes.
    `written` are the texts of arguments that are blocks.
    """
    texts = {
        key: show(value) if is_plain(value) else written.get(key) for key, value in space.definition.arguments.items()
    }
    given = ", ".join(f"{key} = {text}" for key, text in texts.items() if text is not None)
    lines = [f"  {line}" for line in pick_lines(decided, points)]
    return "\n".join([f"arch {name} of {space.space}({given}){' partial' * partial} {{", *lines, "}"]) + "\n"


def pick_lines(decided: tuple[Decided, ...], points: tuple[Point, ...]) -> list[str]:
    """One `pick` or `keep` per site, in the order of the points; terms of `sum top` in the order they are kept in."""
    names = frozenset(point.name for point in points)
    kept = {(one.name, key): value for one in decided for key, value in one.kept.items()}
    lines: dict[str, list[str]] = {}
    terms: dict[str, list[tuple[Point, tuple[Kept, ...]]]] = {}
    for point in points:
        value = kept.get((point.name, point.key))
        if value is None:
            continue
        site = site_text(point.name, point.coordinates[: len(point.coordinates) - len(point.fold)])
        if point.top:
            terms.setdefault(site, []).append((point, value))
        lines[site] = [] if point.top else _lines(point, value, names)
    order = {key: position for position, key in enumerate(kept)}
    for site, some in terms.items():
        lines[site] = [_top_line(site, sorted(some, key=lambda one: order[one[0].name, one[0].key]))]
    return [line for some in lines.values() for line in some]


def _top_line(site: str, terms: list[tuple[Point, tuple[Kept, ...]]]) -> str:
    """`pick SITE = [j: label, ...]`; `keep` where it is not as many as the fold keeps."""
    texts = [
        f"{term_text(point.coordinates[len(point.coordinates) - len(point.fold) :])}: {kept_text(_label(one))}"
        for point, value in terms
        for one in value
    ]
    several = any(len(value) > 1 for _, value in terms)
    word = "pick" if len(texts) == min(terms[0][0].top, len(terms)) and not several else "keep"
    return f"{word} {site} = [{', '.join(texts)}]"


def _lines(point: Point, kept: tuple[Kept, ...], names: frozenset[str]) -> list[str]:
    site = site_text(point.name, point.coordinates)
    if any(isinstance(one, tuple) and None in one for one in kept):
        return _axis_lines(point, kept)
    if len(kept) > 1:
        texts = [path_text(one) if isinstance(one, KeptPath) else kept_text(_label(one)) for one in kept]
        return [f"keep {site} = [{', '.join(texts)}]"]
    if isinstance(kept[0], KeptPath):
        return [f"pick {site} = {path_text(kept[0])}"]
    return [f"pick {s} = {v}" for s, v in single_sites((point.name, point.coordinates), point.axes, kept[0], names)]


def _axis_lines(point: Point, kept: tuple[Kept, ...]) -> list[str]:
    """What single axes keep while others are open: each on its own, as it was picked."""
    lines = []
    for position in range(len(point.axes)):
        labels = dict.fromkeys(one[position] for one in kept if isinstance(one, tuple))
        if None in labels:
            continue
        only = [tuple(label if i == position else None for i in range(len(point.axes))) for label in labels]
        pairs = [pair for one in only for pair in single_sites((point.name, point.coordinates), point.axes, one)]
        site, texts = pairs[0][0], [text for _, text in pairs]
        lines.append(f"pick {site} = {texts[0]}" if len(texts) == 1 else f"keep {site} = [{', '.join(texts)}]")
    return lines


def _label(kept: Kept) -> tuple[Label, ...]:
    assert not isinstance(kept, KeptPath)
    return tuple(part for part in kept if part is not None)
