"""The numbers of an audit as CSV, a row for each arm and seed: all tables are made from them again."""

from __future__ import annotations

import csv
import io
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from pathlib import Path

from hypercuboid.diagnostics import error
from hypercuboid.nearby import near_file
from hypercuboid.runs.files import read_regular
from hypercuboid.runs.reading import LARGEST


@dataclass(frozen=True, order=True)
class Arm:
    """What was run: a weighting, or what else names a kind of architecture, on a space under a condition.

    `space` is `natural` or a planted one; `condition` is empty or `NAME=VALUE`.
    """

    space: str
    condition: str
    name: str


@dataclass(frozen=True)
class Number:
    """One outcome of one seed."""

    arm: Arm
    seed: int
    outcome: str
    value: float


KEYS = ("space", "condition", "arm", "seed")


def write_numbers(numbers: Iterable[Number]) -> str:
    """CSV text with a column for each outcome; a value is written so that it reads back as the same one."""
    rows: dict[tuple[Arm, int], dict[str, str]] = {}
    for one in numbers:
        rows.setdefault((one.arm, one.seed), {})[one.outcome] = repr(one.value)
    outcomes = dict.fromkeys(outcome for row in rows.values() for outcome in row)
    text = io.StringIO()
    writer = csv.DictWriter(text, (*KEYS, *outcomes), lineterminator="\n")
    writer.writeheader()
    for (arm, seed), row in rows.items():
        writer.writerow({**dict(zip(KEYS, (*astuple(arm), seed), strict=True)), **row})
    return text.getvalue()


def read_numbers(path: Path) -> list[Number]:
    """The numbers of a CSV file; HC7110 where it has none."""
    try:
        rows = csv.DictReader(read_regular(path, LARGEST).decode("utf-8").splitlines(), strict=True)
        found = [one for row in rows for one in _numbers(row)]
    except (OSError, ValueError, KeyError, TypeError, csv.Error):
        found = []
    if not found:
        message = f"`{path}` has no numbers of an audit"
        raise error(
            "HC7110", message, help="give a file that `audit` wrote" if path.exists() else near_file(path, "csv")
        )
    return found


def _numbers(row: Mapping[str, str]) -> Iterator[Number]:
    arm, seed = Arm(row["space"], row["condition"], row["arm"]), int(row["seed"])
    for outcome, text in row.items():
        if outcome not in KEYS and text:
            value = float(text)
            if not math.isfinite(value):
                raise ValueError(text)
            yield Number(arm, seed, outcome, value)


def by_arm(numbers: Iterable[Number], outcome: str) -> dict[Arm, dict[int, float]]:
    """The values of one outcome by arm and seed, in the order of the numbers."""
    found: dict[Arm, dict[int, float]] = defaultdict(dict)
    for one in numbers:
        if one.outcome == outcome:
            found[one.arm][one.seed] = one.value
    return dict(found)
