"""`hypercuboid evaluate`: a trained network scored on test sets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hypercuboid.cli.common import (
    PATH,
    data_option,
    device_option,
    json_option,
    print_json,
    say,
    threads_option,
    use_device,
)

if TYPE_CHECKING:
    from hypercuboid.training.train import Score

trained_argument = click.argument(
    "target", metavar="RUN|MODEL.py", type=PATH, help="The folder of a training, or a generated file."
)
weights_option = click.option(
    "--weights", type=PATH, metavar="FILE", help="A safetensors file; without it, those of the run."
)


@click.command()
@trained_argument
@weights_option
@data_option
@click.option("--split", "splits", multiple=True, metavar="NAME", help="A split to score on; all test sets without it.")
@click.option("--metric", default="", metavar="MODULE:FUNCTION", help="What to score by; without it, as in training.")
@click.option("--batch", type=click.IntRange(min=1), default=512, help="Inputs at once.")
@device_option
@threads_option
@json_option
def evaluate(
    target: Path,
    weights: Path | None,
    data: str,
    splits: tuple[str, ...],
    metric: str,
    batch: int,
    device: str,
    threads: int | None,
    as_json: bool,
) -> None:
    """Score a trained network on the test sets of any data that fit, with exact 95 % intervals.

    The inputs are normalised as in training, whatever the data's own mean and deviation are. The file is run, so give
    only files that you trust.

    Examples:

      hypercuboid evaluate runs/first-trained --data digits

      hypercuboid evaluate runs/first-trained --data cifar10.1:data --json
    """
    from hypercuboid.data.base import load_data
    from hypercuboid.training.evaluate import evaluate as scores_of
    from hypercuboid.training.trained import open_trained

    chosen = use_device(device, threads)
    trained = open_trained(target, weights, chosen)
    found = scores_of(trained, load_data(data), splits, chosen, batch, metric)
    if as_json:
        print_json({name: score_data(one) for name, one in found.items()})
        return
    for name, one in found.items():
        say(score_line(name, one))


def score_line(name: str, score: Score) -> str:
    """A score in words."""
    low, high = score.interval
    if score.squares is not None:
        return f"{name} {score.metric} {score.accuracy:.6g}, 95 % interval {low:.6g} to {high:.6g}"
    return (
        f"{name} {score.metric} {100 * score.accuracy:.2f} % ({score.correct} of {score.total}), "
        f"95 % interval {100 * low:.2f} to {100 * high:.2f} %"
    )


def score_data(score: Score) -> dict[str, object]:
    """A score for programs."""
    low, high = score.interval
    return {
        "metric": score.metric,
        "accuracy": score.accuracy,
        "interval": [low, high],
        "correct": score.correct,
        "total": score.total,
    }
