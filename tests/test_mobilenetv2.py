"""MobileNetV2 as text has the params and macs of torchvision's."""

from __future__ import annotations

import pytest
import torch
from graph_spaces import shipped
from torch.utils.flop_counter import FlopCounterMode

WIDTHS = {"MobileNetV2_100": 1.0, "MobileNetV2_140": 1.4}


@pytest.mark.parametrize("name", WIDTHS)
def test_an_architecture_has_the_size_of_torchvisions(name: str) -> None:
    """Of the network itself, 224 x 224, made without numbers; torch counts two operations for one multiplication."""
    mobilenet_v2 = pytest.importorskip("torchvision.models", reason="torchvision is an extra").mobilenet_v2
    with torch.device("meta"):
        network = mobilenet_v2(width_mult=WIDTHS[name]).eval()
        with FlopCounterMode(display=False) as counter:
            network(torch.empty(1, 3, 224, 224))
    counts = shipped("mobilenetv2.hc", name).counts()
    assert counts.params == sum(parameter.numel() for parameter in network.parameters())
    assert counts.macs == counter.get_total_flops() // 2


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
