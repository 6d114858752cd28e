"""What `docs/deploy.md` shows works: its commands and its Python, run in their order as they stand."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import torch
from commands import run

from hypercuboid.data.card import Card

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "deploy.md").read_text(encoding="utf-8")


def test_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    torch.set_num_threads(1)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for language, text in re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL):
        if language == "python":
            exec(compile(text, "deploy.md", "exec"), names)  # noqa: S102
            continue
        for line in text.splitlines():
            assert run(*shlex.split(line)[1:]) == 0, (line, capsys.readouterr().err)
    assert {one.name for one in tmp_path.iterdir()} >= {"small.pt2", "small.onnx", "found.safetensors", "0.png"}


def test_the_table_names_every_entry_of_the_card() -> None:
    table = PAGE.partition("| entry | meaning |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`(\w+)`", "".join(row.split("|")[1] for row in table.splitlines()[2:]))) == {
        name for name in Card.model_fields if name != "version"
    }
