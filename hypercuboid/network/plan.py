"""Running a plan, step after step. Each kind of step has a function of its own, registered by its type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import singledispatch
from typing import TYPE_CHECKING, Any, Protocol

import torch
from torch import Tensor

from hypercuboid.network.steps import Fused, Mix, Plan, RunOp, Scan, Slot

if TYPE_CHECKING:
    from torch import nn


class Executor(Protocol):
    """Runs one plan."""

    def __call__(
        self,
        modules: Mapping[str, nn.Module],
        inputs: Sequence[Tensor],
        coefficients: Mapping[str, Tensor],
    ) -> tuple[Tensor, Tensor | None]:
        """The main and the auxiliary output (None where the plan has none).

        `modules` are the instances by full name, `coefficients` map a decision to a tensor in the shape of its array.
        """


@dataclass(frozen=True)
class Running:
    """What steps read while a plan runs: the instances by full name, and the coefficients of each decision, row-major,
    as one tensor and as one scalar for each.

    Weights and buffers are read from the modules each time, so `torch.func.functional_call` on the module that holds
    them makes the plan a function of both.
    """

    modules: Mapping[str, nn.Module]
    coefficients: Mapping[str, Tensor]
    scalars: Mapping[str, Sequence[Tensor]]


class StepExecutor:
    """Runs the steps of a plan one after the other; a value is let go after its last reader."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.decisions = tuple(dict.fromkeys(step.decision for step in plan.every_step() if isinstance(step, Mix)))

    def __call__(
        self,
        modules: Mapping[str, nn.Module],
        inputs: Sequence[Tensor],
        coefficients: Mapping[str, Tensor],
    ) -> tuple[Tensor, Tensor | None]:
        if len(inputs) != self.plan.arity:
            raise TypeError(f"the network takes {self.plan.arity} inputs, not {len(inputs)}")
        flat = {name: coefficients[name].reshape(-1) for name in self.decisions}
        running = Running(modules, flat, {name: one.unbind() for name, one in flat.items()})
        values = run_plan(self.plan, inputs, running)
        return values[self.plan.output], None if self.plan.aux is None else values[self.plan.aux]


def run_plan(plan: Plan, inputs: Sequence[Tensor], running: Running) -> dict[Slot, Any]:
    """What is left of the values of a plan when it has run."""
    values: dict[Slot, Any] = dict(enumerate(inputs))
    for step, released in zip(plan.steps, plan.released, strict=True):
        made = run_step(step, [values[slot] for slot in step.inputs], running)
        values.update(zip(step.outputs, made, strict=True))
        for slot in released:
            del values[slot]
    return values


@singledispatch
def run_step(step: object, inputs: Sequence[Any], running: Running) -> Sequence[Any]:
    """The values of `step.outputs`, given those of `step.inputs`. A kind of step registers its own function."""
    raise TypeError(f"there is no function that runs a {type(step).__name__}")


@run_step.register
def _run_op(step: RunOp, inputs: Sequence[Any], running: Running) -> Sequence[Any]:
    return (running.modules[step.name](*inputs),)


@run_step.register
def _mix(step: Mix, inputs: Sequence[Any], running: Running) -> Sequence[Any]:
    """The weighted sum, terms added in the order of the source."""
    scalars = running.scalars[step.decision]
    total = None
    for (position, _), value in zip(step.entries, inputs, strict=True):
        term = scalars[position] * value
        total = term if total is None else total + term
    return (total,)


@run_step.register
def _scan(step: Scan, inputs: Sequence[Any], running: Running) -> Sequence[Any]:
    """The states after each position."""
    sequence_ntd, state, *captured = inputs
    states = []
    for element in sequence_ntd.unbind(dim=1):
        state = run_plan(step.body, (element, state, *captured), running)[step.body.output]
        states.append(state)
    return (torch.stack(states, dim=1),)


@run_step.register
def run_parts(step: Fused, inputs: Sequence[Any], running: Running) -> Sequence[Any]:
    """The parts one after the other: what fused steps fall back to, outside of training for example."""
    values = dict(zip(step.inputs, inputs, strict=True))
    for part in step.parts:
        (values[part.output],) = run_step(part, [values[slot] for slot in part.inputs], running)
    return tuple(values[slot] for slot in step.outputs)
