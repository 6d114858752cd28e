"""Training a file from scratch: the loop against a plain one, the file's mistakes, the run folder."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

from hypercuboid.data.base import DataSet, Split, load_data
from hypercuboid.data.batches import epoch_order
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.ops.base import TensorType
from hypercuboid.runs.reading import read_run
from hypercuboid.runs.signals import Stopped
from hypercuboid.training.engine import Engine
from hypercuboid.training.model_file import check_network, load_network
from hypercuboid.training.recipe import Recipe
from hypercuboid.training.run import TrainingRequest, train_file
from hypercuboid.training.train import Progress, Score, Step, Training, score

MODEL = '''"""A small network."""
import torch
from torch import nn
from torch.nn import Linear


class Body(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.layer = Linear(64, width)

    def forward(self, x):
        return torch.relu(self.layer(x.flatten(1)))


class Network(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.body = Body(16)
        self.head = Linear(16, 10)
        self.aux_head = Linear(16, 10)

    def forward(self, x):
        y = self.body(x)
        return (self.head(y), self.aux_head(y)) if self.training else self.head(y)
'''

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def digits() -> DataSet:
    return load_data("digits")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.py"
    path.write_text(MODEL, encoding="utf-8")
    return path


def fresh(path: Path, seed: int) -> nn.Module:
    torch.manual_seed(seed)
    return load_network(path)


def test_training_equals_a_loop_written_out(model: Path, digits: DataSet) -> None:
    recipe = Recipe(epochs=2, batch=200)
    seen: list[Step] = []
    trained = fresh(model, 5)
    training = Training(Engine(trained, recipe, CPU), digits, 5)
    training.run(Progress(), seen.append)

    plain, split = fresh(model, 5), digits.splits["train"]
    momenta = [torch.zeros_like(one) for one in plain.parameters()]
    losses = []
    for epoch in (1, 2):
        order = epoch_order(1437, 5, epoch)
        for start in range(0, 1437, 200):
            chosen = order[start : start + 200]
            y = torch.from_numpy(split.y[chosen])
            main, auxiliary = plain(torch.from_numpy(split.x[chosen]))
            loss = F.cross_entropy(main, y) + 0.4 * F.cross_entropy(auxiliary, y)
            gradients = torch.autograd.grad(loss, list(plain.parameters()))
            norm = torch.sqrt(sum((one.square().sum() for one in gradients), torch.zeros(())))
            scale = min(1.0, 5.0 / float(norm))
            losses.append(loss.item())
            with torch.no_grad():
                for weight, gradient, momentum in zip(plain.parameters(), gradients, momenta, strict=True):
                    momentum.mul_(0.9).add_(gradient * scale + 3e-4 * weight)
                    weight.sub_(recipe.rate(epoch) * momentum)
    for one, other in zip(trained.parameters(), plain.parameters(), strict=True):
        assert torch.allclose(one, other, atol=1e-5)
    assert [one.step for one in seen] == list(range(1, 17))
    assert [one.epoch_done for one in seen] == ([False] * 7 + [True]) * 2
    assert seen[0].loss == pytest.approx(losses[0], abs=1e-6)


def test_rate_follows_the_annealing_of_the_recipe() -> None:
    recipe = Recipe(epochs=10)
    rates = [recipe.rate(epoch) for epoch in range(1, 11)]
    assert rates[0] == 0.05
    assert rates[-1] == pytest.approx(1e-4)
    assert rates == sorted(rates, reverse=True)


def test_score_counts_what_is_right(digits: DataSet) -> None:
    class Always(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return F.one_hot(torch.full((len(x),), 3), 10).float()

    got = score(Always(), digits.splits["test"], CPU, batch=100)
    assert (got.correct, got.total, got.accuracy) == (37, 360, 37 / 360)
    low, high = got.interval
    assert low < got.accuracy < high


def test_a_run_writes_what_it_did_and_can_be_repeated(model: Path, digits: DataSet, tmp_path: Path) -> None:
    def request(name: str) -> TrainingRequest:
        return TrainingRequest(model, digits, tmp_path / name, Recipe(epochs=2), 7, CPU, command="hypercuboid train")

    got = train_file(request("one"), lambda step: None)
    run = read_run(tmp_path / "one")
    assert run.state == "finished"
    assert run.config["recipe"]["epochs"] == 2 and run.config["seed"] == 7
    assert run.read_text("model.py") == MODEL
    metrics = [json.loads(line) for line in run.read_text("metrics.jsonl").splitlines()]
    assert [sorted(line) for line in metrics] == [["accuracy", "epoch", "loss", "lr"]] * 2
    result = json.loads(run.read_text("result.json"))
    assert (result["correct"], result["total"], result["split"]) == (got.correct, 360, "test")
    assert result["interval"] == list(got.interval)
    assert result["params"] == 64 * 16 + 16 + 16 * 10 + 10, "the auxiliary head is not counted"
    network = load_network(model)
    network.load_state_dict(load_file(run.need("weights.safetensors")))
    assert score(network, digits.splits["test"], CPU) == got

    assert train_file(request("two"), lambda step: None) == got
    for name in ("weights.safetensors", "metrics.jsonl"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.mark.parametrize("stop_at", [1, 23, 30])
def test_a_stopped_training_goes_on_to_the_bit(model: Path, digits: DataSet, tmp_path: Path, stop_at: int) -> None:
    """Stopped in the first epoch, at its end and in the second one."""

    def stop(step: Step) -> None:
        if step.step == stop_at:
            os.kill(os.getpid(), signal.SIGTERM)

    whole = train_file(
        TrainingRequest(model, digits, tmp_path / "whole", Recipe(epochs=2, augment="crop=1"), 7, CPU), print_not
    )
    request = TrainingRequest(model, digits, tmp_path / "run", Recipe(epochs=2, augment="crop=1"), 7, CPU)
    with pytest.raises(Stopped, match=f"SIGTERM after step {stop_at}"):
        train_file(request, stop)
    assert read_run(request.run).state == "interrupted"
    assert train_file(request, print_not) == whole
    for name in ("weights.safetensors", "metrics.jsonl"):
        assert (tmp_path / "whole" / name).read_bytes() == (request.run / name).read_bytes()
    with pytest.raises(HypercuboidError, match="holds a finished run"):
        train_file(request, print_not)


def print_not(step: Step) -> None:
    """Watches a training without a word."""


def test_an_interrupted_training_keeps_its_weights(model: Path, digits: DataSet, tmp_path: Path) -> None:
    def stop(step: Step) -> None:
        if step.step == 30:
            raise KeyboardInterrupt

    request = TrainingRequest(model, digits, tmp_path / "run", Recipe(epochs=5), 0, CPU)
    with pytest.raises(KeyboardInterrupt):
        train_file(request, stop)
    run = read_run(tmp_path / "run")
    assert run.state == "interrupted"
    assert len(run.read_text("metrics.jsonl").splitlines()) == 1
    assert set(load_file(run.need("weights.safetensors"))) == set(load_network(model).state_dict())
    assert not (run.path / "result.json").exists()


def test_a_loss_that_is_not_finite_stops_the_training(model: Path, digits: DataSet, tmp_path: Path) -> None:
    split = digits.splits["train"]
    poisoned = Split(split.x.copy(), split.y)
    poisoned.x[0] = np.nan
    data = DataSet(
        "poisoned", digits.input_type, digits.class_names, (0.0,), (1.0,), {**digits.splits, "train": poisoned}
    )
    request = TrainingRequest(model, data, tmp_path / "run", Recipe(epochs=1), 0, CPU)
    with pytest.raises(HypercuboidError, match=r"HC7041.*not finite in epoch 1, step \d+: the loss is nan"):
        train_file(request, lambda step: None)
    assert read_run(tmp_path / "run").state == "interrupted"


BAD_FILES = {
    "no-python.py": ("def network(:\n", "HC7020", "is not valid Python"),
    "no-network.py": ("import torch\nfrom torch.nn import Linear\nx = 1\n", "HC7022", "has no class derived from"),
    "fails.py": ("import torch\n\nraise RuntimeError('out of luck')\n", "HC7021", "fails"),
    "exits.py": ("import nowhere_to_be_found\n", "HC7021", "fails"),
    "arguments.py": (
        "from torch import nn\nclass A(nn.Module):\n    def __init__(self, n): ...\n",
        "HC7022",
        "cannot be",
    ),
}


@pytest.mark.parametrize("name", list(BAD_FILES))
def test_a_bad_file_is_refused_with_its_reason(name: str, tmp_path: Path) -> None:
    text, code, message = BAD_FILES[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(HypercuboidError, match=message) as raised:
        load_network(tmp_path / name)
    assert raised.value.diagnostics[0].code == code


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "binary.py").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "nowhere.py", tmp_path / "binary.py", tmp_path):
        with pytest.raises(HypercuboidError, match=r"HC7020.*cannot read"):
            load_network(path)


def test_mistakes_are_placed_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    path.write_text("import torch\nx = (\n", encoding="utf-8")
    with pytest.raises(HypercuboidError) as raised:
        load_network(path)
    span = raised.value.diagnostics[0].span
    assert span is not None and span.line == 2
    path.write_text("import torch\n\nraise RuntimeError('out of luck')\n", encoding="utf-8")
    with pytest.raises(HypercuboidError) as raised:
        load_network(path)
    assert raised.value.diagnostics[0].notes == ("RuntimeError: out of luck, at line 3",)


def test_loading_takes_the_last_class_and_leaves_nothing_behind(model: Path) -> None:
    assert type(load_network(model)).__name__ == "Network"
    assert [one.name for one in model.parent.iterdir()] == ["model.py"]


def test_a_network_that_does_not_fit_the_data_is_refused_before_a_folder_is_made(
    model: Path, digits: DataSet, tmp_path: Path
) -> None:
    names = ("a", "b", "c")
    wide = DataSet("wide", TensorType("image", (3, 9, 9)), digits.class_names, (0.0,) * 3, (1.0,) * 3, digits.splits)
    few = DataSet("few", digits.input_type, names, (0.0,), (1.0,), digits.splits)
    for data, message in [(wide, r"does not take the inputs of `wide`, \(3, 9, 9\)"), (few, r"gives \(2, 10\) for 2")]:
        with pytest.raises(HypercuboidError, match=message):
            train_file(TrainingRequest(model, data, tmp_path / "run", Recipe(), 0, CPU), lambda step: None)
    assert not (tmp_path / "run").exists()
    network = load_network(model)
    check_network(network, digits, CPU)
    assert network.training


def test_recipes_are_checked() -> None:
    for wrong in ({"epochs": 0}, {"lr": -1.0}, {"momentum": 1.0}, {"typo": 1}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            Recipe.model_validate(wrong)


def test_score_interval_is_exact() -> None:
    assert Score(0, 10).interval == pytest.approx((0.0, 1 - 0.025**0.1))
