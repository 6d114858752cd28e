"""A run folder that is read: its configuration and state, and the texts of its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from hypercuboid.diagnostics import error
from hypercuboid.runs.files import read_json, read_regular

State = Literal["running", "interrupted", "finished"]

LARGEST = 16 * 2**20
"""Bytes of a file of text that is read whole."""

CONFIG, STATE, METRICS = "config.json", "state.json", "metrics.jsonl"


@dataclass(frozen=True)
class Run:
    """A run folder to read from."""

    path: Path
    config: Mapping[str, Any]
    state: State

    @property
    def space(self) -> str | None:
        """The name of the space that was searched, where the configuration says one."""
        name = self.config.get("space")
        return name if isinstance(name, str) else None

    @property
    def left_out(self) -> tuple[str, ...]:
        """The labels that a search was told to leave out."""
        recipe = self.config.get("recipe")
        labels = recipe.get("without") if isinstance(recipe, dict) else None
        return tuple(one for one in labels if isinstance(one, str)) if isinstance(labels, list) else ()

    def need(self, name: str) -> Path:
        """The path of a file of the run; HC7007 where the run has not written it."""
        path = self.path / name
        if not path.is_file():
            ended = "" if self.state == "finished" else f", which is {self.state}"
            raise error("HC7007", f"the run `{self.path}`{ended} has no `{name}`", help="finish the run first")
        return path

    def read_text(self, name: str) -> str:
        """The text of a file of the run; HC7007 where there is none."""
        path = self.need(name)
        try:
            return read_regular(path, LARGEST).decode("utf-8")
        except (OSError, UnicodeDecodeError):
            raise error("HC7007", f"`{path}` is damaged", help="the run cannot be read; start another") from None


def read_run(path: str | Path) -> Run:
    """Opens a run folder to read; HC7007 where the folder is none or its files are damaged."""
    folder = Path(path)
    if not (folder / CONFIG).is_file():
        what = "is not a run folder" if folder.is_dir() else "does not exist"
        inside = sorted(folder.glob(f"seed-*/{CONFIG}"))
        way = (
            f"it holds several seeds: give one, as `{inside[0].parent}`" if inside else "give the folder named by --run"
        )
        raise error("HC7007", f"`{folder}` {what}", help=way)
    config = _read_object(folder / CONFIG)
    state = _read_object(folder / STATE) if (folder / STATE).exists() else {}
    return Run(folder, config, state.get("state", "interrupted"))


def _read_object(path: Path) -> dict[str, Any]:
    try:
        value = read_json(read_regular(path, LARGEST))
    except (OSError, ValueError):
        value = None
    if not isinstance(value, dict):
        raise error("HC7007", f"`{path}` is missing or damaged", help="the run cannot be read; start another")
    return value
