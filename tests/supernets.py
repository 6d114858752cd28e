"""What the tests of supernets share: small spaces, weights filled by formula, and ten steps of training."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from hypercuboid.network.supernet import Supernet
from hypercuboid.pipeline import Space, load

ROOT = Path(__file__).resolve().parent.parent

SPACES: dict[str, tuple[str, str | None, dict[str, Any]]] = {
    "multichannel": (
        "spaces/multichannelnet.hc",
        None,
        {"filters": [4, 8], "reductions": 2, "layers": 2, "head": 16, "inputs": (3, 16, 16)},
    ),
    "block with value choices": ("spaces/sharpsepconv.hc", "FlexSepConv(c = 8)", {"inputs": (4, 6, 6)}),
    "block of chains": ("spaces/sharpsepconv.hc", "AnyBlock(c = 8)", {"inputs": (8, 6, 6)}),
    "two choice axes": ("tests/programs/hard.hc", "TwoAxes", {}),
    "nested": ("tests/programs/hard.hc", "Nested", {}),
    "half decided": ("tests/programs/hard.hc", "HalfDecided", {}),
    "shared cell": ("tests/programs/hard.hc", "SharedCell", {}),
    "shares": ("tests/programs/share.hc", None, {}),
    "scans": ("tests/programs/scan.hc", None, {}),
    "recurrent cell": ("spaces/rnn.hc", "RnnCell(d = 6)", {}),
    "recurrent language model": (
        "spaces/rnn_language_model.hc",
        None,
        {"vocab": 11, "length": 4, "width": 6},
    ),
    "two cuboids": ("tests/programs/hard.hc", "TwoCuboids", {}),
    "fabric": ("spaces/fabric.hc", "Fabric(scales = 3, layers = 3)", {"width": 8, "inputs": (3, 16, 16)}),
    "darts": ("tests/programs/darts.hc", "DARTS(c = 4, layers = 3)", {"inputs": (3, 16, 16)}),
    "several kept in a cuboid": ("tests/programs/partial.hc", "SeveralInTheMiddle", {}),
    "several kept at its ends": ("tests/programs/partial.hc", "SeveralAtTheEnds", {}),
    "half a cell": ("tests/programs/partial.hc", "HalfACell", {}),
    "chains side by side": ("tests/programs/partial.hc", "BothLengths", {}),
    "values side by side": ("tests/programs/partial.hc", "BothKernels", {}),
}
"""Spaces small enough for a test, by a name for each."""


def space_of(name: str) -> Space:
    file, target, options = SPACES[name]
    return load(ROOT / file, target, **options)


def cosine(shape: tuple[int, ...], step: float) -> Tensor:
    """cos(step * i) over the flat index, float64."""
    return torch.cos(step * torch.arange(math.prod(shape), dtype=torch.float64)).view(shape)


def fill(network: nn.Module) -> None:
    """Weights by formula from each tensor's own flat index, as in the golden data."""
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                index = torch.arange(module.weight.numel(), dtype=torch.float64)
                fan_in = module.weight.numel() // module.weight.shape[0]
                module.weight.copy_((torch.sin(0.7 * index + 0.3) / math.sqrt(fan_in)).view_as(module.weight))
            if isinstance(module, nn.Linear) and module.bias is not None:
                module.bias.copy_(0.01 * cosine((module.bias.numel(),), 1.0))
            if isinstance(module, nn.BatchNorm2d) and module.affine:
                index = torch.arange(module.weight.numel(), dtype=torch.float64)
                module.weight.copy_(1 + 0.1 * torch.sin(0.5 * index))
                module.bias.copy_(0.05 * torch.cos(0.3 * index))


def inputs(space: Space, count: int = 4, shift: float = 0.0) -> tuple[Tensor, ...]:
    """A batch for the inputs of a space, float64, tokens int64."""
    made = []
    for type in space.elaborated.input_types:
        if type.kind == "tokens":
            flat = torch.arange(count * math.prod(type.shape)).view(count, *type.shape)
            made.append((3 * flat + int(2 * shift)) % type.vocab)
        else:
            made.append(cosine((count, *type.shape), 0.37) + shift)
    return tuple(made)


def images(space: Space, count: int = 4) -> Tensor:
    """A batch for the one input of a space."""
    (x,) = inputs(space, count)
    return x


def trained(space: Space, weighting: str = "scalar", steps: int = 10) -> Supernet:
    """A supernet in float64 after ten steps of SGD, with statistics and affine terms away from where they started."""
    torch.set_num_threads(1)
    supernet = space.supernet(weighting, seed=1).double()
    optimizer = torch.optim.SGD(supernet.parameters(), lr=0.05, momentum=0.9)
    for step in range(steps):
        xs = [x if x.dtype == torch.int64 else x * (1 + 0.1 * step) for x in inputs(space)]
        output = supernet(*(x.roll(step, 0) for x in xs))
        loss = F.mse_loss(output, cosine(tuple(output.shape), 0.9))
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(supernet.parameters(), 1.0)
        optimizer.step()
    return supernet
