"""`hypercuboid profile`: how long each op of a space takes on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hypercuboid.cli.common import (
    PATH,
    device_option,
    inputs_option,
    open_target,
    parameters_option,
    quiet_option,
    say,
    target_argument,
    threads_option,
    use_device,
)

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph


@click.command()
@target_argument
@click.option("-o", "--output", type=PATH, required=True, metavar="FILE", help="The CSV file; what it has is reused.")
@click.option("--batch", type=click.IntRange(min=1, max=1_000_000), default=1, help="Inputs at once.")
@click.option("--repeats", type=click.IntRange(min=2, max=10_000), default=20, help="Measurements of each op.")
@click.option("--backward", is_flag=True, help="Forward and backward in training mode; else forward in eval mode.")
@parameters_option
@inputs_option
@device_option
@threads_option
@quiet_option
def profile(
    target: str,
    output: Path,
    batch: int,
    repeats: int,
    backward: bool,
    parameters: tuple[str, ...],
    inputs: tuple[str, ...],
    device: str,
    threads: int | None,
    quiet: bool,
) -> None:
    """Measure every distinct op of the architectures of a space (op, arguments, input shapes), one by one.

    Writes median and spread in nanoseconds, with device, torch and threads, into a CSV file. Where that exists, only
    what is missing is measured. The latency of an architecture is the sum over its ops.

    Examples:

      hypercuboid profile spaces/multichannelnet.hc --input 3x32x32 -o ops.csv

      hypercuboid profile spaces/darts.hc --backward --batch 64 --threads 1 -o darts.csv
    """
    from hypercuboid.cli.progress import Watch
    from hypercuboid.graph.latencies import ops_of
    from hypercuboid.network.profile import setting_of
    from hypercuboid.profiling import profile_ops

    graph = open_target(target, parameters, inputs).graph
    setting = setting_of(chosen := use_device(device, threads), batch, "both" if backward else "forward")
    ops = ops_of(graph)
    with Watch("profile", len(ops), quiet) as watch:
        measured = profile_ops(ops, output, setting, chosen, repeats, lambda done, op: watch.update(done, op.name))
    say(f"device {setting.device}, torch {setting.torch}, threads {setting.threads}, batch {batch}, {setting.passes}")
    say(f"{len(ops)} distinct ops, {measured} measured now")
    _print_range(graph, output)
    say(f"wrote {output}")


def _print_range(graph: Graph, output: Path) -> None:
    from hypercuboid.graph.latencies import latency_forest
    from hypercuboid.graph.statistics import statistics

    exact = graph.counts().architectures is not None
    found = statistics(latency_forest(graph, output), exact, ("nanoseconds",))
    if found is not None:
        spread = found["nanoseconds"]
        mean, least, most = (float(one) / 1e6 for one in (spread.mean, spread.least, spread.greatest))
        say(f"latency over all architectures {least:.3f} to {most:.3f} ms, mean {mean:.3f} ms")
