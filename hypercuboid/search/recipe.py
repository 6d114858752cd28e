"""How a space is searched: the numbers, checked. For weights and alphas the defaults are those of the paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, model_validator

from hypercuboid.regimen import Regimen

if TYPE_CHECKING:
    from hypercuboid.network.weightings.draw import Draw

Positive = Annotated[float, Field(gt=0)]


BLACK_BOXES = ("evolution", "predictor", "random", "reinforce", "tpe")
"""The strategies that have a scorer."""

EPOCHS_ALONE = 150
"""Of a search whose architectures are trained alone: 60 for shared weights, 90 for architectures, each twice."""

OF_ALPHAS = (
    "alpha",
    "cost",
    "curvature",
    "freeze",
    "latencies",
    "partial",
    "penalty",
    "perturb",
    "temperature",
    "weighting",
)
"""How the names of the settings begin that need architecture parameters."""


def is_of_alphas(setting: str) -> bool:
    """Whether a setting is for searches along gradients of architecture parameters."""
    return setting.startswith(OF_ALPHAS)


class Recipe(Regimen):
    """A search: SGD on weights under cosine power annealing (Eq. 2), Adam on architecture parameters if it has any."""

    epochs: int = Field(default=60, ge=1, le=100_000)
    """Passes over the search halves; where it is not given and architectures are trained alone, 150."""
    seed: int = Field(default=0, ge=0, lt=2**63)
    """Same seed, same result."""
    strategy: str = "predictor"
    """How the search is made: predictor, first_order (DARTS), ...; first_order where a setting of alphas is given."""
    scorer: Literal["alone", "shared"] = "alone"
    """How predictor, random, evolution, reinforce and tpe score: trained alone for a while, or with shared weights."""
    trainings: int = Field(default=30, ge=1)
    """Of scorer `alone`: the equal parts of the search in each of which one architecture is trained and scored."""
    small_batch: int = Field(default=32, ge=2)
    """Of scorer `alone`: images in one step; a batch is cut into such."""
    sharing: float = Field(default=0.4, ge=0, lt=1)
    """Of scorer `alone`: the part of the steps, at the start, that trains shared weights to begin trainings with."""
    evaluations: int = Field(default=200, ge=1)
    """Of scorer `shared`: architectures that are scored with the shared weights."""
    scoring: float = Field(default=0.1, gt=0, lt=1)
    """Of scorer `shared`: the part of the steps, at the end, in which these are scored; in the others weights train."""
    recalibration: int = Field(default=4, ge=0)
    """Of scorer `shared`: batches of search-train over which batch-norm statistics are averaged before each score."""
    weighting: str = "scalar"
    """How weights become coefficients: scalar, max_w (Eq. 3), ...; an unknown name lists them."""
    temperature: tuple[Positive, Positive] = (10.0, 0.1)
    """T of Gumbel-softmax in the first and in the last step, linear between them, as in GDAS."""

    alpha_lr: float = Field(default=3e-4, gt=0)
    """The learning rate of the architecture parameters (Adam)."""
    alpha_betas: tuple[float, float] = (0.5, 0.999)
    """Of Adam on the architecture parameters."""
    alpha_weight_decay: float = Field(default=1e-3, ge=0)
    """Of the architecture parameters."""
    alpha_warmup: int = Field(default=0, ge=0)
    """Epochs at the start in which the weights alone learn."""
    freeze: tuple[str, ...] = ()
    """Decisions, or labels of alternatives, whose architecture parameters do not move; repeatable."""
    without: tuple[str, ...] = ()
    """Labels of alternatives that are left out of every choice of the space; repeatable."""
    penalty: str = ""
    """What is added to the loss of architecture steps: zero_one, ...; empty: nothing."""
    penalty_weight: float = Field(default=1.0, ge=0)
    """What multiplies the penalty."""
    cost: str = ""
    """Whose expected value is added to the loss of architecture steps: params, macs, ..., latency."""
    cost_weight: float = Field(default=0.1, ge=0)
    """What multiplies the expected cost, over its value at the start."""
    cost_target: float = Field(default=0.0, ge=0)
    """What the expected cost may be, a latency in milliseconds; 0: it is always to be smaller."""
    latencies: str = ""
    """The file of `hypercuboid profile` that the cost latency is read from."""
    plan: str = "auto"
    """How the supernet runs: plain (op by op), ...; auto: what suits device and space; an unknown name lists them."""
    partial_channels: int = Field(default=1, ge=1)
    """K of PC-DARTS: candidates work on one Kth of the channels, where the space allows it."""
    perturb: str = ""
    """How alphas are perturbed in steps of the weights: random, or adversarial; empty: not at all."""
    perturb_by: float = Field(default=0.3, gt=0)
    """The largest offset of an alpha at the end of the search; a tenth of it at the start."""
    perturb_steps: int = Field(default=7, ge=1)
    """Steps of the ascent of an adversarial perturbation."""

    curvature: int = Field(default=0, ge=0)
    """Steps of Lanczos per epoch for the dominant eigenvalue of the Hessian in the alphas; 0: it is not measured."""
    on_collapse: Literal["warn", "stop", "ignore"] = "warn"
    """What a search does that collapses: to small architectures, or to a sharp place of the alphas."""

    narrow_every: int = Field(default=5, ge=1)
    """Epochs between two times that `narrowing` decides parts of the space."""
    narrow_share: float = Field(default=0.25, gt=0, le=1)
    """The share of the open parts that `narrowing` decides each time, at least one part."""
    narrow_by: Literal["margin", "entropy"] = "margin"
    """What says which part is surest."""

    @model_validator(mode="before")
    @classmethod
    def _of_alphas(cls, values: Any) -> Any:
        """Whoever asks for a weighting, or sets how alphas learn, asks for a search that has them."""
        if isinstance(values, dict) and "strategy" not in values and any(map(is_of_alphas, values)):
            return {**values, "strategy": "first_order"}
        return values

    @model_validator(mode="after")
    def _trains_alone(self) -> Recipe:
        """Searches whose architectures are trained alone take longer, unless somebody said how long."""
        if "epochs" not in self.model_fields_set and self.scorer == "alone" and self.strategy in BLACK_BOXES:
            object.__setattr__(self, "epochs", EPOCHS_ALONE)
        return self

    def draw(self, step: int, steps: int) -> Draw:
        """What the weighting may use in a pair of steps, from 1 to `steps`: a function of seed and step."""
        from hypercuboid.network.weightings.draw import Draw  # torch, which `check` does without

        progress = (step - 1) / max(1, steps - 1)
        first, last = self.temperature
        return Draw(self.seed, step, progress, first + (last - first) * progress)
