"""From a rule's answer to selections: scores beside those of uniform weights, margins, and what is in doubt."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from hypercuboid.diagnostics import error
from hypercuboid.graph.groups import softmax
from hypercuboid.graph.numbering import Picks
from hypercuboid.graph.selection.asked import Asked, Bounded, Found, Rule, Weights
from hypercuboid.graph.selection.confidence import doubts
from hypercuboid.graph.selection.entropy import entropy
from hypercuboid.graph.selection.max_score import kept_weight
from hypercuboid.graph.selection.result import Selection, record
from hypercuboid.graph.selection.rules import RULES
from hypercuboid.graph.selection.score import log_product, scorer
from hypercuboid.graph.selection.zeros import KeepingZero

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph

UNBOUNDED = Bounded()


def select(
    graph: Graph,
    weights: Weights,
    rule: str = "max-score",
    top: int = 1,
    keep_zero: bool = False,
    seed: int = 0,
    bounded: Bounded = UNBOUNDED,
) -> tuple[Selection, ...]:
    """The `top` best architectures under `weights` (decision -> array in the order of its axes), best first.

    A greedy rule has one answer; `seed` is that of a rule that draws. With `keep_zero`, a `sum top` may keep
    alternatives that are `zero` too. `bounded`: only what is within budgets and limits, for the exact rules. Raises
    HypercuboidError for an unknown rule, missing or misshapen weights, or where there is no such architecture.
    """
    found_rule = RULES.get(rule)
    if found_rule is None:
        raise error("HC7016", f"there is no selection rule `{rule}`", help=RULES.suggest(rule))
    check_weights(graph, weights)
    graph = KeepingZero(graph.space, graph.costs) if keep_zero else graph
    asked = Asked(top + found_rule.ranks, seed)
    found = _within(graph, weights, rule, asked, bounded) if bounded else found_rule.find(graph, weights, asked)
    if not found:
        raise no_architecture(graph)
    return selections(graph, weights, found_rule, found, top)


def _within(graph: Graph, weights: Weights, rule: str, asked: Asked, bounded: Bounded) -> Found:
    """The best within bounds; HC7207 where a rule is not exact."""
    from hypercuboid.graph.selection.budgets import within

    if not RULES[rule].ranks:
        exact = " or ".join(f"`{name}`" for name in RULES if RULES[name].ranks)
        raise error("HC7207", f"the rule `{rule}` knows no budgets and no limits", help=f"take {exact}")
    return within(graph, weights, bounded, asked.top, product=RULES[rule].logs)


def selections(graph: Graph, weights: Weights, rule: Rule, found: Found, top: int) -> tuple[Selection, ...]:
    """What was found as selections; the answer behind the last one tells only how far it is behind."""
    even = {decision.name: softmax(decision, np.zeros(decision.shape)) for decision in graph.decisions}
    uniform = partial(log_product, graph, even) if rule.logs else scorer(graph, even)
    spread = entropy(graph.decisions, weights)
    seconds = [score for score, _ in found[1:]] if rule.ranks else []
    return tuple(
        _selection(graph, weights, rule, one, seconds[number] if number < len(seconds) else None, uniform, spread)
        for number, one in enumerate(found[:top])
    )


def _selection(
    graph: Graph,
    weights: Weights,
    rule: Rule,
    found: tuple[float, Picks],
    second: float | None,
    uniform: Callable[[Picks], float],
    spread: Mapping[str, float],
) -> Selection:
    value, picks = found
    strength = partial(kept_weight, {decision.name: decision for decision in graph.decisions}, weights)
    made = record(graph.forest.root, picks, strength)
    margin = _margin(value, second, rule.logs)
    return Selection(
        score=value,
        second=second,
        margin=margin,
        picks=made.sites,
        decided=made.decided,
        entropy=spread,
        uniform=uniform(picks),
        doubts=doubts(graph, picks, margin, spread, rule.logs),
    )


def _margin(value: float, second: float | None, logs: bool) -> float | None:
    """(score - second) / score; of what the scores are logarithms of, where they are."""
    if second is None or (value == 0 and not logs):
        return None
    return -math.expm1(second - value) if logs else (value - second) / value


def no_architecture(graph: Graph) -> Exception:
    return error(
        "HC5004",
        f"`{graph.space.name}` has no architecture that reaches its output",
        help="widen its axes or its `where`",
    )


def check_weights(graph: Graph, weights: Weights) -> None:
    """Raises HypercuboidError for weights that are missing, misshapen or negative."""
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
