"""What a search says of itself after each epoch: how the gradients of two halves correlate."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from test_narrowing import RECIPE, digits, request  # noqa: F401  (a fixture)

from hypercuboid.data.base import DataSet
from hypercuboid.search.halves import Halves, correlation
from hypercuboid.searching import run_search


def test_the_correlation_of_the_two_halves_is_numpys() -> None:
    generator = torch.Generator().manual_seed(0)
    steps = [[torch.randn(3, 2, generator=generator), torch.randn(4, generator=generator)] for _ in range(5)]
    halves = Halves({"a": torch.zeros(3, 2), "b": torch.zeros(4)})
    for step in steps:
        halves.add(step)
    flat = np.array([torch.cat([one.flatten() for one in step]).double().numpy() for step in steps])
    assert halves.correlation() == pytest.approx(np.corrcoef(flat[::2].sum(0), flat[1::2].sum(0))[0, 1], abs=1e-14)
    mean = np.concatenate([one.numpy().ravel() for one in halves.mean().values()])
    assert mean == pytest.approx(flat.mean(0), abs=1e-15)


def test_halves_of_one_signal_agree_and_of_opposite_ones_disagree() -> None:
    signal = [torch.tensor([1.0, -2.0, 1.0])]
    assert correlation(signal, [3 * signal[0]]) == pytest.approx(1.0, abs=1e-15)
    assert correlation(signal, [-signal[0]]) == pytest.approx(-1.0, abs=1e-15)
    assert correlation(signal, [torch.ones(3)]) is None


def test_without_two_steps_there_is_none() -> None:
    halves = Halves({"a": torch.zeros(2)})
    assert (halves.correlation(), halves.mean(), halves.tensors()) == (None, {}, {})
    halves.add([torch.tensor([1.0, 2.0])])
    assert halves.correlation() is None
    again = Halves({"a": torch.zeros(2)})
    again.restore(halves.tensors())
    for one in (halves, again):
        one.add([torch.tensor([2.0, 1.0])])
    assert again.correlation() == halves.correlation() == pytest.approx(-1.0, abs=1e-15)
    assert again.tensors().keys() == halves.tensors().keys()


def test_a_search_logs_it_and_leaves_the_gradient_of_its_last_epoch(
    digits: DataSet,  # noqa: F811
    tmp_path: Path,
) -> None:
    torch.set_num_threads(1)
    asked = request(digits, tmp_path / "run")
    run_search(asked, lambda step: None)
    metrics = [json.loads(line) for line in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()]
    assert len(metrics) == RECIPE.epochs
    assert all(-1 <= one["alpha_gradient"] <= 1 for one in metrics)
    assert len({one["alpha_gradient"] for one in metrics}) == len(metrics)
    (gradient,) = load_file(tmp_path / "run" / "alpha-gradient.safetensors").values()
    assert gradient.abs().max() > 0
