"""Published architectures: what compiling their text counts, against the numbers published or measured for them."""

from __future__ import annotations

import pytest
from graph_spaces import shipped

NUMBERS = {
    "multichannelnet.hc:Handmade": (1035882, 15142400, 15714816),
    "multichannelnet.hc:ScalarPath": (862890, 17575424, 18248192),
}
"""Params, macs, add_mult, as the paper's reference code counts them."""


@pytest.mark.parametrize("target", NUMBERS)
def test_an_architecture_has_its_published_size(target: str) -> None:
    file, name = target.split(":")
    counts = shipped(file, name).counts()
    assert (counts.params, counts.macs, counts.add_mult) == NUMBERS[target]
