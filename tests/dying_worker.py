"""A process of its own whose run loses a loader worker: prints the code that it ends with.

    python dying_worker.py search|train|announcements FOLDER

Torch tells of a worker's death by a signal, wherever the process is just then, and again when other workers end: in the
process of the tests that would be in the middle of another test.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import torch

from hypercuboid.data.base import load_data
from hypercuboid.data.batches import Loader
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.runs.advice import advised
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


def _announcements(folder: Path) -> None:
    """Workers die one after the other: inside, on the way out, after it, and in another run of the same process."""
    split = load_data("digits").splits["train"]
    loaders = [Loader(split, 4, CPU, workers=1) for _ in range(5)]
    batches, workers = [], []
    for loader in loaders:
        before = set(active_children())
        batches.append(loader.epoch(1))
        next(batches[-1])
        workers += sorted(set(active_children()) - before, key=lambda one: one.name)

    def kill(number: int) -> None:
        """Nobody but torch may wait for it: what is waited for is announced no more."""
        workers[number].kill()
        time.sleep(1)

    told = []
    try:
        with advised(4):
            try:
                kill(0)
            finally:
                kill(1)
    except HypercuboidError as problem:
        kill(2)
        told.append(problem.diagnostics[0].code)
    try:
        with advised(4):
            kill(3)
    except HypercuboidError as problem:
        told.append(problem.diagnostics[0].code)
        kill(4)
    assert told == ["HC7045", "HC7045"], told


if __name__ == "__main__":
    torch.set_num_threads(1)
    try:
        {"search": _search, "train": _train, "announcements": _announcements}[sys.argv[1]](Path(sys.argv[2]))
        told = "nothing"
    except HypercuboidError as problem:
        told = problem.diagnostics[0].code
    sys.stdout.write(f"{told}\n")
    sys.stdout.flush()
    os._exit(0)
