"""Executors of plans. The plain one runs step after step and is the reference for every other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias

import torch
from torch import Tensor

from hypercuboid.network.steps import Mix, Plan, Scan, Slot
from hypercuboid.registry import Registry

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


class PlainExecutor:
    """Runs the steps of a plan one after the other; a value is let go after its last reader.

    Weights and buffers are read from the modules while it runs, so `torch.func.functional_call` on the module that
    holds them makes it a function of both.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.decisions = tuple(dict.fromkeys(step.decision for step in plan.every_step() if isinstance(step, Mix)))
        self.released = _released(plan)

    def __call__(
        self,
        modules: Mapping[str, nn.Module],
        inputs: Sequence[Tensor],
        coefficients: Mapping[str, Tensor],
    ) -> tuple[Tensor, Tensor | None]:
        if len(inputs) != self.plan.arity:
            raise TypeError(f"the network takes {self.plan.arity} inputs, not {len(inputs)}")
        scalars = {name: coefficients[name].reshape(-1).unbind() for name in self.decisions}
        values = _run(self.plan, self.released, modules, inputs, scalars)
        return values[self.plan.output], None if self.plan.aux is None else values[self.plan.aux]


Scalars: TypeAlias = Mapping[str, Sequence[Tensor]]
"""The coefficients of a decision, row-major."""


def _run(
    plan: Plan,
    released: Released,
    modules: Mapping[str, nn.Module],
    inputs: Sequence[Tensor],
    scalars: Scalars,
) -> dict[Slot, Tensor]:
    """What is left of the values of a plan when it has run."""
    values: dict[Slot, Tensor] = dict(enumerate(inputs))
    for step, (done, inner) in zip(plan.steps, released, strict=True):
        if isinstance(step, Mix):
            values[step.output] = _mix(step, scalars[step.decision], values)
        elif isinstance(step, Scan):
            values[step.output] = _scan(step.body, inner, modules, [values[slot] for slot in step.inputs], scalars)
        else:
            values[step.output] = modules[step.name](*(values[slot] for slot in step.inputs))
        for slot in done:
            del values[slot]
    return values


def _scan(
    body: Plan,
    released: Released,
    modules: Mapping[str, nn.Module],
    inputs: Sequence[Tensor],
    scalars: Scalars,
) -> Tensor:
    """The states after each position."""
    sequence_ntd, state, *captured = inputs
    states = []
    for element in sequence_ntd.unbind(dim=1):
        state = _run(body, released, modules, (element, state, *captured), scalars)[body.output]
        states.append(state)
    return torch.stack(states, dim=1)


def _mix(step: Mix, scalars: Sequence[Tensor], values: Mapping[Slot, Tensor]) -> Tensor:
    """The weighted sum, terms added in the order of the source."""
    (first, slot), *rest = step.entries
    total = scalars[first] * values[slot]
    for position, slot in rest:
        total = total + scalars[position] * values[slot]
    return total


Released: TypeAlias = tuple[tuple[tuple[Slot, ...], "Released"], ...]
"""Per step the values that nothing reads after it, and the same of the body of a scan."""


def _released(plan: Plan) -> Released:
    seen = {plan.output} if plan.aux is None else {plan.output, plan.aux}
    released: list[tuple[tuple[Slot, ...], Released]] = []
    for step in reversed(plan.steps):
        last = tuple(dict.fromkeys(slot for slot in step.inputs if slot not in seen))
        seen.update(last)
        released.append((last, _released(step.body) if isinstance(step, Scan) else ()))
    return tuple(reversed(released))


PLANS: Registry[Callable[[Plan], Executor]] = Registry("plan")
PLANS.add("plain", PlainExecutor)
