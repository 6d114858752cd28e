"""Executors of plans. The plain one runs step after step and is the reference for every other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from hypercuboid.network.steps import Mix, Plan, Slot
from hypercuboid.registry import Registry

if TYPE_CHECKING:
    from torch import Tensor, nn


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
        self.decisions = tuple(dict.fromkeys(step.decision for step in plan.steps if isinstance(step, Mix)))
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
        values: dict[Slot, Tensor] = dict(enumerate(inputs))
        for step, done in zip(self.plan.steps, self.released, strict=True):
            if isinstance(step, Mix):
                values[step.output] = _mix(step, scalars[step.decision], values)
            else:
                values[step.output] = modules[step.name](*(values[slot] for slot in step.inputs))
            for slot in done:
                del values[slot]
        return values[self.plan.output], None if self.plan.aux is None else values[self.plan.aux]


def _mix(step: Mix, scalars: Sequence[Tensor], values: Mapping[Slot, Tensor]) -> Tensor:
    """The weighted sum, terms added in the order of the source."""
    (first, slot), *rest = step.entries
    total = scalars[first] * values[slot]
    for position, slot in rest:
        total = total + scalars[position] * values[slot]
    return total


def _released(plan: Plan) -> tuple[tuple[Slot, ...], ...]:
    """Per step the values that nothing reads after it."""
    seen = {plan.output} if plan.aux is None else {plan.output, plan.aux}
    released: list[tuple[Slot, ...]] = []
    for step in reversed(plan.steps):
        last = tuple(dict.fromkeys(slot for slot in step.inputs if slot not in seen))
        seen.update(last)
        released.append(last)
    return tuple(reversed(released))


PLANS: Registry[Callable[[Plan], Executor]] = Registry("plan")
PLANS.add("plain", PlainExecutor)
