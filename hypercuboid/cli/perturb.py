"""`hypercuboid perturb`: alternatives weighed by what the supernet of a run loses without them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hypercuboid.cli.common import (
    PATH,
    data_option,
    device_option,
    json_option,
    open_target,
    print_json,
    quiet_option,
    say,
    threads_option,
    use_device,
)

if TYPE_CHECKING:
    from hypercuboid.pipeline import Architecture
    from hypercuboid.search.removal import Removals


@click.command()
@click.argument("run", metavar="RUN", type=PATH)
@data_option
@click.option("-o", "--output", type=PATH, help="The weights file; without it RUN/perturbation.json.")
@click.option("--images", type=click.IntRange(min=2), default=1000, help="Of search-validation, from the first on.")
@device_option
@threads_option
@json_option
@quiet_option
def perturb(
    run: Path,
    data: str,
    output: Path | None,
    images: int,
    device: str,
    threads: int | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Weigh the alternatives of a searched space by the loss of its supernet without each of them, and select.

    DARTS-PT: softmax(alpha) says what the search leaned to, not what the supernet needs. The weight of an alternative
    is how much larger the loss is without it than without the least missed one of its group. The file is for
    `select RUN --weights FILE`, whose rules, budgets and fronts hold for these weights as for any.

    Examples:

      hypercuboid perturb runs/first --data digits

      hypercuboid select runs/first --weights runs/first/perturbation.json --budget macs=5e6
    """
    from hypercuboid.cli.progress import Watch
    from hypercuboid.data.base import load_data
    from hypercuboid.graph.weights_writer import write_weights
    from hypercuboid.perturbing import perturbed

    space = open_target(str(run), (), ())
    chosen = use_device(device, threads)
    total = sum(int(one.reaching().sum()) for one in space.graph.decisions)
    with Watch("perturb", total, quiet or as_json) as watch:
        found = perturbed(space, run, load_data(data), chosen, images, lambda done, _: watch.update(done, ""))
    path = output or run / "perturbation.json"
    write_weights(path, space.graph, found.weights(), "scores")
    best = space.select(found.weights())
    if as_json:
        print_json({"loss": found.loss, "weights": str(path), "arch": best.text})
        return
    _print(found, best, path)


def _print(found: Removals, best: Architecture, path: Path) -> None:
    say(f"# loss of the supernet {found.loss:.6g}")
    say(best.text.rstrip("\n"))
    say(f"wrote {path}")
