"""`hypercuboid plan`: what a search would take, before any training."""

from __future__ import annotations

from typing import Any

import click

from hypercuboid.cli.common import (
    device_option,
    inputs_option,
    json_option,
    parameters_option,
    print_json,
    say,
    say_table,
    seed_option,
    split_target,
    target_argument,
    threads_option,
    use_device,
)


@click.command()
@target_argument
@click.option("--data", required=True, metavar="NAME", help="The data set, as for `search`.")
@click.option("--batch", type=click.IntRange(min=2, max=1_000_000), default=64, help="Images in one step.")
@click.option("--samples", type=click.IntRange(min=1), default=100_000, help="Architectures of the histograms.")
@click.option("--no-probe", is_flag=True, help="Make no step: all but the time is said.")
@seed_option
@parameters_option
@inputs_option
@device_option
@threads_option
@json_option
def plan(
    target: str,
    data: str,
    batch: int,
    samples: int,
    no_probe: bool,
    seed: int,
    parameters: tuple[str, ...],
    inputs: tuple[str, ...],
    device: str,
    threads: int | None,
    as_json: bool,
) -> None:
    """Plan a first-order search: size of the space, costs, peak memory, time of an epoch, largest batch that fits.

    Least, greatest, mean and variance of costs are exact over all architectures; histograms are of architectures drawn
    uniformly. Memory is predicted without running anything; time comes from a few probe steps on noise.

    Examples:

      hypercuboid plan spaces/multichannelnet.hc --data digits --batch 64

      hypercuboid plan spaces/darts.hc --data digits -p c=4 -p layers=3 --batch 32 --json
    """
    from hypercuboid.data.base import load_data
    from hypercuboid.planning import described, make_plan
    from hypercuboid.search.recipe import Recipe
    from hypercuboid.searching import load_for_data, settings_of

    images = load_data(data)
    file, name = split_target(target)
    name, _ = settings_of(file, name)
    space = load_for_data(file, name, parameters, inputs, images)
    recipe = Recipe(batch=batch, seed=seed)
    made = described(make_plan(space, images, recipe, use_device(device, threads), samples, not no_probe))
    if as_json:
        print_json({"space": space.name, "data": images.name, "batch": batch, **made})
    else:
        _print(space.name, batch, made)


def _print(name: str, batch: int, made: dict[str, Any]) -> None:
    count = made["architectures"]
    exact = count is not None and count < 10**30
    memory, seconds = made["memory"], made["seconds_per_epoch"]
    rows = [
        ("space", name),
        ("weights", f"{made['weights']:,} in {made['groups']:,} competing groups"),
        ("architectures", f"{count:,}" if exact else f"about 10^{made['architectures_log10']:.1f}"),
        ("plan of the supernet", f"{made['plan']['name']}: {made['plan']['why']}"),
        ("peak memory of a step", f"{_size(memory['peak'])} at batch {batch}"),
        ("  parameters and buffers", _size(memory["weights"])),
        ("  gradients", _size(memory["gradients"])),
        ("  optimizers", _size(memory["optimizers"])),
        ("  kept for backward", _size(memory["activations"])),
        ("largest batch", _batch(made)),
        ("time of an epoch", "" if seconds is None else f"{seconds:.3g} s, {made['steps_per_epoch']} pairs of steps"),
    ]
    for title, text in rows:
        if text:
            say(f"{title:<26} {text}")
    for measure in ("params", "macs"):
        _print_cost(measure, made)


def _batch(made: dict[str, Any]) -> str:
    available = made["memory"]["available"]
    if available is None:
        return ""
    largest = f"{made['largest_batch']:,}" if made["largest_batch"] else "none"
    return f"{largest} in {_size(available)} of free memory"


def _print_cost(measure: str, made: dict[str, Any]) -> None:
    """The spread and the histogram of a cost."""
    from rich.table import Table

    cost = made["costs"][measure]
    of = f"{made['drawn']:,} drawn architectures" if made["elaborated"] else "all architectures"
    say("")
    say(f"{measure} over {of}: {cost['least']:,} to {cost['greatest']:,}")
    say(f"  mean {cost['mean']:,.1f}, variance {cost['variance']:.6g}, deviation {cost['variance'] ** 0.5:,.1f}")
    counts, edges = cost["histogram"]["counts"], cost["histogram"]["edges"]
    table = Table(box=None, show_header=False, pad_edge=True)
    table.add_column(justify="right")
    table.add_column()
    table.add_column(justify="right")
    for position, number in enumerate(counts):
        share = f"{100 * number / made['drawn']:.1f} %"
        table.add_row(f"{edges[position]:,.0f}", "█" * round(40 * number / max(counts)), share)
    say_table(table)


def _size(number: float) -> str:
    unit = 0
    while number >= 1024 and unit < 3:
        number, unit = number / 1024, unit + 1
    return f"{number:.3g} {('bytes', 'KiB', 'MiB', 'GiB')[unit]}"
