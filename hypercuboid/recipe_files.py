"""Recipes as TOML files: tables `[search]` and `[train]` of settings, shipped with the package or a user's own."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypercuboid.diagnostics import Diagnostic, HypercuboidError, Source, Span, error
from hypercuboid.nearby import near_file
from hypercuboid.regimen import Regimen
from hypercuboid.registry import suggestion
from hypercuboid.resources import resource
from hypercuboid.runs.files import read_regular, reason
from hypercuboid.search.recipe import Recipe as SearchRecipe
from hypercuboid.search.settings import Setting, wrong_setting
from hypercuboid.training.recipe import Recipe as TrainingRecipe

LARGEST = 2**20
"""Bytes of a recipe that is read whole."""

KINDS: Mapping[str, tuple[type[Regimen], str]] = {
    "search": (SearchRecipe, "search"),
    "train": (TrainingRecipe, "training"),
}
"""By the table of a recipe, which is the command that reads it: the settings that there are, and what they are of."""

_TABLE = re.compile(r"\s*\[\s*(?P<name>[^\[\]]+?)\s*\]\s*(#.*)?")
_SETTING = re.compile(r"\s*(?P<quote>[\"']?)(?P<name>[\w-]+)(?P=quote)\s*=\s*(?P<value>\"[^\"]*\"|'[^']*'|[^#]*)")


@dataclass(frozen=True)
class RecipeFile:
    """A recipe: what it is called and about, and its checked settings by table."""

    name: str
    path: Path
    about: str
    tables: Mapping[str, Mapping[str, Any]]

    def settings(self, kind: str) -> Mapping[str, Any]:
        """Those of a table; HC7612 where the recipe has none of it."""
        found = self.tables.get(kind)
        if found is None:
            message, has = f"the recipe `{self.name}` has no table `[{kind}]`", " and ".join(self.tables) or "nothing"
            raise error("HC7612", message, help=f"it is for: {has}; `hypercuboid recipes` lists all")
        return found


def shipped_recipes() -> list[str]:
    """The names of the recipes that come with the package."""
    return sorted(path.stem for path in resource("recipes").glob("*.toml"))


def read_recipe(asked: str) -> RecipeFile:
    """The shipped recipe of that name, or that of a file, which ends in `.toml`.

    HC7610 where there is none, HC7611 where it is no TOML, HC7612 for what a recipe does not have, HC5012 and HC5013
    for settings that are wrong; all mistakes of the file are reported together.
    """
    path = Path(asked) if asked.endswith(".toml") else resource("recipes") / f"{asked}.toml"
    if path.parent == resource("recipes") and asked not in shipped_recipes():
        message = f"no recipe is called `{asked}`"
        raise error("HC7610", message, help=f"{suggestion(asked, shipped_recipes())}; or give a file NAME.toml")
    source = Source(str(path), _read(path))
    values = _parse(source)
    problems = [*_unknown(values, source)]
    tables = {kind: values[kind] for kind in KINDS if isinstance(values.get(kind), dict)}
    checked = {kind: {name: _value(kind, name, one) for name, one in table.items()} for kind, table in tables.items()}
    problems += [one for kind, table in checked.items() for one in _wrong(kind, table, source)]
    if problems:
        raise HypercuboidError(*problems)
    return RecipeFile(asked, path, str(values.get("about", "")), checked)


def _read(path: Path) -> str:
    try:
        return read_regular(path, LARGEST).decode("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        told = reason(problem) if isinstance(problem, OSError) else "it is no text in UTF-8"
        raise error("HC7610", f"cannot read the recipe `{path}`: {told}", help=near_file(path, "toml")) from None


def _parse(source: Source) -> dict[str, Any]:
    try:
        return tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as problem:
        told, _, where = str(problem).partition(" (at ")
        message, way = f"the recipe is no TOML: {told[:1].lower()}{told[1:]}", "write `name = value`, one a line"
        raise error("HC7611", message, _at(source, where), help=way) from None


def _at(source: Source, where: str) -> Span:
    """The place of `line 3, column 5)`, or the end of the text."""
    numbers = [int(one) for one in re.findall(r"\d+", where)]
    start = len(source.text)
    if len(numbers) == 2:
        start = sum(len(line) for line in source.text.splitlines(keepends=True)[: numbers[0] - 1]) + numbers[1] - 1
    start = min(start, len(source.text))
    return Span(source, start, min(start + 1, len(source.text)))


def _unknown(values: Mapping[str, Any], source: Source) -> Iterator[Diagnostic]:
    """What stands outside of the tables, and is not `about`."""
    for name, value in values.items():
        known = (name in KINDS and isinstance(value, dict)) or (name == "about" and isinstance(value, str))
        if not known:
            message = f"a recipe has no `{name}` of this kind"
            span = _places(source).get(("", name), _Place(None, None)).name
            help = "a recipe has the tables `[search]` and `[train]`, and a text `about`"
            yield Diagnostic("HC7612", message, span, help=help)


def _value(kind: str, name: str, value: Any) -> Any:
    """Arrays are tuples in a recipe, also where the setting is another."""
    return tuple(value) if isinstance(value, list) else value


def _wrong(kind: str, settings: Mapping[str, Any], source: Source) -> Iterator[Diagnostic]:
    places, (recipe, words) = _places(source), KINDS[kind]
    for name, value in settings.items():
        place = places.get((kind, name), _Place(None, None))
        wrong = wrong_setting(recipe, words, Setting(name, value, place.name, place.value))
        if wrong is not None:
            yield wrong


@dataclass(frozen=True)
class _Place:
    """Where a setting stands: all of it, and its value; None where the lines do not tell."""

    name: Span | None
    value: Span | None


def _places(source: Source) -> dict[tuple[str, str], _Place]:
    """By table and name, for settings that stand on lines of their own under the head of their table."""
    found: dict[tuple[str, str], _Place] = {}
    table, start = "", 0
    for line in source.text.splitlines(keepends=True):
        head, setting = _TABLE.fullmatch(line.rstrip()), _SETTING.match(line)
        if head:
            table = head["name"]
            found["", table] = _Place(Span(source, start, start + len(line.rstrip())), None)
        elif setting:
            ends = start + setting.start("value") + len(setting["value"].rstrip())
            whole = Span(source, start + len(line) - len(line.lstrip()), ends)
            found[table, setting["name"]] = _Place(whole, Span(source, start + setting.start("value"), ends))
        start += len(line)
    return found
