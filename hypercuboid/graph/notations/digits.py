"""The notation of NAS-Bench-Macro: `02101222`, a digit for each decision in the order of the source.

A digit is the position of the alternative that is kept, from 0. Any space that is a row of choices of at most ten
alternatives each is written so.
"""

from __future__ import annotations

from hypercuboid.diagnostics import Source, Span, error
from hypercuboid.frontend.elaborated import (
    Body,
    ChoiceNode,
    Decided,
    Elaborated,
    Kept,
    Label,
    ScanNode,
    TopNode,
    TrellisNode,
    UseNode,
)
from hypercuboid.frontend.opened import is_open
from hypercuboid.frontend.points import Point
from hypercuboid.graph.notation import site_text
from hypercuboid.graph.notations.base import Decide, Notation, Reading

DIGITS = "0123456789"


def read(source: Source, points: tuple[Point, ...], decide: Decide) -> Reading:
    """The decisions of a string; HC1040 and HC5031 at their place."""
    text = source.text.strip()
    start = source.text.find(text)
    whole = Span(source, start, start + len(text))
    if not text or set(text) - set(DIGITS):
        raise error("HC1040", "this is no string of digits", whole, help="write one digit for each decision: 02101222")
    if not points or any(map(_is_strange, points)) or not _is_row(decide(()).definition.body):
        message = "this space is no row of choices of at most ten alternatives each"
        raise error("HC5031", message, whole, help="write an `arch` for this space")
    if len(text) != len(points):
        message = f"the string has length {len(text)}; the decisions of this space are {len(points)}"
        raise error("HC5031", message, whole, help="write one digit for each decision")
    made: dict[str, dict[tuple[Label, ...], tuple[Kept, ...]]] = {}
    for position, (point, digit) in enumerate(zip(points, text, strict=True)):
        if int(digit) >= len(point.labels):
            place = Span(source, start + position, start + position + 1)
            message = (
                f"`{site_text(point.name, point.coordinates)}` has {len(point.labels)} alternatives, no number {digit}"
            )
            raise error("HC5031", message, place, notes=(_listed(point),), help="digits count from 0")
        made.setdefault(point.name, {})[point.key] = (point.labels[int(digit)],)
    return Reading(tuple(Decided(name, kept) for name, kept in made.items()))


def write(architecture: Elaborated, points: tuple[Point, ...], name: str) -> str:
    """The string of an architecture; HC8003 where it keeps what no string can say."""
    decided = {(one.name, key): kept for one in architecture.decided for key, kept in one.kept.items()}
    strange = [point for point in points if _is_strange(point)]
    if strange or not points:
        what = f"decides `{strange[0].name}`" if strange else "decides nothing"
        raise error("HC8003", f"`{name}` {what}, which no string of digits says", help="its `arch` text says all of it")
    digits = []
    for point in points:
        kept = decided.get((point.name, point.key), ())
        if len(kept) != 1 or kept[0] not in point.labels:
            site = site_text(point.name, point.coordinates)
            message = f"`{name}` does not keep one alternative of `{site}`, as a string of digits does"
            raise error("HC8003", message, help="its `arch` text says what it keeps")
        digits.append(DIGITS[point.labels.index(kept[0])])
    return "".join(digits)


def _is_strange(point: Point) -> bool:
    return bool(point.moves or point.top) or len(point.labels) > len(DIGITS)


def _is_row(body: Body) -> bool:
    """Whether no decision stands inside another."""
    for node in body.nodes:
        if isinstance(node, TopNode | TrellisNode):
            return False
        if isinstance(node, ChoiceNode) and any(is_open(one.body) for one in node.alternatives):
            return False
        if isinstance(node, UseNode) and not _is_row(node.definition.body):
            return False
        if isinstance(node, ScanNode) and not _is_row(node.body):
            return False
    return True


def _listed(point: Point) -> str:
    return ", ".join(f"{digit} {'/'.join(map(str, label))}" for digit, label in zip(DIGITS, point.labels, strict=False))


NAS_BENCH_MACRO = Notation("the strings of NAS-Bench-Macro, a digit for each decision", read, write)
