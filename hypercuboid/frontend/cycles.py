"""Circles among the items of a file: blocks that call each other, constants and cells defined by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypercuboid.diagnostics import MOST, Diagnostic, Label, Span
from hypercuboid.records import dataclass

_LONGEST = 20
"""Members of a circle that are listed."""

CIRCLE = "HC2006"
"""The code of a circle: what is in one cannot be evaluated."""


@dataclass(frozen=True)
class Reference:
    """One item names another at a place."""

    name: str
    span: Span


def cycles(references: Mapping[str, Sequence[Reference]]) -> list[Diagnostic]:
    """A diagnostic for each circle that a walk over all items, in the order of the text, closes; a hundred at most."""
    found: list[Diagnostic] = []
    done: set[str] = set()
    known: set[frozenset[str]] = set()
    for start in references:
        path: list[Reference] = []
        position: dict[str, int] = {start: 0}
        waiting = [] if start in done else [(start, iter(references[start]))]
        while waiting and len(found) < MOST:
            name, rest = waiting[-1]
            step = next(rest, None)
            if step is None:
                waiting.pop()
                done.add(name)
                position.pop(name)
                del path[-1:]
            elif step.name in position:
                circle = [*path[position[step.name] :], step]
                if (members := frozenset(one.name for one in circle)) not in known:
                    known.add(members)
                    found.append(_circle(circle))
            elif step.name not in done:
                path.append(step)
                position[step.name] = len(path)
                waiting.append((step.name, iter(references.get(step.name, ()))))
    return found


def _circle(steps: list[Reference]) -> Diagnostic:
    """`steps` name the items in turn; the last names the one that the first stands in."""
    names = [steps[-1].name, *(step.name for step in steps)]
    message = f"`{names[0]}` is defined by itself"
    secondary = tuple(Label(step.span, f"which names `{step.name}` here") for step in steps[1:_LONGEST])
    shown = names if len(names) <= _LONGEST else [*names[:_LONGEST], f"... {len(names) - _LONGEST - 1} more", names[-1]]
    notes = (" -> ".join(name if name.startswith("...") else f"`{name}`" for name in shown),) if len(steps) > 1 else ()
    label = f"`{steps[0].name}` is named here"
    return Diagnostic(
        "HC2006", message, steps[0].span, label, secondary, notes, "there is no recursion: break the circle"
    )
