"""What a network learns by and what it is scored by: a loss and a metric, those of the data's kind or one's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import torch
from torch import Tensor
from torch.nn import functional as F

from hypercuboid.diagnostics import error
from hypercuboid.functions import find_function, is_name, told

if TYPE_CHECKING:
    from hypercuboid.data.base import DataSet
    from hypercuboid.regimen import Regimen

OfBatch: TypeAlias = Callable[[Tensor, Tensor], Tensor]
"""Of the output of a network and the targets of a batch, both with the batch in front."""


def default_loss(output: Tensor, y: Tensor, label_smoothing: float = 0.0) -> Tensor:
    """The mean cross entropy of classes, one for each input, place or pixel; of numbers the mean squared error."""
    if y.is_floating_point():
        return F.mse_loss(output, y)
    scores = _classes_last(output)
    return F.cross_entropy(scores.flatten(0, -2), y.flatten(), label_smoothing=label_smoothing)


def default_metric(output: Tensor, y: Tensor) -> Tensor:
    """Which classes are right, in the shape of `y`; of numbers minus the mean absolute error of each input."""
    if y.is_floating_point():
        return -(output - y).abs().flatten(1).mean(1)
    return _classes_last(output).argmax(-1) == y


def _classes_last(output: Tensor) -> Tensor:
    """(B, ..., classes), of images from (B, classes, H, W)."""
    return output.movedim(1, -1) if output.dim() == 4 else output


@dataclass(frozen=True)
class Objective:
    """`loss` gives one number to make small, `metric` numbers of which more is better, whose mean is reported.

    `name` is what the metric is called where it is the user's own.
    """

    loss: OfBatch = default_loss
    metric: OfBatch = default_metric
    name: str = ""

    def scores(self, output: Tensor, y: Tensor) -> Tensor:
        """The metric of a batch, without gradients: booleans, or float32."""
        with torch.no_grad():
            found = self.metric(output, y)
        return found if found.dtype == torch.bool else found.float()

    def metric_name(self, data: DataSet) -> str:
        """What the mean of the metric is called on these data."""
        return self.name or METRICS[data.target]


METRICS = {"class": "accuracy", "pixel": "pixel accuracy", "number": "minus absolute error"}
"""The name of the default metric by what the targets of the data are."""


def objective_of(recipe: Regimen, label_smoothing: float = 0.0) -> Objective:
    """The loss and the metric that a recipe names, or the defaults. HC7620 where one is no function."""
    smooth = partial(default_loss, label_smoothing=label_smoothing) if label_smoothing else default_loss
    loss = _function("loss", recipe.loss) if recipe.loss else smooth
    metric = _function("metric", recipe.metric) if recipe.metric else default_metric
    return Objective(loss, metric, recipe.metric)


def check_objective(objective: Objective, data: DataSet, device: torch.device) -> None:
    """Tries both on an output of zeros and the first two targets, so that nothing is trained in vain.

    HC7621: the loss is not one number with a gradient; HC7622: the metric gives no numbers.
    """
    y = torch.from_numpy(data.splits["train"].y[:2]).to(device)
    output = torch.zeros(2, *data.output_shape, device=device, requires_grad=True)
    loss = _called("HC7621", "loss", objective.loss, output, y)
    if not isinstance(loss, Tensor) or loss.shape != () or not loss.requires_grad:
        message = f"the loss gives {_shown(loss)}, not one number that depends on the output"
        raise error("HC7621", message, help="return the mean over the batch, a tensor without axes")
    scores = _called("HC7622", "metric", objective.metric, output, y)
    if not isinstance(scores, Tensor) or not scores.numel() or scores.is_complex():
        message = f"the metric gives {_shown(scores)}, not a tensor of numbers"
        raise error("HC7622", message, help="return one score for each input, more is better")


def _called(code: str, what: str, function: OfBatch, output: Tensor, y: Tensor) -> Any:
    try:
        return function(output, y)
    except Exception as problem:
        message = f"the {what} fails on outputs {tuple(output.shape)} and targets {tuple(y.shape)}"
        way = "it is called with what the network gives and the targets, the batch in front"
        raise error(code, message, notes=(told(problem),), help=way) from problem


def _shown(value: Any) -> str:
    return f"a tensor {tuple(value.shape)}" if isinstance(value, Tensor) else type(value).__name__


def _function(what: str, shown: str) -> OfBatch:
    module, _, name = shown.partition(":")
    way = "write MODULE:FUNCTION, of a module that Python finds from here"
    if not is_name(module) or not is_name(name):
        raise error("HC7620", f"the {what} `{shown}` is no MODULE:FUNCTION", help=way)
    try:
        found = find_function(module, name)
    except Exception as problem:
        message = f"the {what} `{shown}` cannot be imported"
        raise error("HC7620", message, notes=(told(problem),), help=way) from problem
    if not callable(found):
        raise error("HC7620", f"the {what} `{shown}` is not a function", help=way)
    function: OfBatch = found
    return function
