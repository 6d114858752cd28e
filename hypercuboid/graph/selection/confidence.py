"""Whether a selection was decided: stated thresholds on the margin and on the entropy of the groups it keeps from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from hypercuboid.graph.notation import site_text
from hypercuboid.graph.numbering import Picks
from hypercuboid.graph.selection.asked import Weights
from hypercuboid.graph.selection.positions import position

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph

LEAST_MARGIN = 0.01
"""How far the second best must fall behind, in parts of what one kept decision is worth on average."""

MOST_ENTROPY = 0.99
"""How near to uniform, which is 1, a group may be that the architecture keeps something from."""


LEAST_CHANCE = 0.5
"""That the best architecture keeps what is kept, on average over its decisions."""


def doubts(
    graph: Graph, picks: Picks, margin: float | None, entropy: Mapping[str, float], logs: bool = False
) -> tuple[str, ...]:
    """Why a selection is not decided: which number against which threshold; nothing where it is.

    A margin (score - second) / score is due to one decision at least, so with n kept ones it is held against
    `LEAST_MARGIN` / n; that of a product (`logs`) against `LEAST_MARGIN` itself. None: there is no second, or the rule
    does not rank.
    """
    return (*_of_margin(margin, 1 if logs else len(picks)), *_of_entropy(graph, picks, entropy))


def chance_doubts(graph: Graph, picks: Picks, weights: Weights) -> tuple[str, ...]:
    """Why a selection is not decided under weights that are chances: what it keeps is less likely than not."""
    decisions = {decision.name: decision for decision in graph.decisions}
    chances = {
        site_text(*address): float(weights[address[0]][position(decisions[address[0]], address, kept)])
        for address, kept in picks.items()
    }
    mean = sum(chances.values()) / max(1, len(chances))
    if not chances or mean >= LEAST_CHANCE:
        return ()
    least = min(chances, key=lambda site: chances[site])
    worst = f", of `{least}` {_percent(chances[least])}" if len(chances) > 1 else ""
    what = "the chance that the best keeps what is kept"
    return (f"{what} is {_percent(mean)} on average{worst}; below {_percent(LEAST_CHANCE)}",)


def _percent(part: float) -> str:
    return f"{100 * part:.0f} %"


def _of_margin(margin: float | None, kept: int) -> Iterator[str]:
    least = LEAST_MARGIN / max(1, kept)
    if margin is None or margin >= least:
        return
    parts = f", {LEAST_MARGIN:g} over {kept} kept decisions" if kept > 1 else ""
    yield f"margin {margin:.3g} is below {least:.3g}{parts}"


def _of_entropy(graph: Graph, picks: Picks, entropy: Mapping[str, float]) -> Iterator[str]:
    if max(entropy.values(), default=0.0) <= MOST_ENTROPY:
        return
    kept = _groups_kept_from(graph, picks)
    open_ones = [text for text in kept if entropy.get(text, 0.0) > MOST_ENTROPY]
    if open_ones:
        worst = max(open_ones, key=lambda text: entropy[text])
        share = f"{len(open_ones)} of {len(kept)} groups that it keeps from"
        yield f"entropy is above {MOST_ENTROPY:g} of uniform in {share}, {entropy[worst]:.4f} in `{worst}`"


def _groups_kept_from(graph: Graph, picks: Picks) -> list[str]:
    """The text of each competing group, once, in the order of the picks."""
    decisions = {decision.name: decision for decision in graph.decisions}
    found: dict[str, None] = {}
    for address, kept in picks.items():
        decision = decisions[address[0]]
        at = position(decision, address, kept)
        where = tuple((decision.axes[i].name, decision.axes[i].labels[at[i]]) for i in decision.group_axes)
        found[site_text(decision.name, where)] = None
    return list(found)
