"""Where values lie: in packs, and in runs of packs where a step reads some of their values alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from hypercuboid.network.steps import Slot


class Layout:
    """Slots of packs and of runs of them, given the values in each pack and the values that each step reads in a row.

    A run of one value has its own slot; what stands in no pack too.
    """

    def __init__(self, packs: Sequence[Sequence[Slot]], reads: Sequence[Sequence[Slot]], fresh: Iterator[Slot]) -> None:
        self.packs = packs
        self.place = {slot: (number, at) for number, pack in enumerate(packs) for at, slot in enumerate(pack)}
        self.whole: dict[int, Slot] = {}
        cuts: dict[int, set[int]] = {}
        for read in reads:
            for number, begin, end in self._runs(read):
                if (begin, end) == (0, len(packs[number])):
                    self.whole[number] = packs[number][0] if end == 1 else self.whole.get(number) or next(fresh)
                else:
                    cuts.setdefault(number, {0, len(packs[number])}).update((begin, end))
        self.cuts = {number: sorted(found) for number, found in cuts.items()}
        self.parts: dict[tuple[int, int], Slot] = {}
        for number, found in self.cuts.items():
            for begin, end in pairwise(found):
                self.parts[number, begin] = packs[number][begin] if end == begin + 1 else next(fresh)

    def pieces(self, read: Sequence[Slot]) -> tuple[Slot, ...]:
        """The slots whose channels, one after another, are those of the values."""
        found: list[Slot] = []
        for slot in self._alone_or_runs(read):
            if isinstance(slot, int):
                found.append(slot)
                continue
            number, begin, end = slot
            if (begin, end) == (0, len(self.packs[number])):
                found.append(self.whole[number])
            else:
                found += [self.parts[number, at] for at in self.cuts[number] if begin <= at < end]
        return tuple(found)

    def outputs(self, number: int, channels: Sequence[int]) -> tuple[tuple[Slot, ...], bool, tuple[int, ...]]:
        """The slots of a pack; whether the first is all of it; and the channels of the runs behind it."""
        cuts = self.cuts.get(number, [])
        runs = list(pairwise(cuts))
        slots = [self.parts[number, begin] for begin, _ in runs]
        whole = number in self.whole or not runs
        first = [self.whole.get(number, self.packs[number][0])] if whole else []
        return (*first, *slots), whole, tuple(sum(channels[begin:end]) for begin, end in runs)

    def _runs(self, read: Sequence[Slot]) -> Iterator[tuple[int, int, int]]:
        return (one for one in self._alone_or_runs(read) if not isinstance(one, int))

    def _alone_or_runs(self, read: Sequence[Slot]) -> Iterator[Slot | tuple[int, int, int]]:
        """Values in no pack, and (pack, begin, end) of neighbours."""
        at = 0
        while at < len(read):
            if read[at] not in self.place:
                yield read[at]
                at += 1
                continue
            number, begin = self.place[read[at]]
            end = begin
            while at < len(read) and self.place.get(read[at]) == (number, end):
                at, end = at + 1, end + 1
            yield number, begin, end
