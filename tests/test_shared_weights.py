"""Scores with shared weights, and the search that makes them: two routes, nothing left behind, bit for bit."""

from __future__ import annotations

import copy
import json
import math
import os
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from shipped import SPACES as SHIPPED
from shipped import Shipped
from supernets import ROOT, images, space_of, trained
from torch import Tensor, nn
from torch.nn import functional as F

import hypercuboid as hc
from hypercuboid.cli.main import main
from hypercuboid.data.base import DataSet, Split, load_data
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.graph.selection.uniform import architecture
from hypercuboid.graph.weights import read_weights
from hypercuboid.network.kept import kept_masks
from hypercuboid.network.supernet import Supernet
from hypercuboid.runs.reading import read_run
from hypercuboid.runs.signals import Stopped
from hypercuboid.search.blackbox import BLACK_BOX
from hypercuboid.search.progress import Step
from hypercuboid.search.recipe import Recipe
from hypercuboid.search.strategies import Moment, Setting, make_strategy
from hypercuboid.search.strategies.shared_weights import SharedWeights
from hypercuboid.searching import SearchRequest, load_for_data, run_search

FILE = str(ROOT / "spaces" / "multichannelnet.hc")
SMALL = ["filters=[4, 8]", "reductions=1", "layers=2", "head=8"]
KINDS = ["nested", "shared cell", "block of chains", "fabric", "recurrent language model"]
Batch = tuple[Tensor, Tensor]


class OnePath(nn.Module):
    """A supernet that runs one architecture."""

    def __init__(self, supernet: Supernet, number: int) -> None:
        super().__init__()
        self.supernet = supernet
        self.kept = kept_masks(supernet.graph.decisions, architecture(supernet.graph, number))

    def forward(self, x_nchw: Tensor) -> Tensor:
        ones = {name: torch.from_numpy(mask).to(x_nchw) for name, mask in self.kept.items()}
        logits: Tensor = self.supernet(x_nchw, coefficients=ones, kept=self.kept)
        return logits


def batches_of(space: hc.Space, count: int, size: int = 8) -> list[Batch]:
    found = []
    for i in range(count):
        x = images(space, size) * (1 + 0.2 * i) + 0.1 * i
        found.append((x, (torch.arange(size) + i) % 2))
    return found


def state_of(network: nn.Module) -> dict[str, Tensor]:
    return {name: one.clone() for name, one in network.state_dict().items()}


@pytest.mark.parametrize("name", ["multichannel", "nested", "two cuboids"])
def test_a_score_is_that_of_torchs_own_recalibration(name: str) -> None:
    """`update_bn` averages the statistics of a copy over the same batches; then it is measured in eval mode."""
    space = space_of(name)
    supernet = trained(space, steps=2)
    train, validation = batches_of(space, 3), batches_of(space, 2)
    scorer = SharedWeights(supernet, train, validation)
    for number in (0, space.graph.numbering.count - 1):
        one = OnePath(copy.deepcopy(supernet), number)
        torch.optim.swa_utils.update_bn([x for x, _ in train], one)
        one.eval()
        with torch.no_grad():
            logits = torch.cat([one(x) for x, _ in validation])
        y = torch.cat([y for _, y in validation])
        found = scorer.measure(number)
        assert found.loss == pytest.approx(float(F.cross_entropy(logits, y)), abs=1e-12)
        assert (found.correct, found.count) == (int((logits.argmax(-1) == y).sum()), len(y))
        assert scorer.accuracy(number) == found.correct / found.count


def test_a_score_leaves_nothing_behind() -> None:
    space = space_of("multichannel")
    supernet = trained(space, steps=1)
    before, modes = state_of(supernet), [one.training for one in supernet.modules()]
    scorer = SharedWeights(supernet, batches_of(space, 2), batches_of(space, 1))
    first = scorer.measure(3)
    scorer.measure(11)
    assert scorer.measure(3) == first
    assert all(torch.equal(one, before[name]) for name, one in supernet.state_dict().items())
    assert modes == [one.training for one in supernet.modules()]
    momenta = {one.momentum for one in supernet.modules() if isinstance(one, nn.BatchNorm2d)}
    assert momenta and None not in momenta


def test_statistics_matter() -> None:
    """With those of the mixture of paths the loss is another."""
    space = space_of("multichannel")
    supernet = trained(space, steps=2)
    validation = batches_of(space, 1)
    anew = SharedWeights(supernet, batches_of(space, 2), validation).measure(5)
    assert abs(anew.loss - SharedWeights(supernet, (), validation).measure(5).loss) > 1e-3


def test_a_loss_that_is_not_finite_is_an_error_and_leaves_nothing_behind() -> None:
    space = space_of("multichannel")
    supernet = trained(space, steps=1)
    before = state_of(supernet)
    x, y = batches_of(space, 1)[0]
    with pytest.raises(HypercuboidError) as caught:
        SharedWeights(supernet, [(x, y)], [(x * float("nan"), y)]).measure(4)
    assert caught.value.diagnostics[0].code == "HC7041"
    assert "the score of architecture 4" in caught.value.diagnostics[0].message
    assert all(torch.equal(one, before[name]) for name, one in supernet.state_dict().items())


# ---------------------------------------------------------------- as a search


@pytest.fixture(scope="module")
def digits() -> DataSet:
    whole = load_data("digits")
    splits = {name: Split(split.x[:140], split.y[:140]) for name, split in whole.splits.items()}
    return DataSet(whole.name, whole.input_type, whole.class_names, whole.mean, whole.std, splits)


def request(digits: DataSet, run: Path, **changes: Any) -> SearchRequest:
    recipe = Recipe(epochs=2, batch=32, seed=3, strategy="evolution", scorer="shared", evaluations=9, scoring=0.5)
    space = load_for_data(FILE, None, SMALL, (), digits)
    return SearchRequest(space, digits, run, recipe.model_copy(update=changes), torch.device("cpu"))


@pytest.mark.parametrize("strategy", list(BLACK_BOX))
def test_a_search_scores_what_it_was_asked_to(strategy: str, digits: DataSet, tmp_path: Path) -> None:
    """Eight steps: four train, four score 9 architectures; what is found has the best score, again from its files."""
    asked = request(digits, tmp_path / "run", strategy=strategy)
    found = run_search(asked, lambda step: None)
    run = read_run(tmp_path / "run")
    metrics = [json.loads(line) for line in run.read_text("metrics.jsonl").splitlines()]
    assert [one["scored"] for one in metrics] == [0, 9]
    assert found.selection is not None and found.selection.score == metrics[-1]["score"]
    assert asked.space.architecture(run.read_text("arch.hc")).text == found.text
    weights = read_weights(asked.space.graph, run.path / "weights.json")
    assert weights.warnings == ()
    kept = kept_masks(asked.space.graph.decisions, found.selection.decided)
    assert all((weights.values[name][mask] > 0).all() for name, mask in kept.items())


def test_the_score_of_what_was_found_can_be_found_again(digits: DataSet, tmp_path: Path) -> None:
    """From the supernet's file: the greatest accuracy among all 32 architectures, since all were scored."""
    from safetensors.torch import load_file

    from hypercuboid.data.batches import batches, epoch_order
    from hypercuboid.search.layout import laid_out, lay_out

    asked = request(digits, tmp_path / "run", strategy="random", evaluations=1000, recalibration=2)
    found = run_search(asked, lambda step: None)
    supernet = asked.space.supernet(seed=3)
    lay_out(supernet)
    supernet.load_state_dict(load_file(tmp_path / "run" / "supernet.safetensors"))

    def some(name: str, most: int) -> list[Batch]:
        split = digits.splits[name]
        order = epoch_order(len(split), 3, 0)[: most * 32]
        return [(laid_out(x), y) for x, y in batches(split, 32, order, torch.device("cpu"))]

    scorer = SharedWeights(supernet, some("search-train", 2), some("search-validation", 99))
    scores = [scorer.accuracy(number) for number in range(asked.space.graph.numbering.count)]
    assert found.selection is not None
    assert found.selection.score == max(scores)
    assert scorer.measure(0).count == 140


def test_a_stopped_search_goes_on_bit_for_bit(digits: DataSet, tmp_path: Path) -> None:
    """Stopped while it trains, and again while it scores."""
    run_search(request(digits, tmp_path / "whole"), lambda step: None)

    def stop(step: Step) -> None:
        if step.step in (2, 6):
            os.kill(os.getpid(), signal.SIGINT)

    for _ in range(2):
        with pytest.raises(Stopped):
            run_search(request(digits, tmp_path / "parts"), stop)
    run_search(request(digits, tmp_path / "parts"), lambda step: None)
    for name in ("arch.hc", "weights.json", "supernet.safetensors"):
        assert (tmp_path / "whole" / name).read_bytes() == (tmp_path / "parts" / name).read_bytes()
    logs = [
        [{**json.loads(line), "seconds": 0} for line in (tmp_path / run / "metrics.jsonl").read_text().splitlines()]
        for run in ("whole", "parts")
    ]
    assert logs[0] == logs[1]


def test_a_search_of_one_step_trains_and_scores(digits: DataSet, tmp_path: Path) -> None:
    found = run_search(request(digits, tmp_path / "run", epochs=1, batch=128, evaluations=3), lambda step: None)
    metrics = json.loads((tmp_path / "run" / "metrics.jsonl").read_text())
    assert metrics["scored"] == 3
    assert found.counts().params is not None


def two_steps(strategy: str, space: hc.Space) -> None:
    """One step trains, one scores three architectures, on data of the space's own shapes."""
    (kind,) = space.elaborated.input_types
    output = space.elaborated.definition.body.type
    *places, classes = output.shape if output.kind != "image" else (*output.shape[1:], output.shape[0])
    x = images(space, 8).numpy()
    x = x if kind.kind == "tokens" else x.astype(np.float32)
    y = (np.arange(8 * math.prod(places)) % classes).reshape(8, *places)
    splits = {name: Split(x, y) for name in ("search-train", "search-validation")}
    names = tuple(str(i) for i in range(classes))
    few = DataSet("few", kind, names, (0.0,), (1.0,), splits)
    recipe = Recipe(epochs=2, batch=8, scorer="shared", evaluations=3, scoring=0.5, recalibration=1)
    supernet = space.supernet(seed=2)
    setting = Setting(space.graph, recipe, few, torch.device("cpu"), lambda _: space.graph, lambda _: supernet)
    one = make_strategy(strategy, setting)
    batch = (torch.from_numpy(x), torch.from_numpy(y))
    for step in (1, 2):
        one.begin_epoch(step)
        torch.manual_seed(step)
        pair = one.step(batch, batch, Moment(step, step, recipe.draw(step, 2)))
        assert all(np.isfinite(each.loss) and each.count == y.size for each in (pair.weights, pair.alphas))
    assert one.end_epoch(2) == {"scored": min(3, space.graph.numbering.count)}
    assert one.found().selection.decided


@pytest.mark.parametrize("kind", KINDS)
def test_two_steps_on_every_kind_of_space(kind: str) -> None:
    two_steps("evolution", space_of(kind))


@pytest.mark.long
@pytest.mark.parametrize("shipped", SHIPPED, ids=str)
@pytest.mark.parametrize("strategy", list(BLACK_BOX))
def test_every_strategy_on_every_shipped_space(strategy: str, shipped: Shipped) -> None:
    two_steps(strategy, shipped.load())


def test_training_takes_single_paths_and_leaves_alphas(digits: DataSet, tmp_path: Path) -> None:
    asked = request(digits, tmp_path / "run")
    run_search(asked, lambda step: None)
    from safetensors.torch import load_file

    after = load_file(tmp_path / "run" / "supernet.safetensors")
    fresh = asked.space.supernet(seed=3).state_dict()
    changed = {name for name, one in fresh.items() if not np.array_equal(one.numpy(), after[name].numpy())}
    assert changed and not any(name.startswith("alpha:") for name in changed)


def test_the_command_searches(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = [part for one in SMALL for part in ("-p", one)]
    options = [
        "--strategy",
        "random",
        "--scorer",
        "shared",
        "--evaluations",
        "4",
        "--epochs",
        "1",
        "--batch",
        "300",
        "--quiet",
    ]
    with pytest.raises(SystemExit) as ended:
        main(["search", FILE, *small, "--data", "digits", "--run", str(tmp_path / "run"), *options])
    assert ended.value.code == 0
    assert "found MultiChannelNetFound" in capsys.readouterr().out


@pytest.mark.parametrize("plan", ["shared", "fused", "lean", "batched"])
def test_scores_under_every_plan_are_those_under_the_plain_one(plan: str) -> None:
    """Also while statistics are averaged anew: plans that take batch norms for themselves leave such ones alone."""
    space, losses = space_of("multichannel"), []
    for one in ("plain", plan):
        supernet = trained(space, steps=1)
        supernet.run_by(one)
        scorer = SharedWeights(supernet, batches_of(space, 2), batches_of(space, 1))
        losses.append([scorer.measure(number).loss for number in (0, 5)])
    assert losses[1] == pytest.approx(losses[0], rel=1e-9)
