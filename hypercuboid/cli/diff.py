"""`hypercuboid diff`: in what two spaces or architectures differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from hypercuboid.cli.common import (
    inputs_option,
    is_run,
    json_option,
    open_found,
    open_target,
    or_trouble,
    parameters_option,
    print_json,
    say,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypercuboid.differences import DecisionChange, Difference, Sides
    from hypercuboid.pipeline import Space

DIFFERENT = 1

_LARGE = 10**30

_NAMES = {
    "groups": "competing groups",
    "params_range": "params over architectures",
    "macs_range": "macs over architectures",
}


@click.command()
@click.argument("first", metavar="A", help="FILE[:NAME], or a RUN: what it found.")
@click.argument("second", metavar="B", help="The other; beside a space, a RUN is the space searched.")
@parameters_option
@inputs_option
@json_option
def diff(first: str, second: str, parameters: tuple[str, ...], inputs: tuple[str, ...], as_json: bool) -> None:
    """Compare two spaces or two architectures: arguments, decisions and their labels, picks, counts side by side.

    - is what A has alone, + what B has alone. -p and --input hold for both. As of diff(1), the exit code is 0 where the
    two are equal, 1 where they differ, 2 where they cannot be compared.

    Examples:

      hypercuboid diff spaces/darts.hc spaces/sharpdarts.hc

      hypercuboid diff spaces/darts.hc:DARTS_V1 spaces/darts.hc:DARTS_V2

      hypercuboid diff runs/first runs/second --json
    """
    with or_trouble():
        a, b = _opened(first, second, parameters, inputs)
        found = a.difference(b)
    if as_json:
        print_json(_described(a, b, found))
    else:
        _print(first, second, found)
    if not found.is_empty:
        raise click.exceptions.Exit(DIFFERENT)


def _opened(first: str, second: str, parameters: tuple[str, ...], inputs: tuple[str, ...]) -> tuple[Space, Space]:
    """Both; a run is what it found, beside an open space the space that it searched."""
    a, b = (open_found(target, parameters, inputs) for target in (first, second))
    if is_run(first) and not is_run(second) and b.is_open:
        a = open_target(first, parameters, inputs)
    if is_run(second) and not is_run(first) and a.is_open:
        b = open_target(second, parameters, inputs)
    return a, b


def _print(first: str, second: str, found: Difference) -> None:
    from hypercuboid.terminal import escape

    if found.is_empty:
        say("no difference")
        return
    say(f"- {escape(first)}\n+ {escape(second)}")
    _print_sides("arguments", found.arguments)
    _print_sides("inputs", found.inputs)
    _print_decisions(found)
    _print_sides("picks", found.picks)
    _print_counts(found)
    if found.networks and not (found.arguments or found.inputs or found.changed or found.picks):
        say("\nthe decisions are alike, the networks are not: ops or their arguments differ")


def _print_sides(title: str, sides: Mapping[str, Sides]) -> None:
    if sides:
        say(f"\n{title}")
    for name, (before, after) in sides.items():
        say(f"  {name}")
        for mark, text in (("-", before), ("+", after)):
            if text is not None:
                say(f"    {mark} {text}")


def _print_decisions(found: Difference) -> None:
    if found.removed or found.added or found.changed:
        say("\ndecisions")
    for mark, names in (("-", found.removed), ("+", found.added)):
        for name in names:
            say(f"  {mark} {name}")
    alike: dict[tuple[str, ...], list[str]] = {}
    for change in found.changed:
        alike.setdefault(tuple(_changes(change)), []).append(change.name)
    for lines, several in alike.items():
        say(f"  {', '.join(several)}")
        for line in lines:
            say(f"    {line}")


def _changes(change: DecisionChange) -> list[str]:
    lines = [f"- axis {name}" for name in change.removed_axes] + [f"+ axis {name}" for name in change.added_axes]
    for axis in change.axes:
        if axis.moved:
            lines.append(f"{axis.axis}: the same labels in another order")
        lines += [f"- {axis.axis}: {', '.join(axis.removed)}"] if axis.removed else []
        lines += [f"+ {axis.axis}: {', '.join(axis.added)}"] if axis.added else []
    if change.compete is not None:
        lines += [f"{mark} compete per ({', '.join(names)})" for mark, names in zip("-+", change.compete, strict=True)]
    return lines


def _print_counts(found: Difference) -> None:
    from hypercuboid.differences import in_numbers

    rows = [
        (_NAMES.get(name, name), _number(before), _number(after), _more(more))
        for name, before, after, more in in_numbers(found)
    ]
    table = [("counts", "-", "+", "difference"), *rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    say("")
    for name, *numbers in table:
        texts = [f"{number:>{width}}" for number, width in zip(numbers, widths[1:], strict=True)]
        say("  ".join([f"{name:<{widths[0]}}", *texts]).rstrip())


def _number(value: Any) -> str:
    if isinstance(value, tuple):
        return f"{value[0]:,} to {value[1]:,}"
    if isinstance(value, int) and value >= _LARGE:
        return f"about 10^{len(str(value)) - 1}"
    return "" if value is None else f"{value:,}"


def _more(value: int | None) -> str:
    return f"{value:+,}" if value and abs(value) < _LARGE else ""


def _described(a: Space, b: Space, found: Difference) -> dict[str, Any]:
    """The object that `diff --json` prints; of each pair the first is of A, the second of B."""
    from hypercuboid.differences import in_numbers

    return {
        "equal": found.is_empty,
        "names": [a.name, b.name],
        "kinds": [a.elaborated.kind, b.elaborated.kind],
        "arguments": {name: list(sides) for name, sides in found.arguments.items()},
        "inputs": {name: list(sides) for name, sides in found.inputs.items()},
        "decisions": {
            "removed": list(found.removed),
            "added": list(found.added),
            "changed": [_described_change(one) for one in found.changed],
        },
        "picks": {name: list(sides) for name, sides in found.picks.items()},
        "counts": {name: [before, after, more] for name, before, after, more in in_numbers(found)},
        "same_network": not found.networks,
    }


def _described_change(change: DecisionChange) -> dict[str, Any]:
    return {
        "name": change.name,
        "axes_removed": list(change.removed_axes),
        "axes_added": list(change.added_axes),
        "axes": {
            one.axis: {"removed": list(one.removed), "added": list(one.added), "moved": one.moved}
            for one in change.axes
        },
        "compete": None if change.compete is None else [list(side) for side in change.compete],
    }
