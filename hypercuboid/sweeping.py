"""A sweep: searches over spaces, settings and seeds, written in a TOML file; each is a `search` with a run folder."""

from __future__ import annotations

import itertools
import re
import shlex
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hypercuboid.diagnostics import error
from hypercuboid.nearby import near_file
from hypercuboid.runs.files import read_regular, reason
from hypercuboid.runs.reading import CONFIG, read_run
from hypercuboid.search.recipe import Recipe

LARGEST = 2**20
"""Bytes of a sweep that is read whole."""

MOST = 100_000
"""Searches of one sweep."""

Value: TypeAlias = bool | int | float | str | list[bool | int | float | str]

OURS = ("data", "run", "seed", "seeds", "jobs", "format", "quiet", "restart")
"""Options of `search` that a sweep writes itself."""


class Sweep(BaseModel):
    """What a sweep file says. Names of settings are the options of `search`: `alpha_lr`, `device`, `param`, ..."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: str
    spaces: list[str] = Field(min_length=1)
    seeds: int | list[int] = 1
    settings: dict[str, Value] = {}
    vary: dict[str, list[Value]] = {}


@dataclass(frozen=True)
class Member:
    """One search of a sweep: its name, which is its folder below that of the sweep, and its command line."""

    name: str
    run: Path
    arguments: tuple[str, ...]


def read_sweep(path: Path) -> Sweep:
    """A sweep file; HC7810 where it cannot be read, HC7811 where it says what no sweep has."""
    try:
        values = tomllib.loads(read_regular(path, LARGEST).decode("utf-8"))
    except (OSError, UnicodeDecodeError) as problem:
        told = reason(problem) if isinstance(problem, OSError) else "it is no text in UTF-8"
        raise error("HC7810", f"cannot read the sweep `{path}`: {told}", help=near_file(path, "toml")) from None
    except tomllib.TOMLDecodeError as problem:
        told = f"{str(problem)[:1].lower()}{str(problem)[1:]}"
        message, way = f"the sweep `{path}` is no TOML: {told}", "write `name = value`, one a line"
        raise error("HC7810", message, help=way) from None
    try:
        sweep = Sweep.model_validate(values)
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(str(part) for part in first["loc"][:2])
        raise _wrong(path, f"`{where}`: {first['msg'].lower()}") from None
    for name in OURS:
        if name in sweep.settings or name in sweep.vary:
            raise _wrong(path, f"`{name}` is no setting: a sweep gives it to each search")
    return sweep


def members_of(sweep: Sweep, folder: Path) -> list[Member]:
    """All searches, in the order of the file: spaces, then what varies, then seeds. HC7811 for two of one name."""
    combinations = list(itertools.product(*([(name, one) for one in values] for name, values in sweep.vary.items())))
    seeds = range(sweep.seeds) if isinstance(sweep.seeds, int) else sweep.seeds
    if len(sweep.spaces) * len(combinations) * len(seeds) > MOST:
        raise _wrong(folder, f"there are more than {MOST:,} searches")
    found = [
        _member(sweep, folder, space, dict(varied), seed)
        for space in sweep.spaces
        for varied in combinations
        for seed in seeds
    ]
    names = [one.name for one in found]
    twice = next((name for name in names if names.count(name) > 1), None) if len({*names}) < len(names) else None
    if twice is not None:
        raise _wrong(folder, f"two searches are `{twice}`")
    return found


def is_done(member: Member) -> bool:
    """Whether its folder holds a finished run of it; HC7008 where it holds one of another command."""
    if not (member.run / CONFIG).is_file():
        return False
    held = read_run(member.run)
    if held.state != "finished":
        return False
    before, now = (_asked(one) for one in (shlex.split(str(held.config.get("command", "")))[1:], member.arguments))
    if before != now:
        message = f"the run folder `{member.run}` holds a finished run of something else"
        notes = (f"there: {shlex.join(before)}", f"asked for: {shlex.join(now)}")
        raise error("HC7008", message, notes=notes, help="name another folder with --run")
    return True


def _asked(arguments: Sequence[str]) -> list[str]:
    """A command line without the name of the folder, which may be written in several ways."""
    place = arguments.index("--run") if "--run" in arguments else len(arguments)
    return [*arguments[:place], *arguments[place + 2 :]]


def _member(sweep: Sweep, folder: Path, space: str, varied: Mapping[str, Value], seed: int) -> Member:
    file, _, item = space.rpartition("/")[2].partition(":")
    parts = [file.removesuffix(".hc") + (f"-{item}" if item else "")]
    parts += [",".join(f"{name}={_shown(value)}" for name, value in varied.items())] if varied else []
    name = "/".join([*(re.sub(r"[^\w.=,+-]+", "-", part)[:100] for part in parts), f"seed-{seed}"])
    options = [word for key, value in {**sweep.settings, **varied}.items() for word in _option(key, value)]
    given = ["--data", sweep.data, "--run", str(folder / name), "--seed", str(seed), "--quiet"]
    return Member(name, folder / name, ("search", space, *given, *options))


def _shown(value: Value) -> str:
    return "+".join(map(str, value)) if isinstance(value, list) else str(value)


def _option(name: str, value: Value) -> Sequence[str]:
    """As the command line has it: a flag alone, several values after one option or one each."""
    flag = f"--{name.replace('_', '-')}" if len(name) > 1 else f"-{name}"
    if isinstance(value, bool):
        return [flag] if value else []
    if not isinstance(value, list):
        return [flag, str(value)]
    if _takes_several(name):
        return [flag, *map(str, value)]
    return [word for one in value for word in (flag, str(one))]


def _takes_several(name: str) -> bool:
    """Whether a setting of the recipe is a fixed number of values."""
    field = Recipe.model_fields.get(name.replace("-", "_"))
    kinds: tuple[Any, ...] = () if field is None else get_args(field.annotation)
    return len(kinds) > 1 and kinds[-1] is not Ellipsis


def _wrong(path: Path, what: str) -> Exception:
    help = "a sweep has `data`, `spaces`, `seeds`, and tables `[settings]` and `[vary]` of options of `search`"
    return error("HC7811", f"the sweep `{path}` cannot be run: {what}", help=help)
