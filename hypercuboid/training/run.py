"""One training as a run folder: what came in, how it went, the weights and the result."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from hypercuboid.data.base import DataSet
from hypercuboid.runs.folder import RunFolder
from hypercuboid.training.model_file import check_network, load_network
from hypercuboid.training.recipe import Recipe
from hypercuboid.training.train import Score, Step, Training, learning_rate


@dataclass(frozen=True)
class TrainingRequest:
    """What `hypercuboid train` was asked for."""

    model: Path
    data: DataSet
    run: Path
    recipe: Recipe
    seed: int
    device: torch.device
    workers: int = 0
    command: str = ""


def train_file(request: TrainingRequest, watch: Callable[[Step], None]) -> Score:
    """Trains the network of a file; the run folder then holds its source, weights, metrics and `result.json`.

    The folder is made after file and data have been found to fit. An interrupted run keeps the weights so far.
    """
    torch.manual_seed(request.seed)
    network = load_network(request.model).to(request.device)
    check_network(network, request.data, request.device)
    with RunFolder.create(request.run, _config(request)) as run:
        run.write_text("model.py", request.model.read_text(encoding="utf-8"))

        def step_done(step: Step) -> None:
            if step.epoch_done:
                rate = learning_rate(request.recipe, step.epoch)
                run.log(epoch=step.epoch, lr=rate, loss=step.loss, accuracy=step.accuracy)
            watch(step)

        begun = time.monotonic()
        training = Training(
            network, request.data, request.recipe, request.seed, request.device, request.workers, step_done
        )
        try:
            score = training.run()
        finally:
            run.write_tensors("weights.safetensors", network.state_dict())
        params = sum(one.numel() for name, one in network.named_parameters() if "aux" not in name)
        run.write_json("result.json", _result(score, params, time.monotonic() - begun))
    return score


def _config(request: TrainingRequest) -> dict[str, Any]:
    return {
        "kind": "train",
        "command": request.command,
        "model": str(request.model),
        "data": request.data.name,
        "seed": request.seed,
        "workers": request.workers,
        "device": str(request.device),
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
        "recipe": request.recipe.model_dump(),
    }


def _result(score: Score, params: int, seconds: float) -> dict[str, Any]:
    return {
        "split": "test",
        "correct": score.correct,
        "total": score.total,
        "accuracy": score.accuracy,
        "interval": list(score.interval),
        "confidence": 0.95,
        "params": params,
        "seconds": round(seconds, 2),
    }
