"""In what two spaces or architectures differ: arguments, inputs, decisions, picks, counts, networks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from hypercuboid.diagnostics import Source
from hypercuboid.frontend import ast
from hypercuboid.frontend.elaborated import label_text
from hypercuboid.frontend.parse import parse
from hypercuboid.frontend.points import points_of
from hypercuboid.frontend.shown import show
from hypercuboid.graph.counts import Counts
from hypercuboid.graph.decision import Decision
from hypercuboid.graph.identity import network
from hypercuboid.graph.selection.arch_text import pick_lines
from hypercuboid.pipeline import Space

Sides: TypeAlias = tuple[str | None, str | None]
"""A text of the first and of the second, None where one has none."""

COUNTS = ("weights", "groups", "architectures", "params", "macs", "add_mult", "params_range", "macs_range")

_COSTS = ("params", "macs", "add_mult")


@dataclass(frozen=True)
class AxisChange:
    """What one axis of a decision lost and gained. `moved` where it only has its labels in another order."""

    axis: str
    removed: tuple[str, ...]
    added: tuple[str, ...]
    moved: bool = False


@dataclass(frozen=True)
class DecisionChange:
    """A decision that both have: axes that one lacks, labels, and the axes that index its competing groups."""

    name: str
    removed_axes: tuple[str, ...]
    added_axes: tuple[str, ...]
    axes: tuple[AxisChange, ...]
    compete: tuple[tuple[str, ...], tuple[str, ...]] | None


@dataclass(frozen=True)
class Difference:
    """Only what differs, but for `counts`. `networks` where all that is listed is equal and the networks are not."""

    arguments: Mapping[str, Sides]
    inputs: Mapping[str, Sides]
    removed: tuple[str, ...]
    added: tuple[str, ...]
    changed: tuple[DecisionChange, ...]
    picks: Mapping[str, Sides]
    counts: Mapping[str, tuple[Any, Any]]
    networks: bool

    @property
    def is_empty(self) -> bool:
        """Whether the two are equal: names and spelling make no difference."""
        listed = (self.arguments, self.inputs, self.removed, self.added, self.changed, self.picks)
        return not any(listed) and not self.networks and all(a == b for a, b in self.counts.values())


def difference(first: Space, second: Space) -> Difference:
    """In what `second` differs from `first`; -p, arguments and shapes count as they were given."""
    before, after = ({one.name: one for one in space.graph.decisions} for space in (first, second))
    changes = (_change(one, after[name]) for name, one in before.items() if name in after)
    return Difference(
        arguments=_unequal(*({k: show(v) for k, v in one.elaborated.arguments.items()} for one in (first, second))),
        inputs=_unequal(*(_inputs(one) for one in (first, second))),
        removed=tuple(name for name in before if name not in after),
        added=tuple(name for name in after if name not in before),
        changed=tuple(one for one in changes if one is not None),
        picks=_unequal(*(_picks(one) for one in (first, second))),
        counts=_counts(first.counts(), second.counts()),
        networks=not _is_one_network(first, second),
    )


def _unequal(first: Mapping[str, str], second: Mapping[str, str]) -> dict[str, Sides]:
    """What is not equal, by name, in the order of the first."""
    names = dict.fromkeys((*first, *second))
    return {name: (first.get(name), second.get(name)) for name in names if first.get(name) != second.get(name)}


def _inputs(space: Space) -> dict[str, str]:
    found = space.elaborated
    types = zip(found.input_names, found.input_types, strict=True)
    return {name: f"{type.kind}{type}" if type.known else "unknown" for name, type in types}


def _picks(space: Space) -> dict[str, str]:
    """What is decided: the site of each pick, and what it keeps."""
    lines = pick_lines(space.elaborated.decided, points_of(space.whole().definition))
    module = parse(Source("<picks>", "\n".join(["hypercuboid 1", "arch A of S() partial {", *lines, "}"])))
    (arch,) = module.items
    assert isinstance(arch, ast.Arch)
    return dict(_read(pick) for pick in arch.picks)


def _read(pick: ast.Pick) -> tuple[str, str]:
    """The site of a pick and what it keeps; a list is a set, whose order says nothing."""
    if not pick.is_list:
        return pick.site.span.text, pick.kept[0].span.text
    texts = sorted((one.span.text for one in pick.kept), key=lambda text: (len(text.partition(":")[0]), text))
    return pick.site.span.text, f"[{', '.join(texts)}]"


def _change(before: Decision, after: Decision) -> DecisionChange | None:
    mine, theirs = ({axis.name: axis for axis in one.axes} for one in (before, after))
    axes = []
    for name, axis in mine.items():
        if name in theirs:
            old, new = (tuple(map(label_text, one.labels)) for one in (axis, theirs[name]))
            removed, added = _without(old, new), _without(new, old)
            if old != new:
                axes.append(AxisChange(name, removed, added, not removed and not added))
    compete = None if before.compete == after.compete else (before.compete, after.compete)
    found = DecisionChange(before.name, _without(mine, theirs), _without(theirs, mine), tuple(axes), compete)
    return found if any((found.removed_axes, found.added_axes, found.axes, found.compete)) else None


def _without(these: Any, those: Any) -> tuple[str, ...]:
    return tuple(one for one in these if one not in set(those))


def _counts(first: Counts, second: Counts) -> dict[str, tuple[Any, Any]]:
    return {name: (getattr(first, name), getattr(second, name)) for name in COUNTS}


def _is_one_network(first: Space, second: Space) -> bool:
    """Of two architectures their networks, else the hashes of the spaces."""
    if first.is_open or second.is_open:
        return first.graph.hash == second.graph.hash
    return network(first.elaborated) == network(second.elaborated)


def in_numbers(found: Difference) -> Iterator[tuple[str, Any, Any, int | None]]:
    """The rows of a table of counts: name, both, and how much more the second is, where that is one number.

    Of two architectures only their costs.
    """
    is_decided = found.counts["weights"] == (0, 0) and found.counts["architectures"] == (1, 1)
    for name, (before, after) in found.counts.items():
        says_something = not is_decided or name in _COSTS
        if says_something and (before is not None or after is not None):
            is_number = isinstance(before, int) and isinstance(after, int)
            yield name, before, after, after - before if is_number else None
