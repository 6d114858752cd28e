"""Every architecture of the small spaces of the conformance corpus, one by one: a second route to counts and ranges."""

from __future__ import annotations

from pathlib import Path

import pytest
from conformance_cases import VALID, read_case
from graph_spaces import all_architectures

from hypercuboid.pipeline import load_target

MOST = 150
OTHER_ZEROS = {"what_stays_zero"}
"""Programs with alternatives that are zero and not called so: `all_architectures` goes by the name."""


@pytest.mark.parametrize("path", [path for path in VALID if path.stem not in OTHER_ZEROS], ids=lambda path: path.stem)
def test_counts_and_ranges_are_those_of_all_architectures(path: Path) -> None:
    for target in dict.fromkeys(one.target for one in read_case(path).expected):
        space = load_target(str(path), target.name, target.parameters, target.inputs)
        counts = space.counts()
        if not space.is_open or counts.architectures is None or counts.architectures > MOST:
            continue
        found = [one.counts() for one in all_architectures(space)]
        assert len(found) == counts.architectures
        for numbers, bounds in (
            ([one.params for one in found], counts.params_range),
            ([one.macs for one in found], counts.macs_range),
        ):
            known = [number for number in numbers if number is not None]
            assert len(known) == len(numbers) or counts.params is None
            if known and bounds is not None:
                assert bounds[0] <= min(known) and max(known) <= bounds[1]
                assert not counts.additive or bounds == (min(known), max(known))
