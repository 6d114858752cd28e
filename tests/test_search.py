"""The bilevel search: its two steps by hand, run folders that stay usable, the command."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from supernets import ROOT
from torch.nn import functional as F

import hypercuboid as hc
from hypercuboid.cli.main import main
from hypercuboid.data.base import DataSet, Split, load_data
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.graph.weights import read_weights
from hypercuboid.pipeline import Space
from hypercuboid.runs.checkpoints import Checkpoints
from hypercuboid.runs.folder import RunFolder
from hypercuboid.runs.keeper import without_prefix
from hypercuboid.runs.reading import read_run
from hypercuboid.runs.signals import Stopped
from hypercuboid.search.layout import laid_out, lay_out
from hypercuboid.search.loop import steps_of_a_search
from hypercuboid.search.progress import Step
from hypercuboid.search.recipe import Recipe
from hypercuboid.search.strategies.bilevel import Bilevel
from hypercuboid.searching import SearchRequest, arch_file, load_for_data, run_search

FILE = str(ROOT / "spaces" / "multichannelnet.hc")
SMALL = ["filters=[4, 8]", "reductions=1", "layers=2", "head=8"]
RECIPE = Recipe(epochs=2, batch=64, seed=3, weighting="max_w")


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def digits() -> DataSet:
    """A fifth of the digits: two steps an epoch."""
    whole = load_data("digits")
    splits = {name: Split(split.x[:140], split.y[:140]) for name, split in whole.splits.items()}
    return DataSet(whole.name, whole.input_type, whole.class_names, whole.mean, whole.std, splits)


def small_space(digits: DataSet) -> Space:
    return load_for_data(FILE, None, SMALL, (), digits)


def request(digits: DataSet, run: Path, **changes: Any) -> SearchRequest:
    recipe = RECIPE.model_copy(update=changes)
    return SearchRequest(small_space(digits), digits, run, recipe, torch.device("cpu"))


def batch(digits: DataSet, split: str) -> tuple[torch.Tensor, torch.Tensor]:
    part = digits.splits[split]
    return torch.from_numpy(part.x[:32]), torch.from_numpy(part.y[:32])


def test_the_alpha_step_is_adam_on_alphas_alone(digits: DataSet) -> None:
    """Against the step written out; weights keep their values and get no gradient."""
    space = small_space(digits)
    one, other = space.supernet("max_w", seed=1), space.supernet("max_w", seed=1)
    x, y = batch(digits, "search-validation")
    Bilevel(one, RECIPE).alpha_step((x, y), "here")
    adam = torch.optim.Adam(other.alphas(), lr=3e-4, betas=(0.5, 0.999), weight_decay=1e-3)
    torch.autograd.backward(F.cross_entropy(other(x), y))
    adam.step()
    assert torch.allclose(one.alphas()[0], other.alphas()[0], rtol=0, atol=1e-9)
    assert not torch.equal(one.alphas()[0], space.supernet("max_w", seed=1).alphas()[0])
    assert all(weight.grad is None for weight in one.weights())
    untouched = space.supernet("max_w", seed=1).weights()
    assert all(torch.equal(a, b) for a, b in zip(one.weights(), untouched, strict=True))


def test_the_weight_step_is_clipped_sgd_on_weights_alone(digits: DataSet) -> None:
    space = small_space(digits)
    recipe = RECIPE.model_copy(update={"clip": 0.1})
    one, other = space.supernet("scalar", seed=1), space.supernet("scalar", seed=1)
    x, y = batch(digits, "search-train")
    bilevel = Bilevel(one, recipe)
    bilevel.begin_epoch(2)
    bilevel.weight_step((x, y), "here")
    rate = recipe.rate(2)
    torch.autograd.backward(F.cross_entropy(other(x), y))
    norm = torch.sqrt(sum(((w.grad**2).sum() for w in other.weights() if w.grad is not None), torch.zeros(())))
    assert float(norm) > 0.1
    for mine, theirs in zip(one.weights(), other.weights(), strict=True):
        assert theirs.grad is not None
        step = theirs.grad * (0.1 / (norm + 1e-6)) + 3e-4 * theirs.detach()
        assert torch.allclose(mine.detach(), theirs.detach() - rate * step, rtol=0, atol=1e-7)
    assert torch.equal(one.alphas()[0], other.alphas()[0])
    assert one.alphas()[0].grad is None


def test_channels_last_changes_no_number(digits: DataSet) -> None:
    supernet = small_space(digits).supernet().double().eval()
    x, _ = batch(digits, "search-train")
    before = supernet(x.double())
    lay_out(supernet)
    strided = laid_out(x.double())
    assert strided.stride() == (64, 1, 8, 1)
    assert torch.allclose(supernet(strided), before, rtol=0, atol=1e-12)


def test_a_search_writes_all_that_it_finds(digits: DataSet, tmp_path: Path) -> None:
    seen: list[Step] = []
    asked = request(digits, tmp_path / "run")
    found = run_search(asked, seen.append)
    run = read_run(tmp_path / "run")
    assert run.state == "finished"
    assert [step.step for step in seen] == list(range(1, steps_of_a_search(digits, RECIPE) + 1))
    metrics = [json.loads(line) for line in run.read_text("metrics.jsonl").splitlines()]
    assert [one["epoch"] for one in metrics] == [1, 2]
    assert [one["lr"] for one in metrics] == [RECIPE.rate(1), RECIPE.rate(2)]
    assert {"loss", "accuracy", "validation_loss", "validation_accuracy", "score", "margin", "seconds"} <= set(
        metrics[0]
    )
    assert metrics[-1]["loss"] == seen[-1].loss
    assert found.selection is not None
    assert metrics[-1]["score"] == pytest.approx(found.selection.score, abs=1e-12)
    space = hc.load(run.path / "space.hc", run.config["space"])
    assert space.graph.hash == asked.space.graph.hash == run.config["hash"]
    weights = read_weights(space.graph, run.path / "weights.json")
    assert weights.warnings == ()
    assert space.select(weights.values).text == space.architecture(run.read_text("arch.hc")).text == found.text
    assert hc.load(run.path / "arch.hc", found.name).counts().params == found.counts().params
    assert "import hypercuboid" not in run.read_text("model.py")
    assert run.read_text("supernet.svg").startswith("<")


def test_the_same_seed_gives_the_same_files(digits: DataSet, tmp_path: Path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        run_search(request(digits, tmp_path / name, seed=seed, epochs=1), lambda step: None)
    one, same, other = ((tmp_path / name / "weights.json").read_bytes() for name in "abc")
    assert one == same
    assert one != other
    one, same = ((tmp_path / name / "supernet.safetensors").read_bytes() for name in "ab")
    assert one == same


def test_ctrl_c_leaves_the_results_so_far(digits: DataSet, tmp_path: Path) -> None:
    run_search(request(digits, tmp_path / "whole", epochs=2), lambda step: None)

    def stop(step: Step) -> None:
        if step.epoch == 2:
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(Stopped, match="stopped by SIGINT after step 3"):
        run_search(request(digits, tmp_path / "run", epochs=2), stop)
    run = read_run(tmp_path / "run")
    assert run.state == "interrupted"
    metrics = run.read_text("metrics.jsonl").splitlines()
    assert [json.loads(line)["epoch"] for line in metrics] == [1]
    first = json.loads((tmp_path / "whole" / "metrics.jsonl").read_text().splitlines()[0])
    again = json.loads(metrics[0])
    assert {**again, "seconds": 0} == {**first, "seconds": 0}
    for name in ("arch.hc", "model.py", "supernet.svg", "supernet.safetensors"):
        run.need(name)
    space = hc.load(run.path / "space.hc", run.config["space"])
    weights = read_weights(space.graph, run.path / "weights.json").values
    saved, _ = Checkpoints(run.path / "checkpoints").newest()
    assert saved is not None
    stopped = space.supernet("max_w")
    stopped.load_state_dict(without_prefix("supernet", saved.tensors))
    assert all(np.array_equal(weights[name], array) for name, array in stopped.architecture_weights().items())
    assert run.read_text("arch.hc").endswith(arch_file(space.select(weights)).split("\n\n", 1)[1])


def test_a_loss_that_is_not_finite_stops_the_search_and_names_the_step(digits: DataSet, tmp_path: Path) -> None:
    bad = digits.splits["search-validation"].x.copy()
    bad[:, 0, 0, 0] = np.nan
    splits = {**digits.splits, "search-validation": Split(bad, digits.splits["search-validation"].y)}
    broken = DataSet(digits.name, digits.input_type, digits.class_names, digits.mean, digits.std, splits)
    with pytest.raises(HypercuboidError, match="the loss is nan in epoch 1, step 1, architecture step") as caught:
        run_search(request(broken, tmp_path / "run"), lambda step: None)
    assert caught.value.diagnostics[0].code == "HC7041"
    assert read_run(tmp_path / "run").state == "interrupted"


def test_data_set_the_input_and_the_classes_unless_they_are_given(digits: DataSet) -> None:
    space = small_space(digits)
    assert space.elaborated.input_types == (digits.input_type,)
    assert space.elaborated.definition.body.type.shape == (10,)
    with pytest.raises(HypercuboidError, match=r"takes \(1, 9, 9\), and inputs of `digits` are \(1, 8, 8\)"):
        load_for_data(FILE, None, SMALL, ["1x9x9"], digits)
    with pytest.raises(HypercuboidError, match=r"gives \(7\), and `digits` has 10 classes"):
        load_for_data(FILE, None, [*SMALL, "classes=7"], (), digits)
    with pytest.raises(HypercuboidError, match="has no open decision"):
        load_for_data(FILE, "Handmade", (), (), digits)


def test_nothing_is_written_where_the_space_is_too_large(digits: DataSet, tmp_path: Path) -> None:
    asked = SearchRequest(small_space(digits), digits, tmp_path / "run", RECIPE, torch.device("cpu"), max_ops=10)
    with pytest.raises(HypercuboidError, match="too large to build"):
        run_search(asked, lambda step: None)
    assert not (tmp_path / "run").exists()


def test_the_command_searches_selects_and_generates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = str(tmp_path / "run")
    settings = [part for setting in SMALL for part in ("-p", setting)]
    common = ["--data", "digits", "--epochs", "1", "--batch", "300", "--quiet", "--threads", "1", "--device", "cpu"]
    with pytest.raises(SystemExit) as ended:
        main(["search", FILE, *settings, *common, "--run", run])
    shown = capsys.readouterr()
    assert ended.value.code in (0, None)
    assert shown.err == ""
    assert "found MultiChannelNetFound" in shown.out
    assert "h[reduction = 0, layer = 0] = " in shown.out
    assert f"{run}/model.py" in shown.out
    with pytest.raises(SystemExit) as ended:
        main(["generate", run])
    assert ended.value.code in (0, None)
    assert "class MultiChannelNetFound" in capsys.readouterr().out
    with pytest.raises(SystemExit) as ended:
        main(["search", FILE, *settings, *common, "--run", run])
    assert ended.value.code == 1
    assert "holds a finished run" in capsys.readouterr().err


def test_a_run_of_a_space_in_several_files_stands_alone(
    digits: DataSet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "source"
    (source / "parts").mkdir(parents=True)
    (source / "parts" / "blocks.hc").write_text(
        "hypercuboid 1\nuse std.ops { conv }\n"
        "block Flex(c: int) on x { let k = choose { one: 1, three: 3 } out x -> conv(c, k) }\n"
    )
    (source / "main.hc").write_text(
        'hypercuboid 1\nuse std.ops { gap, linear }\nuse "./parts/blocks.hc" { Flex }\n'
        "space S() on x: image(1, 8, 8) { out x -> Flex(4) -> gap -> linear(10) }\n"
    )
    space = load_for_data(str(source / "main.hc"), None, [], (), digits)
    found = run_search(
        SearchRequest(space, digits, tmp_path / "run", RECIPE, torch.device("cpu")), watch=lambda step: None
    )
    (source / "parts" / "blocks.hc").unlink()
    with pytest.raises(SystemExit) as left:
        main(["select", str(tmp_path / "run")])
    assert left.value.code == 0
    assert found.text in capsys.readouterr().out


def test_runs_are_listed_and_shown(digits: DataSet, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "runs"
    run_search(request(digits, place / "whole", epochs=1), lambda step: None)

    def stop(step: Step) -> None:
        if step.step == 3:
            os.kill(os.getpid(), signal.SIGTERM)

    with pytest.raises(Stopped):
        run_search(request(digits, place / "cut", epochs=2), stop)
    (place / "broken").mkdir()
    (place / "broken" / "config.json").write_text("{")
    with RunFolder.create(place / "live", {"kind": "train", "recipe": {"epochs": 7}}):
        assert run_command("runs", str(place), "--json") == 0
        found = {Path(one["path"]).name: one for one in json.loads(capsys.readouterr().out)}
    states = {name: (one["state"], one["kind"], one["epoch"], one["epochs"]) for name, one in found.items()}
    assert states == {
        "broken": ("damaged", "?", 0, 0),
        "cut": ("stopped", "search", 1, 2),
        "live": ("running", "train", 0, 7),
        "whole": ("finished", "search", 1, 1),
    }
    assert found["whole"]["best"].startswith("validation accuracy ")
    assert run_command("runs", str(place)) == 0
    assert capsys.readouterr().out.splitlines()[1].split()[1:3] == ["?", "damaged"]
    assert run_command("show", str(place / "cut")) == 0
    shown = capsys.readouterr().out
    assert "search, stopped, epoch 1 of 2" in shown
    assert "the same command goes on after step 3" in shown
    assert run_command("show", str(place / "cut"), "--json") == 0
    assert json.loads(capsys.readouterr().out)["checkpoint"] == 3
    assert run_command("runs", str(tmp_path / "nowhere")) == 1
    assert "is no folder" in capsys.readouterr().err


def run_command(*arguments: str) -> object:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return ended.value.code
