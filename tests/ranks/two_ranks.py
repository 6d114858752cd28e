"""Two ranks on gloo, forked from one process that has torch loaded; what they come to, held against one process.

Run as `python two_ranks.py FOLDER JSON`, the JSON an object of modes and their arguments; prints one JSON line a mode.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import lightning_fabric  # noqa: F401 - loaded before any fork
import torch
from torch import Tensor

from hypercuboid.data.base import DataSet, Split, load_data
from hypercuboid.data.batches import Loader, step_seed
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.network.supernet import Supernet
from hypercuboid.network.weightings import Weighed
from hypercuboid.pipeline import Architecture, Space
from hypercuboid.ranks import ALONE, Ranks
from hypercuboid.ranks.join import joined
from hypercuboid.ranks.launch import LAUNCHED, Layout, _free_port
from hypercuboid.runs.checkpoints import Checkpoints
from hypercuboid.runs.signals import Stopped
from hypercuboid.search.layout import laid_out
from hypercuboid.search.passes import copied_buffers
from hypercuboid.search.progress import Step
from hypercuboid.search.recipe import Recipe
from hypercuboid.search.strategies import Batch, Measured, Moment, Setting, Strategy, make_strategy
from hypercuboid.search.strategies.bilevel import Bilevel
from hypercuboid.search.strategies.second_order import FiniteDifference, SecondOrder
from hypercuboid.search.strategies.single_level import SingleLevel
from hypercuboid.searching import SearchRequest, load_for_data, run_search
from hypercuboid.training.engine import Engine
from hypercuboid.training.recipe import Recipe as TrainingRecipe
from hypercuboid.training.run import TrainingRequest, train_file
from hypercuboid.training.train import Step as TrainingStep
from hypercuboid.training.train import score

ROOT = Path(__file__).resolve().parents[2]
RANKS = 2
SPACES: dict[str, tuple[str, str | None, list[str]]] = {
    "cuboid": ("spaces/multichannelnet.hc", None, ["filters=[2, 4]", "reductions=1", "layers=1", "head=4"]),
    "cells": ("tests/programs/darts.hc", "DARTS(c = 2, layers = 2)", []),
}
STEPS = 2


@cache
def digits() -> DataSet:
    """Images for three steps of 16."""
    whole = load_data("digits")
    splits = {name: Split(split.x[:48], split.y[:48]) for name, split in whole.splits.items()}
    return DataSet(whole.name, whole.input_type, whole.class_names, whole.mean, whole.std, splits)


@cache
def space(name: str) -> Space:
    """Elaborated once, before any fork."""
    file, target, parameters = SPACES[name]
    loaded = load_for_data(str(ROOT / file), target, parameters, (), digits())
    loaded.counts()
    return loaded


# ---------------------------------------------------------------- processes


def fork(work: Callable[[Ranks], None]) -> list[int]:
    """Runs `work` on two ranks; their exit codes, 75 where one was stopped and 1 where it told a mistake."""
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(_free_port()), NODE_RANK="0", WORLD_SIZE=str(RANKS))
    os.environ[LAUNCHED] = str(os.getpid())
    numbers = [_child(rank, work) for rank in range(RANKS)]
    return [os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]) for number in numbers]


def _child(rank: int, work: Callable[[Ranks], None]) -> int:
    number = os.fork()
    if number:
        return number
    code = 70
    try:
        os.environ["LOCAL_RANK"] = str(rank)
        with joined(Layout(RANKS), "cpu") as (ranks, _):
            torch.set_num_threads(1)
            work(ranks)
        code = 0
    except Stopped:
        code = 75
    except HypercuboidError as problem:
        sys.stderr.write(f"rank {rank}: {problem.diagnostics[0].code}: {problem.diagnostics[0].message}\n")
        code = 1
    except SystemExit as ended:
        code = int(str(ended.code))
    except BaseException as problem:
        sys.stderr.write(f"rank {rank}: {type(problem).__name__}: {problem}\n")
    sys.stderr.flush()
    os._exit(code)


# ---------------------------------------------------------------- numbers


class InHalves(Bilevel):
    """One process that runs the shares of two ranks one after the other and takes the mean of their losses.

    Each half has the batch statistics of its own; the running statistics are those of the first.
    """

    def _loss(
        self,
        batch: Batch,
        weighed: Weighed,
        where: str,
        values: dict[str, Tensor] | None = None,
        twice: bool = False,
    ) -> tuple[Tensor, Measured]:
        (first, second), (y, other) = (one.chunk(2) for one in batch)
        aside = copied_buffers(self.supernet) if values is None else {**values, **copied_buffers(self.supernet)}
        loss, measured = super()._loss((second, other), weighed, where, aside, twice)
        before, more = super()._loss((first, y), weighed, where, values, twice)
        together = Measured(
            (measured.loss + more.loss) / 2, measured.correct + more.correct, measured.count + more.count
        )
        return (before + loss) / 2, together


REFERENCES: dict[str, type[Bilevel]] = {
    "first_order": type("FirstInHalves", (InHalves,), {}),
    "single_level": type("SingleInHalves", (SingleLevel, InHalves), {}),
    "second_order": type("SecondInHalves", (SecondOrder, InHalves), {}),
    "second_order_difference": type("DifferenceInHalves", (FiniteDifference, InHalves), {}),
}


@dataclass(frozen=True)
class Case:
    """A search of a few steps. `evaluate`: batch norm uses its running statistics, as they were at the start."""

    space: str
    strategy: str = "first_order"
    weighting: str = "scalar"
    evaluate: bool = False
    recipe: tuple[tuple[str, Any], ...] = ()


def setting(case: Case, ranks: Ranks) -> Setting:
    """In float64; the rates are high enough to show a difference."""
    recipe = Recipe(
        epochs=1, batch=16, seed=3, alpha_lr=0.01, strategy=case.strategy, weighting=case.weighting, **dict(case.recipe)
    )

    def build(graph: Any) -> Supernet:
        return Supernet(graph, case.weighting, recipe.seed, 100_000, 1_000_000).double()

    device, graph = torch.device("cpu"), space(case.space).graph
    return Setting(graph, recipe, digits(), device, lambda decided: graph, build, ranks)


def steps(strategy: Strategy, given: Setting, evaluate: bool) -> dict[str, Tensor]:
    """All tensors after a few steps on this process's share of the batches."""
    splits, device = given.data.splits, given.device
    halves = [
        Loader(splits[name], 16, device, seed, ranks=given.ranks).epoch(1, count=STEPS)
        for name, seed in (("search-train", 3), ("search-validation", 4))
    ]
    strategy.begin_epoch(1)
    assert strategy.supernet is not None
    strategy.supernet.train(not evaluate)
    for step, pair in enumerate(zip(*halves, strict=True), 1):
        torch.manual_seed(step_seed(3, step))
        training, validation = ((laid_out(x).double(), y) for x, y in pair)
        strategy.step(training, validation, Moment(1, step, given.recipe.draw(step, STEPS)))
        given.ranks.settle(strategy.supernet.buffers())
    return strategy.tensors()


def reference(case: Case) -> dict[str, Tensor]:
    """The same by one process: on whole batches where batch norm does not look at them, else in halves."""
    given = setting(case, ALONE)
    if case.evaluate:
        return steps(make_strategy(case.strategy, given), given, True)
    return steps(REFERENCES[case.strategy](given.supernet, given.recipe), given, False)


def distance(found: dict[str, Tensor], expected: dict[str, Tensor]) -> float:
    """The largest difference between tensors of the same names."""
    assert found.keys() == expected.keys()
    return max(float((found[name].double() - expected[name].double()).abs().max()) for name in found)


def numbers(folder: Path, cases: list[dict[str, Any]]) -> dict[str, Any]:
    """The distance of two ranks from one process, case by case, and how far they came: else it would mean nothing."""
    found = [Case(**{**one, "recipe": tuple(dict(one.get("recipe", {})).items())}) for one in cases]

    def work(ranks: Ranks) -> None:
        distances, moved = [], []
        for case in found:
            given = setting(case, ranks)
            strategy = make_strategy(case.strategy, given)
            before = {name: tensor.clone() for name, tensor in strategy.tensors().items()}
            after = steps(strategy, given, case.evaluate)
            ranks.check_equal(after)
            distances.append(distance(after, reference(case)))
            weights = {name: one for name, one in before.items() if one.dtype == torch.float64}
            moved.append(distance({name: after[name] for name in weights}, weights))
        if ranks.is_writer:
            (folder / "numbers.json").write_text(json.dumps({"distances": distances, "moved": moved}))

    codes = fork(work)
    return {"codes": codes, **json.loads((folder / "numbers.json").read_text())}


# ---------------------------------------------------------------- runs


def search(ranks: Ranks, run: Path, watch: Callable[[Step], None] = lambda step: None, **recipe: Any) -> None:
    asked = Recipe(**{"epochs": 2, "batch": 16, "seed": 3, **recipe})
    run = run if ranks.is_writer else run.with_name("elsewhere")
    request = SearchRequest(space("cuboid"), digits(), run, asked, torch.device("cpu"), checkpoint_seconds=0)
    run_search(replace(request, ranks=ranks), watch)


def outcome(run: Path) -> dict[str, str]:
    """All that two runs of one search must have in common, hashed."""
    last = Checkpoints(run / "checkpoints").paths()[-1]
    metrics = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    files = [run / "weights.json", run / "supernet.safetensors", run / "arch.hc", last / "tensors.safetensors"]
    found = {path.name: path.read_bytes() for path in files}
    found["metrics"] = json.dumps([{**one, "seconds": 0} for one in metrics]).encode()
    return {name: hashlib.sha256(content).hexdigest() for name, content in found.items()}


def kill_at(rank: int, step: int, number: int, ranks: Ranks) -> Callable[[Step | TrainingStep], None]:
    """One rank gets a signal after a step."""

    def watch(reached: Step | TrainingStep) -> None:
        if (ranks.rank, reached.step) == (rank, step):
            os.kill(os.getpid(), number)

    return watch


def runs(folder: Path, strategies: Sequence[str], stops: Sequence[int], kills: Sequence[int]) -> dict[str, Any]:
    """A signal to one rank, or one killed, after a step; gone on with, and held against an unbroken run."""
    codes: dict[str, Any] = {}
    different = []
    for strategy in strategies:
        asked: dict[str, Any] = {"strategy": strategy, "evaluations": 5, "scoring": 0.4, "narrow_every": 1}
        asked |= {"scorer": "shared"} if strategy == "evolution" else {}
        whole = folder / strategy
        codes[whole.name] = fork(lambda ranks: search(ranks, whole, **asked))  # noqa: B023
        broken = [(step, signal.SIGTERM, "stopped") for step in stops] + [(k, signal.SIGKILL, "killed") for k in kills]
        for step, number, how in broken:
            run = folder / f"{strategy}-{how}-{step}"
            first = fork(lambda ranks: search(ranks, run, kill_at(1, step, number, ranks), **asked))  # noqa: B023
            second = fork(lambda ranks: search(ranks, run, **asked))  # noqa: B023
            codes[run.name] = [first, second]
            expected = outcome(whole)
            different += [f"{run.name}: {key}" for key, value in outcome(run).items() if value != expected[key]]
    different += ["rank 1 wrote"] if (folder / "elsewhere").exists() else []
    return {"codes": codes, "different": different}


def scores(folder: Path, strategies: Sequence[str]) -> dict[str, Any]:
    """What a black-box strategy scores: two ranks on their parts of search-validation, and one process on all of it."""

    def scored(strategy: str, ranks: Ranks) -> Any:
        case = Case("cuboid", strategy, recipe=(("scorer", "shared"), ("evaluations", 6), ("scoring", 0.9)))
        given = setting(case, ranks)
        given.supernet.float()
        made = make_strategy(strategy, given)
        loader = Loader(given.data.splits["search-train"], 16, given.device, ranks=ranks)
        for step, (x, y) in enumerate(loader.epoch(1), 1):
            made.step((laid_out(x), y), (laid_out(x), y), Moment(1, step, given.recipe.draw(step, 3)))
        return made.state()

    def work(ranks: Ranks) -> None:
        together, alone = ([scored(one, given) for one in strategies] for given in (ranks, ALONE))
        found = {"together": together, "alone": alone}
        if ranks.is_writer:
            (folder / "scores.json").write_text(json.dumps(found))

    codes = fork(work)
    return {"codes": codes, **json.loads((folder / "scores.json").read_text())}


# ---------------------------------------------------------------- trainings


class HalvesEngine(Engine):
    """One process that takes the mean of the losses of two shares, weighted by their size; statistics of the first."""

    def _forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        middle = len(x) // 2
        before = {name: one.clone() for name, one in self.network.named_buffers()}
        second, other = super()._forward(x[middle:], y[middle:])
        for name, one in self.network.named_buffers():
            one.data = before[name]
        first, one_logits = super()._forward(x[:middle], y[:middle])
        return (middle * first + (len(x) - middle) * second) / len(x), torch.cat([one_logits, other])


@cache
def found() -> Architecture:
    """An architecture of the cuboid space."""
    given = space("cuboid")
    return given.select({one.name: one.reaching().astype(float) for one in given.graph.decisions})


def engine(evaluate: bool, kind: type[Engine], ranks: Ranks, **recipe: Any) -> Engine:
    """Of a network of the cuboid space in float64."""
    torch.manual_seed(0)
    network = found().model().double()
    made = kind(network, TrainingRecipe(epochs=1, batch=16, **recipe), torch.device("cpu"), ranks)
    made.begin_epoch(1)
    network.train(not evaluate)
    return made


def trained(made: Engine) -> dict[str, Tensor]:
    """After an epoch whose last batch is smaller, and of an odd number."""
    split = digits().splits["train"]
    odd = Split(split.x[:43], split.y[:43])
    for x, y in Loader(odd, 16, made.device, 5, ranks=made.ranks).epoch(1):
        made.step(x.double(), y)
    return made.tensors()


def trainings(folder: Path, recipes: list[dict[str, Any]]) -> dict[str, Any]:
    """The distance of two ranks from one process; also of what they score."""

    def work(ranks: Ranks) -> None:
        distances, scores = [], []
        for recipe in recipes:
            for evaluate in (False, True):
                made = engine(evaluate, Engine, ranks, **recipe)
                after = trained(made)
                ranks.check_equal(after)
                other = engine(evaluate, Engine if evaluate else HalvesEngine, ALONE, **recipe)
                distances.append(distance(after, trained(other)))
                split = digits().splits["test"]
                network, device = made.network.float(), made.device
                scores.append([score(network, split, device, ranks=one).correct for one in (ranks, ALONE)])
        if ranks.is_writer:
            (folder / "numbers.json").write_text(json.dumps({"distances": distances, "scores": scores}))

    codes = fork(work)
    return {"codes": codes, **json.loads((folder / "numbers.json").read_text())}


def train(ranks: Ranks, model: Path, run: Path, watch: Callable[[TrainingStep], None] = lambda step: None) -> None:
    recipe = TrainingRecipe(epochs=2, batch=16, ema=0.9)
    request = TrainingRequest(model, digits(), run, recipe, 1, torch.device("cpu"), checkpoint_seconds=0, ranks=ranks)
    train_file(request, watch)


def training_runs(folder: Path, stops: Sequence[int]) -> dict[str, Any]:
    """A signal to one rank after a step; gone on with, and held against an unbroken training."""
    model, whole = folder / "model.py", folder / "whole"
    model.write_text(found().source())
    codes: dict[str, Any] = {"whole": fork(lambda ranks: train(ranks, model, whole))}
    different = []
    for step in stops:
        run = folder / f"run-{step}"
        first = fork(lambda ranks: train(ranks, model, run, kill_at(1, step, signal.SIGTERM, ranks)))  # noqa: B023
        second = fork(lambda ranks: train(ranks, model, run))  # noqa: B023
        codes[run.name] = [first, second]
        names = ("weights.safetensors", "metrics.jsonl")
        different += [name for name in names if (run / name).read_bytes() != (whole / name).read_bytes()]
        results = [json.loads((one / "result.json").read_text())["correct"] for one in (run, whole)]
        different += ["result"] if results[0] != results[1] else []
    return {"codes": codes, "different": different}


MODES: dict[str, Callable[..., dict[str, Any]]] = {
    "numbers": numbers,
    "runs": runs,
    "scores": scores,
    "trainings": trainings,
    "training_runs": training_runs,
}


def main() -> None:
    torch.set_num_threads(1)
    folder, jobs = Path(sys.argv[1]), json.loads(sys.argv[2])
    for name in SPACES:
        space(name)
    for mode, arguments in jobs.items():
        (folder / mode).mkdir()
        sys.stdout.write(json.dumps(MODES[mode](folder / mode, **arguments)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
