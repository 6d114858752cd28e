"""How large a network may be that is built: atomic ops and architecture weights, counted before anything is made."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hypercuboid.diagnostics import error
from hypercuboid.frontend.counting import count_in
from hypercuboid.frontend.elaborated import Body, Elaborated, OpNode, TopNode, label_text

if TYPE_CHECKING:
    from hypercuboid.graph.decision import Decision

MAX_OPS = 100_000
MAX_WEIGHTS = 1_000_000


def refuse_large(elaborated: Elaborated, decisions: Sequence[Decision], max_ops: int, max_weights: int) -> None:
    """Raises HC4001 with the counts and the axis that causes them where a limit is passed."""
    ops, weights = count_ops(elaborated.definition.body), count_weights(decisions)
    if ops <= max_ops and weights <= max_weights:
        return
    many, limit, option = (ops, max_ops, "--max-ops") if ops > max_ops else (weights, max_weights, "--max-weights")
    what = "atomic ops" if ops > max_ops else "weights"
    largest = max(decisions, key=lambda decision: math.prod(decision.shape), default=None)
    notes = [f"the whole network has {ops} atomic ops and {weights} weights"]
    smaller = "make the space smaller"
    if largest is not None:
        axis = max(largest.axes, key=lambda one: len(one.labels))
        sizes = " x ".join(f"{one.name} {len(one.labels)}" for one in largest.axes)
        notes.append(f"`{largest.name}` is the largest decision: {sizes}")
        first, last = label_text(axis.labels[0]), label_text(axis.labels[-1])
        notes.append(f"its longest axis is `{axis.name}`, {len(axis.labels)} coordinates from {first} to {last}")
        smaller = f"make `{axis.name}` smaller"
    raise error(
        "HC4001",
        f"`{elaborated.name}` is too large to build: {many} {what}, and at most {limit} are built",
        elaborated.definition.span.first_line if largest is None or largest.span is None else largest.span,
        notes=notes,
        help=f"{smaller}, or raise the limit with `{option}`",
    )


def count_weights(decisions: Sequence[Decision]) -> int:
    """Declared entries of all arrays."""
    return sum(math.prod(d.shape) if d.mask is None else int(d.mask.sum()) for d in decisions)


def count_ops(body: Body) -> int:
    """Atomic ops of a body with all its alternatives, and the sums of `sum top`."""
    return count_in(body, "built ops", lambda node: int(isinstance(node, OpNode | TopNode)))
