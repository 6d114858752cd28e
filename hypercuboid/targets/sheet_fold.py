"""Fewer boxes in a flow: plain neighbours joined, what is alike beside a cuboid put together, equal repeats counted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypercuboid.targets.diagram_data import TIMES
from hypercuboid.targets.sheet import Item, Kind

MOST_LINES = 4
"""Lines of a box into which plain ops in a row are joined."""
MOST_TITLES = 4
"""Tooltips that one of several boxes holds."""
_NUMBER = re.compile(r"(\d+)")


def folded(items: list[Item]) -> list[Item]:
    """The same flow in fewer boxes."""
    fewer = _joined(_alike(_joined(items)))
    return folded(fewer) if len(fewer) < len(items) else _repeated(fewer)


@dataclass
class _Builder:
    """Items so far, and where each item of the body went."""

    items: list[Item]
    moved: dict[int, int]

    def add(self, position: int, item: Item) -> None:
        sources = tuple(dict.fromkeys(self.moved[i] for i in item.sources))
        self.moved[position] = len(self.items)
        self.items.append(replace(item, sources=sources))

    def merge(self, position: int, item: Item) -> None:
        """Puts an item into the last one."""
        self.moved[position] = len(self.items) - 1
        self.items[-1] = item


def _readers(items: Sequence[Item]) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in items]
    for position, item in enumerate(items):
        for source in item.sources:
            found[source].append(position)
    return found


def _joined(items: list[Item]) -> list[Item]:
    """Plain ops in a row become one box, where nothing else reads what is between them."""
    readers = _readers(items)
    built = _Builder([], {})
    for position, item in enumerate(items):
        last = built.items[-1] if built.items else None
        plain = item.kind is Kind.OP and last is not None and last.kind is Kind.OP and len(last.lines) < MOST_LINES
        plain = plain and last is not None and last.hue is item.hue is None
        if plain and last is not None and item.sources == (position - 1,) and len(readers[position - 1]) == 1:
            lines, title = (*last.lines, *item.lines), f"{last.title}\n{item.title}"
            built.merge(position, replace(last, lines=lines, title=title, output=item.output))
        else:
            built.add(position, item)
    return built.items


# ---------------------------------------------------------------- beside a cuboid


def _alike(items: list[Item]) -> list[Item]:
    """Boxes before all states of a cuboid, or behind them, become one box of their number."""
    readers = _readers(items)
    built, run = _Builder([], {}), list[int]()
    for position, item in enumerate(items):
        if run and _is_alike(items, readers, run[-1], position):
            run.append(position)
            built.merge(position, _together([items[i] for i in run], built.items[-1].sources))
        else:
            run = [position]
            built.add(position, item)
    return built.items


def _is_alike(items: list[Item], readers: list[list[int]], last: int, position: int) -> bool:
    one, other = items[last], items[position]
    around = [items[i].kind for i in (*other.sources, *readers[position])]
    same = (one.kind, one.sources, _words(one)) == (other.kind, other.sources, _words(other))
    only = readers[last] == readers[position] and len(readers[position]) == 1
    return same and only and other.kind in (Kind.OP, Kind.USE) and Kind.CUBOID in around


def _words(item: Item) -> tuple[str, ...]:
    """The lines of an item without their numbers."""
    return tuple(_NUMBER.sub("", line) for line in item.lines)


def _together(items: list[Item], sources: tuple[int, ...]) -> Item:
    lines = tuple(map(_ranged, zip(*(item.lines for item in items), strict=True)))
    titles = [item.title for item in items[:MOST_TITLES]]
    titles += [f"... {len(items) - MOST_TITLES} more"] * (len(items) > MOST_TITLES)
    first = (f"{len(items)} {TIMES} {lines[0]}", *lines[1:])
    return replace(items[0], lines=first, title="\n".join(titles), sources=sources, output=items[-1].output)


def _ranged(texts: Sequence[str]) -> str:
    """Texts that differ in numbers alone as one: `conv c = 8..32`."""
    columns = zip(*(_NUMBER.split(text) for text in texts), strict=True)
    return "".join(_range(column) for column in columns)


def _range(parts: tuple[str, ...]) -> str:
    if len(set(parts)) == 1:
        return parts[0]
    numbers = sorted(map(int, parts))
    return f"{numbers[0]}..{numbers[-1]}"


# ---------------------------------------------------------------- repeats


def _repeated(items: list[Item]) -> list[Item]:
    """Uses of the same block in a row become one box with their number."""
    built = _Builder([], {})
    counts: dict[int, int] = {}
    for position, item in enumerate(items):
        at = len(built.items) - 1
        came = tuple(dict.fromkeys(built.moved[i] for i in item.sources))
        if at in came and built.moved[position - 1] == at and _repeats(built.items[at], item):
            last = built.items[at]
            counts[at] = counts.get(at, 1) + 1
            sources = tuple(dict.fromkeys((*last.sources, *(i for i in came if i != at))))
            built.merge(position, replace(last, sources=sources, output=item.output))
        else:
            built.add(position, item)
    return [_counted(item, counts[i]) if i in counts else item for i, item in enumerate(built.items)]


def _counted(item: Item, count: int) -> Item:
    """A box that stands for several, with the tooltip of the first of them."""
    lines = (f"{count} {TIMES} {item.lines[0]}", *item.lines[1:])
    return replace(item, lines=lines, title=f"the first of {count}: {item.title}")


def _repeats(last: Item, item: Item) -> bool:
    return item.kind in (Kind.USE, Kind.PART) and not item.rows and (last.kind, last.lines) == (item.kind, item.lines)
