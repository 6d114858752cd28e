"""`hypercuboid contains`: is an architecture in a space."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from hypercuboid.cli.common import (
    inputs_option,
    json_option,
    open_found,
    open_target,
    or_trouble,
    parameters_option,
    print_json,
    quiet_option,
    remark,
    say,
    show_diagnostics,
)

if TYPE_CHECKING:
    from hypercuboid.containment import Containment
    from hypercuboid.pipeline import Space

NO = 1

_SHOWN = 10


@click.command()
@click.argument("space", metavar="SPACE", help="FILE[:NAME] of a space, or a RUN that searched it.")
@click.argument("architecture", metavar="ARCH", help="FILE:NAME, or a RUN: what it found.")
@parameters_option
@inputs_option
@json_option
@quiet_option
def contains(
    space: str, architecture: str, parameters: tuple[str, ...], inputs: tuple[str, ...], as_json: bool, quiet: bool
) -> None:
    """Say whether a space contains an architecture, and if not, why.

    It does where its decisions can be made as the architecture makes them, and give the same network. The architecture
    may be of another space whose decisions have equal names, or partial: then all that it leaves open must be open in
    the space. -p and --input set parameters and shapes of SPACE. Exits 0 for yes, 1 for no, 2 where the question
    cannot be answered.

    Examples:

      hypercuboid contains spaces/darts.hc found.hc:Mine -p c=36 -p layers=20

      hypercuboid contains spaces/darts.hc runs/first
    """
    with or_trouble():
        first = open_target(space, parameters, inputs)
        second = open_found(architecture)
        found = first.contains(second)
    if as_json:
        print_json(_described(first, second, found))
    elif not found.contained:
        _show(found)
    if not quiet and not as_json:
        say(f"`{first.name}` {'contains' if found.contained else 'does not contain'} `{second.name}`")
    if not found.contained:
        raise click.exceptions.Exit(NO)


def _show(found: Containment) -> None:
    """The reasons, the first of many."""
    show_diagnostics(found.reasons[:_SHOWN])
    left = len(found.reasons) - _SHOWN
    if left > 0:
        remark(f"\nand {left} more")


def _described(space: Space, architecture: Space, found: Containment) -> dict[str, Any]:
    """The object that `contains --json` prints."""
    from hypercuboid.rendering import to_json

    return {
        "space": space.name,
        "architecture": architecture.name,
        "contained": found.contained,
        "reasons": to_json(found.reasons),
    }
