"""The best architectures within budgets of costs and limits of labels, exactly; how little is enough where none is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hypercuboid.diagnostics import HypercuboidError, Span, error
from hypercuboid.frontend.elaborated import KeptPath, label_text
from hypercuboid.graph.changes import groups_of
from hypercuboid.graph.counts import follows
from hypercuboid.graph.forest import Group
from hypercuboid.graph.grown import Forest
from hypercuboid.graph.numbering import Picks
from hypercuboid.graph.selection.asked import Bounded, Weights
from hypercuboid.graph.selection.max_score import kept_weight
from hypercuboid.graph.selection.program import priced, program
from hypercuboid.graph.selection.rows import Leaf, Program, Row
from hypercuboid.graph.selection.solver import Cap, Solver
from hypercuboid.graph.selection.zeros import KeepingZero, all_included
from hypercuboid.ops.base import MEASURES
from hypercuboid.registry import suggestion

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph


def within(
    graph: Graph, weights: Weights, bounded: Bounded, top: int = 1, product: bool = False, forest: Forest | None = None
) -> list[tuple[float, Picks]]:
    """Scores and picks of the `top` best within bounds, best first; `product`: by the logarithm of the product.

    `forest` is that of the graph's architectures with other prices. Raises HC7205 with the least that is feasible where
    nothing is within the bounds, HC7203 and HC7204 where scores or costs are no sums.
    """
    if "latency" in bounded.budgets:
        forest = timed(graph, bounded)
    made = forest_program(graph, weights, product, bool(bounded.budgets), forest)
    named = caps(graph, made, bounded)
    solver = Solver(made, tuple(named.values()))
    found = []
    for answer in solver.answers():
        found.append((_score(made, answer), solver.picks(answer)))
        if len(found) == top:
            break
    if not found:
        raise infeasible(graph, made, named, bounded)
    return found


def forest_program(
    graph: Graph, weights: Weights, product: bool = False, costs: bool = True, forest: Forest | None = None
) -> Program:
    """The program of the architectures of a graph, with what they cost if `costs`; HC7204 where that is open."""
    decisions = {decision.name: decision for decision in graph.decisions}

    def worth(address: Any, kept: Any) -> float:
        weight = kept_weight(decisions, weights, address, kept)
        return weight if not product else math.log(weight) if weight > 0 else 0.0

    made = program(graph.forest.outcomes, worth, means=not product)
    if costs:
        made = priced(made, following(graph, forest or graph.model_forest).settled)
    if product:
        dead = [one for one in made.leaves if kept_weight(decisions, weights, one.address, one.kept) <= 0]
        made.equal += [{one.variable: 1.0} for one in dead]
    return made


def timed(graph: Graph, bounded: Bounded) -> Forest:
    """The forest with the measured times of the file; HC7206 where none is given."""
    from hypercuboid.graph.latencies import latency_forest

    if bounded.latencies is None:
        raise error("HC7206", "a budget of `latency` needs measured times", help="give --latencies FILE, of `profile`")
    forest = latency_forest(graph, bounded.latencies)
    return all_included(forest) if isinstance(graph, KeepingZero) else forest


def following(graph: Graph, forest: Forest) -> Forest:
    """The forest; HC7204 where costs do not follow from what is decided in it."""
    if not forest.known or not follows(forest):
        raise _no_sum(graph, forest)
    return forest


def caps(graph: Graph, made: Program, bounded: Bounded) -> dict[str, Cap]:
    """What is asked as rows, by the name of the cost or label."""
    found = {}
    for name, most in bounded.budgets.items():
        if name == "latency":
            times = made.costs[MEASURES.index("nanoseconds")]
            found[name] = Cap({variable: time / 1e6 for variable, time in times.items()}, most)
            continue
        if name not in MEASURES:
            known = [*MEASURES[:-1], "latency"]
            raise error("HC7206", f"there is no cost `{name}`", help=suggestion(name, known))
        found[name] = Cap(made.costs[MEASURES.index(name)], most)
    for label, most in bounded.limits.items():
        found[f"`{label}`"] = Cap(_with_label(graph, made, label), most)
    return found


def _with_label(graph: Graph, made: Program, label: str) -> Row:
    row: Row = {one.variable: 1.0 for one in made.leaves if label in labels_of(one) and not one.again}
    if not row:
        known = sorted({one for leaf in made.leaves for one in labels_of(leaf)})
        raise error("HC7206", f"`{graph.space.name}` has no label `{label}`", help=suggestion(label, known))
    return row


def labels_of(leaf: Leaf) -> list[str]:
    """The labels that a kept alternative has, as they are written."""
    kept = leaf.kept.label if isinstance(leaf.kept, KeptPath) else leaf.kept
    return [label_text(label) for label in kept]


def infeasible(graph: Graph, made: Program, named: Mapping[str, Cap], bounded: Bounded) -> HypercuboidError:
    """Says for each bound the least that is feasible with the others, or at all."""
    notes = []
    for name, cap in named.items():
        others = tuple(one for key, one in named.items() if key != name)
        least = Solver(made, others).least(cap.row) if others else None
        among = "" if least is None else " with the other bounds as they are" if others else ""
        least = Solver(made).least(cap.row) if least is None else least
        if least is None:
            return error("HC5004", f"`{graph.space.name}` has no architecture that reaches its output", help="widen it")
        notes.append(f"the smallest feasible budget of {name} is {number_text(least)}{among}")
    asked = ", ".join(f"{name} {number_text(cap.most)}" for name, cap in named.items())
    return error(
        "HC7205",
        f"no architecture of `{graph.space.name}` is within {asked}",
        notes=tuple(notes),
        help="raise a bound, or search a space with smaller alternatives",
    )


def number_text(number: float) -> str:
    """An integer in full, another number shortly."""
    return str(int(number)) if number == int(number) else f"{number:.6g}"


def _score(made: Program, answer: Any) -> float:
    return sum(value for variable, value in made.scores.items() if answer[variable])


def _no_sum(graph: Graph, forest: Forest) -> HypercuboidError:
    if not forest.known:
        return error(
            "HC7204",
            f"the costs of `{graph.space.name}` depend on shapes that are open",
            help="give its input shape",
        )
    return error(
        "HC7204",
        f"the costs of an architecture of `{graph.space.name}` are no sum over what it keeps",
        _optional_at(forest.settled, None),
        "what is built here is read by some of the decisions only, or is as wide as they say",
        help="select without budgets, `--top` many, and compare what they cost",
    )


def _optional_at(group: Group, span: Span | None) -> Span | None:
    """The place of the innermost point around a cost that is a bound."""
    if any(group.optional.numbers):
        return span
    for point in group.points:
        for inner in groups_of(point):
            found = _optional_at(inner, point.span)
            if found is not None:
                return found
    return None
