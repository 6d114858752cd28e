"""The documentation site: it builds without a warning, needs no network, and its reference is complete."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from documents import ROOT, check_options, found_blocks

from hypercuboid.cli.main import COMMANDS
from hypercuboid.library import entries
from hypercuboid.pages import codes
from hypercuboid.recipe_files import shipped_recipes


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; it is strict, so that a warning ends it."""
    folder = tmp_path_factory.mktemp("site")
    command = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "-f",
        str(ROOT / "docs" / "site" / "mkdocs.yml"),
        "-d",
        str(folder),
    ]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100, check=False)
    assert built.returncode == 0, built.stderr
    assert "WARNING" not in built.stderr
    return folder


class _Loaded(HTMLParser):
    """What a page loads by itself: scripts, styles, pictures, frames."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {"script": "src", "img": "src", "iframe": "src", "link": "href"}
        self.found += [value for name, value in attrs if name == names.get(tag) and value]


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 60
    for path in pages:
        loaded = _Loaded()
        loaded.feed(path.read_text(encoding="utf-8"))
        assert loaded.found
        assert [one for one in loaded.found if re.match(r"(?:\w+:)?//", one)] == [], path
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert not re.search(r"(?:@import|url\()\s*[\"']?(?:\w+:)?//", styles)


def test_programs_are_coloured(site: Path) -> None:
    page = (site / "tour.html").read_text(encoding="utf-8")
    block = page.partition('<div class="language-hypercuboid highlight">')[2].partition("</div>")[0]
    assert '<span class="kd">space</span>' in block or re.search(r'<span class="k\w*">space</span>', block)
    assert re.search(r'<span class="filename">bars.hc</span>', (site / "own.html").read_text(encoding="utf-8"))


def test_the_reference_has_everything(site: Path) -> None:
    reference = site / "reference"
    for name in COMMANDS:
        assert "Options" in (reference / "commands" / f"{name}.html").read_text(encoding="utf-8")
    messages = "".join(path.read_text(encoding="utf-8") for path in (reference / "messages").glob("*.html"))
    assert all(f'id="{code.lower()}-' in messages for code in codes())
    for entry in entries():
        page = (reference / "library" / f"{entry.library}.html").read_text(encoding="utf-8")
        assert f'id="{entry.name.lower()}"' in page, entry.name
    recipes = (reference / "recipes.html").read_text(encoding="utf-8")
    assert all(f'id="{name}"' in recipes for name in shipped_recipes())
    python = (reference / "python.html").read_text(encoding="utf-8")
    assert all(name in python for name in ("pipeline.load", "space.Space.counts", "architecture.Architecture.source"))


def test_the_examples_of_the_commands_have_options_that_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "docs" / "site"))
    made = importlib.import_module("reference.commands").command_pages()
    checked = {name: sum(map(check_options, found_blocks(text))) for name, text in made.items()}
    assert [name for name, number in checked.items() if not number and not name.endswith("index.md")] == []


def test_in_a_session_only_what_stands_after_a_dollar_is_a_command(site: Path) -> None:
    """`select` prints the doubts and the score of an architecture as comments: they are output."""
    page = (site / "first.html").read_text(encoding="utf-8")
    assert re.search(r'<span class="go"># score', page)
    assert re.search(r'<span class="gp">\$ ?</span>', page)
    assert not any('<span class="gp">#' in path.read_text(encoding="utf-8") for path in site.rglob("*.html"))
