"""Counts of a network taken by torch: parameters by name, costs from the operations of a forward pass."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode

RELUS = ("aten::relu", "aten::relu_", "aten::hardtanh", "aten::hardtanh_")
POOLS = ("aten::max_pool2d_with_indices", "aten::avg_pool2d", "aten::_adaptive_avg_pool2d")


class PaperCosts(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Adds up what the paper's "+x" convention counts beside conv and linear, for one image."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.extra = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        name = func.name().partition(".")[0]
        if "batch_norm" in name:
            self.extra += 2 * args[0].numel() if args[1] is not None else 0
        elif name in RELUS:
            self.extra += result.numel()
        elif name in POOLS or (name == "aten::mean" and args[0].dim() == 4):
            self.extra += args[0].numel()
        return result


def params_of(network: nn.Module) -> tuple[int, int]:
    """Trainable parameters of the network and of its auxiliary head."""
    counts = {name: weight.numel() for name, weight in network.named_parameters()}
    auxiliary = sum(count for name, count in counts.items() if name.startswith("aux."))
    return sum(counts.values()) - auxiliary, auxiliary


def costs_of(network: nn.Module, shape: tuple[int, ...]) -> tuple[int, int]:
    """(macs, add_mult) of one image, in evaluation. The network may be on the meta device."""
    x = torch.zeros(1, *shape, device=next(network.parameters()).device)
    flops, paper = FlopCounterMode(display=False), PaperCosts()
    with torch.no_grad(), flops, paper:
        out = network.eval()(x)
    assert isinstance(out, Tensor) and math.prod(out.shape) == out.shape[1]
    macs, odd = divmod(flops.get_total_flops(), 2)
    assert not odd
    return macs, macs + paper.extra
