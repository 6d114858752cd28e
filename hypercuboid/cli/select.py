"""`hypercuboid select`: the best architecture under given architecture weights, with how sure it is."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hypercuboid.cli.common import (
    PATH,
    inputs_option,
    json_option,
    open_weighted,
    parameters_option,
    print_json,
    say,
    say_table,
    show_diagnostics,
    target_argument,
)
from hypercuboid.diagnostics import error

if TYPE_CHECKING:
    from rich.table import Table

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
        _print(one, position, run)
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


def print_paths(score: float, found: Architecture, as_json: bool) -> None:
    """Several paths and the sum of the weights that they keep."""
    if as_json:
        print_json({"score": score, "arch": found.text})
        return
    say(f"# score {score:.10g}, the sum of all that is kept")
    say(found.text.rstrip("\n"))


def print_front(found: list[tuple[float, float, Architecture]], cost: str, as_json: bool, as_csv: bool) -> None:
    """The front as a table, JSON with the architectures, or CSV with their texts on one line."""
    if as_json:
        print_json([{"cost": value, "score": score, "arch": one.text} for value, score, one in found])
    elif as_csv:
        lines = io.StringIO()
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow([cost, "score", "arch"])
        writer.writerows([value, repr(score), " ".join(one.text.split())] for value, score, one in found)
        say(lines.getvalue().rstrip("\n"))
    else:
        say_table(front_table(found, cost))


def front_table(found: list[tuple[float, float, Architecture]], cost: str) -> Table:
    """One row for each point: what it costs, its score, and how much that is above the one before."""
    from rich.table import Table

    table = Table(cost, "score", "more than before", box=None, pad_edge=False)
    before = math.nan
    for value, score, _ in found:
        more = "" if math.isnan(before) else f"{score - before:.3g}"
        table.add_row(f"{value:,}", f"{score:.10g}", more)
        before = score
    return table


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


def describe(architecture: Architecture) -> dict[str, Any]:
    """The object that `select --json` prints."""
    selection = architecture.selection
    assert selection is not None
    return {
        "score": selection.score,
        "second": selection.second,
        "margin": selection.margin,
        "uniform": selection.uniform,
        "decided": not selection.doubts,
        "doubts": list(selection.doubts),
        "entropy": dict(selection.entropy),
        "picks": {site: list(kept) for site, kept in selection.picks.items()},
        "arch": architecture.text,
    }


def _print(architecture: Architecture, position: int, run: RunSearch | None) -> None:
    selection = architecture.selection
    assert selection is not None
    second = "none" if selection.second is None else f"{selection.second:.10g}"
    margin = "" if selection.margin is None else f", margin {selection.margin:.3g}"
    uniform = "" if selection.uniform is None else f", of uniform weights {selection.uniform:.10g}"
    say(f"# score {selection.score:.10g}, second {second}{margin}{uniform}")
    steady = None if run is None else run.steadiness(architecture)
    if steady is not None:
        say(f"# {steady.text}")
    for doubt in selection.doubts:
        say(f"# not decided: {doubt}")
    if position == 0:
        for group, value in selection.entropy.items():
            say(f"# entropy {value:.4f} of uniform in {group}")
    say(architecture.text.rstrip("\n"))
