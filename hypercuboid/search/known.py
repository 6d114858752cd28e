"""The names that settings of a search may have, for `check`, which does without torch; the registries hold the rest."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """The sorted entries of a registry of some `kind`, and the code of the message about any other name."""

    kind: str
    code: str
    names: tuple[str, ...]


KNOWN = {
    "weighting": Known(
        "weighting",
        "HC7040",
        (
            "dirichlet",
            "gdas",
            "gumbel_softmax",
            "max_w",
            "max_w_constant",
            "max_w_detached",
            "proxyless",
            "scalar",
            "sigmoid",
            "uniform",
        ),
    ),
    "strategy": Known(
        "strategy",
        "HC7071",
        (
            "evolution",
            "first_order",
            "narrowing",
            "predictor",
            "random",
            "reinforce",
            "second_order",
            "second_order_difference",
            "single_level",
            "tpe",
        ),
    ),
    "penalty": Known("penalty", "HC7061", ("dirichlet_kl", "dirichlet_norm", "zero_one")),
    "plan": Known("plan", "HC7400", ("batched", "fused", "lean", "native", "plain", "shared")),
    "perturb": Known("perturbation", "HC7063", ("adversarial", "random")),
}
"""By the setting."""
