"""The scale of losses in fp16: large enough that small gradients do not vanish, small enough that large ones fit.

torch's GradScaler keeps it: a step whose gradients overflow is left out and the scale halved; after 2,000 steps without
any it is doubled. Each optimizer has a scale of its own, for its gradients are of another size. Losses, parameters and
gradients at parameters are float32; half is what lies between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from hypercuboid.diagnostics import Diagnostic
from hypercuboid.network.finite import all_finite
from hypercuboid.runs.restoring import Unfit, require_like

LEAST = 1.0
"""Where gradients overflow although losses are not made larger, the numbers are at fault and not the format."""


class LossScale:
    """That of the losses whose gradients one optimizer steps along; without fp16 it is 1 and changes nothing."""

    def __init__(self, optimizer: torch.optim.Optimizer, device: torch.device, precision: str) -> None:
        self.optimizer = optimizer
        self.scaler = torch.amp.GradScaler(device.type, enabled=precision == "fp16")
        self.scaler.scale(torch.ones((), device=device))  # makes the scale, also where no loss ever has a gradient

    def of(self, value: Tensor) -> Tensor:
        """A loss, or a gradient of one, made larger."""
        scaled: Tensor = self.scaler.scale(value)
        return scaled

    def true(self, gradients: Sequence[Tensor]) -> Sequence[Tensor]:
        """The gradients of a loss from those of `of` it; they may be differentiated again."""
        if not self.scaler.is_enabled():
            return gradients
        return [one / self.scaler.get_scale() for one in gradients]

    def overflows(self, gradients: Sequence[Tensor]) -> bool:
        """Whether such gradients are none because of fp16."""
        return self.scaler.is_enabled() and not all_finite(gradients)

    def fits(self) -> bool:
        """Makes the gradients at the parameters those of the loss. False where they overflow: the step is left out.

        True where they overflow under the smallest scale, for whoever refuses what is not finite.
        """
        gradients = [p.grad for group in self.optimizer.param_groups for p in group["params"] if p.grad is not None]
        if not self.scaler.is_enabled() or not gradients:
            return True
        smallest = self.scaler.get_scale() <= LEAST
        self.scaler.unscale_(self.optimizer)
        self.scaler.update()
        return smallest or all_finite(gradients)

    # ------------------------------------------------------------ what a run goes on from

    def tensors(self, name: str) -> dict[str, Tensor]:
        """By `name` the scale, and the steps since it was changed; nothing without fp16."""
        state = self.scaler.state_dict()
        return {name: torch.tensor([state["scale"], state["_growth_tracker"]], dtype=torch.float64)} if state else {}

    def restore(self, name: str, tensors: Mapping[str, Tensor]) -> None:
        """Puts back what `tensors` gave; Unfit where it is no scale."""
        if not self.scaler.is_enabled():
            return
        require_like(name, tensors[name], torch.zeros(2, dtype=torch.float64))
        scale, steps = tensors[name].tolist()
        if not (0 < scale < float("inf") and steps >= 0):
            raise Unfit(f"{name} is {scale}, {steps}")
        self.scaler.load_state_dict({**self.scaler.state_dict(), "scale": scale, "_growth_tracker": int(steps)})


def slow_format(precision: str, device: torch.device) -> list[Diagnostic]:
    """HC7602 for fp16 on a CPU."""
    if precision != "fp16" or device.type != "cpu":
        return []
    message = "a CPU computes in fp16 slowly, and with the range of fp16"
    return [Diagnostic("HC7602", message, severity="warning", help="take --precision bf16, or leave it out")]
