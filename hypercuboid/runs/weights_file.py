"""Weights from outside: a safetensors file that somebody names."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from hypercuboid.diagnostics import error
from hypercuboid.runs.files import write_bytes
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


def write_weights_file(path: Path, tensors: Mapping[str, torch.Tensor]) -> None:
    """Writes named tensors, whole or not at all; HC7003 where that cannot be."""
    from safetensors.torch import save

    write_bytes(path, save({name: one.detach().cpu().contiguous() for name, one in tensors.items()}))


def digest_of(tensors: Mapping[str, torch.Tensor]) -> str:
    """SHA-256 of names, shapes, types and numbers."""
    import torch

    digest = hashlib.sha256()
    for name, one in sorted(tensors.items()):
        digest.update(f"{name} {one.dtype} {tuple(one.shape)}\n".encode())
        digest.update(one.detach().cpu().contiguous().flatten().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
