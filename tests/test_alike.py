"""Architectures trained alike: the same number as training by itself gives, and once only."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch
from supernets import ROOT

from hypercuboid.benchmarking.alike import Alike
from hypercuboid.data.base import DataSet, load_data
from hypercuboid.graph.selection.uniform import architecture
from hypercuboid.network.model import Model
from hypercuboid.pipeline import Space
from hypercuboid.searching import load_for_data
from hypercuboid.training.engine import Engine
from hypercuboid.training.recipe import Recipe
from hypercuboid.training.train import Progress, Step, Training

FILE = str(ROOT / "spaces" / "nas_bench_macro.hc")
RECIPE = Recipe(epochs=1, lr=0.1)
CPU = torch.device("cpu")


def small() -> tuple[Space, DataSet]:
    data = load_data("digits")
    return load_for_data(FILE, "NASBenchMacro", ["stages=[1, 1, 1]", "c=2", "head=8"], [], data), data


def test_it_is_what_training_of_the_generated_file_gives(tmp_path: Path) -> None:
    space, data = small()
    kept = architecture(space.graph, 5)
    found = Alike(space, data, RECIPE, tmp_path).train(5, seed=3)
    alone = Space(replace(space.request, binding=(*space.request.binding, *kept)))
    network = Model(alone.elaborated, 3).to(memory_format=torch.channels_last)
    training = Training(Engine(network, RECIPE, CPU), data, 3)
    scored = training.run(Progress())
    counts = alone.counts()
    assert (found.correct, found.total) == (scored.correct, scored.total) == (found.correct, len(data.splits["test"]))
    assert (found.number, found.on, found.seed) == (5, "train", 3)
    assert (found.params, found.macs) == (counts.params, counts.macs)
    assert 0 < found.accuracy < 1


def test_halves_of_a_search_are_trained_and_scored(tmp_path: Path) -> None:
    space, data = small()
    found = Alike(space, data, RECIPE, tmp_path).train(5, "search-train")
    assert found.total == len(data.splits["search-validation"])


def test_what_is_in_the_file_is_not_trained_again(tmp_path: Path) -> None:
    space, data = small()
    steps: list[Step] = []
    first = Alike(space, data, RECIPE, tmp_path, watch=steps.append).train(5)
    assert len(steps) == first_steps(data)
    again = Alike(space, data, RECIPE, tmp_path, watch=steps.append)
    assert again.train(5) == first
    assert len(steps) == first_steps(data)
    assert again.train(5, seed=1).seed == 1
    assert len(steps) == 2 * first_steps(data)
    assert len(again.kept.read_text(encoding="utf-8").splitlines()) == 3


def test_other_settings_have_another_file(tmp_path: Path) -> None:
    space, data = small()
    other = RECIPE.model_copy(update={"lr": 0.2})
    assert Alike(space, data, RECIPE, tmp_path).kept != Alike(space, data, other, tmp_path).kept


def first_steps(data: DataSet) -> int:
    """Of one epoch of one training."""
    return -(-len(data.splits["train"]) // RECIPE.batch)
