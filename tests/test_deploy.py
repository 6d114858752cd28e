"""Trained networks in use: what `model.json` says, scores on test sets, predictions for image files."""

from __future__ import annotations

import ast
import json
import struct
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from commands import few_digits, run
from data_files import write_cifar10, write_cifar101
from deployed import CPU, model_file, print_not, trained
from PIL import Image
from safetensors.torch import load_file, save_file
from scipy.stats import binomtest
from torch.nn import functional as F

from hypercuboid.data.base import load_data
from hypercuboid.data.card import Card, card_of, read_card
from hypercuboid.data.fit import FITS
from hypercuboid.data.image_file import decode_image
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.pipeline import Architecture, load
from hypercuboid.training.evaluate import as_learnt, evaluate
from hypercuboid.training.model_file import load_network
from hypercuboid.training.predict import read_as
from hypercuboid.training.recipe import Recipe
from hypercuboid.training.run import TrainingRequest, train_file
from hypercuboid.training.trained import open_trained


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def digits_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained(tmp_path_factory.mktemp("digits"), few_digits())


@pytest.fixture(scope="module")
def cifar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with CIFAR-10, both versions of CIFAR-10.1, and a run."""
    folder = tmp_path_factory.mktemp("cifar")
    write_cifar10(folder)
    for version in ("v4", "v6"):
        write_cifar101(folder, version)
    trained(folder, load_data(f"cifar10:{folder}"))
    return folder


def code_of(raised: pytest.ExceptionInfo[HypercuboidError]) -> str:
    return raised.value.diagnostics[0].code


# ---------------------------------------------------------------- the card


def test_a_training_says_what_its_network_reads(cifar: Path) -> None:
    data, card = load_data(f"cifar10:{cifar}"), read_card(cifar / "run" / "model.json")
    assert card == card_of(data)
    assert (card.kind, card.shape, card.white, card.fit) == ("image", (3, 32, 32), 1.0, "whole")
    assert (card.mean, card.std, card.class_names) == (data.mean, data.std, data.class_names)
    x = data.splits["search-train"].x / 255
    assert card.mean == pytest.approx(x.mean((0, 2, 3))) and card.std == pytest.approx(x.std((0, 2, 3)))


GOOD: dict[str, Any] = {
    "version": 1,
    "data": "some",
    "kind": "image",
    "shape": [1, 4, 4],
    "mean": [0.5],
    "std": [0.1],
    "white": 1.0,
    "fit": "whole",
    "class_names": ["a", "b"],
}
BAD: dict[str, dict[str, Any]] = {
    "another version": {"version": 2},
    "an unknown entry": {"colour": "red"},
    "a shape without rows": {"shape": [1, 4]},
    "no width": {"shape": [1, 4, 0]},
    "two means": {"mean": [0.5, 0.5]},
    "no deviation": {"std": [0.0]},
    "a mean that is none": {"mean": [float("nan")]},
    "an unknown kind": {"kind": "sound"},
    "an unknown fit": {"fit": "squeezed"},
    "tokens without a vocabulary": {"kind": "tokens", "shape": [4], "mean": [], "std": []},
    "an image with a vocabulary": {"vocab": 3},
}


@pytest.mark.parametrize("name", list(BAD))
def test_a_card_that_contradicts_itself_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text(json.dumps(GOOD), encoding="utf-8")
    assert read_card(path).class_names == ("a", "b")
    path.write_text(json.dumps({**GOOD, **BAD[name]}), encoding="utf-8")
    with pytest.raises(HypercuboidError, match="does not describe a network") as raised:
        read_card(path)
    assert code_of(raised) == "HC7701" and raised.value.diagnostics[0].notes


def test_a_card_that_is_missing_or_no_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_bytes(b"{\xff")
    for name in ("broken.json", "nowhere.json", "."):
        with pytest.raises(HypercuboidError, match="HC7701"):
            read_card(tmp_path / name)


def test_the_header_of_what_a_search_found_says_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    space = tmp_path / "space.hc"
    text = "hypercuboid 1\nuse std.ops { conv, gap, linear }\n\nspace S() on x: image(1, 8, 8) {\n"
    text += "  out x -> choose op { k1: conv(4), k3: conv(4, 3) } -> gap -> linear(10)\n}\n"
    space.write_text(text, encoding="utf-8")
    found = tmp_path / "found"
    assert (
        run("search", str(space), "--data", "digits", "--run", str(found), "--epochs", "1", "--batch", "400", "--quiet")
        == 0
    )
    data = load_data("digits")
    assert read_card(found / "model.json") == card_of(data)
    lines = [line.removeprefix("# ") for line in (found / "model.py").read_text(encoding="utf-8").splitlines()]
    assert "input:      image 1 x 8 x 8 of digits, (x - mean) / std, x from 0 to 16" in lines
    assert f"mean:       {data.mean[0]!r}" in lines and f"std:        {data.std[0]!r}" in lines
    assert "classes:    0, 1, 2, 3, 4, 5, 6, 7, 8, 9" in lines
    capsys.readouterr()
    assert run("generate", str(found)) == 0
    again = [line.removeprefix("# ") for line in capsys.readouterr().out.splitlines()]
    assert [one for one in again if not one.startswith("command:")] == [
        one for one in lines if not one.startswith("command:")
    ]
    assert run("generate", str(found), "--input", "1x16x16") == 0
    assert "of digits" not in capsys.readouterr().out


# ---------------------------------------------------------------- evaluate


def plain_score(model: Path, weights: Path, x: torch.Tensor, y: np.ndarray) -> int:
    network = load_network(model)
    network.load_state_dict(load_file(weights))
    with torch.no_grad():
        return int((network.eval()(x).argmax(1) == torch.from_numpy(y)).sum())


def test_evaluate_scores_every_test_set_with_exact_intervals(cifar: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = load_data(f"cifar10.1:{cifar}")
    assert run("evaluate", str(cifar / "run"), "--data", f"cifar10.1:{cifar}", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == ["test", "cifar10.1-v4", "cifar10.1-v6"]
    mean, std = (torch.tensor(one)[:, None, None] for one in (data.mean, data.std))
    for name, one in found.items():
        x = (torch.from_numpy(data.splits[name].x).float() / 255 - mean) / std
        right = plain_score(cifar / "model.py", cifar / "run" / "weights.safetensors", x, data.splits[name].y)
        interval = binomtest(right, len(x)).proportion_ci(method="exact")
        assert (one["correct"], one["total"], one["accuracy"]) == (right, len(x), right / len(x))
        assert one["interval"] == pytest.approx([interval.low, interval.high], abs=1e-12)
    assert json.loads((cifar / "run" / "result.json").read_text())["correct"] == found["test"]["correct"]
    assert run("evaluate", str(cifar / "run"), "--data", f"cifar10:{cifar}", "--split", "cifar10.1-v6") == 0
    assert capsys.readouterr().out.startswith(f"cifar10.1-v6 accuracy {100 * found['cifar10.1-v6']['accuracy']:.2f} %")


def test_evaluate_takes_a_file_with_weights(cifar: Path, capsys: pytest.CaptureFixture[str]) -> None:
    weights = cifar / "run" / "weights.safetensors"
    assert run("evaluate", str(cifar / "model.py"), "--weights", str(weights), "--data", f"cifar10:{cifar}") == 0
    one = capsys.readouterr().out
    assert run("evaluate", str(cifar / "run"), "--data", f"cifar10:{cifar}") == 0
    assert capsys.readouterr().out == one


def test_other_data_are_normalised_as_the_network_learnt(cifar: Path, tmp_path: Path) -> None:
    """Arrays with a mean and a deviation of their own, as bytes and as floating-point numbers."""
    data = load_data(f"cifar10:{cifar}")
    card, test = card_of(data), data.splits["test"]
    wanted = test.scale(torch.from_numpy(test.x)) if test.scale else pytest.fail("no scale")
    dark, y_train = data.splits["train"].x // 3, data.splits["train"].y
    for kind, x in {"bytes": test.x, "floats": test.x.astype(np.float32) / 255}.items():
        x_train = dark if kind == "bytes" else dark.astype(np.float32) / 255
        path = tmp_path / f"{kind}.npz"
        names = np.array(data.class_names)
        np.savez(path, x_train=x_train, y_train=y_train, x_test=x, y_test=test.y, class_names=names)
        other = load_data(f"arrays:{path}")
        assert other.mean != data.mean
        split = as_learnt(other, card).splits["test"]
        got = split.scale(torch.from_numpy(split.x)) if split.scale else torch.from_numpy(split.x)
        assert torch.allclose(got, wanted, atol=1e-5)
    assert as_learnt(data, card) is data


def test_what_does_not_fit_is_refused(cifar: Path, digits_run: Path, tmp_path: Path) -> None:
    network = open_trained(cifar / "run", None, CPU)
    data = load_data(f"cifar10:{cifar}")
    with pytest.raises(HypercuboidError, match="HC7023"):
        evaluate(network, load_data("digits"), (), CPU)
    with pytest.raises(HypercuboidError, match=r"HC7705.*no split `validation`"):
        evaluate(network, data, ("validation",), CPU)
    test = data.splits["test"]
    held: dict[str, Any] = {"x_train": test.x, "y_train": test.y, "x_test": test.x, "y_test": test.y}
    np.savez(tmp_path / "turned.npz", **held, class_names=np.array(data.class_names[::-1]))
    with pytest.raises(HypercuboidError, match="HC7704") as raised:
        evaluate(network, load_data(f"arrays:{tmp_path / 'turned.npz'}"), (), CPU)
    assert raised.value.diagnostics[0].notes[0] == "0: `airplane`, and `truck` here"
    np.savez(tmp_path / "numbers.npz", **held)
    assert evaluate(network, load_data(f"arrays:{tmp_path / 'numbers.npz'}"), (), CPU)
    save_file({"weight": torch.zeros(1)}, tmp_path / "other.safetensors")
    (tmp_path / "damaged.safetensors").write_bytes(b"\x10" * 40)
    for name, message in {"other": "are not those", "damaged": "cannot be read", "nowhere": "cannot be read"}.items():
        with pytest.raises(HypercuboidError, match=f"HC7703.*{message}"):
            open_trained(digits_run, tmp_path / f"{name}.safetensors", CPU)
    with pytest.raises(HypercuboidError, match="HC7702"):
        open_trained(cifar / "model.py", None, CPU)


def test_weights_of_another_shape_are_named(digits_run: Path, tmp_path: Path) -> None:
    held = load_file(digits_run / "weights.safetensors")
    save_file({**held, "4.bias": torch.zeros(11), "more": torch.zeros(1)}, tmp_path / "w.safetensors")
    with pytest.raises(HypercuboidError) as raised:
        open_trained(digits_run, tmp_path / "w.safetensors", CPU)
    assert raised.value.diagnostics[0].notes == ("`4.bias` is (11,), not (10,)", "the network has no `more`")


# ---------------------------------------------------------------- images


def photo(*shape: int) -> np.ndarray:
    return np.random.default_rng(list(shape)).integers(0, 256, shape, dtype=np.uint8)


@pytest.mark.parametrize("size", [(300, 400), (400, 300), (256, 256), (100, 90), (224, 224), (250, 700)])
def test_a_photograph_is_cut_as_torchvision_does(size: tuple[int, int]) -> None:
    from torchvision.transforms.v2 import functional

    image = torch.from_numpy(photo(3, *size))
    resized = functional.resize(image.float(), [256], antialias=True).round().clamp(0, 255).to(torch.uint8)
    wanted = image if size == (224, 224) else functional.center_crop(resized, [224, 224])
    assert torch.equal(FITS["photograph"](image, 224, 224), wanted)


def test_whole_images_are_pooled_where_their_size_is_a_multiple() -> None:
    image = torch.from_numpy(photo(1, 28, 28))
    wanted = F.avg_pool2d(image[None].double(), 2)[0].round()
    assert torch.equal(FITS["whole"](image, 14, 14).double(), wanted)
    assert FITS["whole"](image, 28, 28) is image
    assert FITS["whole"](image, 10, 10).shape == (1, 10, 10)
    assert FITS["whole"](torch.from_numpy(photo(1, 30, 60)), 28, 28).shape == (1, 28, 28)


def test_an_image_file_is_read_as_the_data_were(cifar: Path, tmp_path: Path) -> None:
    """The test images of CIFAR-10 written as files give the inputs that the loader gives."""
    data = load_data(f"cifar10:{cifar}")
    test, card = data.splits["test"], card_of(data)
    path = tmp_path / "one.png"
    for number in (0, 7):
        Image.fromarray(test.x[number].transpose(1, 2, 0)).save(path)
        wanted = test.scale(torch.from_numpy(test.x[number : number + 1])) if test.scale else None
        assert wanted is not None and torch.equal(read_as(path, card), wanted[0])


def test_digits_are_read_in_their_own_units(tmp_path: Path) -> None:
    data = load_data("digits")
    normal = data.splits["test"].x[3]
    ink = normal * data.std[0] + data.mean[0]
    path = tmp_path / "three.png"
    Image.fromarray(np.rint(ink[0] * 255 / 16).astype(np.uint8)).save(path)
    got = read_as(path, card_of(data))
    assert float((got - torch.from_numpy(normal)).abs().max()) <= 0.5 * 16 / 255 / data.std[0] + 1e-5


def test_modes_become_those_of_the_network(tmp_path: Path) -> None:
    colour = photo(9, 9, 3)
    grey = photo(9, 9)
    Image.fromarray(colour).save(tmp_path / "colour.png")
    Image.fromarray(grey).save(tmp_path / "grey.png")
    Image.fromarray(np.dstack([colour, photo(9, 9, 1)])).save(tmp_path / "clear.png")
    assert np.array_equal(decode_image(tmp_path / "clear.png", 3).numpy(), colour.transpose(2, 0, 1))
    assert np.array_equal(decode_image(tmp_path / "grey.png", 3).numpy(), np.stack([grey] * 3))
    luma = decode_image(tmp_path / "colour.png", 1)[0].numpy()
    assert np.abs(luma - colour @ [0.299, 0.587, 0.114]).max() <= 1
    assert decode_image(tmp_path / "colour.png", 4).shape == (4, 9, 9)


def write_bad_images(folder: Path) -> dict[str, str]:
    """Files that are no images, and what is said of each."""
    whole = folder / "whole.png"
    Image.fromarray(photo(40, 40, 3)).save(whole)
    content = whole.read_bytes()
    (folder / "cut.png").write_bytes(content[: len(content) // 2])
    (folder / "text.png").write_text("no image", encoding="utf-8")
    (folder / "empty.png").write_bytes(b"")
    Image.fromarray(photo(8, 8).astype(np.uint16) * 256).save(folder / "deep.png")
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    (folder / "bomb.png").write_bytes(b"\x89PNG\r\n\x1a\n" + chunk + content[33:])
    return {
        "cut.png": "truncated",
        "text.png": "no image that is known",
        "empty.png": "no image that is known",
        "deep.png": "not one of 8 bits",
        "bomb.png": "decompression bomb",
        "nowhere.png": "no such file",
        ".": "is a directory",
    }


def test_a_bad_image_is_told_and_the_rest_goes_on(
    digits_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reasons = write_bad_images(tmp_path)
    bad = [str(tmp_path / name) for name in reasons]
    good = str(tmp_path / "whole.png")
    assert run("predict", str(digits_run), bad[0], good, *bad[1:], "-k", "3", "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert [one["image"] for one in found] == [bad[0], good, *bad[1:]]
    told = {
        Path(one["image"]).name if one["image"] != bad[-1] else ".": one["error"] for one in found if "error" in one
    }
    assert {name: reason in " ".join(told[name]["notes"]) for name, reason in reasons.items()} == dict.fromkeys(
        reasons, True
    )
    assert {one["code"] for one in told.values()} == {"HC7707"}
    assert len(found[1]["classes"]) == 3
    assert run("predict", str(digits_run), good, bad[0]) == 1
    out, err = capsys.readouterr()
    assert good in out and bad[0] not in out and f"error[HC7707]: `{bad[0]}` cannot be read as an image" in err


def test_probabilities_are_those_of_the_network(
    digits_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [tmp_path / f"{number}.png" for number in range(3)]
    for number, path in enumerate(paths):
        Image.fromarray(photo(8, 8 + 8 * number)).save(path)
    network, card = open_trained(digits_run, None, CPU).network, read_card(digits_run / "model.json")
    with torch.no_grad():
        wanted = network(torch.stack([read_as(path, card) for path in paths])).double().softmax(-1)
    assert run("predict", str(digits_run), *map(str, paths), "--top", "10", "--json") == 0
    for one, row in zip(json.loads(capsys.readouterr().out), wanted, strict=True):
        values = [pair["probability"] for pair in one["classes"]]
        assert values == sorted(values, reverse=True) and sum(values) == pytest.approx(1)
        assert {pair["class"]: pair["probability"] for pair in one["classes"]} == pytest.approx(
            dict(zip(card.class_names, row.tolist(), strict=True))
        )
    assert run("predict", str(digits_run), str(paths[0]), "--top", "1") == 0
    best = card.class_names[int(wanted[0].argmax())]
    assert capsys.readouterr().out.splitlines()[1].split() == [str(paths[0]), best, f"{100 * wanted[0].max():.2f}", "%"]


def test_what_reads_no_images_is_refused(digits_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "run"
    target.mkdir()
    for name in ("model.py", "weights.safetensors", "config.json", "state.json"):
        (target / name).write_bytes((digits_run / name).read_bytes())
    card = read_card(digits_run / "model.json")
    tokens = Card(data="words", kind="tokens", shape=(4,), vocab=9, class_names=("a",) * 9)
    for other, message in {
        tokens: "reads images",
        card.model_copy(update={"white": None}): "what black and white are",
    }.items():
        (target / "model.json").write_text(other.model_dump_json(), encoding="utf-8")
        assert run("predict", str(target), "one.png") == 1
        assert message in capsys.readouterr().err
    (target / "model.json").unlink()
    assert run("predict", str(target), "one.png") == 1
    assert "error[HC7701]" in capsys.readouterr().err


def test_names_of_classes_cannot_leave_their_place(
    digits_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither the comments of a header nor the cells of a table."""
    hostile = "a\nimport os\r\x1b[2J\u202e"
    card = read_card(digits_run / "model.json").model_copy(update={"class_names": (hostile,) * 10, "data": hostile})
    architecture = load("spaces/new/chain.hc", "ByHand")
    assert isinstance(architecture, Architecture)
    plain, told = architecture.source(), architecture.source(card=card)
    assert ast.dump(ast.parse(plain)) == ast.dump(ast.parse(told)) and told.isascii()
    target = tmp_path / "run"
    target.mkdir()
    for path in digits_run.iterdir():
        if path.is_file():
            (target / path.name).write_bytes(path.read_bytes())
    (target / "model.json").write_text(card.model_dump_json(), encoding="utf-8")
    Image.fromarray(photo(8, 8)).save(tmp_path / "one.png")
    assert run("predict", str(target), str(tmp_path / "one.png"), "--top", "1") == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out and "\u202e" not in out and "\\u{1b}" in out and "\nimport os" not in out


TOKENS = """from torch import nn


class Network(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Embedding({vocab}, 4), nn.Linear(4, {vocab}))
"""


def test_a_network_of_tokens_is_scored_and_predicts_no_images(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, other = tmp_path / "text.txt", tmp_path / "other.txt"
    text.write_text("abcdefg " * 400, encoding="utf-8")
    other.write_text("abcdefh " * 400, encoding="utf-8")
    data = load_data(f"characters@8:{text}")
    (tmp_path / "model.py").write_text(TOKENS.format(vocab=data.classes), encoding="utf-8")
    request = TrainingRequest(tmp_path / "model.py", data, tmp_path / "run", Recipe(epochs=3, lr=0.5), 0, CPU)
    score = train_file(request, print_not)
    assert run("evaluate", str(request.run), "--data", f"characters@8:{text}", "--json") == 0
    found = json.loads(capsys.readouterr().out)["test"]
    assert (found["correct"], found["total"]) == (score.correct, score.total)
    assert run("evaluate", str(request.run), "--data", f"characters@8:{other}") == 1
    assert "error[HC7704]: the network knows the tokens of `characters@8`" in capsys.readouterr().err
    assert run("predict", str(request.run), "one.png") == 1
    assert "error[HC7706]: `predict` reads images" in capsys.readouterr().err


def test_a_metric_of_ones_own_scores_here_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "def second(output, y):\n    return output.topk(2).indices[:, 1] == y\n"
    (tmp_path / "deploy_metric.py").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    data, recipe = few_digits(), Recipe(epochs=1, batch=32, metric="deploy_metric:second")
    request = TrainingRequest(model_file(tmp_path, data), data, tmp_path / "run", recipe, 0, CPU)
    train_file(request, print_not)
    network = open_trained(request.run, None, CPU)
    with torch.no_grad():
        order = network.network(torch.from_numpy(data.splits["test"].x)).topk(2).indices
    y = torch.from_numpy(data.splits["test"].y)
    found = evaluate(network, data, (), CPU)["test"]
    assert (found.correct, found.metric) == (int((order[:, 1] == y).sum()), "deploy_metric:second")
    assert found.correct == json.loads((request.run / "result.json").read_text(encoding="utf-8"))["correct"]
    bare = evaluate(replace(network, metric=""), data, (), CPU)["test"]
    assert (bare.correct, bare.metric) == (int((order[:, 0] == y).sum()), "accuracy")
    assert run("evaluate", str(request.run), "--data", "digits", "--metric", "deploy_metric:third") == 1
    assert "error[HC7620]" in capsys.readouterr().err
