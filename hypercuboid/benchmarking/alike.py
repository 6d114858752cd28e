"""Architectures of a space trained from scratch, all alike; a file keeps what was trained once."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import torch

from hypercuboid.data.base import DataSet
from hypercuboid.graph.selection.uniform import architecture
from hypercuboid.network.model import Model
from hypercuboid.pipeline import Space
from hypercuboid.training.engine import Engine
from hypercuboid.training.recipe import Recipe
from hypercuboid.training.train import Progress, Step, Training

CPU = torch.device("cpu")


@dataclass(frozen=True)
class Trained:
    """An architecture by its number (`graph.numbering`), trained on a split with a seed, and its right answers on
    another. `seconds` are of the process's time.
    """

    number: int
    on: str
    seed: int
    params: int
    macs: int
    correct: int
    total: int
    seconds: float

    @property
    def accuracy(self) -> float:
        return self.correct / self.total


@dataclass(frozen=True)
class Alike:
    """Trains architectures of a space with one recipe. A CSV file of the folder, its name made of space, data and
    recipe, keeps what has been trained already.

    Of split `train` the score is that on `test`; of `search-train` that on `search-validation`.
    """

    space: Space
    data: DataSet
    recipe: Recipe
    folder: Path
    device: torch.device = CPU
    watch: Callable[[Step], None] = lambda step: None

    @cached_property
    def kept(self) -> Path:
        """The file of what was trained with these settings."""
        recipe = self.recipe.model_dump_json(exclude_defaults=True)
        same = f"{self.space.graph.hash} {self.data.fingerprint()} {recipe}"
        return self.folder / f"trained-{sha256(same.encode()).hexdigest()[:12]}.csv"

    def train(self, number: int, on: str = "train", seed: int = 0) -> Trained:
        """From scratch, or from the file."""
        found = self._known.get((number, on, seed))
        if found is None:
            found = self._trained(number, on, seed)
            self._known[number, on, seed] = found
            self._append(found)
        return found

    def _trained(self, number: int, on: str, seed: int) -> Trained:
        begun = time.process_time()
        decided = architecture(self.space.graph, number)
        alone = Space(replace(self.space.request, binding=(*self.space.request.binding, *decided)))
        counts = alone.counts()
        assert counts.params is not None
        assert counts.macs is not None
        torch.manual_seed(seed)
        network = Model(alone.elaborated, seed).to(self.device)
        network.to(memory_format=torch.channels_last)
        data = self.data if on == "train" else _searched(self.data)
        training = Training(Engine(network, self.recipe, self.device), data, seed)
        scored = training.run(Progress(), self.watch)
        seconds = round(time.process_time() - begun, 2)
        return Trained(number, on, seed, counts.params, counts.macs, int(scored.correct), scored.total, seconds)

    @cached_property
    def _known(self) -> dict[tuple[int, str, int], Trained]:
        if not self.kept.is_file():
            return {}
        with self.kept.open(encoding="utf-8", newline="") as file:
            rows = [_read(row) for row in csv.DictReader(file)]
        return {(one.number, one.on, one.seed): one for one in rows}

    def _append(self, one: Trained) -> None:
        fresh = not self.kept.is_file()
        self.kept.parent.mkdir(parents=True, exist_ok=True)
        with self.kept.open("a", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(asdict(one)), lineterminator="\n")
            if fresh:
                writer.writeheader()
            writer.writerow(asdict(one))


def _searched(data: DataSet) -> DataSet:
    """The data as a search sees them: its halves stand for `train` and `test`."""
    halves = {"train": data.splits["search-train"], "test": data.splits["search-validation"]}
    return replace(data, splits=halves)


def _read(row: dict[str, str]) -> Trained:
    numbers = {name: int(row[name]) for name in ("number", "seed", "params", "macs", "correct", "total")}
    return Trained(on=row["on"], seconds=float(row["seconds"]), **numbers)
