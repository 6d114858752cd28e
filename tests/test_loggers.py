"""Metrics beside `metrics.jsonl`: event files are read back by tensorboardX's own reader of records."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import struct
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from commands import few_digits, run
from deployed import CPU, model_file, print_not
from safetensors.numpy import load_file

from hypercuboid.cli.common import log_option
from hypercuboid.diagnostics import Diagnostic
from hypercuboid.pipeline import load
from hypercuboid.runs.follower import Follower
from hypercuboid.runs.listing import read_metrics
from hypercuboid.runs.loggers import LOGGERS, Logger
from hypercuboid.runs.loggers.base import Kind
from hypercuboid.runs.metrics_table import csv_text, numbers
from hypercuboid.runs.signals import Stopped
from hypercuboid.runs.weights_history import HISTORY, Recorded, append, cut_history, read_history, weights_image
from hypercuboid.search.progress import Step
from hypercuboid.search.recipe import Recipe
from hypercuboid.searching import SearchRequest, run_search
from hypercuboid.training.recipe import Recipe as TrainingRecipe
from hypercuboid.training.run import TrainingRequest, train_file


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def events(folder: Path) -> Iterator[Any]:
    """All events of a folder in the order of its files; the records are length, check, content, check."""
    from tensorboardX.proto.event_pb2 import Event

    for path in sorted(folder.iterdir(), key=lambda one: one.stat().st_mtime_ns):
        content, at = path.read_bytes(), 0
        while at < len(content):
            (size,) = struct.unpack_from("<Q", content, at)
            yield Event.FromString(content[at + 12 : at + 12 + size])
            at += 16 + size


def shown(folder: Path) -> dict[tuple[str, int], Any]:
    """What TensorBoard shows by tag and step: an event of a session's start takes back what came before it."""
    found: dict[tuple[str, int], Any] = {}
    for event in events(folder):
        if event.session_log.status == 1:
            found = {key: one for key, one in found.items() if key[1] < event.step}
        for value in event.summary.value:
            found[value.tag, event.step] = value
    return found


SPACE = "spaces/new/cuboid.hc"


def search_request(folder: Path) -> SearchRequest:
    recipe = Recipe(epochs=3, batch=32, alpha_lr=0.1)
    return SearchRequest(load(SPACE), few_digits(), folder, recipe, CPU, checkpoint_seconds=1e9, logs=("tensorboard",))


def assert_all_is_shown(folder: Path, epochs: int) -> None:
    found, lines = shown(folder / "tensorboard"), read_metrics(folder)
    assert len(lines) == epochs
    for line in lines:
        for name, value in numbers(line).items():
            assert found[name, line["epoch"]].simple_value == pytest.approx(value, rel=1e-6)
    alphas = {name: one for name, one in load_file(folder / "supernet.safetensors").items() if "alpha:" in name}
    for name, values in alphas.items():
        histogram = found[f"alphas/{name.removeprefix('alpha:').replace('/', '.')}", epochs].histo
        assert histogram.num == np.count_nonzero(declared(folder, name))
        assert histogram.sum == pytest.approx(float(values[declared(folder, name)].sum()), rel=1e-5, abs=1e-5)
    assert found["weights", epochs].image.width > found["weights", epochs].image.height / 100
    assert found["picture", epochs].image.width == 1600
    assert max(step for _, step in found) == epochs


def declared(folder: Path, name: str) -> np.ndarray:
    held = json.loads((folder / "weights.json").read_text())["decisions"][name.removeprefix("alpha:").replace("/", ".")]
    mask: np.ndarray = ~np.isnan(np.array(held["values"], dtype=float))
    return mask


def test_a_search_is_shown_with_all_that_it_wrote_and_is_none_the_worse(tmp_path: Path) -> None:
    run_search(search_request(tmp_path / "logged"), print_not)
    assert_all_is_shown(tmp_path / "logged", 3)
    run_search(replace(search_request(tmp_path / "plain"), logs=()), print_not)
    assert not (tmp_path / "plain" / "tensorboard").exists()
    for name in ("weights.json", "supernet.safetensors", "arch.hc"):
        assert (tmp_path / "logged" / name).read_bytes() == (tmp_path / "plain" / name).read_bytes()


def test_a_stopped_search_is_shown_as_one(tmp_path: Path) -> None:
    """Two steps an epoch: stopped at the end of the first one, and in the middle of the last."""
    warnings: list[Diagnostic] = []

    def stop_at(number: int) -> Callable[[Step], None]:
        return lambda step: os.kill(os.getpid(), signal.SIGTERM) if step.step == number else None

    for number in (2, 5):
        with pytest.raises(Stopped):
            run_search(search_request(tmp_path / "run"), stop_at(number), warnings.append)
    run_search(search_request(tmp_path / "run"), print_not, warnings.append)
    assert_all_is_shown(tmp_path / "run", 3)
    assert warnings == [], "a logger that failed would be told"
    assert [one.epoch for one in read_history(tmp_path / "run")] == [1, 2, 3]


def test_history_of_epochs_that_were_taken_back_is_cut(tmp_path: Path) -> None:
    held = [Recorded(epoch, {"h": [0.5, 0.5]}, {"h": [0.0, 1.0]}) for epoch in (1, 2, 3)]
    for one in held:
        append(tmp_path, one)
    with (tmp_path / HISTORY).open("a", encoding="utf-8") as file:
        file.write('{"epoch": 4, "wei')
    assert read_history(tmp_path) == held
    cut_history(tmp_path, 2)
    assert read_history(tmp_path) == held[:2]
    append(tmp_path, held[2])
    cut_history(tmp_path, 9)
    assert read_history(tmp_path) == held


def test_a_training_is_shown(tmp_path: Path) -> None:
    data = few_digits()
    about = (model_file(tmp_path, data), data, tmp_path / "run", TrainingRecipe(epochs=2, batch=64), 0, CPU)
    train_file(TrainingRequest(*about, logs=("tensorboard",)), print_not)
    found = shown(tmp_path / "run" / "tensorboard")
    lines = read_metrics(tmp_path / "run")
    assert {name for name, _ in found} == {"lr", "loss", "accuracy"}
    assert [found["loss", epoch].simple_value for epoch in (1, 2)] == pytest.approx([one["loss"] for one in lines])


class Failing(Logger):
    """Fails in its second epoch."""

    def scalars(self, epoch: int, values: Any) -> None:
        if epoch == 2:
            raise OSError("no space left")

    def histogram(self, epoch: int, name: str, values: np.ndarray) -> None: ...

    def image(self, epoch: int, name: str, pixels_hw: np.ndarray) -> None: ...

    def picture(self, epoch: int, name: str, svg: str) -> None: ...

    def close(self) -> None: ...


def test_a_logger_that_fails_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LOGGERS._entries, "failing", Kind((), lambda run, config: Failing()))
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    warnings: list[Diagnostic] = []
    with Follower(tmp_path, ("failing", "tensorboard"), warnings.append) as follower:
        watch = follower.after(print_not)
        for epoch in (1, 2, 3):
            watch(None)
            with (tmp_path / "metrics.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps({"epoch": epoch, "loss": 1 / epoch}) + "\n")
    assert [(one.code, one.severity, one.notes) for one in warnings] == [
        ("HC7712", "warning", ("OSError: no space left",))
    ]
    assert {step for _, step in shown(tmp_path / "tensorboard")} == {1, 2, 3}


def test_the_image_has_a_row_for_each_weight_and_a_column_for_each_epoch() -> None:
    history = [Recorded(1, {"h": [0.5, 0.25], "out": [0.2]}, {}), Recorded(2, {"h": [1.0, 0.0], "out": [0.1]}, {})]
    pixels = weights_image(history)
    assert pixels.shape == (48, 32)
    assert pixels[8::16, 8::16].tolist() == [[128, 0], [191, 255], [0, 128]]
    many = [Recorded(1, {"h": [float(number == 2999) for number in range(3000)]}, {})]
    assert weights_image(many).shape == (1000, 1) and weights_image(many)[-1, 0] == 0


@pytest.mark.parametrize(("name", "package"), [("tensorboard", "tensorboardX"), ("wandb", "wandb")])
def test_a_missing_extra_is_told_before_anything_is_done(
    name: str, package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    target = tmp_path / "run"
    assert run("search", SPACE, "--data", "digits", "--run", str(target), "--log", name) == 1
    assert f"error[HC7051]: `--log {name}` needs the package `{package}`" in capsys.readouterr().err
    model = model_file(tmp_path, few_digits())
    assert run("train", str(model), "--data", "digits", "--run", str(target), "--log", name) == 1
    assert f"pip install 'hypercuboid[{name}]'" in capsys.readouterr().err
    assert not target.exists()


def test_the_option_offers_what_is_registered() -> None:
    command = log_option(lambda: None)
    (option,) = command.__click_params__  # type: ignore[attr-defined]
    assert tuple(option.type.choices) == tuple(LOGGERS)


def test_metrics_are_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [{"epoch": 1, "loss": 0.5, "more": {"a": 1, "b": [2, "x"]}, "none": None}, {"epoch": 2, "alarm": "why, so"}]
    rows = list(csv.DictReader(io.StringIO(csv_text(lines))))
    assert rows[0] == {"epoch": "1", "loss": "0.5", "more.a": "1", "more.b.0": "2", "more.b.1": "x", "alarm": ""}
    assert (rows[1]["epoch"], rows[1]["alarm"], rows[1]["loss"]) == ("2", "why, so", "")
    assert numbers(lines[0]) == {"loss": 0.5, "more.a": 1, "more.b.0": 2}
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    (tmp_path / "metrics.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in lines), encoding="utf-8")
    assert run("show", str(tmp_path), "--csv") == 0
    assert capsys.readouterr().out == csv_text(lines)
