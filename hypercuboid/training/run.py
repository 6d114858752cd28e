"""One training as a run folder: what came in, how it went, the weights and the result."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import nn

from hypercuboid.data.augment.base import read_augmentation
from hypercuboid.data.base import DataSet
from hypercuboid.data.card import CARD, card_of
from hypercuboid.data.splits_file import splits_of
from hypercuboid.diagnostics import Diagnostic
from hypercuboid.ranks import ALONE, Ranks
from hypercuboid.ranks.folder import enter
from hypercuboid.ranks.synchronised import check_synchronised, synchronised
from hypercuboid.regimen import with_sources
from hypercuboid.runs.advice import advised
from hypercuboid.runs.checkpoints import Checkpoint
from hypercuboid.runs.folder import RunFolder
from hypercuboid.runs.follower import Follower, require_loggers
from hypercuboid.runs.keeper import Keeper
from hypercuboid.runs.restoring import fitting, require_numbers
from hypercuboid.runs.signals import StopRequest
from hypercuboid.runs.weights_file import digest_of
from hypercuboid.search.objective import check_objective, objective_of
from hypercuboid.search.scaling import slow_format
from hypercuboid.training.drop_path import drop_paths
from hypercuboid.training.engine import Engine
from hypercuboid.training.model_file import check_network, load_network
from hypercuboid.training.recipe import Recipe
from hypercuboid.training.train import Progress, Score, Step, Training
from hypercuboid.training.trained import WEIGHTS, take_weights


@dataclass(frozen=True)
class TrainingRequest:
    """What `hypercuboid train` was asked for."""

    model: Path
    data: DataSet
    run: Path
    recipe: Recipe
    seed: int
    device: torch.device
    workers: int = 0
    command: str = ""
    checkpoint_seconds: float = 60.0
    sources: Mapping[str, str] = field(default_factory=dict)
    """Where the value of each setting is from."""
    initial: Mapping[str, torch.Tensor] | None = None
    """What the network begins with instead of fresh weights."""
    ranks: Ranks = ALONE
    logs: tuple[str, ...] = ()
    """The loggers that follow it (see `runs.loggers`)."""
    sync_batch_norm: bool = False
    """Whether batch norm has the statistics of all ranks together."""


def train_file(
    request: TrainingRequest, watch: Callable[[Step], None], warn: Callable[[Diagnostic], None] = lambda one: None
) -> Score:
    """Trains the network of a file; the run folder then holds its source, weights, metrics and `result.json`.

    The folder is made after file and data have been found to fit. Where it holds the same training, unfinished, that
    one goes on, bit for bit. Asked to stop by a signal, it writes a checkpoint and raises Stopped. HC7044:
    memory did not suffice; HC7045: a loader worker died.
    """
    require_loggers(request.logs)
    torch.manual_seed(request.seed)
    network = load_network(request.model)
    if request.initial is not None:
        take_weights(network, request.initial, "the beginning")
    if request.sync_batch_norm:
        check_synchronised(request.ranks, request.device)
        network = synchronised(network)
    network.to(request.device)
    check_network(network, request.data, request.device)
    check_objective(objective_of(request.recipe), request.data, request.device)
    read_augmentation(request.recipe.augment, request.data)
    for one in _warnings(request, network) if request.ranks.is_writer else ():
        warn(one)
    followed = Follower(request.run, request.logs if request.ranks.is_writer else (), warn)
    with advised(request.recipe.batch), StopRequest() as stop, _enter(request) as run, followed:
        run.write_text("model.py", request.model.read_text(encoding="utf-8"))
        run.write_json("splits.json", splits_of(request.data))
        run.write_json("recipe.json", with_sources(request.recipe, request.sources))
        run.write_json(CARD, card_of(request.data).model_dump(mode="json"))
        begun = time.monotonic()
        engine = Engine(network, request.recipe, request.device, request.ranks)
        training = Training(engine, request.data, request.seed, request.workers)
        try:
            score = _train(request, training, run, stop, followed.after(watch), warn)
        finally:
            run.write_tensors(WEIGHTS, engine.scored.state_dict())
        params = sum(one.numel() for name, one in network.named_parameters() if "aux" not in name)
        run.write_json("result.json", _result(score, params, time.monotonic() - begun))
    return score


def _enter(request: TrainingRequest) -> RunFolder:
    return enter(request.ranks, request.run, lambda: config_of(request))


def _train(
    request: TrainingRequest,
    training: Training,
    run: RunFolder,
    stop: StopRequest,
    watch: Callable[[Step], None],
    warn: Callable[[Diagnostic], None],
) -> Score:
    """The training itself, from the newest whole checkpoint of the run where there is one."""
    about = {"torch": torch.__version__}
    keeper, engine = Keeper(run, stop, request.checkpoint_seconds, about, request.ranks), training.engine

    def state() -> dict[str, Any]:
        return {"progress": asdict(progress)}

    def step_done(step: Step) -> None:
        if step.epoch_done:
            run.log(epoch=step.epoch, lr=request.recipe.rate(step.epoch), loss=step.loss, accuracy=step.accuracy)
        watch(step)
        keeper.step_done(step.step, state, engine.tensors)

    progress = _restore(keeper.newest(warn), run.path, engine)
    return training.run(progress, step_done)


def _restore(found: Checkpoint | None, run: Path, engine: Engine) -> Progress:
    """Puts back what a checkpoint holds; a training that begins has none."""
    if found is None:
        return Progress()
    with fitting(run):
        engine.restore(found.tensors)
        progress: dict[str, Any] = found.state["progress"]
        require_numbers(list(progress.values()))
        return Progress(**progress)


def _warnings(request: TrainingRequest, network: nn.Module) -> Iterator[Diagnostic]:
    """What the recipe asks for in vain, or dearly."""
    if request.recipe.drop_path and not drop_paths(network):
        message = f"`{request.model}` has no drop path, so `drop_path` of the recipe does nothing"
        way = "set it to 0, or write `-> drop_path` into the space"
        yield Diagnostic("HC7600", message, severity="warning", help=way)
    yield from slow_format(request.recipe.precision, request.device)


def config_of(request: TrainingRequest) -> dict[str, Any]:
    """What `config.json` of the run says: by it a run is known as that of the same training."""
    return {
        "kind": "train",
        "command": request.command,
        "model": str(request.model),
        "model_hash": hashlib.sha256(request.model.read_bytes()).hexdigest(),
        **({} if request.initial is None else {"initial": digest_of(request.initial)}),
        "data": request.data.name,
        "data_hash": request.data.fingerprint(),
        "seed": request.seed,
        "workers": request.workers,
        "device": str(request.device),
        "threads": torch.get_num_threads(),
        "ranks": request.ranks.size,
        "sync_batch_norm": request.sync_batch_norm,
        "torch": torch.__version__,
        "recipe": request.recipe.model_dump(),
    }


def _result(score: Score, params: int, seconds: float) -> dict[str, Any]:
    more = {
        name: {"correct": one.correct, "total": one.total, "accuracy": one.accuracy, "interval": list(one.interval)}
        for name, one in score.more.items()
    }
    return {
        "split": "test",
        "metric": score.metric,
        "correct": score.correct,
        "total": score.total,
        "accuracy": score.accuracy,
        "interval": list(score.interval),
        "confidence": 0.95,
        **({"more": more} if more else {}),
        "params": params,
        "seconds": round(seconds, 2),
    }
