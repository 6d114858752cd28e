"""Putting back what a checkpoint holds, or refusing it: a file that is whole may still hold what no run has written."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypercuboid.diagnostics import error

if TYPE_CHECKING:
    import torch
    from torch import nn


class Unfit(Exception):  # noqa: N818 - a reason, which `fitting` turns into an error
    """Why what a checkpoint holds is nothing to go on from."""


@contextmanager
def fitting(run: Path) -> Iterator[None]:
    """HC7024 where what is put back inside is not what this run would have written."""
    try:
        yield
    except (Unfit, LookupError, TypeError, ValueError, AttributeError, RuntimeError) as problem:
        told = str(problem) if isinstance(problem, Unfit) else f"{type(problem).__name__}: {problem}"
        raise error(
            "HC7024",
            f"a checkpoint of `{run}` is whole, and holds what this run cannot go on from",
            notes=(" ".join(told.split())[:200],),
            help="begin anew with --restart; nothing is removed",
        ) from None


def restore_module(module: nn.Module, tensors: Mapping[str, torch.Tensor]) -> None:
    """Parameters and buffers by name; Unfit where names, shapes or types are others, and then nothing is taken over."""
    mine = module.state_dict()
    if tensors.keys() != mine.keys():
        raise Unfit(f"the tensors are not those of the network: {min(tensors.keys() ^ mine.keys())}")
    for name, tensor in tensors.items():
        require_like(name, tensor, mine[name])
    module.load_state_dict(tensors)


def require_like(name: str, given: torch.Tensor, wanted: torch.Tensor) -> None:
    """Unfit where a tensor has another shape or type."""
    if given.shape != wanted.shape or given.dtype != wanted.dtype:
        raise Unfit(
            f"{name} is {given.dtype} of shape {tuple(given.shape)}, not {wanted.dtype} of {tuple(wanted.shape)}"
        )


def require_numbers(values: Any) -> tuple[float, ...]:
    """A list of finite numbers, each of its own type; Unfit for anything else."""
    if not isinstance(values, list) or not all(map(_is_finite, values)):
        raise Unfit("what should be a list of numbers is none")
    return tuple(values)


def _is_finite(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
