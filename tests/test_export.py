"""Exported networks: read by their own programs, they give what the network gives, for batches of any size."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from commands import few_digits, run
from deployed import CPU, trained
from torch import nn

import hypercuboid as hc
from hypercuboid.cli.export import FORMATS
from hypercuboid.data.card import Card, read_card
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.training.export import EXPORTS, Format, export, onnx_file
from hypercuboid.training.export.base import TOLERANCE
from hypercuboid.training.model_file import load_network
from hypercuboid.training.trained import Trained, open_trained


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def digits_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained(tmp_path_factory.mktemp("export"), few_digits())


def digits_card() -> Card:
    names = tuple(map(str, range(10)))
    return Card(data="digits", kind="image", shape=(1, 8, 8), mean=(4.9,), std=(6.0,), class_names=names)


def outputs(run_folder: Path, batch: int) -> tuple[torch.Tensor, torch.Tensor]:
    """An input, and what the trained network gives for it."""
    x = torch.randn(batch, 1, 8, 8, generator=torch.Generator().manual_seed(99))
    with torch.no_grad():
        return x, open_trained(run_folder, None, CPU).network(x)


def test_the_command_offers_what_is_registered() -> None:
    assert set(FORMATS) == set(EXPORTS)


def test_torch_export_is_written_after_it_was_compared(
    digits_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "network.pt2"
    assert run("export", str(digits_run), "--to", "torch-export", "-o", str(path), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert 0 <= told["difference"] <= told["tolerance"] == TOLERANCE * told["largest"]
    extra = {"model.json": ""}
    module = torch.export.load(path, extra_files=extra).module()
    for batch in (1, 17):
        x, wanted = outputs(digits_run, batch)
        assert torch.allclose(module(x), wanted, atol=told["tolerance"])
    assert Card.model_validate_json(extra["model.json"]) == read_card(digits_run / "model.json")


@pytest.mark.long
def test_onnx_gives_the_same_in_both_of_its_interpreters(
    digits_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import onnx
    import onnxruntime

    path = tmp_path / "network.onnx"
    assert run("export", str(digits_run), "--to", "onnx", "-o", str(path)) == 0
    assert f"run by onnxruntime {onnxruntime.__version__}, its outputs differ by at most" in capsys.readouterr().out
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    interpreter, name = onnx_file._interpreter(path)
    assert name == f"the interpreter of onnx {onnx.__version__}"
    for batch in (1, 17):
        x, wanted = outputs(digits_run, batch)
        got = torch.from_numpy(session.run(["scores"], {"input": x.numpy()})[0])
        assert torch.allclose(got, wanted, atol=1e-5)
        assert torch.allclose(interpreter(x), wanted, atol=1e-5)
    model = onnx.load(path)
    onnx.checker.check_model(model)
    held = {one.key: one.value for one in model.metadata_props}
    assert Card.model_validate_json(held["model.json"]) == read_card(digits_run / "model.json")


@pytest.mark.parametrize("package", ["onnx", "onnxscript"])
def test_a_missing_extra_is_told(
    package: str, digits_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    assert run("export", str(digits_run), "--to", "onnx", "-o", str(tmp_path / "network.onnx")) == 1
    err = capsys.readouterr().err
    assert f"error[HC7051]: `export --to onnx` needs the package `{package}`" in err
    assert "pip install 'hypercuboid[onnx]'" in err
    assert list(tmp_path.iterdir()) == []


class Branching(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.flatten(1)[:, :10] if x.sum() > 0 else x.flatten(1)[:, 10:20]


class Plain(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.flatten(1)[:, :10]


def test_what_cannot_be_captured_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HypercuboidError, match="HC7708"):
        export(Trained(Branching(), None), digits_card(), "torch-export", tmp_path / "network.pt2")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("off", [2e-4, float("nan"), 0.5e-4])
def test_other_outputs_are_refused(off: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A format whose file gives outputs that are off by a part of the largest."""

    def write(network: nn.Module, x: torch.Tensor, card: str, path: Path) -> None:
        path.write_text(card, encoding="utf-8")

    def open_again(path: Path) -> tuple[Any, str]:
        return lambda x: Plain()(x) + off * Plain()(x).abs().max(), "hand"

    monkeypatch.setitem(EXPORTS._entries, "wrong", Format(write, open_again))
    output = tmp_path / "network.wrong"
    if off < TOLERANCE:
        assert export(Trained(Plain(), None), digits_card(), "wrong", output).difference > 0
        assert output.exists()
        return
    with pytest.raises(HypercuboidError, match="HC7709"):
        export(Trained(Plain(), None), digits_card(), "wrong", output)
    assert not output.exists()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(HypercuboidError, match="HC7003"):
        export(Trained(Plain(), None), digits_card(), "torch-export", tmp_path / "nowhere" / "network.pt2")


SPACES: dict[str, dict[str, Any]] = {
    "spaces/multichannelnet.hc": {"filters": [4, 8], "reductions": 1, "layers": 2, "head": 16, "inputs": (1, 8, 8)},
    "spaces/darts.hc": {"c": 4, "layers": 3},
    "spaces/attention.hc": {},
    "spaces/tabular.hc": {},
}


@pytest.mark.long
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("path", list(SPACES))
def test_every_kind_of_space_can_be_exported(path: str, form: str, tmp_path: Path) -> None:
    """Cuboid, cells, sequences and vectors, with statistics of batch norm that a pass has moved."""
    architecture = hc.load(Path(__file__).parent.parent / path, **SPACES[path]).sample(1, seed=3)[0]
    (kind,), classes = architecture.elaborated.input_types, architecture.elaborated.definition.body.type.shape[-1]
    (tmp_path / "model.py").write_text(architecture.source(), encoding="utf-8")
    torch.manual_seed(0)
    network = load_network(tmp_path / "model.py")
    with torch.no_grad():
        network(torch.randn(8, *kind.shape))
    channels = kind.shape[0]
    card = Card(
        data="noise",
        kind="image" if kind.kind == "image" else "vector",
        shape=kind.shape,
        mean=(0.0,) * channels,
        std=(1.0,) * channels,
        class_names=tuple(map(str, range(classes))),
    )
    found = export(Trained(network, None), card, form, tmp_path / "network")
    assert found.difference <= 1e-5 * found.largest, "far below what is tolerated"
