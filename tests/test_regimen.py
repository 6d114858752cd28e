"""Parts of the paper's training: label smoothing, the average of weights, scheduled drop path."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

import hypercuboid as hc
from hypercuboid.data.base import DataSet, load_data
from hypercuboid.diagnostics import Diagnostic, HypercuboidError
from hypercuboid.runs.signals import Stopped
from hypercuboid.search.objective import default_loss as loss_of
from hypercuboid.training.averaging import moving_average
from hypercuboid.training.drop_path import drop_paths
from hypercuboid.training.engine import SCALE, Engine
from hypercuboid.training.model_file import load_network
from hypercuboid.training.recipe import Recipe
from hypercuboid.training.run import TrainingRequest, train_file
from hypercuboid.training.train import Progress, Step, Training, score

CPU = torch.device("cpu")

SPACE = """
hypercuboid 1
use std.ops { bn, conv, drop_path, gap, linear, relu }

block Path() on x { out x -> relu -> conv(x.c, 3) -> bn -> drop_path }

space S() on x: image(1, 8, 8) {
  node stem = x -> conv(4, 3, stride = 2) -> bn
  node path = stem -> Path
  aux stem -> gap -> linear(10)
  out stem + path -> gap -> linear(10)
}
"""


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def digits() -> DataSet:
    return load_data("digits")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "model.py"
    space = hc.load_from_text(SPACE)
    assert isinstance(space, hc.pipeline.Architecture)
    path.write_text(space.source(), encoding="utf-8")
    return path


def trained(model: Path, digits: DataSet, recipe: Recipe, seed: int = 3) -> Training:
    torch.manual_seed(seed)
    return Training(Engine(load_network(model), recipe, CPU), digits, seed)


def test_smoothed_labels_are_a_mixture_with_the_uniform_ones() -> None:
    logits, y = torch.randn(6, 5, dtype=torch.float64), torch.tensor([0, 1, 2, 3, 4, 0])
    labels = 0.9 * F.one_hot(y, 5) + 0.1 / 5
    wanted = -(labels * logits.log_softmax(-1)).sum(-1).mean()
    assert torch.allclose(loss_of(logits, y, 0.1), wanted, atol=1e-12)
    assert torch.equal(loss_of(logits, y), F.cross_entropy(logits, y))


def test_smoothing_reaches_both_heads(model: Path, digits: DataSet) -> None:
    training = trained(model, digits, Recipe(epochs=1, label_smoothing=0.2))
    seen: list[Step] = []
    x, y = next(training.loader.epoch(1))
    training.engine.network.train()
    main, auxiliary = training.engine.network(x)
    wanted = F.cross_entropy(main, y, label_smoothing=0.2) + 0.4 * F.cross_entropy(auxiliary, y, label_smoothing=0.2)
    training = trained(model, digits, Recipe(epochs=1, label_smoothing=0.2))
    training.run(Progress(), seen.append)
    assert seen[0].loss == pytest.approx(wanted.item(), abs=1e-6)


def test_the_average_is_the_recurrence_written_out(model: Path, digits: DataSet) -> None:
    """Parameters and running statistics; the count of batches is the network's own."""
    training = trained(model, digits, Recipe(epochs=1, batch=200, ema=0.6))
    wanted: dict[str, torch.Tensor] = {}

    def follow(step: Step) -> None:
        for name, value in training.engine.network.state_dict().items():
            if step.step == 1 or not value.is_floating_point():
                wanted[name] = value.clone()
            else:
                wanted[name] = 0.6 * wanted[name] + 0.4 * value

    got = training.run(Progress(), follow)
    held = training.engine.scored.state_dict()
    assert held.keys() == wanted.keys()
    for name, value in wanted.items():
        assert torch.allclose(held[name], value, atol=1e-6), name
    assert any(not torch.equal(held[name], one) for name, one in training.engine.network.state_dict().items())
    assert got == score(training.engine.scored, digits.splits["test"], CPU)


def test_an_average_without_decay_is_the_network() -> None:
    network = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3))
    average = moving_average(network, 0.0)
    for _ in range(3):
        network(torch.randn(4, 3))
        average.update_parameters(network)
    for name, value in network.state_dict().items():
        assert torch.equal(average.module.state_dict()[name], value)


def test_drop_path_grows_linearly_to_its_largest(model: Path, digits: DataSet) -> None:
    training = trained(model, digits, Recipe(epochs=3, batch=700, drop_path=0.5))
    seen = []
    (dropping,) = drop_paths(training.engine.network)
    training.run(Progress(), lambda step: seen.append((step.epoch, dropping.probability)))
    assert dict(seen) == {1: 0.5 / 3, 2: 1.0 / 3, 3: 0.5}


def test_drop_path_drops_whole_samples_and_keeps_the_mean(model: Path) -> None:
    (dropping,) = drop_paths(load_network(model))
    dropping.probability = 0.25  # type: ignore[assignment]
    x = torch.rand(4000, 2, 3) + 1
    torch.manual_seed(0)
    y = dropping(x)
    dropped = (y == 0).all(-1).all(-1)
    assert torch.equal(y[~dropped], x[~dropped] / 0.75)
    assert abs(dropped.float().mean().item() - 0.25) < 4 * (0.25 * 0.75 / 4000) ** 0.5
    assert torch.equal(dropping.eval()(x), x)


def test_it_all_goes_on_bit_for_bit(model: Path, digits: DataSet, tmp_path: Path) -> None:
    recipe = Recipe(epochs=3, batch=256, drop_path=0.4, ema=0.9, label_smoothing=0.1, restart_after=1)

    def request(name: str) -> TrainingRequest:
        return TrainingRequest(model, digits, tmp_path / name, recipe, 7, CPU)

    def stop(step: Step) -> None:
        if step.step == 9:
            os.kill(os.getpid(), signal.SIGTERM)

    whole = train_file(request("whole"), lambda step: None)
    with pytest.raises(Stopped):
        train_file(request("broken"), stop)
    assert train_file(request("broken"), lambda step: None) == whole
    for name in ("weights.safetensors", "metrics.jsonl"):
        assert (tmp_path / "whole" / name).read_bytes() == (tmp_path / "broken" / name).read_bytes()


def test_what_is_kept_is_what_was_scored(model: Path, digits: DataSet, tmp_path: Path) -> None:
    request = TrainingRequest(model, digits, tmp_path / "run", Recipe(epochs=1, ema=0.9), 7, CPU)
    got = train_file(request, lambda step: None)
    network = load_network(model)
    network.load_state_dict(load_file(tmp_path / "run" / "weights.safetensors"))
    assert score(network, digits.splits["test"], CPU) == got


def test_drop_path_of_a_network_without_any_is_said(digits: DataSet, tmp_path: Path) -> None:
    path = tmp_path / "plain.py"
    text = "from torch import nn\nclass N(nn.Sequential):\n    def __init__(self):\n"
    path.write_text(f"{text}        super().__init__(nn.Flatten(), nn.Linear(64, 10))\n", encoding="utf-8")
    said: list[Diagnostic] = []
    request = TrainingRequest(path, digits, tmp_path / "run", Recipe(epochs=1, batch=700, drop_path=0.2), 0, CPU)
    train_file(request, lambda step: None, said.append)
    assert [one.code for one in said] == ["HC7600"]


def first_step(model: Path, digits: DataSet, recipe: Recipe) -> tuple[float, dict[str, torch.Tensor]]:
    """The loss of the first step, and the network after it."""
    training = trained(model, digits, recipe)
    training.engine.begin_epoch(1)
    loss, _ = training.engine.step(*next(training.loader.epoch(1)))
    return loss.item(), training.engine.network.state_dict()


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
def test_a_step_in_a_half_format_is_that_of_float32_rounded(model: Path, digits: DataSet, precision: str) -> None:
    """The loss to a few roundings of the format; parameters stay float32, and a scaled step is unscaled again."""
    rounding = {"bf16": 2**-8, "fp16": 2**-11}[precision]
    plain, weights = first_step(model, digits, Recipe(epochs=1))
    recipe = Recipe.model_validate({"epochs": 1, "precision": precision})
    mixed, rounded = first_step(model, digits, recipe)
    assert mixed != plain and mixed == pytest.approx(plain, rel=8 * rounding)
    for name, value in weights.items():
        assert rounded[name].dtype == value.dtype
        if value.is_floating_point():
            assert torch.allclose(rounded[name], value, rtol=0.02, atol=16 * rounding), name


def test_the_ops_run_in_the_half_format(model: Path, digits: DataSet) -> None:
    seen: list[torch.dtype] = []
    for precision in ("32", "bf16"):
        training = trained(model, digits, Recipe.model_validate({"epochs": 1, "precision": precision}))
        convolution = next(one for one in training.engine.network.modules() if isinstance(one, nn.Conv2d))
        convolution.register_forward_hook(lambda module, inputs, output: seen.append(output.dtype))
        training.engine.step(*next(training.loader.epoch(1)))
    assert seen == [torch.float32, torch.bfloat16]


def test_an_overflow_in_fp16_leaves_the_step_out_and_halves_the_scale(model: Path, digits: DataSet) -> None:
    training = trained(model, digits, Recipe(epochs=1, precision="fp16"))
    engine = training.engine
    engine.begin_epoch(1)
    batch = next(training.loader.epoch(1))
    engine.restore({**engine.tensors(), SCALE: torch.tensor([2.0**120, 0], dtype=torch.float64)})
    before = {name: one.clone() for name, one in engine.network.named_parameters()}
    engine.step(*batch)
    assert all(torch.equal(one, before[name]) for name, one in engine.network.named_parameters())
    assert engine.tensors()[SCALE].tolist() == [2.0**119, 0]


def test_channels_last_is_a_layout_only(model: Path, digits: DataSet) -> None:
    plain, weights = first_step(model, digits, Recipe(epochs=1))
    loss, laid = first_step(model, digits, Recipe(epochs=1, channels_last=True))
    assert loss == pytest.approx(plain, rel=1e-5)
    kernels = [one for one in laid.values() if one.dim() == 4 and one.shape[2] > 1]
    assert kernels and all(one.is_contiguous(memory_format=torch.channels_last) for one in kernels)
    for name, value in weights.items():
        assert torch.allclose(laid[name], value, atol=1e-5), name


@pytest.mark.parametrize(
    "more", [{"precision": "bf16"}, {"precision": "fp16", "channels_last": True}], ids=["bf16", "fp16"]
)
def test_mixed_precision_goes_on_bit_for_bit(
    model: Path, digits: DataSet, tmp_path: Path, more: dict[str, object]
) -> None:
    recipe = Recipe.model_validate({"epochs": 2, "batch": 256, "ema": 0.5, **more})

    def stop(step: Step) -> None:
        if step.step == 8:
            os.kill(os.getpid(), signal.SIGTERM)

    whole = TrainingRequest(model, digits, tmp_path / "whole", recipe, 7, CPU)
    broken = TrainingRequest(model, digits, tmp_path / "broken", recipe, 7, CPU)
    said: list[Diagnostic] = []
    wanted = train_file(whole, lambda step: None, said.append)
    assert [one.code for one in said] == (["HC7602"] if recipe.precision == "fp16" else [])
    with pytest.raises(Stopped):
        train_file(broken, stop)
    assert train_file(broken, lambda step: None) == wanted
    for name in ("weights.safetensors", "metrics.jsonl"):
        assert (whole.run / name).read_bytes() == (broken.run / name).read_bytes()


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.filterwarnings("ignore")
def test_a_compiled_network_trains_alike_and_goes_on_bit_for_bit(model: Path, digits: DataSet, tmp_path: Path) -> None:
    plain, weights = first_step(model, digits, Recipe(epochs=1))
    loss, compiled = first_step(model, digits, Recipe(epochs=1, compile=True))
    assert loss == pytest.approx(plain, rel=1e-5)
    for name, value in weights.items():
        assert torch.allclose(compiled[name], value, atol=1e-5), name
    recipe = Recipe(epochs=3, batch=256, drop_path=0.4, compile=True)

    def stop(step: Step) -> None:
        if step.step == 9:
            os.kill(os.getpid(), signal.SIGTERM)

    whole = TrainingRequest(model, digits, tmp_path / "whole", recipe, 7, CPU)
    broken = TrainingRequest(model, digits, tmp_path / "broken", recipe, 7, CPU)
    wanted = train_file(whole, lambda step: None)
    with pytest.raises(Stopped):
        train_file(broken, stop)
    assert train_file(broken, lambda step: None) == wanted
    for name in ("weights.safetensors", "metrics.jsonl"):
        assert (whole.run / name).read_bytes() == (broken.run / name).read_bytes()


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
def test_without_a_compiler_it_is_said(model: Path, digits: DataSet, monkeypatch: pytest.MonkeyPatch) -> None:
    from torch._inductor import config

    monkeypatch.setattr(config.cpp, "cxx", ("nowhere-to-be-found",))
    monkeypatch.setattr(config, "force_disable_caches", True)
    with pytest.raises(HypercuboidError, match="HC7601"):
        first_step(model, digits, Recipe(epochs=1, compile=True))
