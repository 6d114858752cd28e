"""`torch-export`: the graph that `torch.export` captures, for `torch.export.load` (`.pt2`)."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from hypercuboid.data.card import CARD
from hypercuboid.training.export.base import EXPORTS, Format, Runner


def _write(network: nn.Module, x: Tensor, card: str, path: Path) -> None:
    shapes = ({0: torch.export.Dim("batch")},)
    program = torch.export.export(network, (x,), dynamic_shapes=shapes)
    with path.open("wb") as file:
        torch.export.save(program, file, extra_files={CARD: card})


def _open(path: Path) -> tuple[Runner, str]:
    """Reads a file that was just written; one of another's would be run as it says."""
    with path.open("rb") as file:
        module = torch.export.load(file).module()

    def run(x: Tensor) -> Tensor:
        with torch.no_grad():
            output: Tensor = module(x)
        return output

    return run, f"torch {torch.__version__}"


EXPORTS.add("torch-export", Format(_write, _open))
