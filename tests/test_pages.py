"""`hypercuboid explain`: every code has a page, its wrong example gives that code, its right one none.

`UPDATE_PAGES=1 pytest tests/test_pages.py` writes what the wrong examples print now; read it before it is committed.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest
from message_templates import codes_in_package, messages_by_code

from hypercuboid.checking import examine
from hypercuboid.cli.main import main
from hypercuboid.pages import FAMILIES, code_of, codes, page
from hypercuboid.rendering import render

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "hypercuboid" / "explanations"
MESSAGES = Path(__file__).parent / "golden" / "messages.json"
CODES = sorted(path.stem for path in FOLDER.glob("*.md"))

_FENCE = re.compile(r"```(\w+)(?: ([^\n]+))?\n(.*?)```\n", re.DOTALL)


@dataclass(frozen=True)
class Fence:
    kind: str
    name: str
    text: str


@dataclass(frozen=True)
class Example:
    """What stands under `## Wrong` or `## Right`."""

    fences: tuple[Fence, ...]

    def files(self) -> dict[str, str]:
        written = [
            one
            for one in self.fences
            if one.kind == "hc" or (one.name and one.kind in ("csv", "json", "python", "toml"))
        ]
        return {one.name or "example.hc": one.text for one in written}

    def commands(self) -> list[str]:
        lines = [line for one in self.fences if one.kind == "console" for line in one.text.split("\n")]
        return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]


def example(code: str, title: str) -> Example:
    text = (FOLDER / f"{code}.md").read_text(encoding="utf-8").partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    return Example(tuple(Fence(*found.groups("")) for found in _FENCE.finditer(text)))


def shown(code: str) -> str | None:
    """What a page says is printed of its wrong example; None where it cannot be tried."""
    found = [one.text for one in example(code, "Wrong").fences if one.kind == "text"]
    return found[0] if found else None


TRIED = [code for code in CODES if shown(code) is not None]


def lay_out(files: dict[str, str], others: dict[str, str]) -> None:
    Path("spaces").symlink_to(ROOT / "spaces")
    for name, text in {**others, **files}.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def printed(one: Example, others: dict[str, str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The exit code, and what a command prints of mistakes; without a command, what `check` finds."""
    lay_out(one.files(), others)
    if not one.commands():
        found = examine("example.hc")
        return int(any(each.severity == "error" for each in found)), render(found)
    for command in one.commands():
        words = shlex.split(command)
        assert words[0] == "hypercuboid", command
        with pytest.raises(SystemExit) as ended:
            main(words[1:])
        status = int(ended.value.code or 0)
        text = capsys.readouterr().err.rstrip("\n")
    return status, text


@pytest.mark.parametrize("code", TRIED)
def test_the_wrong_example_gives_the_code(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    wrong, is_warning = example(code, "Wrong"), "(warning)" in (page(code) or pytest.fail(code)).title
    status, text = printed(wrong, {}, capsys)
    assert set(re.findall(r"^(?:error|warning)\[(HC\d{4})\]", text, re.MULTILINE)) == {code}, text
    assert status == (0 if is_warning else 1)
    if os.environ.get("UPDATE_PAGES"):
        path, fence = FOLDER / f"{code}.md", f"```text\n{shown(code)}```\n"
        before = path.read_text(encoding="utf-8")
        path.write_text(before.replace(fence, f"```text\n{text}\n```\n", 1), encoding="utf-8")
    assert shown(code) == f"{text}\n"


@pytest.mark.parametrize("code", TRIED)
def test_the_message_has_a_way_out(code: str) -> None:
    """The first message of the page; help stands last."""
    first = str(shown(code)).partition("\n\n")[0].rstrip("\n").split("\n")
    assert any(line.lstrip().startswith("help: ") for line in first), shown(code)


@pytest.mark.parametrize("code", TRIED)
def test_the_right_example_is_right(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    right = example(code, "Right")
    assert right.files() or right.commands()
    status, text = printed(right, example(code, "Wrong").files(), capsys)
    assert status == 0, text
    assert "error[" not in text and "warning[" not in text, text


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert set(CODES) == codes_in_package()
    assert codes() == CODES


def test_a_code_is_used_for_the_messages_it_was_read_with() -> None:
    """One meaning for each code: a new message is held against the page of its code, then `UPDATE_PAGES=1` notes it."""
    found = {code: sorted(texts) for code, texts in sorted(messages_by_code().items())}
    if os.environ.get("UPDATE_PAGES"):
        MESSAGES.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found == json.loads(MESSAGES.read_text(encoding="utf-8"))
    assert set(found) == codes_in_package()


@pytest.mark.parametrize("code", CODES)
def test_a_page_has_its_parts(code: str) -> None:
    found = page(code)
    assert found is not None
    assert found.code == code and found.code[:3] in FAMILIES
    assert found.title[0].islower() or (found.title[0] in "`-" and not found.title.endswith("."))
    assert len(found.meaning) >= 60 and found.meaning.endswith(".")
    assert found.text.index("\n## Wrong\n") < found.text.index("\n## Right\n")
    assert max(map(len, found.meaning.split("\n"))) <= 120


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("HC3101", "HC3101"),
        ("hc3101", "HC3101"),
        ("3101", "HC3101"),
        ("Hc-3101", "HC3101"),
        ("error[HC3101]", "HC3101"),
        ("HC31", "HC31"),
        ("shape", "shape"),
    ],
)
def test_a_code_may_be_written_in_several_ways(text: str, code: str) -> None:
    assert code_of(text) == code


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["explain", *arguments])
    return int(ended.value.code or 0)


def test_the_command_prints_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("hc3101") == 0
    assert capsys.readouterr().out == (FOLDER / "HC3101.md").read_text(encoding="utf-8")


def test_the_command_alone_lists_all_codes_by_family(capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    out = capsys.readouterr().out
    listed = re.findall(r"^  (HC\d{4})  \S", out, re.MULTILINE)
    assert listed == CODES
    assert [line for line in out.split("\n") if re.fullmatch(r"HC\d .*", line)] == [
        f"{family} {name}" for family, name in FAMILIES.items()
    ]


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("HC3100", "did you mean `HC3101`?"),
        ("HC9999", "did you mean `HC8"),
        ("HC31", "there are HC3101, HC3102"),
        ("HC31O1", "did you mean `HC3"),
        ("shape", "`hypercuboid explain` lists them all"),
    ],
)
def test_an_unknown_code_is_answered_with_a_suggestion(
    text: str, help: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(text) == 1
    err = capsys.readouterr().err
    assert f"error[HC7070]: there is no code `{text}`" in err and help in err
