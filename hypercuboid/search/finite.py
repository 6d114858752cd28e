"""Numbers that are not finite: seen in the step that makes them, with the op and its place in the source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

from torch import Tensor, nn

from hypercuboid.diagnostics import error
from hypercuboid.network.finite import all_finite, first_not_finite, locate
from hypercuboid.network.steps import RunOp
from hypercuboid.network.supernet import Supernet
from hypercuboid.network.weightings import Weighed


class FiniteCheck:
    """Refuses (HC7041) what is not finite in a search, and names what was not finite first."""

    def __init__(self, supernet: Supernet) -> None:
        self.supernet = supernet

    def check_loss(self, loss: Tensor, x_nchw: Tensor, weighed: Weighed, where: str) -> None:
        """After the forward pass: the input, a parameter or the output of an op is to blame.

        Running statistics are not asked: the forward pass that went wrong has spoiled them already. Whatever plan ran,
        the op is found by the plain one.
        """
        if all_finite([loss]):
            return
        what = f"the loss is {loss.item()}"
        name = first_not_finite([("the input", x_nchw), *self.supernet.named_parameters()])
        if name is not None:
            self._refuse(what, name, where)
        driven = {"coefficients": weighed.coefficients, "kept": weighed.kept, "plain": True}
        found = locate(self.supernet.instances, lambda: self.supernet(x_nchw, **driven))
        self._refuse(what, found or "", where, "the output of ")

    def check_gradients(self, parameters: Iterable[nn.Parameter], where: str) -> None:
        """Before a step of an optimizer."""
        if all_finite(one.grad for one in parameters if one.grad is not None):
            return
        named = ((name, one.grad) for name, one in self.supernet.named_parameters() if one.grad is not None)
        self._refuse("a gradient is not finite", first_not_finite(named) or "", where, "the gradient of ")

    def check_state(self, parameters: Iterable[nn.Parameter], where: str) -> None:
        """After a step of an optimizer on `parameters`: what it or a running statistic spoils."""
        if not all_finite([*parameters, *self.supernet.buffers()]):
            self._refuse("a step makes numbers that are not finite", self._poisoned() or "", where)

    def _poisoned(self) -> str | None:
        return first_not_finite(self.supernet.state_dict().items())

    def _refuse(self, what: str, first: str, where: str, of: str = "") -> NoReturn:
        spans = {one.name: one.span for one in self.supernet.plan.every_step() if isinstance(one, RunOp)}
        owner = max((name for name in spans if f"{first}.".startswith(f"{name}.")), key=len, default="")
        raise error(
            "HC7041",
            f"{what} in {where}",
            spans.get(owner),
            "this op" if owner else "",
            notes=(f"not finite first: {of}`{first}`",) if first else (),
            help="lower the learning rate, or look at the data",
        )
