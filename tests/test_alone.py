"""Architectures trained alone: as a plain loop trains them, every step used, and bit for bit after a stop."""

from __future__ import annotations

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
from supernets import ROOT
from torch import nn
from torch.nn import functional as F

from hypercuboid.cli.main import main
from hypercuboid.data.base import DataSet, Split, load_data
from hypercuboid.data.batches import step_seed
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.graph.selection.uniform import architecture
from hypercuboid.network.model import Model
from hypercuboid.network.supernet import Supernet
from hypercuboid.pipeline import Space
from hypercuboid.runs.signals import Stopped
from hypercuboid.runs.weights_history import HISTORY
from hypercuboid.schedules import cosine_power_annealing
from hypercuboid.search.blackbox import BLACK_BOX
from hypercuboid.search.progress import Step
from hypercuboid.search.recipe import BLACK_BOXES, Recipe
from hypercuboid.search.strategies import Moment, Setting, make_strategy
from hypercuboid.search.strategies.alone import AloneSearch
from hypercuboid.searching import SearchRequest, load_for_data, run_search

FILE = str(ROOT / "spaces" / "multichannelnet.hc")
SMALL = ["filters=[4, 8]", "reductions=1", "layers=2", "head=8"]
CPU = torch.device("cpu")
RECIPE = Recipe(epochs=2, batch=32, seed=3, strategy="random", trainings=3, small_batch=16, sharing=0)


@pytest.fixture(scope="module")
def digits() -> DataSet:
    whole = load_data("digits")
    splits = {name: Split(split.x[:140], split.y[:140]) for name, split in whole.splits.items()}
    return DataSet(whole.name, whole.input_type, whole.class_names, whole.mean, whole.std, splits)


def searched(digits: DataSet, recipe: Recipe = RECIPE) -> AloneSearch:
    space = load_for_data(FILE, None, SMALL, (), digits)
    strategy = make_strategy(recipe.strategy, setting_of(space, digits, recipe))
    assert isinstance(strategy, AloneSearch)
    return strategy


def setting_of(space: Space, data: DataSet, recipe: Recipe) -> Setting:
    from dataclasses import replace

    def specialise(decided: Any) -> Any:
        return Space(replace(space.request, binding=(*space.request.binding, *decided))).graph

    return Setting(space.graph, recipe, data, CPU, specialise, lambda graph: Supernet(graph, seed=recipe.seed))


def batch_of(digits: DataSet, start: int) -> tuple[torch.Tensor, torch.Tensor]:
    split = digits.splits["search-train"]
    return split.read(range(start, start + 32)), torch.from_numpy(split.y[start : start + 32])


def test_a_score_is_that_of_a_plain_loop(digits: DataSet) -> None:
    """8 steps of 2 small ones in 3 parts of 5, 5 and 6: the first training is seen again by hand."""
    strategy = searched(digits)
    batches = [batch_of(digits, 32 * place) for place in range(3)]
    for place, batch in enumerate(batches):
        strategy.step(batch, batch, Moment(1, place + 1))
    ((number, (score,)),) = strategy.scores.items()

    graph = strategy.setting.specialise(architecture(strategy.setting.graph, number))
    network = Model(graph.space, step_seed(3, 1)).to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.025, momentum=0.9, weight_decay=3e-4)
    pieces = [(x[i : i + 16], y[i : i + 16]) for x, y in batches for i in (0, 16)]
    for step, (x, y) in enumerate(pieces[:5], start=1):
        for group in optimizer.param_groups:
            group["lr"] = cosine_power_annealing(step, 5, 0.025, 1e-4, 2.0)
        optimizer.zero_grad()
        torch.autograd.backward(F.cross_entropy(network(x.contiguous(memory_format=torch.channels_last)), y))
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimizer.step()
    network.eval()
    whole = digits.splits["search-validation"]
    with torch.no_grad():
        loss = F.cross_entropy(network(whole.read(range(140))), torch.from_numpy(whole.y))
    assert score == pytest.approx(math.exp(-loss.item()), rel=1e-5)


def test_the_parts_are_equal_and_use_every_step(digits: DataSet) -> None:
    strategy, lengths = searched(digits), []
    batch = batch_of(digits, 0)
    for step in range(1, 9):
        strategy.step(batch, batch, Moment(1, step))
        if strategy.training is not None:
            lengths.append((strategy.begun, strategy.training.steps))
    assert strategy.steps == 16
    assert sorted(set(lengths)) == [(1, 5), (2, 5), (3, 6)]
    assert strategy.training is None
    assert sum(map(len, strategy.scores.values())) == 3


def test_an_architecture_that_is_asked_for_again_has_another_seed_and_the_mean(digits: DataSet) -> None:
    strategy = searched(digits)
    strategy.optimiser.count = 1
    batch = batch_of(digits, 0)
    for step in range(1, 9):
        strategy.step(batch, batch, Moment(1, step))
    ((number, scores),) = strategy.scores.items()
    assert number == 0
    assert len(set(scores)) == 3
    assert strategy.found().selection.score == pytest.approx(sum(scores) / 3, abs=1e-12)


SHARING = RECIPE.model_copy(update={"sharing": 0.25})
"""Two steps for the shared weights, six for three parts of four small steps."""


def test_short_trainings_begin_with_the_shared_weights(digits: DataSet) -> None:
    strategy = searched(digits, SHARING)
    assert strategy.supernet is not None
    fresh = {name: one.clone() for name, one in strategy.supernet.state_dict().items()}
    batch = batch_of(digits, 0)
    for step in (1, 2):
        strategy.step(batch, batch, Moment(1, step))
    assert not strategy.scores and strategy.begun == 0
    shared = strategy.shared()
    assert any(not torch.equal(one, fresh[name]) for name, one in shared.items())
    strategy.number, strategy.begun = strategy.optimiser.ask(), 1
    training = strategy._made()
    own = training.network.state_dict()
    assert training.steps == 4
    assert training.highest == pytest.approx(0.4 * SHARING.lr)
    assert all(torch.equal(one, shared[name]) for name, one in own.items() if name in shared)
    assert sum(name in shared for name in own) > len(own) / 2


def test_a_long_part_trains_from_fresh_and_from_shared_weights(digits: DataSet) -> None:
    """The score is the geometric mean of both; 50 steps for the shared weights, 150 for one part of 300 small ones."""
    strategy = searched(digits, SHARING.model_copy(update={"epochs": 50, "trainings": 1}))
    batch, losses = batch_of(digits, 0), set()
    for step in range(1, 201):
        strategy.step(batch, batch, Moment(1, step))
        losses |= {*strategy.losses, strategy.last.loss} - {0.0}
    ((score,),) = strategy.scores.values()
    assert strategy._lengths() == [(200, False), (100, True)]
    assert len(losses) == 2
    assert score == pytest.approx(math.exp(-sum(losses) / 2), rel=1e-12)


def test_between_and_in_both_trainings_of_a_part_it_goes_on_bit_for_bit(digits: DataSet) -> None:
    """The part has the 114 steps after 38 for the shared weights; two thirds of them are from fresh ones."""
    recipe = SHARING.model_copy(update={"epochs": 38, "trainings": 1})
    batch, last = batch_of(digits, 0), 38 * 4

    def run(strategy: AloneSearch, first: int, end: int) -> AloneSearch:
        for step in range(first, end + 1):
            strategy.step(batch, batch, Moment(1, step))
        return strategy

    whole = run(searched(digits, recipe), 1, last)
    between = []
    for stop in (80, 114, 130):
        broken = run(searched(digits, recipe), 1, stop)
        state = json.loads(json.dumps(broken.state()))
        between.append((len(state["losses"]), state["done"] is None))
        goes_on = searched(digits, recipe)
        goes_on.restore(broken.tensors(), state)
        run(goes_on, stop + 1, last)
        assert goes_on.scores == whole.scores and goes_on.last == whole.last
        assert all(torch.equal(one, whole.tensors()[name]) for name, one in goes_on.tensors().items())
    assert between == [(0, False), (1, True), (1, False)]


def request(digits: DataSet, run: Path, **changes: Any) -> SearchRequest:
    space = load_for_data(FILE, None, SMALL, (), digits)
    return SearchRequest(space, digits, run, RECIPE.model_copy(update=changes), CPU)


STOPPED = [("predictor", 0.0, (3, 7)), ("evolution", 0.0, (3, 7)), ("predictor", 0.25, (1, 5))]


@pytest.mark.parametrize(("strategy", "sharing", "stops"), STOPPED)
def test_a_stopped_search_goes_on_bit_for_bit(
    strategy: str, sharing: float, stops: tuple[int, ...], digits: DataSet, tmp_path: Path
) -> None:
    """Stopped in the middle of a training and again, one while weights are shared; the predictor has a model then."""
    asked = {"strategy": strategy, "trainings": 14, "sharing": sharing}
    run_search(request(digits, tmp_path / "whole", **asked), lambda step: None)

    def stop(step: Step) -> None:
        if step.step in stops:
            os.kill(os.getpid(), signal.SIGINT)

    for _ in range(2):
        with pytest.raises(Stopped):
            run_search(request(digits, tmp_path / "parts", **asked), stop)
    run_search(request(digits, tmp_path / "parts", **asked), lambda step: None)
    for name in ("arch.hc", "weights.json"):
        assert (tmp_path / "whole" / name).read_bytes() == (tmp_path / "parts" / name).read_bytes()
    logs = [
        [{**json.loads(line), "seconds": 0} for line in (tmp_path / run / "metrics.jsonl").read_text().splitlines()]
        for run in ("whole", "parts")
    ]
    assert logs[0] == logs[1]
    assert logs[0][-1]["scored"] > 8


def test_more_trainings_than_steps_are_one_a_step(digits: DataSet, tmp_path: Path) -> None:
    run_search(request(digits, tmp_path / "run", trainings=1000, epochs=1, small_batch=32), lambda step: None)
    (line,) = (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()
    assert 1 <= json.loads(line)["scored"] <= 4


def test_without_shared_weights_no_supernet_is_built(digits: DataSet, tmp_path: Path) -> None:
    """Not one op of a supernet is allowed, and the search does without; with shared weights it is refused."""

    def asked(sharing: float) -> SearchRequest:
        recipe = RECIPE.model_copy(update={"epochs": 1, "sharing": sharing})
        space = load_for_data(FILE, None, SMALL, (), digits)
        return SearchRequest(space, digits, tmp_path / str(sharing), recipe, CPU, max_ops=1)

    found = run_search(asked(0.0), lambda step: None)
    assert found.elaborated.decided
    assert not (tmp_path / "0.0" / "plan.json").exists()
    with pytest.raises(HypercuboidError, match="HC4001"):
        run_search(asked(0.25), lambda step: None)


@pytest.mark.parametrize(("setting", "code"), [("weighting", "HC7040"), ("plan", "HC7400"), ("freeze", "HC7062")])
def test_settings_of_a_supernet_are_checked_where_none_is_built(
    setting: str, code: str, digits: DataSet, tmp_path: Path
) -> None:
    recipe = RECIPE.model_copy(update={setting: ("none",) if setting == "freeze" else "none"})
    space = load_for_data(FILE, None, SMALL, (), digits)
    with pytest.raises(HypercuboidError, match=code):
        run_search(SearchRequest(space, digits, tmp_path / "run", recipe, CPU), lambda step: None)


def test_the_default_is_the_predictor_and_settings_of_alphas_ask_for_alphas() -> None:
    assert (Recipe().strategy, Recipe().scorer) == ("predictor", "alone")
    assert Recipe(weighting="max_w").strategy == "first_order"
    assert Recipe(alpha_lr=0.01).strategy == "first_order"
    assert Recipe(weighting="max_w", strategy="single_level").strategy == "single_level"
    assert Recipe(epochs=3, batch=8, lr=0.1).strategy == "predictor"


def test_only_searches_that_train_architectures_alone_are_long_by_default() -> None:
    assert (Recipe().epochs, Recipe(strategy="tpe").epochs, Recipe(epochs=60).epochs) == (150, 150, 60)
    assert (Recipe(scorer="shared").epochs, Recipe(strategy="first_order").epochs) == (60, 60)
    assert set(BLACK_BOXES) == set(BLACK_BOX)


def test_the_command_searches_by_default(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = [part for one in SMALL for part in ("-p", one)]
    options = ["--epochs", "1", "--batch", "300", "--trainings", "4", "--quiet"]
    with pytest.raises(SystemExit) as ended:
        main(["search", FILE, *small, "--data", "digits", "--run", str(tmp_path / "run"), *options])
    assert ended.value.code == 0
    printed = capsys.readouterr().out
    assert "found MultiChannelNetFound" in printed
    doubts = [line.removeprefix("not decided: ") for line in printed.splitlines() if line.startswith("not decided")]
    (few,) = (doubt for doubt in doubts if "scored" in doubt)
    assert few.partition(" ")[0] in "1234" and few.endswith("scored, below 10")
    with pytest.raises(SystemExit):
        main(["select", str(tmp_path / "run"), "--json"])
    said = json.loads(capsys.readouterr().out)
    assert not said["decided"] and few in said["doubts"]
    with pytest.raises(SystemExit):
        main(["select", str(tmp_path / "run")])
    text = capsys.readouterr().out
    assert [line for line in text.splitlines() if "not decided" in line] == [
        f"# not decided: {doubt}" for doubt in said["doubts"]
    ]
    assert "ended with another" not in text
    history = tmp_path / "run" / HISTORY
    last = json.loads(history.read_text().splitlines()[-1])
    history.write_text(json.dumps({**last, "picks": dict(list(last["picks"].items())[1:])}) + "\n")
    with pytest.raises(SystemExit):
        main(["select", str(tmp_path / "run")])
    assert f"the search ended with another architecture: {tmp_path / 'run' / 'arch.hc'}" in capsys.readouterr().out


def a_few_steps(strategy: str, space: Space) -> None:
    """One step of shared weights, then each trains one architecture, on data of the space's own shapes."""
    (kind,) = space.elaborated.input_types
    output = space.elaborated.definition.body.type
    *places, classes = output.shape if output.kind != "image" else (*output.shape[1:], output.shape[0])
    rng = np.random.default_rng(0)
    shape = (8, *kind.shape)
    x = rng.integers(kind.vocab, size=shape) if kind.kind == "tokens" else rng.normal(size=shape).astype(np.float32)
    y = (np.arange(8 * math.prod(places)) % classes).reshape(8, *places)
    splits = {name: Split(x, y) for name in ("search-train", "search-validation")}
    few = DataSet("few", kind, tuple(map(str, range(classes))), (0.0,), (1.0,), splits)
    one = make_strategy(strategy, setting_of(space, few, Recipe(epochs=3, batch=8, trainings=2, small_batch=8)))
    batch = (torch.from_numpy(x), torch.from_numpy(y))
    for step in (1, 2, 3):
        pair = one.step(batch, batch, Moment(step, step))
        counted = (pair.weights, pair.alphas)[: min(step, 2)]
        assert all(np.isfinite(each.loss) and each.count == y.size for each in counted)
    assert one.found().selection.decided


@pytest.mark.parametrize("shipped", SHIPPED[::8], ids=str)
def test_a_few_steps_on_some_shipped_spaces(shipped: Shipped) -> None:
    a_few_steps("predictor", shipped.load())


@pytest.mark.long
@pytest.mark.parametrize("shipped", SHIPPED, ids=str)
@pytest.mark.parametrize("strategy", list(BLACK_BOX))
def test_every_strategy_on_every_shipped_space(strategy: str, shipped: Shipped) -> None:
    a_few_steps(strategy, shipped.load())
