"""What `docs/training.md` shows works: its Python, and its commands one after the other in one folder."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
import torch

from hypercuboid.cli.main import main
from hypercuboid.recipe_files import shipped_recipes
from hypercuboid.training.recipe import Recipe

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "training.md").read_text(encoding="utf-8")
MODEL = """from torch import nn


class Network(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Flatten(), nn.Linear(64, 10))
"""


def fences(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    torch.set_num_threads(1)
    (tmp_path / "spaces").symlink_to(ROOT / "spaces")
    (tmp_path / "model.py").write_text(MODEL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_commands_run_in_order(here: Path) -> None:
    (tasks,) = [one for one in fences("python") if one.startswith("# tasks.py")]
    (here / "tasks.py").write_text(tasks, encoding="utf-8")
    lines = [line for block in fences("sh") for line in block.splitlines()]
    for line in lines:
        quiet = (
            ["--quiet", "--threads", "1", "--device", "cpu"] if re.match("hypercuboid (search|train) ", line) else []
        )
        with pytest.raises(SystemExit) as ended:
            main([*shlex.split(line)[1:], *quiet])
        assert ended.value.code in (0, None), line
    assert len(lines) >= 9
    numbers = json.loads((here / "runs" / "numbers-trained" / "result.json").read_text(encoding="utf-8"))
    assert (numbers["metric"], numbers["total"]) == ("tasks:near", 128)


@pytest.mark.filterwarnings("ignore:Detected call")
def test_the_scheduler_runs() -> None:
    (block,) = [one for one in fences("python") if "CosinePowerAnnealing" in one]
    names: dict[str, object] = {}
    exec(compile(block, "docs/training.md", "exec"), names)  # noqa: S102
    optimizer = names["optimizer"]
    assert isinstance(optimizer, torch.optim.Optimizer)
    assert optimizer.param_groups[0]["lr"] == pytest.approx(1e-4)


def test_the_page_names_all_recipes_and_the_options_that_there_are() -> None:
    assert all(f"`{name}`" in PAGE for name in shipped_recipes())
    options = {f"--{name.replace('_', '-')}" for name in Recipe.model_fields}
    assert options <= set(re.findall(r"--[a-z-]+", PAGE))
