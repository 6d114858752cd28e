"""What there is of runs: their folders below a place, the state of each, how far it came and what it found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.runs.checkpoints import Checkpoints
from hypercuboid.runs.files import read_json, read_regular
from hypercuboid.runs.lock import is_held
from hypercuboid.runs.reading import CONFIG, LARGEST, METRICS, read_run


@dataclass(frozen=True)
class Summary:
    """One run. `state` is running, stopped (it can go on), finished or damaged; `epochs` is how many were asked for."""

    path: Path
    kind: str
    state: str
    epoch: int
    epochs: int
    best: str
    command: str


def find_runs(place: Path) -> list[Path]:
    """The run folders at and below a place, in the order of their names; links are not followed."""
    if (place / CONFIG).is_file():
        return [place]
    return sorted(path.parent for path in place.glob(f"**/{CONFIG}") if not path.parent.is_symlink())


def summarise(path: Path) -> Summary:
    """What a run is and how far it came; a damaged one is told so, never raised."""
    try:
        run = read_run(path)
    except HypercuboidError:
        return Summary(path, "?", "damaged", 0, 0, "", "")
    state = "finished" if run.state == "finished" else "running" if is_held(path) else "stopped"
    metrics = read_metrics(path)
    recipe = run.config.get("recipe")
    epochs = _whole(recipe.get("epochs")) if isinstance(recipe, dict) else 0
    epoch = _whole(metrics[-1].get("epoch")) if metrics else 0
    kind, command = str(run.config.get("kind", "?")), str(run.config.get("command", ""))
    return Summary(path, kind, state, epoch, epochs, _best(path, metrics), command)


def _whole(value: object) -> int:
    """The value where it is a whole number, else 0."""
    return value if isinstance(value, int) else 0


def _end_of(path: Path) -> str:
    """The last 16 MiB of a file of text; nothing of what is no file."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - LARGEST))
        return file.read(LARGEST).decode("utf-8", "replace")


def read_metrics(path: Path) -> list[dict[str, Any]]:
    """The lines of `metrics.jsonl` that are whole; the last one of a run that was killed may be cut."""
    found: list[dict[str, Any]] = []
    for line in _end_of(path / METRICS).splitlines():
        try:
            value = read_json(line)
        except ValueError:
            continue
        if isinstance(value, dict):
            found.append(value)
    return found


def last_checkpoint(path: Path) -> int | None:
    """The step of the newest whole checkpoint, which the run goes on from."""
    found, _ = Checkpoints(path / "checkpoints").newest()
    return None if found is None else found.step


def _best(path: Path, metrics: list[dict[str, Any]]) -> str:
    result = path / "result.json"
    if result.is_file():
        try:
            found = read_json(read_regular(result, LARGEST))
            return f"test {_mean(float(found['accuracy']), found.get('metric', 'accuracy'))}"
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return ""
    numbers = [one["validation_accuracy"] for one in metrics if _is_number(one, "validation_accuracy")]
    if numbers:
        return f"validation {_mean(max(numbers))}"
    numbers = [one["accuracy"] for one in metrics if _is_number(one, "accuracy")]
    return f"train {_mean(max(numbers))}" if numbers else ""


def _mean(value: float, metric: str = "accuracy") -> str:
    """A mean score; what is no share is no accuracy, and metrics do not say what it is."""
    if metric == "accuracy" and 0 <= value <= 1:
        return f"accuracy {100 * value:.2f} %"
    return f"{'score' if metric == 'accuracy' else metric} {value:.4g}"


def _is_number(line: Mapping[str, Any], name: str) -> bool:
    return isinstance(line.get(name), int | float)
