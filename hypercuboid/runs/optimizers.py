"""The state of torch's optimizers as named tensors, and back, bit for bit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.runs.restoring import require_like

if TYPE_CHECKING:
    import torch


def optimizer_tensors(optimizer: torch.optim.Optimizer, prefix: str) -> dict[str, torch.Tensor]:
    """`PREFIX/3/momentum_buffer` and so on: what is remembered of each parameter, by its number."""
    import torch

    state = optimizer.state_dict()["state"]
    return {
        f"{prefix}/{number}/{name}": value
        for number, values in state.items()
        for name, value in values.items()
        if isinstance(value, torch.Tensor)
    }


def restore_optimizer(optimizer: torch.optim.Optimizer, prefix: str, tensors: Mapping[str, torch.Tensor]) -> None:
    """Puts back what `optimizer_tensors` gave, in the memory layout of the parameters; rates stay as they are.

    Unfit, or a built-in exception, where it was given by an optimizer of other parameters.
    """
    import torch

    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    state: dict[int, dict[str, torch.Tensor]] = {}
    for key, value in tensors.items():
        if key.startswith(f"{prefix}/"):
            _, number, name = key.split("/")
            _require_fit(key, value, parameters[int(number)])
            state.setdefault(int(number), {})[name] = value
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
    for parameter, values in optimizer.state.items():
        for name, value in values.items():
            if isinstance(value, torch.Tensor) and value.shape == parameter.shape:
                values[name] = torch.empty_like(parameter).copy_(value)


def _require_fit(name: str, value: torch.Tensor, parameter: torch.Tensor) -> None:
    """What is remembered is of the parameter's shape and type, or a count of steps."""
    if value.dim():
        require_like(name, value, parameter)
