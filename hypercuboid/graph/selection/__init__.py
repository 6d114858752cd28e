"""Selection: from architecture weights to the decisions that an architecture keeps, by a rule of the registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from hypercuboid.diagnostics import error
from hypercuboid.graph.numbering import Picks
from hypercuboid.graph.selection.arch_text import arch_text
from hypercuboid.graph.selection.entropy import entropy
from hypercuboid.graph.selection.max_score import kept_weight, max_score
from hypercuboid.graph.selection.result import Selection, Strength, record
from hypercuboid.graph.selection.uniform import draw
from hypercuboid.graph.selection.zeros import KeepingZero
from hypercuboid.registry import Registry

if TYPE_CHECKING:
    import numpy as np

    from hypercuboid.graph.build import Graph

Rule: TypeAlias = Callable[["Graph", Mapping[str, "np.ndarray"], int], list[tuple[float, Picks]]]
"""Graph, weights and how many -> scores and picks, best first."""

RULES: Registry[Rule] = Registry("selection rule")
RULES.add("max-score", max_score)


def select(
    graph: Graph, weights: Mapping[str, np.ndarray], rule: str = "max-score", top: int = 1, keep_zero: bool = False
) -> tuple[Selection, ...]:
    """The `top` best architectures under `weights` (decision -> array in the order of its axes), best first.

    With `keep_zero`, a `sum top` may keep alternatives that are `zero` too. Raises HypercuboidError for an unknown
    rule, missing or misshapen weights, or a space without an architecture.
    """
    found_rule = RULES.get(rule)
    if found_rule is None:
        raise error("HC7016", f"there is no selection rule `{rule}`", help=RULES.suggest(rule))
    _check(graph, weights)
    graph = KeepingZero(graph.space, graph.costs) if keep_zero else graph
    found = found_rule(graph, weights, top + 1)
    if not found:
        raise error(
            "HC5004",
            f"`{graph.space.name}` has no architecture that reaches its output",
            help="widen its axes or its `where`",
        )
    spread = entropy(graph.decisions, weights)
    scores: list[float | None] = [score for score, _ in found]
    scores.append(None)
    strength = partial(kept_weight, {decision.name: decision for decision in graph.decisions}, weights)
    return tuple(
        _selection(graph, score, scores[i + 1], picks, strength, spread) for i, (score, picks) in enumerate(found[:top])
    )


def _selection(
    graph: Graph,
    score: float,
    second: float | None,
    picks: Picks,
    strength: Strength,
    spread: Mapping[str, float],
) -> Selection:
    made = record(graph.forest.root, picks, strength)
    margin = None if second is None or score == 0 else (score - second) / score
    return Selection(score, second, margin, made.sites, made.decided, spread)


def _check(graph: Graph, weights: Mapping[str, np.ndarray]) -> None:
    for decision in graph.decisions:
        if decision.name not in weights:
            raise error(
                "HC7010",
                f"there are no weights for the decision `{decision.name}`",
                help="give an array for every decision",
            )
        shape = tuple(weights[decision.name].shape)
        if shape != decision.shape:
            message = f"the weights of `{decision.name}` have shape {shape}, not {decision.shape}"
            raise error("HC7011", message, help="its axes are " + ", ".join(axis.name for axis in decision.axes))
        if (weights[decision.name][decision.declared()] < 0).any():
            raise error("HC7013", f"a weight of `{decision.name}` is negative", help="give weights, not alphas")


__all__ = ["RULES", "Rule", "Selection", "arch_text", "draw", "select"]
