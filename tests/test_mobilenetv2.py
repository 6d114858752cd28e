"""MobileNetV2 as text has the params and macs of torchvision's."""

from __future__ import annotations

import pytest
from graph_spaces import shipped

PUBLISHED = {
    "MobileNetV2_100": (3504872, 300774272),
    "MobileNetV2_140": (6108776, 582195824),
}
"""Params and macs of `torchvision.models.mobilenet_v2(width_mult=...)`, 224 x 224, of torchvision 0.28; its page of
pretrained weights gives the params and 0.30 GFLOPS for 1.0. It is no dependency: its wheels need the torch of PyPI."""


@pytest.mark.parametrize("name", PUBLISHED)
def test_an_architecture_has_the_size_of_torchvisions(name: str) -> None:
    counts = shipped("mobilenetv2.hc", name).counts()
    assert (counts.params, counts.macs) == PUBLISHED[name]


@pytest.mark.parametrize(
    ("width", "filters"),
    [
        (0.35, (16, 8, 8, 16, 24, 32, 56, 112, 1280)),
        (0.75, (24, 16, 24, 24, 48, 72, 120, 240, 1280)),
        (1.3, (40, 24, 32, 40, 80, 128, 208, 416, 1664)),
    ],
)
def test_filters_are_rounded_as_in_the_published_models(width: float, filters: tuple[int, ...]) -> None:
    """The stem, what each stage ends in (a batch norm that no activation follows), the head."""
    space = shipped("mobilenetv2.hc", "MobileNetV2", f"width={width}")
    architecture = space.architecture(
        f"arch A of MobileNetV2(width = {width}) {{ pick trunk.k = k3 pick trunk.expansion = e6 }}"
    )
    flat = architecture.graph.to_networkx()
    convolutions = [data["shape"][0] for _, data in flat.nodes(data=True) if data.get("op") == "conv"]
    ends = [
        data["shape"][0]
        for node, data in flat.nodes(data=True)
        if data.get("op") == "bn" and all(flat.nodes[after].get("op") != "relu6" for after in flat.successors(node))
    ]
    stages = [ends[i] for i in (0, 2, 5, 9, 12, 15, 16)]
    assert (convolutions[0], *stages, convolutions[-1]) == filters
