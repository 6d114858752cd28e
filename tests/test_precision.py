"""Searches in mixed precision: ops in bfloat16, everything that decides in float32."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from torch import nn

from hypercuboid.data.base import DataSet, Split, load_data
from hypercuboid.network.supernet import Supernet
from hypercuboid.pipeline import Space
from hypercuboid.search.recipe import Recipe
from hypercuboid.searching import SearchRequest, load_for_data, run_search

ROOT = Path(__file__).resolve().parent.parent
SMALL = ["filters=[4, 8]", "reductions=1", "layers=2", "head=8"]


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def digits() -> DataSet:
    whole = load_data("digits")
    splits = {name: Split(split.x[:70], split.y[:70]) for name, split in whole.splits.items()}
    return DataSet(whole.name, whole.input_type, whole.class_names, whole.mean, whole.std, splits)


@pytest.fixture(scope="module")
def space(digits: DataSet) -> Space:
    return load_for_data(str(ROOT / "spaces" / "multichannelnet.hc"), None, SMALL, (), digits)


def test_a_supernet_in_bf16_is_that_of_float32_rounded(space: Space, digits: DataSet) -> None:
    plain, mixed = (Supernet(space.graph, seed=1, precision=one) for one in ("32", "bf16"))
    x, y = torch.from_numpy(digits.splits["train"].x[:32]), torch.from_numpy(digits.splits["train"].y[:32])
    seen: list[torch.dtype] = []
    for module in mixed.modules():
        if isinstance(module, nn.Conv2d):
            module.register_forward_hook(lambda module, inputs, output: seen.append(output.dtype))
    wanted, got = plain(x), mixed(x)
    assert set(seen) == {torch.bfloat16}
    assert got.dtype == torch.float32
    assert not torch.equal(got, wanted) and torch.allclose(got, wanted, atol=0.05)
    first, second = (
        torch.autograd.grad(nn.functional.cross_entropy(output, y), supernet.alphas())[0].flatten()
        for output, supernet in zip((wanted, got), (plain, mixed), strict=True)
    )
    assert torch.nn.functional.cosine_similarity(first, second, dim=0) > 0.99


@pytest.mark.parametrize("strategy", ["first_order", "second_order", "single_level", "random"])
def test_every_kind_of_step_runs_in_bf16(space: Space, digits: DataSet, tmp_path: Path, strategy: str) -> None:
    recipe = Recipe(epochs=1, batch=32, strategy=strategy, precision="bf16", evaluations=2, scoring=0.5)
    request = SearchRequest(space, digits, tmp_path / "run", recipe, torch.device("cpu"))
    run_search(request, lambda step: None)
    logged = json.loads((tmp_path / "run" / "metrics.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert 0 < logged["loss"] < 10
    assert json.loads((tmp_path / "run" / "config.json").read_text(encoding="utf-8"))["recipe"]["precision"] == "bf16"
