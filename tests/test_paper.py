"""The tables of `docs/paper.md` are the published numbers, the weights beside it the released ones."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from test_cells import RAW, weights_file
from test_facts import ARCHITECTURES, SUPERNETS

from hypercuboid.cli.main import main

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "paper.md").read_text(encoding="utf-8")
MULTI: dict[str, Any] = json.loads((ROOT / "tests" / "golden" / "multichannel_raw_weights.json").read_text("utf-8"))
CELLS = {
    "sharpsepconv_darts": "comment_2019_01_15_02_35_16",
    "sharp_darts": "comment_2019_01_15_18_59_41",
    "sharper_scalar": "SHARPER_SCALAR_WEIGHTS",
    "sharper_max_w": "SHARPER_MAX_W_WEIGHTS",
}


def fences(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def rows(columns: int) -> dict[str, tuple[int, ...]]:
    """The rows of the tables with so many numbers, by the target that is compiled."""
    found = {}
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 2 + columns and re.fullmatch(r"[\d,]+", cells[-1]):
            found[cells[1].strip("`")] = tuple(int(cell.replace(",", "")) for cell in cells[2:])
    return found


@pytest.fixture
def _checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("spaces", "docs"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    monkeypatch.chdir(tmp_path)


def run(command: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(shlex.split(command, comments=True)[1:])
    assert ended.value.code in (0, None)


def test_the_tables_are_the_published_numbers() -> None:
    assert rows(3) == ARCHITECTURES
    assert rows(1) == {key: (params,) for key, params in SUPERNETS.items()}


@pytest.mark.usefixtures("_checkout")
@pytest.mark.parametrize("command", [line for block in fences("sh") for line in block.splitlines()])
def test_a_command_gives_the_cell_that_it_names(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    text, _, name = command.partition("#")
    run(text)
    found = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  pick ")]
    file = shlex.split(text)[2]
    item = re.search(rf"^arch {name.strip()} of .*?^}}", (ROOT / file).read_text(encoding="utf-8"), re.M | re.S)
    assert item is not None
    assert found == [line for line in item[0].splitlines() if line.startswith("  pick ")]


@pytest.mark.parametrize("name", CELLS)
def test_the_weights_of_a_cell_are_the_released_ones(name: str, tmp_path: Path) -> None:
    written = json.loads((ROOT / "docs" / "paper" / f"{name}.json").read_text(encoding="utf-8"))
    assert written == json.loads(weights_file(RAW[CELLS[name]], tmp_path / "weights.json").read_text("utf-8"))


@pytest.mark.parametrize("name", ["scalar", "max_w"])
def test_the_weights_of_multichannelnet_are_the_released_ones(name: str) -> None:
    written = json.loads((ROOT / "docs" / "paper" / f"multichannel_{name}.json").read_text(encoding="utf-8"))
    h, released = written["decisions"]["h"], MULTI[f"MULTI_CHANNEL_{name.upper()}"]
    assert h["axes"]["op"] == released["primitive_order_that_reproduces_published_path"]
    assert h["axes"]["c_in"] == h["axes"]["c_out"] == released["channels"]
    for reduction, pair in enumerate(h["values"]):
        assert pair == [released["normal_stride1"][reduction], released["reduce_stride2"][reduction]]
