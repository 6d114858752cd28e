"""Params, macs and add_mult of a torch network, counted by watching it run: the second route to every cost."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode

ATEN = torch.ops.aten
BATCH_NORMS = (ATEN.native_batch_norm, ATEN._native_batch_norm_legit_no_training, ATEN.cudnn_batch_norm)
POOLS = (ATEN.max_pool2d_with_indices, ATEN.avg_pool2d)
DENSE = (ATEN.convolution, ATEN.addmm, ATEN.mm)
"""What `macs` counts; the matrix products of attention are `bmm`."""


class _Watch(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """The paper's "+x": 2 x input per affine batch norm, output per ReLU and ReLU6, input per pool, `gap` included."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.elements = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        packet = func.overloadpacket
        if packet in BATCH_NORMS and args[1] is not None:
            self.elements += 2 * args[0].numel()
        elif packet is ATEN.relu or (packet is ATEN.hardtanh and args[1:] == (0.0, 6.0)):
            self.elements += out.numel()
        elif packet in POOLS or packet is ATEN.mean:
            self.elements += args[0].numel()
        return out


def params_of(network: nn.Module) -> int:
    """Params without those of the auxiliary head."""
    return sum(p.numel() for name, p in network.named_parameters() if name.split(".")[0] != "aux")


def costs(network: nn.Module, *inputs: Tensor) -> tuple[int, int, int]:
    """Params without the auxiliary head, macs and add_mult of one run in eval mode at batch 1."""
    network.eval()
    with torch.no_grad(), FlopCounterMode(display=False) as flops, _Watch() as watch:
        network(*inputs)
    macs = sum(count for op, count in flops.get_flop_counts()["Global"].items() if op in DENSE)
    assert macs % 2 == 0
    return params_of(network), macs // 2, macs // 2 + watch.elements


def batch(space: Any, size: int = 1, device: str = "meta") -> list[Tensor]:
    """Inputs of a space, by their types; values by formula."""
    made = []
    for type in space.elaborated.input_types:
        flat = torch.arange(size * math.prod(type.shape), device=device).view(size, *type.shape)
        made.append(flat % type.vocab if type.kind == "tokens" else torch.cos(0.37 * flat))
    return made
