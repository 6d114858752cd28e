"""The supernet: every alternative of a space as one differentiable network with its architecture parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from hypercuboid.network.expand import expand
from hypercuboid.network.instances import attach, build_instances, derived_seed
from hypercuboid.network.limits import MAX_OPS, MAX_WEIGHTS
from hypercuboid.network.partial_channels import expand_partly
from hypercuboid.network.plans import require_plan
from hypercuboid.network.plans.executors import Executors
from hypercuboid.network.precision import computing
from hypercuboid.network.weightings import WEIGHTINGS, Draw, Weighed, require_weighting, weigh
from hypercuboid.network.weightings.softmax import softmax

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph

ALPHA = "alpha:"
"""What the names of architecture parameters begin with; no instance of weights can be called so."""


def alpha_name(decision: str) -> str:
    """The name of a decision's parameter: `alpha:Normal/n[2]`; torch keeps dots for modules inside modules."""
    return ALPHA + decision.replace(".", "/")


class Supernet(nn.Module):
    """A space as a network. Its output is that of the plan under the coefficients that the weighting gives.

    Parameters and buffers are called by the full name of their instance and torch's name, `stem[8].conv.weight`;
    the architecture parameters of a decision `h` are one array `alpha:h` over its axes (see `alpha_name`).
    """

    def __init__(
        self,
        graph: Graph,
        weighting: str = "scalar",
        seed: int = 0,
        max_ops: int = MAX_OPS,
        max_weights: int = MAX_WEIGHTS,
        plan: str = "plain",
        channels: int = 1,
        precision: str = "32",
    ) -> None:
        """HC4001 where the space is over a limit, HC7040 for an unknown weighting, HC7400 for an unknown plan.

        With `channels` = K above 1, candidates work on one Kth of the channels (see `partial_channels`): HC7065 where
        a choice does not allow it. Ops run in the format of `precision` (see `network.precision`); what it gives is
        float32 then.
        """
        super().__init__()
        require_weighting(weighting)
        self.graph = graph
        self.weighting = weighting
        self.precision = precision
        if channels == 1:
            self.plan = expand(graph.space, graph.decisions, max_ops, max_weights)
        else:
            self.plan = expand_partly(graph.space, graph.decisions, channels, max_ops, max_weights)
        self.run_by(plan)
        self.instances = build_instances(self.plan, seed)
        attach(self, self.instances)
        for decision in graph.decisions:
            name = alpha_name(decision.name)
            generator = torch.Generator().manual_seed(derived_seed(seed, name))
            self.register_parameter(name, nn.Parameter(1e-3 * torch.randn(decision.shape, generator=generator)))

    def replace(self, other: Callable[[nn.Module], nn.Module]) -> None:
        """Puts `other` of each layer in its place, which has the same parameters and buffers under the same names."""
        self.instances = {name: other(layer) for name, layer in self.instances.items()}
        attach(self, self.instances)

    def run_by(self, plan: str) -> None:
        """Runs by the plan of that name from now on; HC7400 where there is none."""
        require_plan(plan)
        self.executors = Executors(self.plan, plan)

    def named_alphas(self) -> dict[str, Tensor]:
        """The architecture parameters by decision, each in the shape of its array."""
        found = self._parameters
        return {one.name: alpha for one in self.graph.decisions if (alpha := found[alpha_name(one.name)]) is not None}

    def alphas(self) -> list[nn.Parameter]:
        """The architecture parameters, one per decision in the order of the source."""
        return [self.get_parameter(alpha_name(decision.name)) for decision in self.graph.decisions]

    def weights(self) -> list[nn.Parameter]:
        """The parameters of the network, architecture parameters left out."""
        return [parameter for name, parameter in self.named_parameters() if not name.startswith(ALPHA)]

    @property
    def learns(self) -> bool:
        """Whether gradients reach the architecture parameters through the weighting."""
        return WEIGHTINGS[self.weighting].learns

    def weigh(self, draw: Draw | None = None, alphas: Mapping[str, Tensor] | None = None) -> Weighed:
        """What drives one forward pass: coefficients and what is run, differentiable in the alphas.

        `alphas` stand for the supernet's own, by decision.
        """
        own = self.named_alphas() if alphas is None else alphas
        return WEIGHTINGS[self.weighting](self.graph, own, draw or Draw())

    def coefficients(self, draw: Draw | None = None) -> dict[str, Tensor]:
        """What multiplies the alternatives: by decision, in the shape of its array."""
        return self.weigh(draw).coefficients

    def architecture_weights(self) -> dict[str, np.ndarray]:
        """softmax(alpha) per competing group, by decision, float64; zero where an entry cannot reach the output."""
        with torch.no_grad():
            alphas = self.named_alphas()
            weights = {one.name: weigh(_softmax, one, alphas[one.name].double()) for one in self.graph.decisions}
            return {name: weight.cpu().numpy() for name, weight in weights.items()}

    def forward(
        self,
        *inputs: Tensor,
        coefficients: Mapping[str, Tensor] | None = None,
        kept: Mapping[str, np.ndarray] | None = None,
        plain: bool = False,
    ) -> Tensor:
        """The output (N, ...) under the weighting, or under `coefficients` in the shapes of the decisions' arrays.

        `kept` are masks of the same shapes: what is False there is not run, and a state that nothing leads to is
        missing. Without either, both are those of the weighting for `Draw()`. `plain` asks for the plain plan, for who
        takes second derivatives or looks at single ops.
        """
        if coefficients is None:
            weighed = self.weigh()
            coefficients, kept = weighed.coefficients, weighed.kept if kept is None else kept
        executor = self.executors(kept, plain)
        with computing(inputs[0].device, self.precision):
            output, _ = executor(self.instances, inputs, coefficients)
        return output if self.precision == "32" else output.float()


def _softmax(alpha_gn: Tensor, mask_gn: Tensor, draw: Draw) -> Tensor:
    return softmax(alpha_gn, mask_gn)
