"""A decided network run by the plain plan: what a generated file must equal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from hypercuboid.diagnostics import error
from hypercuboid.network.expand import expand
from hypercuboid.network.instances import attach, build_instances
from hypercuboid.network.limits import MAX_OPS
from hypercuboid.network.plan import StepExecutor

if TYPE_CHECKING:
    from hypercuboid.frontend.elaborated import Elaborated


class Model(nn.Module):
    """An elaborated space without open decisions as a network; names of parameters are those of the supernet."""

    def __init__(self, elaborated: Elaborated, seed: int = 0, max_ops: int = MAX_OPS) -> None:
        """HC4001 where it has more than `max_ops` atomic ops."""
        super().__init__()
        self.plan = expand(elaborated, (), max_ops)
        self.executor = StepExecutor(self.plan)
        self.executor_without_aux = StepExecutor(self.plan.without_aux())
        self.instances = build_instances(self.plan, seed)
        attach(self, self.instances)

    def forward(self, *inputs: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """Logits, and (logits, aux) in training where the network has an auxiliary head."""
        executor = self.executor if self.training else self.executor_without_aux
        output, aux = executor(self.instances, inputs, {})
        return output if aux is None else (output, aux)

    def inherit(self, state: Mapping[str, Tensor]) -> tuple[str, ...]:
        """Takes over parameters and buffers of a supernet's `state_dict()` by name.

        Returns the names of those that the supernet has not; they keep their values. Raises HC7017 before anything is
        taken over where the supernet has one in another shape: `unused` makes widths depend on what is kept.
        """
        mine = self.state_dict()
        for name, value in mine.items():
            if name in state and state[name].shape != value.shape:
                ours, theirs = tuple(value.shape), tuple(state[name].shape)
                raise error(
                    "HC7017",
                    f"`{name}` has shape {ours} in this architecture, {theirs} in the supernet",
                    notes=("`unused` makes widths depend on what is kept",),
                    help="train the architecture from scratch",
                )
        with torch.no_grad():
            for name in mine.keys() & state.keys():
                mine[name].copy_(state[name])
        return tuple(name for name in mine if name not in state)
