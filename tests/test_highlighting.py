"""Colours: the lexer and the TextMate grammar against the language's own tokens, over every file of the tree."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import pytest
from babi.highlight import Compiler, Grammars, highlight_line
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.token import Comment, Error, Keyword, Name, Number, Operator, String, Text, Whitespace

from hypercuboid.diagnostics import Source
from hypercuboid.editing import words
from hypercuboid.editing.lexer import HypercuboidLexer
from hypercuboid.frontend.builtins import BUILTINS
from hypercuboid.frontend.tables import load_tables
from hypercuboid.frontend.tokens import tokenize
from hypercuboid.frontend.typing import TENSORS, TYPES
from hypercuboid.resources import resource

ROOT = Path(__file__).resolve().parent
SYNTAXES = resource("grammars", "vscode", "syntaxes")
SHIPPED = sorted(resource("spaces").rglob("*.hc"))
VALID = [*SHIPPED, *sorted((ROOT / "programs").glob("*.hc")), *sorted((ROOT / "conformance" / "valid").glob("*.hc"))]
ALL = [*VALID, *(path for path in sorted(ROOT.rglob("*.hc")) if path not in VALID)]


def text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")


def test_the_words_are_those_of_the_grammar() -> None:
    keywords = load_tables().keywords
    assert set(keywords) == words.KEYWORDS
    assert set(BUILTINS) == set(words.FUNCTIONS)
    assert {*TYPES, *TENSORS} - {"block"} == set(words.TYPES)
    groups = (words.DECLARATIONS, words.STATEMENTS, words.CLAUSES, words.FOLDS, words.OPERATORS, words.CONSTANTS)
    assert sum(map(len, groups)) == len(keywords), "a word stands in one group"


def test_pygments_finds_the_lexer() -> None:
    """What `pyproject.toml` names is a lexer; in an installation Pygments finds it by its aliases and files."""
    project = tomllib.loads((ROOT.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = project["entry-points"]["pygments.lexers"]["hypercuboid"]
    assert EntryPoint("hypercuboid", named, "pygments.lexers").load() is HypercuboidLexer
    if any(one.name == "hypercuboid" for one in entry_points(group="pygments.lexers")):
        assert isinstance(get_lexer_by_name("hypercuboid"), HypercuboidLexer)
        assert isinstance(get_lexer_for_filename("cell.hc"), HypercuboidLexer)


def test_every_file_lexes_without_an_error_and_loses_nothing() -> None:
    assert len(ALL) > 400
    lexer = HypercuboidLexer()
    for path in ALL:
        text = text_of(path)
        found = list(lexer.get_tokens_unprocessed(text))
        assert "".join(word for _, _, word in found) == text, path
        assert not [word for _, kind, word in found if kind is Error], path
        unknown = {word for _, kind, word in found if kind is Text}
        assert path not in VALID or not unknown, path


def test_the_lexer_colours_what_the_language_reads() -> None:
    """A keyword is coloured as one exactly where the tokenizer reads one."""
    for path in VALID:
        source = Source(str(path), text_of(path))
        coloured: dict[int, Any] = {at: kind for at, kind, _ in HypercuboidLexer().get_tokens_unprocessed(source.text)}
        for token in tokenize(source).tokens[:-1]:
            is_keyword = token.text in words.KEYWORDS and not token.word
            kind = coloured[token.start]
            where = f"{path}: {token}"
            assert (kind in Keyword or kind is Operator.Word) == (is_keyword or kind is Keyword.Type), where
            assert (kind in Number) == (token.type in ("INT", "FLOAT")), where
            assert (kind in String) == (token.type == "STRING"), where


def test_a_fragment_of_a_page_is_coloured() -> None:
    found = HypercuboidLexer().get_tokens("let k = conv(c, stride = 2)  # half\n")
    shown = [(kind, word) for kind, word in found if kind is not Whitespace]
    assert shown[:4] == [(Keyword.Declaration, "let"), (Name.Variable, "k"), (Operator, "="), (Name.Function, "conv")]
    assert shown[-1] == (Comment.Single, "# half")


@cache
def engine() -> Compiler:
    """The TextMate grammar, run by the engine of the editor babi (oniguruma, as in VS Code)."""
    grammar = json.loads((SYNTAXES / "hypercuboid.tmLanguage.json").read_text(encoding="utf-8"))
    grammars = Grammars()
    grammars._raw["source.hypercuboid"] = grammar  # what it would read from a folder
    return grammars.compiler_for_scope("source.hypercuboid")


def regions(text: str) -> dict[int, tuple[int, str]]:
    """End and innermost scope of every region, by its start."""
    compiler = engine()
    state, found, at = compiler.root_state, {}, 0
    for number, line in enumerate(text.splitlines(keepends=True)):
        state, parts = highlight_line(compiler, state, line, first_line=number == 0)
        found.update({at + part.start: (at + part.end, part.scope[-1]) for part in parts})
        at += len(line)
    return found


PAIRS: list[tuple[Any, tuple[str, ...]]] = [
    (Comment, ("comment.line.number-sign",)),
    (String.Doc, ("comment.line.documentation",)),
    (String.Double, ("string",)),
    (Number.Float, ("constant.numeric.float",)),
    (Number.Integer, ("constant.numeric.integer",)),
    (Keyword.Declaration, ("storage.type",)),
    (Keyword.Constant, ("constant.language",)),
    (Keyword.Type, ("support.type",)),
    (Operator.Word, ("keyword.operator.word",)),
    (Keyword, ("keyword.control",)),
    (Operator, ("keyword.operator.hypercuboid",)),
    (Name.Class, ("entity.name.type", "entity.name.function.hypercuboid")),
    (Name.Attribute, ("variable.other.member",)),
    (Name.Variable, ("variable.parameter", "variable.other.definition")),
    (Name.Builtin.Pseudo, ("variable.language",)),
    (Name.Builtin, ("support.function",)),
    (Name.Function, ("entity.name.function.call",)),
]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_textmate_grammar_colours_like_the_lexer(path: Path) -> None:
    text = text_of(path)
    found = regions(text)
    for at, kind, word in HypercuboidLexer().get_tokens_unprocessed(text):
        expected = next((scopes for wanted, scopes in PAIRS if kind in wanted), None)
        if expected is not None:
            end, scope = found[at]
            assert scope.startswith(expected), (path, word, kind, scope)
            assert text[at:end].rstrip() == word.rstrip()


def test_the_textmate_grammar_holds_every_word() -> None:
    repository = json.loads((SYNTAXES / "hypercuboid.tmLanguage.json").read_text(encoding="utf-8"))["repository"]
    patterns = [one["match"] for part in ("declarations", "words", "calls") for one in repository[part]["patterns"]]
    listed = {word for pattern in patterns for word in re.findall(r"(?<=[(|:])[a-z]+(?=[)|])", pattern)}
    assert listed == {*words.KEYWORDS, *words.FUNCTIONS}
    types = repository["labels"]["patterns"][0]["match"]
    assert set(re.findall(r"(?<=[(|])[a-z]+", types)) == {*words.TYPES, "block"}


def test_the_extension_names_files_that_are_there() -> None:
    package = json.loads((SYNTAXES.parent / "package.json").read_text(encoding="utf-8"))
    grammars, languages = package["contributes"]["grammars"], package["contributes"]["languages"]
    paths = [one["path"] for one in grammars] + [one["configuration"] for one in languages]
    for path in (*paths, package["main"]):
        assert (SYNTAXES.parent / path).is_file(), path
    for path in (*SYNTAXES.glob("*.json"), SYNTAXES.parent / "language-configuration.json"):
        json.loads(path.read_text(encoding="utf-8"))
