"""Measured times of ops in a CSV file, as costs of architectures: an architecture takes as long as all of its ops.

A file holds one setting (device, torch, threads, batch, pass), which each of its lines names.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hypercuboid.diagnostics import error
from hypercuboid.graph.candidate_costs import CandidateCosts, candidate_costs
from hypercuboid.graph.grow import grow, price
from hypercuboid.graph.grown import Forest
from hypercuboid.ops.base import Cost, TensorType, Value

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph


@dataclass(frozen=True)
class Setting:
    """What times depend on beside the op. `passes` is "forward" (in eval mode) or "both" (forward and backward)."""

    device: str
    torch: str
    threads: int
    batch: int
    passes: str


@dataclass(frozen=True, order=True)
class OpKey:
    """An op with its arguments at input shapes, as text."""

    op: str
    arguments: str
    inputs: str


@dataclass(frozen=True)
class Op:
    """What is to be measured."""

    name: str
    arguments: Mapping[str, Value]
    inputs: tuple[TensorType, ...]
    output: TensorType

    @property
    def key(self) -> OpKey:
        return op_key(self.name, self.arguments, self.inputs)


class Row(BaseModel):
    """A line of the file. Times are nanoseconds: the median, and the distance between the quartiles."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    device: str
    torch: str
    threads: int = Field(ge=1)
    batch: int = Field(ge=1)
    passes: str = Field(pattern="^(forward|both)$")
    op: str
    arguments: str
    inputs: str
    median: float = Field(ge=0, allow_inf_nan=False)
    spread: float = Field(ge=0, allow_inf_nan=False)
    repeats: int = Field(ge=1)

    @property
    def setting(self) -> Setting:
        return Setting(**{one.name: getattr(self, one.name) for one in fields(Setting)})

    @property
    def key(self) -> OpKey:
        return OpKey(self.op, self.arguments, self.inputs)


@dataclass(frozen=True)
class Latencies:
    """The rows of a file by op."""

    path: str
    rows: Mapping[OpKey, Row]

    @property
    def setting(self) -> Setting | None:
        """None where there are no rows."""
        return next((row.setting for row in self.rows.values()), None)

    def price(self, op: str, values: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> Cost:
        """The cost of a use with its time; HC7104 where it was not measured."""
        key = op_key(op, values, inputs)
        row = self.rows.get(key)
        if row is None:
            shown = " ".join(part for part in astuple(key) if part)
            help = f"measure what is missing: `hypercuboid profile FILE[:NAME] -o {self.path}`"
            raise error("HC7104", f"`{self.path}` has no time of `{shown}`", help=help)
        return replace(price(op, values, inputs, output), nanoseconds=round(row.median))


def op_key(op: str, values: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> OpKey:
    """The text of an op at its shapes."""
    arguments = ", ".join(f"{name} = {value}" for name, value in sorted(values.items()))
    return OpKey(op, arguments, ", ".join(map(_type_text, inputs)))


def _type_text(type: TensorType) -> str:
    if type.parts:
        return f"several({', '.join(map(_type_text, type.parts))})"
    sizes = "x".join(map(str, type.shape))
    return f"{type.kind} {sizes} of {type.vocab}" if type.kind == "tokens" else f"{type.kind} {sizes}"


# ---------------------------------------------------------------- of a space


def ops_of(graph: Graph) -> list[Op]:
    """The distinct ops of the architectures of a space, at all shapes that they may have."""
    found: dict[OpKey, Op] = {}

    def record(op: str, values: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> Cost:
        one = Op(op, values, inputs, output)
        found.setdefault(one.key, one)
        return price(op, values, inputs, output)

    _grown(graph, record)
    return [found[key] for key in sorted(found)]


def latency_forest(graph: Graph, path: str | Path) -> Forest:
    """The forest of models with the measured times of a file as `nanoseconds`; HC7102, HC7104."""
    return _grown(graph, read_latencies(path).price)


def candidate_latencies(graph: Graph, path: str | Path) -> CandidateCosts | None:
    """Costs by candidate with measured times (`.of("nanoseconds")`); None where costs are no sum."""
    return candidate_costs(graph, latency_forest(graph, path))


def _grown(graph: Graph, price: Callable[..., Cost]) -> Forest:
    forest = grow(graph.costs, price)
    if not forest.known:
        raise error(
            "HC8002", f"the shape of an input of `{graph.space.name}` is not known", help="give it, `--input 3x32x32`"
        )
    assert forest.settled is not None  # also asks for the prices of what follows other decisions
    return forest


# ---------------------------------------------------------------- files


def read_latencies(path: str | Path) -> Latencies:
    """A file of `hypercuboid profile`; HC7102 where it is none, HC7103 where its lines are of several settings."""
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", None) or "it is no text in UTF-8"
        raise _no_table(path, reason.lower()) from None
    rows: dict[OpKey, Row] = {}
    for number, line in enumerate(_lines(path, text), 2):
        row = _row(path, number, line)
        rows[row.key] = row
        if row.setting != next(iter(rows.values())).setting:
            message = f"`{path}` holds times of several settings; line {number} is of another than line 2"
            raise error("HC7103", message, help="one device, torch, batch and number of threads to a file")
    return Latencies(str(path), rows)


def _lines(path: str | Path, text: str) -> Iterator[Mapping[str, Any]]:
    reader = csv.DictReader(io.StringIO(text), strict=True)
    if list(reader.fieldnames or ()) != list(Row.model_fields):
        raise _no_table(path, f"its first line is not {','.join(Row.model_fields)}")
    try:
        yield from reader
    except csv.Error as problem:
        raise _no_table(path, str(problem)) from None


def _row(path: str | Path, number: int, line: Mapping[str, Any]) -> Row:
    try:
        return Row.model_validate(line)
    except ValidationError as problem:
        first = problem.errors()[0]
        raise _no_table(path, f"line {number}, {first['loc'][0]}: {first['msg'].lower()}") from None


def _no_table(path: str | Path, reason: str) -> Exception:
    return error(
        "HC7102", f"`{path}` is no file of measured times: {reason}", help="write one with `hypercuboid profile`"
    )


def table_text(latencies: Latencies) -> str:
    """The file of measured times, its lines in the order of the ops."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(Row.model_fields), lineterminator="\n")
    writer.writeheader()
    writer.writerows(latencies.rows[key].model_dump() for key in sorted(latencies.rows))
    return out.getvalue()
