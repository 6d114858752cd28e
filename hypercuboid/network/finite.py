"""Where a number stops being finite: the first op whose output is not, though what it was given is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

if TYPE_CHECKING:
    from torch import nn


def all_finite(tensors: Iterable[Tensor]) -> bool:
    """Whether every number of every floating tensor is finite; they may stand on one device only."""
    floating = [tensor.detach() for tensor in tensors if tensor.is_floating_point()]
    if not floating:
        return True
    norms = torch._foreach_norm(floating, float("inf"))
    return bool(torch.isfinite(torch.stack([norm.float() for norm in norms])).all())


def first_not_finite(named: Iterable[tuple[str, Tensor]]) -> str | None:
    """The name of the first tensor with a number that is not finite."""
    return next((name for name, tensor in named if not all_finite([tensor])), None)


def locate(modules: Mapping[str, nn.Module], run: Callable[[], object]) -> str | None:
    """The instance in which a number stops being finite while `run` uses the modules; None where none does."""
    found: list[str] = []

    def watching(name: str) -> Callable[[nn.Module, Any, Any], None]:
        def look(module: nn.Module, inputs: Any, output: Any) -> None:
            outputs = output if isinstance(output, tuple) else (output,)
            if not found and all_finite(inputs) and not all_finite(outputs):
                found.append(name)

        return look

    hooks = [module.register_forward_hook(watching(name)) for name, module in modules.items()]
    try:
        with torch.no_grad():
            run()
    finally:
        for hook in hooks:
            hook.remove()
    return found[0] if found else None
