"""The numbers of an audit, one for each arm, seed and outcome, as CSV: all tables are made from them again."""

from __future__ import annotations

import csv
import io
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from hypercuboid.diagnostics import error
from hypercuboid.nearby import near_file
from hypercuboid.runs.files import read_regular
from hypercuboid.runs.folder import LARGEST

SPLIT = ","


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


COLUMNS = (*(one.name for one in fields(Arm)), "seed", "outcome", "value")


def write_numbers(numbers: Iterable[Number]) -> str:
    """CSV text; a value is written so that it reads back as the same one."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("space", "condition", "arm", "seed", "outcome", "value"))
    for one in numbers:
        writer.writerow((*astuple(one.arm), one.seed, one.outcome, repr(one.value)))
    return text.getvalue()


def read_numbers(path: Path) -> list[Number]:
    """The numbers of a CSV file; HC7110 where it has none."""
    try:
        rows = list(csv.DictReader(read_regular(path, LARGEST).decode("utf-8").splitlines()))
        found = [_number(row) for row in rows]
    except (OSError, ValueError, KeyError, TypeError, csv.Error):
        found = []
    if not found:
        message = f"`{path}` has no numbers of an audit"
        raise error(
            "HC7110", message, help="give a file that `audit` wrote" if path.exists() else near_file(path, "csv")
        )
    return found


def _number(row: Mapping[str, str]) -> Number:
    value = float(row["value"])
    if not math.isfinite(value):
        raise ValueError(row["value"])
    return Number(Arm(row["space"], row["condition"], row["arm"]), int(row["seed"]), row["outcome"], value)


def by_arm(numbers: Iterable[Number], outcome: str) -> dict[Arm, dict[int, float]]:
    """The values of one outcome by arm and seed, in the order of the numbers."""
    found: dict[Arm, dict[int, float]] = defaultdict(dict)
    for one in numbers:
        if one.outcome == outcome:
            found[one.arm][one.seed] = one.value
    return dict(found)
