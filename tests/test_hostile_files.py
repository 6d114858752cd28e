"""Malicious files offered as weights, runs, checkpoints and architectures: refused, small and fast, nothing retried.

A pickle is never unpickled, whatever it is called: each would leave a `canary`.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from commands import few_digits
from hostile.commands import Ended, command, wrong_with
from hostile.offered import DIGITS, GENOTYPES, REPLACED, TENSORS, WEIGHTS, weights
from hostile.worker import _forget_peak, _memory

from hypercuboid.diagnostics import Diagnostic, HypercuboidError
from hypercuboid.runs import checkpoints as writer
from hypercuboid.runs.checkpoints import MANIFEST, STATE, Checkpoints, read_checkpoint
from hypercuboid.searching import SearchRequest, load_for_data, run_search
from hypercuboid.training.recipe import Recipe
from hypercuboid.training.run import TrainingRequest, train_file

SPACE = """hypercuboid 1
use std.ops { conv, gap, linear, identity }
space S() on x: image(1, 8, 8) {
  out x -> conv(4, 3) -> choose op { a: identity, b: conv(4, 3) } -> gap -> linear(10)
}
"""
SECONDS, MEMORY = 5.0, 512.0
"""Of the processor, and MiB more than before: five times what one takes."""


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.set_num_threads(1)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def space(tmp_path: Path) -> str:
    (tmp_path / "a.hc").write_text(SPACE, encoding="utf-8")
    return str(tmp_path / "a.hc")


def small_and_fast(*arguments: str) -> Ended:
    """How a command ended, which must have taken little of everything and left no canary."""
    _forget_peak()
    before, begun = _memory(), time.process_time()
    ended = command(*arguments)
    assert time.process_time() - begun < SECONDS
    assert _memory() - before < MEMORY
    assert list(wrong_with(ended)) == []
    assert not Path("canary").exists()
    return ended


def test_there_are_more_than_promised() -> None:
    assert len(WEIGHTS) + len(TENSORS) + len(REPLACED) + len(GENOTYPES) + len(DIGITS) >= 25


# ---------------------------------------------------------------- weights and runs


@pytest.mark.parametrize("name", WEIGHTS)
def test_no_weights(name: str, space: str, tmp_path: Path) -> None:
    file = tmp_path / "weights.json"
    WEIGHTS[name](file)
    ended = small_and_fast("select", space, "--weights", str(file))
    assert ended.code == 1 and "error[HC70" in ended.err


def test_weights_that_are_some(space: str, tmp_path: Path) -> None:
    (tmp_path / "weights.json").write_text(weights(), encoding="utf-8")
    assert small_and_fast("select", space, "--weights", str(tmp_path / "weights.json")).code == 0


FILES = ("config.json", "state.json", "metrics.jsonl", "arch.hc", "weights.json", "result.json", "space.hc")
EACH = [(file, name) for name in WEIGHTS if name != "nothing" for file in FILES]


ODD = ('"S"', "[]", "{}", "5", "null", "true", '"\\u202e"', '[["a"]]', '{"without": {"a": 1}, "epochs": []}')


@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize("key", ["space", "recipe", "seed", "kind", "command"])
def test_no_configuration(key: str, value: str, space: str, tmp_path: Path) -> None:
    run = made_run(tmp_path)
    (run / "config.json").write_text(f'{{"space": "S", "{key}": {value}}}'.replace('"space": "S", "space"', '"space"'))
    for call in ("select", "render", "generate", "show", "runs"):
        small_and_fast(call, str(run))


def made_run(folder: Path) -> Path:
    """What a search of `SPACE` leaves, in short."""
    run = folder / "run"
    run.mkdir()
    (run / "config.json").write_text('{"space": "S", "recipe": [], "seed": "much"}', encoding="utf-8")
    (run / "state.json").write_text('{"state": "finished"}', encoding="utf-8")
    (run / "space.hc").write_text(SPACE, encoding="utf-8")
    (run / "weights.json").write_text(weights(), encoding="utf-8")
    (run / "arch.hc").write_text("arch A of S() { pick out.op = a }", encoding="utf-8")
    return run


@pytest.mark.parametrize(
    ("file", "name"),
    [pytest.param(*one, marks=[] if number % 13 == 0 else pytest.mark.long) for number, one in enumerate(EACH)],
)
def test_no_run(file: str, name: str, space: str, tmp_path: Path) -> None:
    """Each file of a run in turn; what can be told of the run without it is told."""
    run = made_run(tmp_path)
    (run / file).unlink(missing_ok=True)
    WEIGHTS[name](run / file)
    for call in ("select", "render", "generate", "show", "runs"):
        small_and_fast(call, str(run))


# ---------------------------------------------------------------- architectures


@pytest.mark.parametrize("name", GENOTYPES)
def test_no_genotype(name: str, space: str) -> None:
    target = str(Path(__file__).parent.parent / "spaces" / "darts.hc")
    small = ("-p", "c=4", "-p", "layers=3")
    ended = small_and_fast("convert", target, *small, "--from", "genotype", "--", GENOTYPES[name])
    assert ended.code == 1 and "error[HC" in ended.err


@pytest.mark.parametrize("name", DIGITS)
def test_no_digits(name: str, space: str) -> None:
    ended = small_and_fast("convert", space, "--from", "nas-bench-macro", "--", DIGITS[name])
    assert ended.code == 1 and "error[HC" in ended.err


# ---------------------------------------------------------------- checkpoints that are not whole


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    Checkpoints(tmp_path / "checkpoints").save(1, {}, {"metrics": 0}, {"a": torch.arange(4.0)})
    return tmp_path / "checkpoints" / "step-0000000001"


def forge(folder: Path, tensors: bytes | None = None, state: bytes | None = None, **body: Any) -> None:
    """Writes other content under a manifest that is true of it, as whoever knows the format can."""
    manifest = json.loads((folder / MANIFEST).read_bytes())["body"]
    for name, content in (("tensors.safetensors", tensors), (STATE, state)):
        if content is not None:
            (folder / name).write_bytes(content)
            manifest["files"][name] = {"size": len(content), "sha256": writer._hash(content)}
    whole = {**manifest, **body}
    signed = {"body": whole, "sha256": writer._hash(writer._canonical(whole))}
    (folder / MANIFEST).write_bytes(writer._canonical(signed))


def refused(folder: Path) -> None:
    _forget_peak()
    before, begun = _memory(), time.process_time()
    found, warnings = Checkpoints(folder.parent).newest()
    assert found is None
    assert [one.code for one in warnings] == ["HC7009"]
    assert time.process_time() - begun < SECONDS
    assert _memory() - before < MEMORY
    assert not Path("canary").exists()


@pytest.mark.parametrize("name", TENSORS)
def test_no_tensors(name: str, checkpoint: Path) -> None:
    forge(checkpoint, TENSORS[name])
    refused(checkpoint)


@pytest.mark.parametrize("name", REPLACED)
@pytest.mark.parametrize("file", ["manifest.json", "state.json", "tensors.safetensors"])
def test_no_file(name: str, file: str, checkpoint: Path) -> None:
    REPLACED[name](checkpoint / file)
    refused(checkpoint)


@pytest.mark.parametrize(
    "state", [b"[" * 100_000, b"[" * 900 + b"]" * 900, b"[]", b"null", b"NaN", b'{"metrics": NaN}', b"", b"\xff"]
)
def test_no_state(state: bytes, checkpoint: Path) -> None:
    forge(checkpoint, state=state)
    refused(checkpoint)


@pytest.mark.parametrize(
    "body",
    [
        {"files": None},
        {"files": []},
        {"files": {}},
        {"files": {"../../secret": {"size": 1, "sha256": ""}}},
        {"files": {STATE: "a", "tensors.safetensors": "b"}},
        {"files": {STATE: {"size": "1", "sha256": 1}, "tensors.safetensors": {}}},
        {"files": {STATE: {"size": -1, "sha256": ""}, "tensors.safetensors": {"size": 1 << 62, "sha256": ""}}},
        {"schema": 2},
        {"schema": None},
        {"step": "1"},
        {"step": True},
        {"about": []},
    ],
)
def test_no_manifest(body: dict[str, Any], checkpoint: Path) -> None:
    forge(checkpoint, **body)
    refused(checkpoint)


@pytest.mark.parametrize("content", [b"", b"[]", b"[" * 100_000, b'{"body": [], "sha256": ""}', b"\xff", b"1" * 5_000])
def test_no_manifest_at_all(content: bytes, checkpoint: Path) -> None:
    (checkpoint / MANIFEST).write_bytes(content)
    refused(checkpoint)


def test_a_forged_checkpoint_that_is_sound_is_read(checkpoint: Path) -> None:
    """The checks above can fail."""
    forge(checkpoint, state=b'{"metrics": 3}')
    assert read_checkpoint(checkpoint).state == {"metrics": 3}


# ---------------------------------------------------------------- checkpoints that are whole, and of something else

Change = Callable[[dict[str, torch.Tensor], dict[str, Any]], None]


def _drop(tensors: dict[str, torch.Tensor], state: dict[str, Any]) -> None:
    del tensors[min(tensors)]


def _more(tensors: dict[str, torch.Tensor], state: dict[str, Any]) -> None:
    tensors[f"{min(name for name in tensors if 'optimizer' not in name)}2"] = torch.zeros(1)


def _all(change: Callable[[torch.Tensor], torch.Tensor], where: str) -> Change:
    def changed(tensors: dict[str, torch.Tensor], state: dict[str, Any]) -> None:
        for name in list(tensors):
            if name.startswith(where) and tensors[name].is_floating_point():
                tensors[name] = change(tensors[name])

    return changed


def _state(name: str, value: Any) -> Change:
    return lambda tensors, state: state.update({name: value})


NETWORK: Mapping[str, Change] = {
    "a tensor more": _more,
    "another shape": _all(lambda one: one[None], ""),
    "another type": _all(lambda one: one.long(), ""),
    "double": _all(lambda one: one.double(), ""),
    "no size of metrics": _state("metrics", "all"),
    "metrics of another size": _state("metrics", -5),
    "metrics that are a list": _state("metrics", []),
}


def offer(run: Path, change: Change) -> None:
    """Leaves one checkpoint, changed, whole and true."""
    from safetensors.torch import save

    kept = sorted((run / "checkpoints").glob("step-*"))
    for path in kept[:-1]:
        shutil.rmtree(path)
    held = read_checkpoint(kept[-1])
    tensors, state = dict(held.tensors), dict(held.state)
    change(tensors, state)
    forge(kept[-1], save({name: one.contiguous() for name, one in tensors.items()}), json.dumps(state).encode())


class Enough(Exception):  # noqa: N818 - no error
    """Ends a run in the middle."""


def stop(step: Any) -> None:
    if step.step == 2:
        raise Enough


def quiet(warning: Diagnostic) -> None:
    raise AssertionError(warning.message)


TRAINED: Mapping[str, Change] = {
    **NETWORK,
    "a tensor less": _drop,
    "no progress": lambda tensors, state: state.clear(),
    "progress that is a text": _state("progress", "all"),
    "progress of texts": _state("progress", {"step": "1"}),
    "progress of nothing known": _state("progress", {"canary": 1}),
    "momenta of nothing": lambda tensors, state: tensors.update({"optimizer/99/momentum_buffer": torch.zeros(1)}),
    "momenta of texts": lambda tensors, state: tensors.update({"optimizer/a/momentum_buffer": torch.zeros(1)}),
}


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> TrainingRequest:
    """A training that was stopped after two steps."""
    folder = tmp_path_factory.mktemp("training")
    (folder / "model.py").write_text(
        "from torch import nn\n\n\nclass Net(nn.Sequential):\n    def __init__(self):\n"
        "        super().__init__(nn.Flatten(), nn.BatchNorm1d(64), nn.Linear(64, 10))\n",
        encoding="utf-8",
    )
    request = TrainingRequest(
        folder / "model.py",
        few_digits(),
        folder / "run",
        Recipe(epochs=2, batch=32),
        0,
        torch.device("cpu"),
        checkpoint_seconds=0.0,
    )
    with pytest.raises(Enough):
        train_file(request, stop)
    return request


@pytest.mark.parametrize("name", TRAINED)
def test_a_training_refuses_what_it_did_not_write(name: str, training: TrainingRequest, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(training.run, run)
    offer(run, TRAINED[name])
    with pytest.raises(HypercuboidError) as caught:
        train_file(TrainingRequest(**{**vars(training), "run": run}), lambda step: None, quiet)
    assert [one.code for one in caught.value.diagnostics] == ["HC7024"]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_are_none_are_seen_before_a_step(value: float, training: TrainingRequest, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(training.run, run)
    offer(run, _all(lambda one: torch.full_like(one, value), "network/2"))
    with pytest.raises(HypercuboidError) as caught:
        train_file(TrainingRequest(**{**vars(training), "run": run}), lambda step: None, quiet)
    assert [one.code for one in caught.value.diagnostics] == ["HC7041"]


SEARCHED: Mapping[str, Change] = {
    **NETWORK,
    "no strategy": lambda tensors, state: state.pop("strategy"),
    "means that are texts": _state("of_weights", ["a", "b", "c"]),
    "means that are too few": _state("of_alphas", [1]),
    "means that are none": _state("of_alphas", None),
    "alphas of another shape": _all(lambda one: one[:1], "supernet/alpha"),
    "what Adam remembers of nothing": lambda tensors, state: tensors.update({"alpha-optimizer/7/a": torch.zeros(1)}),
}


@pytest.fixture(scope="module")
def searching(tmp_path_factory: pytest.TempPathFactory) -> SearchRequest:
    """A search that was stopped after two steps."""
    from hypercuboid.search.recipe import Recipe as SearchRecipe

    folder = tmp_path_factory.mktemp("searching")
    (folder / "a.hc").write_text(SPACE, encoding="utf-8")
    data = few_digits()
    space = load_for_data(str(folder / "a.hc"), None, (), (), data)
    recipe = SearchRecipe(epochs=2, batch=32, strategy="first_order")
    request = SearchRequest(space, data, folder / "run", recipe, torch.device("cpu"), checkpoint_seconds=0.0)
    with pytest.raises(Enough):
        run_search(request, stop)
    return request


@pytest.mark.parametrize("name", SEARCHED)
def test_a_search_refuses_what_it_did_not_write(name: str, searching: SearchRequest, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(searching.run, run)
    offer(run, SEARCHED[name])
    with pytest.raises(HypercuboidError) as caught:
        run_search(SearchRequest(**{**vars(searching), "run": run}), lambda step: None, quiet)
    assert [one.code for one in caught.value.diagnostics] == ["HC7024"]


def test_what_was_written_is_gone_on_from(searching: SearchRequest, training: TrainingRequest, tmp_path: Path) -> None:
    """The checks above can fail."""
    for request, function in ((searching, run_search), (training, train_file)):
        run = tmp_path / type(request).__name__
        shutil.copytree(request.run, run)
        offer(run, lambda tensors, state: None)
        seen: list[Any] = []
        again: Any = type(request)(**{**vars(request), "run": run})
        function(again, seen.append, quiet)
        assert [one.step for one in seen] == [2, 3, 4]
