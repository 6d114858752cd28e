"""A process of its own whose run loses a loader worker: prints the code that it ends with.

    python dying_worker.py search|train FOLDER

Torch tells of a worker's death by a signal, wherever the process is just then, and again when other workers end: in the
process of the tests that would be in the middle of another test.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import torch

from hypercuboid.data.base import load_data
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.search.recipe import Recipe
from hypercuboid.searching import SearchRequest, load_for_data, run_search
from hypercuboid.training.recipe import Recipe as TrainingRecipe
from hypercuboid.training.run import TrainingRequest, train_file

CPU = torch.device("cpu")
SEARCH = Recipe(epochs=3, batch=8, augment="crop=2")
TRAINING = TrainingRecipe(epochs=4, batch=10, augment="crop")


def training_request(folder: Path, name: str, workers: int) -> TrainingRequest:
    data = load_data(f"cifar10:{folder}")
    return TrainingRequest(folder / "model.py", data, folder / name, TRAINING, 0, CPU, workers, "", 0)


def _killing(at: int) -> Callable[[Any], None]:
    def kill(step: Any) -> None:
        if step.step == at:
            for worker in active_children():
                worker.kill()

    return kill


def _search(folder: Path) -> None:
    data = load_data(f"arrays/16+20:{folder / 'images.npz'}")
    space = load_for_data(str(folder / "space.hc"), None, (), (), data)
    run_search(SearchRequest(space, data, folder / "run", SEARCH, CPU, 1, checkpoint_seconds=0), _killing(3))


def _train(folder: Path) -> None:
    train_file(training_request(folder, "run", 1), _killing(15))


if __name__ == "__main__":
    torch.set_num_threads(1)
    try:
        {"search": _search, "train": _train}[sys.argv[1]](Path(sys.argv[2]))
        told = "nothing"
    except HypercuboidError as problem:
        told = problem.diagnostics[0].code
    sys.stdout.write(f"{told}\n")
    sys.stdout.flush()
    os._exit(0)
