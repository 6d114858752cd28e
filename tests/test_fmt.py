"""`hypercuboid fmt`: one style, every comment kept, never another program."""

from __future__ import annotations

import io
import os
import random
import re
import stat
from pathlib import Path

import pytest
from commands import run
from trees import bare

import hypercuboid.frontend.style as style
from hypercuboid.diagnostics import Source
from hypercuboid.frontend.parse import parse
from hypercuboid.frontend.style import ChangedProgramError, format_text
from hypercuboid.frontend.tokens import tokenize

ROOT = Path(__file__).parent.parent
SHIPPED = sorted([*(ROOT / "spaces").rglob("*.hc"), *(ROOT / "tests" / "programs").glob("*.hc")])
PROGRAMS = [*SHIPPED, *sorted((ROOT / "tests" / "conformance" / "valid").rglob("*.hc"))]


CASES = sorted((ROOT / "tests" / "fmt").glob("*.hc"))


def comments(text: str) -> list[str]:
    """Comments and documentation, in order. Strings are taken out first: they may hold a `#`."""
    return [
        found.rstrip() for found in re.findall(r"#[^\n]*", re.sub(r'^([^#\n"]*)"[^"\n]*"', r"\1", text, flags=re.M))
    ]


# ---------------------------------------------------------------- layout


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_shipped_files_are_formatted(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert format_text(text) == text


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_layout(path: Path) -> None:
    """`UPDATE_FMT=1 pytest tests/test_fmt.py` writes what is made now; read it before it is committed."""
    written, expected = path.read_text(encoding="utf-8"), path.with_suffix(".expected")
    text = format_text(written)
    if os.environ.get("UPDATE_FMT"):
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")
    assert format_text(text) == text
    assert comments(text) == comments(written)


# ---------------------------------------------------------------- comments, the tree, idempotence


def jumbled(text: str, generator: random.Random) -> str:
    """The program with comments at random tokens, and with other blanks and line ends where none is in the way."""
    tokens = tokenize(Source("a.hc", text)).tokens
    remarked = set(generator.sample(range(len(tokens)), min(len(tokens), generator.randint(1, 12))))
    parts, end = [], 0
    for number, token in enumerate(tokens):
        between = text[end : token.start]
        if end and "#" not in between and generator.random() < 0.3:
            between = generator.choice([" ", "\n", "\n\n\n", "  \t "])
        if number in remarked:
            between += _remark(number, generator)
        parts += [between, token.text]
        end = token.end
    return "".join(parts)


def _remark(number: int, generator: random.Random) -> str:
    written = [
        f" # {number}\n",
        f"\n# {number}\n",
        f"\n\n  #{number}\n\n",
        f" # a{number}\n# b{number}\n",
        f"\n## {number}\n",
    ]
    return generator.choice(written)


@pytest.mark.parametrize("seed", range(12))
def test_any_layout_comes_to_rest(seed: int) -> None:
    generator = random.Random(seed)
    for _ in range(8):
        text = jumbled(generator.choice(PROGRAMS).read_text(encoding="utf-8"), generator)
        formatted = format_text(text)
        assert format_text(formatted) == formatted
        assert comments(formatted) == comments(text)
        assert bare(parse(Source("a.hc", formatted))) == bare(parse(Source("b.hc", text)))
        assert not re.search(r"[ \t]$|\n\n\n", formatted, flags=re.M)


def test_long_and_deep_programs() -> None:
    long = "hypercuboid 1\nlet a = [" + ", ".join(["f(a) + b"] * 1000) + "]\n"
    assert max(map(len, format_text(long).split("\n"))) <= 120
    deep = "hypercuboid 1\nlet a = " + "f(1, " * 150 + "1" + ")" * 150
    assert format_text(deep).count("\n") == 452


def test_a_formatter_that_changes_a_program_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "hypercuboid 1\nlet a = 1  # one\n"
    for wrong in (
        "hypercuboid 1\nlet a = 1.0  # one\n",
        "hypercuboid 1\nlet a = 1\n",
        "hypercuboid 1\nlet b = 1  # one\n",
    ):
        monkeypatch.setattr(style, "_laid_out", lambda source, wrong=wrong: wrong)
        with pytest.raises(ChangedProgramError, match="is left as it is"):
            format_text(text)


# ---------------------------------------------------------------- files

BAD, GOOD = "hypercuboid 1\nlet  a=1 # one\n", "hypercuboid 1\nlet a = 1  # one\n"


def write(path: Path, text: str) -> Path:
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize(
    ("written", "formatted"),
    [
        (BAD.removesuffix("\n"), GOOD),
        (BAD.replace("\n", "\r\n"), GOOD.replace("\n", "\r\n")),
        ("\ufeff" + BAD, GOOD),
        (BAD + "\n\n", GOOD),
        ("\n\n" + BAD, GOOD),
        (BAD.replace(" ", "\t"), GOOD.replace("# one", "#\tone")),
    ],
)
def test_line_ends_and_marks(written: str, formatted: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.hc", written)
    assert run("fmt", str(path)) == 0
    assert path.read_bytes() == formatted.encode()
    assert run("fmt", "--check", str(path)) == 0


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "a.hc", "\ufeff" + GOOD)
    write(tmp_path / "b.hc", '\ufeffhypercuboid 1\nuse "./a.hc" { a }\nlet b = a + c\n')
    assert run("check", str(path)) == 0
    assert run("check", str(tmp_path / "b.hc")) == 1
    assert "b.hc:3:13" in capsys.readouterr().err
    assert run("fmt", "--check", str(path)) == 1


def test_files_are_formatted_in_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad, good = write(tmp_path / "bad.hc", BAD), write(tmp_path / "good.hc", GOOD)
    bad.chmod(0o640)
    before = good.stat()
    assert run("fmt", str(bad), str(good)) == 0
    assert capsys.readouterr().err == "1 formatted, 1 as they should be\n"
    assert (bad.read_text(), stat.S_IMODE(bad.stat().st_mode)) == (GOOD, 0o640)
    assert (good.stat().st_ino, good.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.hc", "good.hc"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = write(tmp_path / "real.hc", BAD), tmp_path / "link.hc"
    link.symlink_to(real)
    assert run("fmt", "--quiet", str(link)) == 0
    assert link.is_symlink() and real.read_text() == GOOD


def test_check_lists_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "bad.hc", BAD)
    (tmp_path / "inner").mkdir()
    write(tmp_path / "inner" / "bad.hc", BAD)
    write(tmp_path / "inner" / "good.hc", GOOD)
    (tmp_path / ".hidden").mkdir()
    write(tmp_path / ".hidden" / "bad.hc", BAD)
    assert run("fmt", "--check", str(tmp_path)) == 1
    printed = capsys.readouterr()
    assert printed.out == f"{tmp_path}/bad.hc\n{tmp_path}/inner/bad.hc\n"
    assert printed.err == "2 would change, 1 as they should be\n"
    assert (tmp_path / "bad.hc").read_text() == BAD


def test_diff_shows_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "bad.hc", BAD)
    expected = f"--- {path}\n+++ {path}\n@@ -1,2 +1,2 @@\n hypercuboid 1\n-let  a=1 # one\n+let a = 1  # one\n"
    assert run("fmt", "--diff", "--quiet", str(path)) == 0
    assert capsys.readouterr() == (expected, "")
    assert run("fmt", "--diff", "--check", "--quiet", str(path)) == 1
    assert capsys.readouterr() == (expected, "")
    assert path.read_text() == BAD


def test_mistakes_are_reported_and_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong, bad = write(tmp_path / "wrong.hc", "hypercuboid 1\nlet  a = \n"), write(tmp_path / "bad.hc", BAD)
    assert run("fmt", str(wrong), str(tmp_path / "none.hc"), str(bad)) == 1
    err = capsys.readouterr().err
    assert "wrong.hc:3:1" in err and "error[HC6001]" in err
    assert err.endswith("1 formatted, 0 as they should be, 2 with mistakes\n")
    assert (wrong.read_text(), bad.read_text()) == ("hypercuboid 1\nlet  a = \n", GOOD)
    assert run("fmt", str(tmp_path / ".")) == 1
    (tmp_path / "empty").mkdir()
    assert run("fmt", str(tmp_path / "empty")) == 1
    assert "holds no `.hc` file" in capsys.readouterr().err


def test_a_defect_leaves_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "bad.hc", BAD)
    monkeypatch.setattr(style, "_laid_out", lambda source: "hypercuboid 1\n")
    assert run("fmt", str(path)) == 70
    assert path.read_text() == BAD


class Stdin:
    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


def test_stdin_goes_to_stdout(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", Stdin(BAD.encode()))
    assert run("fmt", "-") == 0
    assert capsys.readouterr() == (GOOD, "")
    monkeypatch.setattr("sys.stdin", Stdin(BAD.encode()))
    assert run("fmt", "--check", "-") == 1
    assert capsys.readouterr() == ("<stdin>\n", "")
    monkeypatch.setattr("sys.stdin", Stdin(b"\xff"))
    assert run("fmt", "-") == 1
    assert "no UTF-8 text" in capsys.readouterr().err
