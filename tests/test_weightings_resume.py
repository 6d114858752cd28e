"""A stopped search goes on bit for bit: under random weightings, as what is drawn depends on seed and step alone, and
under each plan."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest
import torch
from native_kernel import need_kernel
from supernets import ROOT

from hypercuboid.data.base import DataSet, Split, load_data
from hypercuboid.runs.signals import Stopped
from hypercuboid.search.progress import Step
from hypercuboid.search.recipe import Recipe
from hypercuboid.searching import SearchRequest, load_for_data, run_search

SMALL = ["filters=[4, 8]", "reductions=1", "layers=2", "head=8"]


def request(run: Path, recipe: Recipe) -> SearchRequest:
    whole = load_data("digits")
    splits = {name: Split(split.x[:96], split.y[:96]) for name, split in whole.splits.items()}
    data = DataSet(whole.name, whole.input_type, whole.class_names, whole.mean, whole.std, splits)
    space = load_for_data(str(ROOT / "spaces" / "multichannelnet.hc"), None, SMALL, (), data)
    return SearchRequest(space, data, run, recipe, torch.device("cpu"))


@pytest.mark.parametrize("weighting", ["gumbel_softmax", "dirichlet", "uniform", "gdas", "proxyless"])
def test_a_stopped_search_goes_on_bit_for_bit(weighting: str, tmp_path: Path) -> None:
    stopped_and_whole(Recipe(epochs=2, batch=48, seed=3, weighting=weighting, perturb="random"), tmp_path)


@pytest.mark.parametrize("plan", ["fused", "native"])
def test_a_stopped_search_goes_on_bit_for_bit_under_a_plan(plan: str, tmp_path: Path) -> None:
    if plan == "native":
        need_kernel()
    stopped_and_whole(Recipe(epochs=2, batch=48, seed=3, strategy="first_order", plan=plan), tmp_path)
    assert json.loads((tmp_path / "parts" / "plan.json").read_text())["plan"] == plan


def stopped_and_whole(recipe: Recipe, tmp_path: Path) -> None:
    """Stops a search in its third step, lets it go on, and holds what it leaves against an unbroken one."""
    torch.set_num_threads(1)
    run_search(request(tmp_path / "whole", recipe), lambda step: None)

    def stop(step: Step) -> None:
        if step.step == 3:
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(Stopped):
        run_search(request(tmp_path / "parts", recipe), stop)
    run_search(request(tmp_path / "parts", recipe), lambda step: None)
    for name in ("weights.json", "supernet.safetensors", "arch.hc"):
        assert (tmp_path / "whole" / name).read_bytes() == (tmp_path / "parts" / name).read_bytes()
