"""The metrics of a run as a table: one row per epoch, one column per number."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def flattened(line: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """What is nested under names with dots, `guards.size` or `halves.0`; what is null is left out."""
    found: dict[str, Any] = {}
    for name, value in line.items():
        if isinstance(value, dict | list):
            inner = value if isinstance(value, dict) else dict(zip(map(str, range(len(value))), value, strict=True))
            found |= flattened(inner, f"{prefix}{name}.")
        elif value is not None:
            found[f"{prefix}{name}"] = value
    return found


def numbers(line: Mapping[str, Any]) -> dict[str, float]:
    """The numbers of an epoch, its own left out."""
    kept = flattened(line).items()
    return {name: value for name, value in kept if type(value) in (int, float) and name != "epoch"}


def csv_text(lines: Sequence[Mapping[str, Any]]) -> str:
    """All epochs; columns in the order in which they come up, empty where an epoch has none."""
    rows = [flattened(line) for line in lines]
    file = io.StringIO()
    writer = csv.DictWriter(file, list(dict.fromkeys(_names(rows))), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def _names(rows: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for row in rows:
        yield from row
