"""The architectures that a search scored: `scored.json` in its run folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter

from hypercuboid.runs.files import read_json, read_regular
from hypercuboid.runs.folder import RunFolder
from hypercuboid.runs.reading import LARGEST

SCORED = "scored.json"


def write_scored(run: RunFolder, scores: Mapping[int, float]) -> None:
    """Numbers of architectures with their scores, in the order in which they were scored first."""
    run.write_json(SCORED, [{"architecture": str(number), "score": score} for number, score in scores.items()])


def read_scored(run: Path) -> list[tuple[int, float]]:
    """What `write_scored` wrote; nothing where there is none, or where it is damaged."""
    try:
        found = _ADAPTER.validate_python(read_json(read_regular(run / SCORED, LARGEST)))
        return [(int(one["architecture"]), float(one["score"])) for one in found]
    except (OSError, ValueError, KeyError):
        return []


_ADAPTER = TypeAdapter(list[dict[str, str | float]])
