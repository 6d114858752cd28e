"""Recipes as TOML files: those that ship, their mistakes at their places, and which of several settings wins."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from hypercuboid.cli.main import main
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.recipe_files import KINDS, read_recipe, shipped_recipes
from hypercuboid.rendering import render
from hypercuboid.runs.reading import read_run

SPACE = """hypercuboid 1
use std.ops { conv, gap, linear }

space S() on x: image(1, 8, 8) {
  out x -> choose op { k1: conv(4), k3: conv(4, 3) } -> gap -> linear(10)
}
search Quick of S {
  epochs = 1
  batch = 300
}
"""
MODEL = """from torch import nn


class Network(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Flatten(), nn.Linear(64, 10))
"""
MINE = """about = "mine"

[search]
epochs = 7
batch = 200  # not that of the block
lr = 0.5

[train]
epochs = 1
batch = 700
lr = 0.01
"""


@pytest.fixture
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in {"space.hc": SPACE, "model.py": MODEL, "mine.toml": MINE}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    return int(left.value.code or 0)


def test_every_training_of_the_paper_ships() -> None:
    assert shipped_recipes() == [
        "cifar10-final-1000",
        "cifar10-final-2000",
        "cifar10-search-120",
        "cifar10-search-60",
        "imagenet-300",
        "multichannelnet",
    ]


@pytest.mark.parametrize("name", shipped_recipes())
def test_a_shipped_recipe_is_what_its_name_says(name: str) -> None:
    found = read_recipe(name)
    assert found.about and found.tables
    numbers = {int(word) for word in name.split("-") if word.isdigit()}
    for kind, settings in found.tables.items():
        made = KINDS[kind][0].model_validate(dict(settings))
        assert made.model_dump(include=set(settings)) == settings
        assert not numbers or made.epochs in numbers
        assert made.rate(made.warmup + 1) == pytest.approx(made.lr)
        assert made.rate(made.epochs) == pytest.approx(made.lr_min)
        assert (made.momentum, made.clip) == (0.9, 5.0)


def test_the_numbers_of_the_paper_stand_in_the_recipes() -> None:
    """Weight and architecture steps of a search, auxiliary weight and drop path of the final training."""
    search = dict(read_recipe("cifar10-search-60").settings("search"))
    assert {name: search[name] for name in ("lr", "weight_decay", "alpha_lr", "alpha_betas", "alpha_weight_decay")} == {
        "lr": 0.025,
        "weight_decay": 3e-4,
        "alpha_lr": 3e-4,
        "alpha_betas": (0.5, 0.999),
        "alpha_weight_decay": 1e-3,
    }
    assert {**search, "epochs": 120} == read_recipe("cifar10-search-120").settings("search")
    final = dict(read_recipe("cifar10-final-2000").settings("train"))
    assert (final["auxiliary"], final["drop_path"]) == (0.4, 0.2)
    assert {**final, "epochs": 1000} == read_recipe("cifar10-final-1000").settings("train")
    assert read_recipe("imagenet-300").settings("train")["label_smoothing"] == 0.1
    assert read_recipe("multichannelnet").settings("search")["weighting"] == "max_w"


WRONG = {
    "misspelt": ("[search]\nepoch = 3\n", "HC5012", 2, "did you mean `epochs`?"),
    "out of range": ("[train]\n\nmomentum = 1.5  # much\n", "HC5013", 3, "leave it out for 0.9"),
    "another type": ('[train]\nlr = "fast"\n', "HC5013", 2, "leave it out for 0.05"),
    "not of this table": ('[train]\nweighting = "max_w"\n', "HC5012", 2, "known:"),
    "unknown weighting": ('[search]\nweighting = "max_v"\n', "HC7040", 2, "did you mean `max_w`?"),
    "unknown table": ("[searching]\nepochs = 3\n", "HC7612", 1, "the tables `[search]` and `[train]`"),
    "no table": ("epochs = 3\n", "HC7612", 1, "the tables `[search]` and `[train]`"),
    "no TOML": ("[search]\nepochs = \n", "HC7611", 2, "`name = value`"),
    "twice": ("[search]\nepochs = 3\nepochs = 4\n", "HC7611", 3, "`name = value`"),
}


@pytest.mark.parametrize("name", list(WRONG))
def test_a_mistake_is_shown_at_its_place(name: str, tmp_path: Path) -> None:
    text, code, line, way = WRONG[name]
    path = tmp_path / "wrong.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(HypercuboidError) as raised:
        read_recipe(str(path))
    (found,) = raised.value.diagnostics
    assert found.code == code and found.span is not None and found.span.line == line
    assert way in found.help
    assert f"{path}:{line}:" in render([found])


def test_all_mistakes_are_shown_together_with_their_columns(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text('[search]\n  epoch = 3\nbatch = 1 # few\nalpha_betas = [1, "a"]\n', encoding="utf-8")
    with pytest.raises(HypercuboidError) as raised:
        read_recipe(str(path))
    spans = [one.span for one in raised.value.diagnostics]
    assert [(one.line, one.text) for one in spans if one] == [(2, "epoch = 3"), (3, "1"), (4, '[1, "a"]')]


def test_a_recipe_that_is_not_there_is_told_with_what_is(tmp_path: Path) -> None:
    for asked, way in {
        "cifar10-search-6": "did you mean `cifar10-search-60`?",
        str(tmp_path / "a.toml"): ".toml",
    }.items():
        with pytest.raises(HypercuboidError, match="HC7610") as raised:
            read_recipe(asked)
        assert way in raised.value.diagnostics[0].help
    with pytest.raises(HypercuboidError, match=r"HC7612.*no table `\[train\]`"):
        read_recipe("cifar10-search-60").settings("train")


@pytest.mark.usefixtures("_files")
def test_the_command_line_wins_over_the_block_over_the_recipe_over_the_default(tmp_path: Path) -> None:
    arguments = ["search", "space.hc:Quick", "--data", "digits", "--recipe", "mine.toml", "--run", "run", "--quiet"]
    assert run(*arguments, "--batch", "350", "--threads", "1") == 0
    sources = json.loads((tmp_path / "run" / "recipe.json").read_text(encoding="utf-8"))
    assert {name: sources[name] for name in ("epochs", "batch", "lr", "momentum")} == {
        "epochs": {"value": 1, "from": "search block Quick"},
        "batch": {"value": 350, "from": "command line"},
        "lr": {"value": 0.5, "from": "recipe mine.toml"},
        "momentum": {"value": 0.9, "from": "default"},
    }
    recipe = read_run(tmp_path / "run").config["recipe"]
    assert {name: one["value"] for name, one in sources.items()} == recipe


@pytest.mark.usefixtures("_files")
def test_a_training_takes_its_table_of_the_recipe(tmp_path: Path) -> None:
    arguments = ["train", "model.py", "--data", "digits", "--recipe", "mine.toml", "--run", "run", "--quiet"]
    assert run(*arguments, "--lr", "0.02", "--threads", "1") == 0
    sources = json.loads((tmp_path / "run" / "recipe.json").read_text(encoding="utf-8"))
    assert sources["lr"] == {"value": 0.02, "from": "command line"}
    assert sources["batch"] == {"value": 700, "from": "recipe mine.toml"}
    assert sources["power"] == {"value": 10.0, "from": "default"}


def test_the_list_says_what_each_sets(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("recipes") == 0
    text = capsys.readouterr().out
    for name in shipped_recipes():
        assert name in text
    assert "epochs 2000, batch 64, lr 0.025, lr_min 1e-08" in text
    assert run("recipes", "imagenet-300") == 0
    shown = tomllib.loads(capsys.readouterr().out)
    assert shown["train"] == read_recipe("imagenet-300").settings("train")
    assert run("recipes", "--json") == 0
    assert [one["name"] for one in json.loads(capsys.readouterr().out)] == shipped_recipes()
