"""`hypercuboid compile`: what a space, an architecture or a block is, counted exactly."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hypercuboid.cli.common import (
    PATH,
    inputs_option,
    json_option,
    open_target,
    parameters_option,
    print_json,
    quiet_option,
    say,
    show_diagnostics,
    target_argument,
)

if TYPE_CHECKING:
    from hypercuboid.graph.counts import Counts
    from hypercuboid.pipeline import Space


@click.command()
@target_argument
@parameters_option
@inputs_option
@json_option
@click.option("--count", is_flag=True, help="Print the counts of a space that is too large to elaborate, and exit 0.")
@click.option("-o", "--output", type=PATH, help="Write the flat graph as networkx node-link JSON.")
@quiet_option
def compile(
    target: str,
    parameters: tuple[str, ...],
    inputs: tuple[str, ...],
    as_json: bool,
    count: bool,
    output: Path | None,
    quiet: bool,
) -> None:
    """Compile a space and print what it is: weights, groups, architectures, params, macs.

    Nothing is built or trained; torch is not imported. FILE alone is its only space or, without one, its only
    architecture; FILE:NAME a space, an architecture or a block, FILE:NAME(ARGUMENTS) a block with arguments.

    Examples:

      hypercuboid compile spaces/multichannelnet.hc -p filters=[32,64] --json

      hypercuboid compile 'spaces/sharpsepconv.hc:FlexSepConv(c = 64)' --input 64x32x32
    """
    from hypercuboid.diagnostics import HypercuboidError

    try:
        space = open_target(target, parameters, inputs)
        counts = space.counts()
    except HypercuboidError as problem:
        if count and all(one.code == "HC4001" for one in problem.diagnostics):
            _print_refused(problem)
            return
        raise
    show_diagnostics(space.elaborated.warnings)
    if as_json:
        print_json(describe(space, counts))
    elif not quiet:
        _print_table(space, counts)
    if output is not None:
        _write_graph(space, output)


def describe(space: Space, counts: Counts) -> dict[str, Any]:
    """The one object that `compile --json` prints."""
    from hypercuboid.frontend.elaborated import label_text

    def label(value: Any) -> Any:
        return label_text(value) if isinstance(value, tuple) else value

    decisions = [
        {
            "name": decision.name,
            "axes": {axis.name: [label(one) for one in axis.labels] for axis in decision.axes},
            "compete": list(decision.compete),
        }
        for decision in space.graph.decisions
    ]
    return {
        "name": space.name,
        "kind": space.elaborated.kind,
        "tuple": counts.tuple,
        "weights": counts.weights,
        "groups": counts.groups,
        "architectures": counts.architectures,
        "architectures_log10": None if counts.architectures == 0 else counts.architectures_log10,
        "additive": counts.additive,
        "params": counts.params,
        "macs": counts.macs,
        "add_mult": counts.add_mult,
        "activations": counts.activations,
        "params_range": _listed(counts.params_range),
        "macs_range": _listed(counts.macs_range),
        "decisions": decisions,
    }


def _listed(value: tuple[int, int] | None) -> list[int] | None:
    return None if value is None else list(value)


def _print_table(space: Space, counts: Counts) -> None:
    rows = [
        (space.elaborated.kind, space.name),
        ("tuple", counts.tuple),
        ("weights", _number(counts.weights)),
        ("competing groups", _number(counts.groups)),
        ("architectures", _architectures(counts)),
        ("params", _number(counts.params)),
        ("macs", _number(counts.macs)),
        ("add_mult", _number(counts.add_mult)),
        ("activation bytes", _number(counts.activations)),
        ("params over architectures", _range(counts.params_range)),
        ("macs over architectures", _range(counts.macs_range)),
    ]
    for name, text in rows:
        if text:
            say(f"{name:<26} {text}")
    if counts.params is None:
        say("costs need the shape of the input: --input 3x32x32")


def _architectures(counts: Counts) -> str:
    if counts.architectures is not None and counts.architectures < 10**30:
        return _number(counts.architectures)
    return f"about 10^{counts.architectures_log10:.1f}"


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _range(value: tuple[int, int] | None) -> str:
    return "" if value is None else f"{value[0]:,} to {value[1]:,}"


def _print_refused(problem: Any) -> None:
    for one in problem.diagnostics:
        say(one.message)
        for note in one.notes:
            say(f"  {note}")


def _write_graph(space: Space, output: Path) -> None:
    import json

    from hypercuboid.runs.files import write_text

    write_text(output, json.dumps(space.graph.to_node_link(), indent=1) + "\n")
    say(f"wrote {output}")
