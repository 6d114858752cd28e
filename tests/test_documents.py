"""What the documents show works: every command and every block of code of README.md and `docs/` (see documents.py)."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from documents import DATA, DOERS, PAGES, REASONS, ROOT, Block, Reader, blocks, check_options, fits, forget

NOT_RUN: dict[str, dict[str, int]] = {
    "README.md": {"install": 1},
    "docs/audit.md": {"hours": 2},
    "docs/baselines.md": {"shape": 1, "hours": 1},
    "docs/benchmark.md": {"hours": 2},
    "docs/data.md": {"data": 1},
    "docs/believe.md": {"hours": 1},
    "docs/editors.md": {"install": 2},
    "docs/index.md": {"install": 1},
    "docs/report.md": {"shape": 1},
    "docs/training.md": {"hours": 1},
    "docs/speed.md": {"install": 1, "hours": 2},
    "docs/distributed.md": {"install": 1, "gpu": 2, "cluster": 1, "hours": 1},
}
"""How many blocks of each page only have their options checked, by reason."""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that sees the spaces and pages of the checkout and may be written to."""
    torch.set_num_threads(1)
    for folder in ("spaces", "docs"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    forget(tmp_path)


@pytest.mark.usefixtures("here")
@pytest.mark.filterwarnings("ignore:Detected call")
@pytest.mark.parametrize("page", [name for name, path in PAGES.items() if blocks(path)])
def test_a_page_does_what_it_shows(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    Reader(PAGES[page], capsys).read()


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "page", [name for name, path in PAGES.items() if any(one.short is not None for one in blocks(path))]
)
def test_a_page_does_what_it_shows_in_full(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    Reader(PAGES[page], capsys, is_short=False).read()


def test_what_is_not_run_has_a_reason_and_is_counted() -> None:
    found = {name: Counter(one.reason for one in blocks(path) if one.reason) for name, path in PAGES.items()}
    assert {name: dict(reasons) for name, reasons in found.items() if reasons} == NOT_RUN
    assert {reason for reasons in found.values() for reason in reasons} <= set(REASONS)


@pytest.mark.parametrize("page", PAGES)
def test_every_block_says_what_it_is(page: str) -> None:
    known = {"hypercuboid", *DOERS, *DATA}
    assert [(one.line, one.language) for one in blocks(PAGES[page]) if one.language not in known] == []
    assert PAGES[page].read_text(encoding="utf-8").count("```") == 2 * len(blocks(PAGES[page]))


def block(text: str, is_loose: bool = False, reason: str = "") -> Block:
    return Block("console", "", "", reason, is_loose, text, 0, 0, 1, None)


def test_output_is_compared_but_for_what_is_declared() -> None:
    assert fits(block("a 1\nb\n"), "a 1\nb\n")
    assert not fits(block("a 1\nb\n"), "a 2\nb\n")
    assert not fits(block("a 1\n"), "a 1\nb\n")
    assert fits(block("a\n...\nd ...\n"), "a\nb\nc\nd 1\n")
    assert not fits(block("a\n...\nd\n"), "a\nb\nc\ne\n")
    assert fits(block("took 1.5 s,  1e-3\n", is_loose=True), "took 12,345 s, 0.2\n")
    assert not fits(block("took 1.5 s\n", is_loose=True), "took 1.5 m\n")


def test_the_options_of_a_command_that_is_not_run_are_checked() -> None:
    assert check_options(block("$ A=1 hypercuboid search a.hc --data digits \\\n  --run r # c\n", reason="hours")) == 1
    with pytest.raises(Exception, match="No such option"):
        check_options(block("$ hypercuboid search a.hc --data digits --run r --no-such 1\n", reason="hours"))


def test_a_block_that_fails_fails(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = here / "page.md"
    for text in (
        "```sh\nhypercuboid check none.hc\n```\n",
        "```console\n$ hypercuboid --version\nhypercuboid 0\n```\n",
        "```python\nassert False\n```\n",
        "```hypercuboid\nspace S() on x: image(1, 8, 8) { out x -> relu }\n# S: params 1\n```\n",
        "```hypercuboid\nspace S() on x: image(1, 8, 8) { out y }\n```\n",
    ):
        page.write_text(text, encoding="utf-8")
        with pytest.raises(AssertionError):
            Reader(page, capsys).read()
    assert "page" not in sys.modules
