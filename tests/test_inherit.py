"""Inherited weights: a file with what `--inherit` gives it equals the supernet restricted to the path."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from commands import run
from safetensors.torch import load_file, save_file

from hypercuboid.cli.common import open_architecture, open_target
from hypercuboid.network.kept import kept_masks
from hypercuboid.network.supernet import Supernet
from hypercuboid.pipeline import Architecture, Space
from hypercuboid.training.model_file import load_network

SPACES = {
    "cuboid": ("spaces/new/cuboid.hc", "--weighting", "max_w"),
    "cells": ("spaces/new/cell.hc", "--without", "max_pool_3x3"),
    "chain": ("spaces/new/chain.hc",),
    "pools": ("spaces/new/cell.hc",),
}
"""Behind its pools a cell space of DARTS has a batch norm while it is searched, and only then."""

DATA = ("--data", "digits/32+32", "--batch", "16", "--alpha-lr", "0.1", "--quiet")


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A search of two epochs of two steps of each kind of space."""
    folder = tmp_path_factory.mktemp("inherit")
    for kind, arguments in SPACES.items():
        assert run("search", *arguments, *DATA, "--epochs", "2", "--run", str(folder / kind)) == 0
    return {kind: folder / kind for kind in SPACES}


def opened(target: Path) -> tuple[Space, Supernet, Architecture]:
    """The space that a run searched, its supernet in float64, and what was found."""
    space = open_target(str(target), (), ())
    supernet = Supernet(space.graph)
    supernet.load_state_dict(load_file(target / "supernet.safetensors"))
    return space, supernet.double(), open_architecture(str(target), (), ())[0]


@pytest.mark.parametrize("kind", ["cuboid", "cells", "chain"])
def test_the_file_equals_the_supernet_on_the_path(kind: str, runs: dict[str, Path], tmp_path: Path) -> None:
    source = tmp_path / "found.py"
    assert run("generate", str(runs[kind]), "-o", str(source), "--inherit", str(runs[kind]), "--quiet") == 0
    network = load_network(source)
    network.load_state_dict(load_file(tmp_path / "found.safetensors"))
    space, supernet, found = opened(runs[kind])
    kept = kept_masks(space.graph.decisions, found.elaborated.decided)
    ones = {name: torch.from_numpy(mask).double() for name, mask in kept.items()}
    x = torch.randn(4, 1, 8, 8, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        got = network.double().eval()(x)
        wanted = supernet.eval()(x, coefficients=ones, kept=kept)
        fresh = load_network(source).double().eval()(x)
    assert torch.allclose(got, wanted, rtol=0, atol=1e-12)
    assert not torch.allclose(fresh, wanted, atol=1e-3), "fresh weights give something else"


def test_what_is_inherited_can_be_scored_and_trained_on(
    runs: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, searched = tmp_path / "found.py", str(runs["cuboid"])
    assert run("generate", searched, "-o", str(source), "--inherit", searched) == 0
    weights = source.with_suffix(".safetensors")
    assert capsys.readouterr().out == f"wrote {source}, {weights}\n"
    data = ("--data", "digits/32+32")
    assert run("evaluate", str(source), "--weights", str(weights), *data, "--json") == 0
    assert json.loads(capsys.readouterr().out)["test"]["total"] == 360

    still = ("--epochs", "1", "--lr", "1e-12", "--lr-min", "0", "--weight-decay", "0", "--quiet")
    assert run("train", searched, "--inherit", *data, "--run", str(tmp_path / "one"), *still) == 0
    assert run("train", str(source), "--weights", str(weights), *data, "--run", str(tmp_path / "two"), *still) == 0
    assert run("train", searched, *data, "--run", str(tmp_path / "fresh"), *still) == 0
    begun, parameters = load_file(weights), [name for name, _ in load_network(source).named_parameters()]
    one, two, fresh = (load_file(tmp_path / name / "weights.safetensors") for name in ("one", "two", "fresh"))
    for name in parameters:
        assert torch.allclose(one[name], begun[name], rtol=0, atol=1e-8), "a rate of nothing leaves what it began with"
        assert torch.equal(one[name], two[name])
    assert any(not torch.allclose(fresh[name], begun[name], atol=1e-3) for name in parameters)
    configs = [json.loads((tmp_path / name / "config.json").read_text()) for name in ("one", "two", "fresh")]
    assert configs[0]["initial"] == configs[1]["initial"] and "initial" not in configs[2]


def test_what_the_supernet_lacks_is_fresh_and_told(
    runs: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Such a space searches batch norm without a scale: the scale of the file is one, and its shift zero."""
    source = tmp_path / "found.py"
    assert run("generate", str(runs["cells"]), "-o", str(source), "--inherit", str(runs["cells"])) == 0
    held, supernet = load_file(tmp_path / "found.safetensors"), load_file(runs["cells"] / "supernet.safetensors")
    err = capsys.readouterr().err
    fresh = int(err.split()[0])
    assert err.rstrip() == f"{fresh} of {len(held)} tensors are not in the supernet and stay fresh: bias, weight"
    rest = [one for one in held.values() if not any(torch.equal(one, other) for other in supernet.values())]
    assert 0 < len(rest) <= fresh < len(held)
    assert all(bool((one == 0).all() | (one == 1).all()) for one in rest)


def test_layers_of_the_search_alone_are_told(
    runs: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The architecture `ByHand` of the file keeps two pools."""
    target, source = "spaces/new/cell.hc:ByHand", tmp_path / "hand.py"
    assert run("generate", target, "-o", str(source), "--inherit", str(runs["pools"])) == 0
    err = capsys.readouterr().err
    assert "warning: 2 layers that the space has only while it is searched are not in the file" in err
    assert run("generate", str(runs["cells"]), "-o", str(source), "--inherit", str(runs["pools"])) == 0
    assert "warning" not in capsys.readouterr().err


def test_an_architecture_of_the_space_may_stand_in_a_file(runs: dict[str, Path], tmp_path: Path) -> None:
    """Another one than was found, of the file that was searched."""
    space, supernet, _ = opened(runs["chain"])
    target, source = "spaces/new/chain.hc:ByHand", tmp_path / "other.py"
    assert run("generate", target, "-o", str(source), "--inherit", str(runs["chain"]), "--quiet") == 0
    network = load_network(source)
    network.load_state_dict(load_file(tmp_path / "other.safetensors"))
    by_hand = open_architecture(target, (), ())[0]
    kept = kept_masks(space.graph.decisions, by_hand.elaborated.decided)
    ones = {name: torch.from_numpy(mask).double() for name, mask in kept.items()}
    x = torch.randn(4, 1, 8, 8, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        wanted = supernet.eval()(x, coefficients=ones, kept=kept)
        assert torch.allclose(network.double().eval()(x), wanted, rtol=0, atol=1e-12)


def copied(target: Path, folder: Path, **config: object) -> Path:
    """A run with other words in its configuration."""
    folder.mkdir()
    for path in target.iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    held = json.loads((target / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps({**held, **config}), encoding="utf-8")
    return folder


def test_runs_and_files_that_do_not_fit_are_refused(
    runs: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    searched = runs["cuboid"]

    def refused(code: str, target: str, inherit: Path) -> None:
        assert run("generate", target, "-o", str(tmp_path / "a.py"), "--inherit", str(inherit)) == 1
        assert f"error[{code}]" in capsys.readouterr().err
        assert not (tmp_path / "a.py").exists() and not (tmp_path / "a.safetensors").exists()

    refused("HC7710", "spaces/multichannelnet.hc:Handmade", searched)
    refused("HC7710", str(runs["chain"]), searched)
    refused("HC7710", str(searched), copied(searched, tmp_path / "train", kind="train"))
    refused("HC7711", str(searched), copied(searched, tmp_path / "part", recipe={"partial_channels": 2}))
    lacking = copied(searched, tmp_path / "lacking")
    state = load_file(searched / "supernet.safetensors")
    last = max(name for name in state if name.endswith("linear.weight"))
    save_file({name: one for name, one in state.items() if name != last}, lacking / "supernet.safetensors")
    refused("HC7703", str(searched), lacking)
    save_file({**state, last: torch.zeros(3, 3)}, lacking / "supernet.safetensors")
    refused("HC7017", str(searched), lacking)
    (lacking / "supernet.safetensors").write_bytes(b"")
    refused("HC7703", str(searched), lacking)


def test_options_that_do_not_go_together_are_refused(runs: dict[str, Path], tmp_path: Path) -> None:
    searched, more = str(runs["chain"]), ("--data", "digits", "--run", str(tmp_path / "run"))
    assert run("generate", searched, "--inherit", searched) == 2
    assert run("train", searched, "--inherit", "--weights", "a.safetensors", *more) == 2
    assert run("train", str(runs["chain"] / "model.py"), "--inherit", *more) == 2
    assert not (tmp_path / "run").exists()
