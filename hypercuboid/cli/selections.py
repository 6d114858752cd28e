"""What `select` prints: one architecture, several paths, a flow, or a front."""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING, Any

from hypercuboid.cli.common import print_json, say, say_table

if TYPE_CHECKING:
    from rich.table import Table

    from hypercuboid.graph.selection.flow import Flowing
    from hypercuboid.pipeline import Architecture
    from hypercuboid.runs.agreement import Steadiness


def print_paths(score: float, found: Architecture, as_json: bool) -> None:
    """Several paths and the sum of the weights that they keep."""
    if as_json:
        print_json({"score": score, "arch": found.text})
        return
    say(f"# score {score:.10g}, the sum of all that is kept")
    say(found.text.rstrip("\n"))


def print_flow(found: Flowing, one: Architecture, as_json: bool) -> None:
    """A flow, how many of its paths take each candidate, and what it keeps."""
    from hypercuboid.graph.notation import path_text, site_text

    taken = [(site_text(*address), path_text(kept), number) for (address, kept), number in found.flow.items()]
    if as_json:
        flow = [{"site": site, "kept": kept, "paths": number} for site, kept, number in taken]
        print_json({"score": found.score, "flow": flow, "arch": one.text})
        return
    say(f"# score {found.score:.10g}, the sum over all paths")
    for site, kept, number in taken:
        say(f"# {number} through {site} = {kept}")
    say(one.text.rstrip("\n"))


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


def print_selection(architecture: Architecture, position: int, steady: Steadiness | None) -> None:
    """Scores, doubts, of the first the entropies, and the text."""
    selection = architecture.selection
    assert selection is not None
    second = "none" if selection.second is None else f"{selection.second:.10g}"
    margin = "" if selection.margin is None else f", margin {selection.margin:.3g}"
    uniform = "" if selection.uniform is None else f", of uniform weights {selection.uniform:.10g}"
    say(f"# score {selection.score:.10g}, second {second}{margin}{uniform}")
    if steady is not None:
        say(f"# {steady.text}")
    for doubt in selection.doubts:
        say(f"# not decided: {doubt}")
    if position == 0:
        for group, value in selection.entropy.items():
            say(f"# entropy {value:.4f} of uniform in {group}")
    say(architecture.text.rstrip("\n"))
