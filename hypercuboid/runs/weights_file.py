"""Weights from outside: a safetensors file that somebody names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hypercuboid.diagnostics import error
from hypercuboid.runs.folder import read_tensors

if TYPE_CHECKING:
    import torch


def read_weights_file(path: Path) -> dict[str, torch.Tensor]:
    """Named tensors; HC7703 where the file is not there or is no safetensors file."""
    from safetensors import SafetensorError

    try:
        if not path.is_file():
            raise OSError("no such file")
        return read_tensors(path)
    except (OSError, SafetensorError, ValueError) as problem:
        told = " ".join(str(problem).split())[:200]
        way = "give a file that `train` or `generate --inherit` wrote"
        raise error("HC7703", f"`{path}` cannot be read as weights", notes=(told,), help=way) from None
