"""Searches in mixed precision: ops in a half format, everything that decides in float32."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from hypercuboid.data.base import DataSet, Split, load_data
from hypercuboid.diagnostics import Diagnostic, HypercuboidError
from hypercuboid.network.supernet import Supernet
from hypercuboid.pipeline import Space
from hypercuboid.runs.restoring import Unfit
from hypercuboid.runs.signals import Stopped
from hypercuboid.search.progress import Step
from hypercuboid.search.recipe import Recipe
from hypercuboid.search.strategies import Batch, Moment
from hypercuboid.search.strategies.bilevel import SCALES, Bilevel
from hypercuboid.search.strategies.narrowing import carried
from hypercuboid.search.strategies.second_order import FiniteDifference, SecondOrder
from hypercuboid.search.strategies.single_level import SingleLevel
from hypercuboid.searching import SearchRequest, load_for_data, run_search

ROOT = Path(__file__).resolve().parent.parent
CPU = torch.device("cpu")
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


STEPS = [
    *({"precision": "bf16", "strategy": name} for name in ("first_order", "second_order", "single_level")),
    {"precision": "fp16", "strategy": "first_order", "perturb": "adversarial", "perturb_steps": 1, "curvature": 1},
    *({"precision": one, "strategy": "random", "scorer": "shared", "scoring": 0.5} for one in ("bf16", "fp16")),
]


@pytest.mark.parametrize("more", STEPS, ids=lambda more: "-".join(map(str, more.values())))
def test_every_kind_of_step_runs(space: Space, digits: DataSet, tmp_path: Path, more: dict[str, Any]) -> None:
    recipe = Recipe.model_validate({"epochs": 1, "batch": 32, "evaluations": 2, **more})
    said: list[Diagnostic] = []
    run_search(SearchRequest(space, digits, tmp_path / "run", recipe, CPU), lambda step: None, said.append)
    assert [one.code for one in said] == (["HC7602"] if recipe.precision == "fp16" else [])
    logged = json.loads((tmp_path / "run" / "metrics.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert 0 < logged["loss"] < 10
    held = json.loads((tmp_path / "run" / "config.json").read_text(encoding="utf-8"))
    assert held["recipe"]["precision"] == recipe.precision


# ---------------------------------------------------------------- fp16: scaled losses, a scale for each optimizer

KINDS = [Bilevel, SingleLevel, SecondOrder, FiniteDifference]


def searched(kind: type[Bilevel], space: Space, precision: str = "fp16") -> Bilevel:
    recipe = Recipe.model_validate({"strategy": "first_order", "precision": precision})
    return kind(Supernet(space.graph, seed=1, precision=precision), recipe)


def pair(digits: DataSet) -> tuple[Batch, Batch]:
    x, y = (torch.from_numpy(one) for one in (digits.splits["train"].x, digits.splits["train"].y))
    return (x[:32], y[:32]), (x[32:64], y[32:64])


def kept(bilevel: Bilevel) -> dict[str, Tensor]:
    """The parameters, and what the optimizers remember."""
    found = {name: one for name, one in bilevel.tensors().items() if "scale" not in name and "running" not in name}
    return {name: one.clone() for name, one in found.items() if "num_batches" not in name}


@pytest.mark.parametrize("kind", [Bilevel, SecondOrder, FiniteDifference])
def test_architecture_gradients_are_those_of_float32_rounded(
    kind: type[Bilevel], space: Space, digits: DataSet
) -> None:
    training, validation = pair(digits)
    found: list[Tensor] = []
    for precision in ("32", "fp16"):
        bilevel = searched(kind, space, precision)
        scaled, _ = bilevel.alpha_gradients(validation, training, bilevel.supernet.weigh(), "step 1")
        found.append(torch.cat([one.flatten() for one in bilevel.alpha_scale.true(scaled)]))
    assert torch.cosine_similarity(found[0], found[1], dim=0) > 0.99
    assert float(found[1].norm()) == pytest.approx(float(found[0].norm()), rel=0.1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_that_overflows_is_left_out_and_its_scale_halved(
    kind: type[Bilevel], space: Space, digits: DataSet
) -> None:
    bilevel = searched(kind, space)
    for name in SCALES:
        bilevel.restore({**bilevel.tensors(), name: torch.tensor([2.0**120, 7], dtype=torch.float64)}, {})
    before, moment = kept(bilevel), Moment()
    bilevel.step(*pair(digits), moment)
    after = kept(bilevel)
    assert after.keys() == before.keys() and all(torch.equal(after[name], one) for name, one in before.items())
    assert [bilevel.tensors()[name].tolist() for name in SCALES] == [[2.0**119, 0]] * 2
    assert not bilevel.halves.steps


def test_numbers_that_are_none_are_refused_where_no_scale_can_be_to_blame(space: Space, digits: DataSet) -> None:
    bilevel = searched(Bilevel, space)
    hooked = bilevel.weights[0]
    hooked.register_hook(lambda gradient: torch.full_like(gradient, torch.nan))  # type: ignore[no-untyped-call]
    for _ in range(16):
        bilevel.weight_step(pair(digits)[0], "step 1")
    assert bilevel.tensors()["weight-scale"].tolist() == [1.0, 0]
    with pytest.raises(HypercuboidError, match="a gradient is not finite in step 17"):
        bilevel.weight_step(pair(digits)[0], "step 17")


@pytest.mark.parametrize("scale", [0.0, -2.0, float("nan"), float("inf")])
def test_a_scale_that_is_none_is_not_gone_on_from(scale: float, space: Space) -> None:
    bilevel = searched(Bilevel, space)
    with pytest.raises(Unfit, match="alpha-scale"):
        bilevel.restore({**bilevel.tensors(), "alpha-scale": torch.tensor([scale, 0], dtype=torch.float64)}, {})


def test_a_narrowed_search_keeps_its_scales(space: Space) -> None:
    before, after = searched(Bilevel, space), searched(Bilevel, space)
    before.restore({**before.tensors(), "weight-scale": torch.tensor([512.0, 3], dtype=torch.float64)}, {})
    after.restore(carried(before, after), {})
    assert after.tensors()["weight-scale"].tolist() == [512.0, 3]


@pytest.mark.parametrize("strategy", ["first_order", "second_order", "random"])
def test_a_search_in_fp16_goes_on_bit_for_bit(space: Space, digits: DataSet, tmp_path: Path, strategy: str) -> None:
    recipe = Recipe(epochs=2, batch=32, strategy=strategy, precision="fp16", trainings=2)

    def stop(step: Step) -> None:
        if step.step == 1:
            os.kill(os.getpid(), signal.SIGTERM)

    whole, broken = (SearchRequest(space, digits, tmp_path / name, recipe, CPU) for name in ("whole", "broken"))
    run_search(whole, lambda step: None)
    with pytest.raises(Stopped):
        run_search(broken, stop)
    run_search(broken, lambda step: None)
    for name in ("weights.json", "arch.hc", "supernet.safetensors"):
        assert (whole.run / name).read_bytes() == (broken.run / name).read_bytes()
