"""Runs what the documents show: README.md and all pages under `docs/`, each in a folder of its own, from the top down.

Behind the backquotes stands the language, then maybe the name of a file, then what is said of the block:

- `hypercuboid [FILE]`: a program, in which `check` finds nothing. Without the first line of a file, that line and the
  `use` of the ops that it names are put before. `# S: weights 4` and `# S has: DECISION | AXIS: LABELS` are counted.
  A `text` right behind it is what `check` prints instead; `text compile S` what compiling `S` prints.
- `console`: commands behind `$`, and what they print. `...` stands for any text in a line, alone for any lines; an
  empty line may stand before a command; what goes to stderr may be left out. A block that ends with `numbers vary` is
  compared but for its numbers.
- `sh`: commands, which must succeed. `python`: runs, all of a page in one namespace.
- any language with the name of a file: is written there first, as `toml sweep.toml`.
- `not run: REASON`, one of `REASONS`: the commands are only parsed, by the options of the command itself.

A comment `<!-- in short: OPTIONS -->` before a block puts OPTIONS, which may be none, behind its commands; only in the
tests marked `long` does the block run as it stands, and only there is its output compared. `UPDATE_PAGE=1` writes what
is printed now.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click
import pytest
from conformance_cases import Expectation, read_decision, read_expectation
from test_conformance import decision_of, field_of

from hypercuboid.checking import examine
from hypercuboid.cli.main import application, main
from hypercuboid.diagnostics import Diagnostic, HypercuboidError
from hypercuboid.ops import OPS
from hypercuboid.pipeline import load_target
from hypercuboid.rendering import render

ROOT = Path(__file__).resolve().parent.parent
PAGES = {
    str(path.relative_to(ROOT)): path
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    if "site" not in path.relative_to(ROOT).parts
}
REASONS = {
    "cluster": "needs several machines or a scheduler",
    "gpu": "needs a GPU, or several",
    "data": "needs files that are not in the package",
    "hours": "takes minutes to hours",
    "install": "changes the environment",
    "shape": "the form of a command, with names in capitals to fill in",
}
UPDATE = bool(os.environ.get("UPDATE_PAGE"))

_FENCE = re.compile(r"(?:^<!-- in short:? ?([^\n]*) -->\n)?^```(\w*) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ABOUT = re.compile(
    r"(?:(?!compile |not run|numbers vary)(\S+) ?)?(?:compile (\w+))?(?:not run: (\w+))?(numbers vary)?"
)
COUNTED = re.compile(r"^# ([A-Z]\w*(?: has| -p \S+| --input \S+)*): (.*)$", re.MULTILINE)
"""A comment that says what comes of a program."""
_NUMBER = re.compile(r"\d[\d,.]*(?:e[+-]?\d+)?|  +")


@dataclass(frozen=True)
class Block:
    """`text` is [start, end) of the page; `short` are the options of the short run, None where there are none."""

    language: str
    file: str
    compiled: str
    reason: str
    is_loose: bool
    text: str
    start: int
    end: int
    line: int
    short: str | None


def blocks(path: Path) -> list[Block]:
    return found_blocks(path.read_text(encoding="utf-8"))


def found_blocks(page: str) -> list[Block]:
    return [_block(found, page) for found in _FENCE.finditer(page)]


def _block(found: re.Match[str], page: str) -> Block:
    about = _ABOUT.fullmatch(found[3])
    line = page.count("\n", 0, found.start(4))
    assert about is not None, f"line {line}: what is meant by `{found[3]}`?"
    file, compiled, reason, loose = about.groups("")
    text, (start, end) = found[4], found.span(4)
    return Block(found[2], file, compiled, reason, bool(loose), text, start, end, line, found[1])


def commands(text: str) -> Iterator[list[str]]:
    """The words of each line, comments left out; a backslash at the end joins lines."""
    for line in text.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if words:
            yield words


def whole(text: str) -> str:
    """The program of a block: with a first line and the names of the library that it uses."""
    if text.startswith("hypercuboid 1"):
        return text
    words = set(re.findall(r"\w+", re.sub(r"#.*", "", text)))
    ops = sorted(name for name in OPS if name in words and OPS[name].callable)
    return f"hypercuboid 1 use std.ops {{ {', '.join(ops)} }}\n{text}" if ops else f"hypercuboid 1\n{text}"


@dataclass
class Reader:
    """Does what one page says, in the working folder."""

    path: Path
    capture: pytest.CaptureFixture[str]
    is_short: bool = True
    names: dict[str, object] = field(default_factory=dict)

    def read(self) -> None:
        found = blocks(self.path)
        for one in found:
            if one.file and one.language != "hypercuboid":
                self._write(Path(one.file), one.text)
        for number, (block, after) in enumerate(zip(found, [*found[1:], None], strict=True)):
            try:
                self._do(number, block, after)
            except BaseException as problem:
                problem.add_note(f"{self.path.name}:{block.line}: in this block")
                raise

    def _do(self, number: int, block: Block, after: Block | None) -> None:
        if block.reason:
            check_options(block)
        elif block.language == "hypercuboid":
            self._program(number, block, after)
        elif block.language in DOERS:
            DOERS[block.language](self, number, block)

    def _write(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def _program(self, number: int, block: Block, after: Block | None) -> None:
        path = Path(block.file or "nets.hc")
        self._write(path, whole(block.text))
        if after is None or after.language != "text":
            assert examine(path) == []
            count(path, block.text)
            return
        found = list(examine(path))
        if after.compiled:
            assert found == []
            found = compile_wrong(path, after.compiled)
        self._compare(number + 1, render(found) + "\n", after)

    def _console(self, number: int, block: Block) -> None:
        printed, brief = "", ""
        for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
            typed = re.match(r"(?:.*\\\n)*.*\n", part)
            assert typed is not None
            (words,) = commands(typed[0])
            self.capture.readouterr()
            status = self._run([*words, *self._more(block)])
            streams = self.capture.readouterr()
            assert (status != 0) == ("error[" in part), (status, streams.err)
            printed += f"$ {typed[0]}{streams.out}{streams.err}"
            brief += f"$ {typed[0]}{streams.out}"
        if not self._is_small(block) and not fits(block, brief):
            self._compare(number, printed, block)

    def _sh(self, number: int, block: Block) -> None:
        for words in commands(block.text):
            status = self._run([*words, *self._more(block)])
            assert status == 0, (words, self.capture.readouterr().err)

    def _python(self, number: int, block: Block) -> None:
        if not block.file:
            exec(compile(block.text, f"{self.path.name}:{block.line}", "exec"), self.names)  # noqa: S102

    def _is_small(self, block: Block) -> bool:
        return self.is_short and block.short is not None

    def _more(self, block: Block) -> list[str]:
        return shlex.split(block.short or "") if self.is_short else []

    def _run(self, words: list[str]) -> int:
        assert words[0] == "hypercuboid", f"only hypercuboid is run: {words}"
        with pytest.raises(SystemExit) as ended:
            main(words[1:])
        return int(ended.value.code or 0)

    def _compare(self, number: int, printed: str, block: Block) -> None:
        if fits(block, printed):
            return
        assert UPDATE, f"{self.path.name}:{block.line}: it prints\n{printed}"
        fresh, page = blocks(self.path)[number], self.path.read_text(encoding="utf-8")
        self.path.write_text(page[: fresh.start] + printed + page[fresh.end :], encoding="utf-8")


DOERS: dict[str, Callable[[Reader, int, Block], None]] = {
    "console": Reader._console,
    "sh": Reader._sh,
    "python": Reader._python,
}
DATA = {"text", "toml", "json", "csv", "yaml", "diff", "html", "vim", "lua", "lisp"}
"""Languages of blocks that are no program."""


def fits(block: Block, printed: str) -> bool:
    """Whether a block shows what is printed."""
    shown = re.sub(r"\n\n(?=\$ )", "\n", block.text)
    if block.is_loose:
        shown, printed = (_NUMBER.sub(lambda one: " " if one[0].isspace() else "0", one) for one in (shown, printed))
    wanted = [line.rstrip() for line in shown.splitlines()]
    return _fit(wanted, [line.rstrip() for line in printed.splitlines()])


def _fit(wanted: list[str], lines: list[str]) -> bool:
    """Each piece between lines of three dots is looked for behind the one before, the last one at the end."""
    if "..." not in wanted:
        return len(wanted) == len(lines) and all(map(_same_line, wanted, lines))
    first, rest = wanted.index("..."), wanted[wanted.index("...") + 1 :]
    if not _fit(wanted[:first], lines[:first]):
        return False
    return any(_fit(rest, lines[start:]) for start in range(first, len(lines) + 1))


def _same_line(wanted: str, line: str) -> bool:
    return wanted == line or re.fullmatch(re.escape(wanted).replace(r"\.\.\.", ".*"), line) is not None


def count(path: Path, text: str) -> None:
    """Compares what the comments of a program say with what is counted."""
    said: list[tuple[str, str]] = COUNTED.findall(text)
    counted = [read_expectation(f"{name}: {fields}") for name, fields in said if not name.endswith(" has")]
    decisions = [read_decision(f"{name[:-4]}: {rest}") for name, rest in said if name.endswith(" has")]
    for one in counted:
        space = load_target(str(path), one.target.name, one.target.parameters, one.target.inputs)
        counts = space.counts()
        assert {name: field_of(name, counts, space) for name in one.fields} == one.fields
    for name in dict.fromkeys(one.target.name for one in decisions):
        _same_decisions(path, name, [one for one in decisions if one.target.name == name])


def _same_decisions(path: Path, name: str, wanted: list[Expectation]) -> None:
    graph = load_target(str(path), name, (), ()).graph
    assert [decision_of(one) for one in graph.decisions] == [(one.decision, one.fields) for one in wanted]


def compile_wrong(path: Path, name: str) -> list[Diagnostic]:
    with pytest.raises(HypercuboidError) as caught:
        load_target(str(path), name, (), ()).counts()
    return list(caught.value.diagnostics)


def check_options(block: Block) -> int:
    """Parses each command of hypercuboid by its own options, without running it; how many there are."""
    text = re.sub(r"^\$ ", "", block.text, flags=re.MULTILINE)
    found = [_alone(words) for words in commands(text) if "hypercuboid" in words]
    for words in found if block.language in ("sh", "console") else []:
        with click.Context(application) as group:
            command = application.get_command(group, words[1])
            assert command is not None, words
            command.make_context(words[1], list(words[2:]), parent=group)
    return len(found)


def _alone(words: list[str]) -> list[str]:
    """The command without the variables before it and what the shell does behind it."""
    ends = [number for number, word in enumerate(words) if word in ("<", ">", "|", "&&", "&")]
    return words[words.index("hypercuboid") : min(ends, default=len(words))]


def forget(folder: Path) -> None:
    """Modules that a page wrote into its folder are not those of the next page."""
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None) or "").startswith(str(folder)):
            del sys.modules[name]
