"""`hypercuboid select`: the best architecture under given architecture weights, with how sure it is."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hypercuboid.cli.common import (
    PATH,
    inputs_option,
    json_option,
    open_weighted,
    parameters_option,
    print_json,
    say,
    show_diagnostics,
    target_argument,
)
from hypercuboid.cli.selections import describe, print_flow, print_front, print_paths, print_selection
from hypercuboid.diagnostics import error

if TYPE_CHECKING:
    from hypercuboid.pipeline import Architecture, Space
    from hypercuboid.runs.agreement import Steadiness


@click.command()
@target_argument
@click.option("--weights", type=PATH, help="A weights file; of a run it is the run's own.")
@click.option(
    "--rule",
    default="max-score",
    help="How to select: max-score, max-product, greedy-top-down, greedy-bottom-up, darts, sampled or random.",
)
@click.option("--top", type=click.IntRange(min=1, max=10000), default=1, help="How many, best first.")
@click.option("--seed", type=click.IntRange(min=0), default=0, help="Of a rule that draws.")
@click.option("--budget", "budgets", multiple=True, metavar="COST=N", help="At most N params, macs, ...; many times.")
@click.option("--latencies", type=PATH, help="Measured times of `profile`, for a budget or front of latency in ms.")
@click.option("--limit", "limits", multiple=True, metavar="LABEL=N", help="At most N kept with that label; many times.")
@click.option("--paths", type=click.IntRange(min=1, max=1000), default=1, help="At most so many through a cuboid.")
@click.option(
    "--flow",
    type=click.IntRange(min=0),
    metavar="N",
    help="Just --paths paths by network simplex: a weight counts as often as it is taken, by N paths at most; 0: any.",
)
@click.option("--front", metavar="COST", help="All that nothing of the same params, macs, ... or less beats in score.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the front as CSV.")
@click.option("--keep-zero", is_flag=True, help="Let a `sum top` keep alternatives that are zero, as DARTS' `none`.")
@parameters_option
@inputs_option
@json_option
def select(
    target: str,
    weights: Path | None,
    rule: str,
    top: int,
    seed: int,
    budgets: tuple[str, ...],
    latencies: Path | None,
    limits: tuple[str, ...],
    paths: int,
    flow: int | None,
    front: str | None,
    as_csv: bool,
    keep_zero: bool,
    parameters: tuple[str, ...],
    inputs: tuple[str, ...],
    as_json: bool,
) -> None:
    """Select the architecture of the highest score, exactly, and print it as `arch` text.

    The score is the sum of the kept weights (of `max-product` the logarithm of their product), beside that of uniform
    weights; the margin says how far the second best is, the entropy per competing group how decided the search was (1
    is uniform). Budgets and limits are kept exactly by the exact rules; where nothing is within them, the least that is
    feasible is printed. `not decided` says which of these numbers is beyond its threshold.

    Examples:

      hypercuboid select runs/first --top 3

      hypercuboid select spaces/multichannelnet.hc --weights weights.json --json

      hypercuboid select runs/first --front macs

      hypercuboid select runs/first --front latency --latencies ops.csv

      hypercuboid select runs/first --paths 3 --budget macs=5e6

      hypercuboid select runs/first --paths 2 --flow 1

      hypercuboid select runs/first --budget macs=5e6 --budget params=2e5 --limit skip_connect=2
    """
    space, read = open_weighted(target, weights, parameters, inputs)
    show_diagnostics(read.warnings)
    if front is not None:
        if rule != "max-score" or top > 1 or keep_zero or paths > 1 or budgets or limits:
            help = "leave out --rule, --top, --keep-zero, --paths, --budget and --limit, or --front"
            raise error("HC7207", "the front is that of the rule `max-score`, whole and without bounds", help=help)
        print_front(space.front(read.values, front, latencies), front, as_json, as_csv)
        return
    most = read_bounds("--budget", budgets)
    counts = {label: int(number) for label, number in read_bounds("--limit", limits).items()}
    if flow is not None:
        if rule != "max-score" or top > 1 or keep_zero or most or counts:
            help = "leave out --rule, --top, --keep-zero, --budget and --limit, or --flow"
            raise error("HC7207", "a flow is that of the rule `max-score`, without bounds", help=help)
        print_flow(*space.flow_paths(read.values, paths, flow or None), as_json)
        return
    if paths > 1:
        if rule != "max-score" or top > 1 or keep_zero:
            help = "leave out --rule, --top and --keep-zero, or --paths"
            raise error(
                "HC7207", "several paths are kept by the rule `max-score` alone, and one answer is given", help=help
            )
        print_paths(*space.keep_paths(read.values, paths, most, counts, latencies), as_json)
        return
    found = space.select_best(read.values, rule, top, keep_zero, seed, most, counts, latencies)
    run = RunSearch(Path(target)) if weights is None else None
    if run is not None:
        found = [run.doubted(one, space) for one in found]
    if as_json:
        described = [describe(one) for one in found]
        print_json(described if top > 1 else described[0])
        return
    for position, one in enumerate(found):
        if position:
            say("")
        print_selection(one, position, None if run is None else run.steadiness(one))
    if run is not None and rule == "max-score" and not (most or counts):
        run.say_what_it_ended_with(found[0])


class RunSearch:
    """What the search of a run says of an architecture that is selected under its weights."""

    def __init__(self, run: Path) -> None:
        from hypercuboid.runs.listing import read_metrics
        from hypercuboid.runs.scored import read_scored
        from hypercuboid.runs.weights_history import read_history

        self.run, self.history, self.scored = run, read_history(run), len(read_scored(run))
        epochs = reversed(read_metrics(run))
        self.gradient: float | None = next((epoch.get("alpha_gradient") for epoch in epochs), None)

    def steadiness(self, one: Architecture) -> Steadiness | None:
        from hypercuboid.runs.agreement import steadiness

        return None if one.selection is None else steadiness(self.history, one.selection.picks)

    def doubted(self, one: Architecture, space: Space) -> Architecture:
        """With what else makes doubt: gradients that are noise, a best one that moved until the end, few scores."""
        from hypercuboid.runs.agreement import few_scored, gradient_doubts

        selection, steady = one.selection, self.steadiness(one)
        assert selection is not None
        moved = () if steady is None else steady.doubts
        few = few_scored(self.scored, space.graph.numbering.count) if self.scored else ()
        doubts = (*selection.doubts, *gradient_doubts(self.gradient), *moved, *few)
        return replace(one, selection=replace(selection, doubts=doubts))

    def say_what_it_ended_with(self, best: Architecture) -> None:
        """A search that scores architectures ends by the scores; weights say what is common to the good ones."""
        assert best.selection is not None
        if (
            self.scored
            and self.history
            and self.history[-1].picks != {site: list(kept) for site, kept in best.selection.picks.items()}
        ):
            say(f"\n# by its scores the search ended with another architecture: {self.run / 'arch.hc'}")


def read_bounds(option: str, texts: tuple[str, ...]) -> dict[str, float]:
    """`NAME=N` settings; HC7208 for what is none."""
    found = {}
    for text in texts:
        name, _, number = text.rpartition("=")
        try:
            value = float(number)
        except ValueError:
            value = math.nan
        if not name or not 0 <= value < math.inf or name in found:
            problem = f"`{name}` is bounded twice" if name in found else f"`{option} {text}` is no bound"
            raise error("HC7208", problem, help=f"write {option} NAME=NUMBER, once for each name")
        found[name] = value
    return found
