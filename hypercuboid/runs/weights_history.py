"""How the architecture weights of a search moved and what was best: a line for each epoch, and an image of all weights.

The lines are those of the epochs that the metrics of the run have: a search that goes on takes later ones back.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from hypercuboid.runs.files import read_json, write_text

if TYPE_CHECKING:
    import numpy as np

HISTORY = "weights-history.jsonl"
_WEIGHTS, _SUPERNET, _ALPHA = "weights.json", "supernet.safetensors", "alpha:"

_ROWS, _PIXELS, _LARGEST_BLOCK = 1024, 512, 16

MOST = 20_000
"""Weights of a space of which every epoch is kept; of a larger one only what was best."""


@dataclass(frozen=True)
class Recorded:
    """What an epoch left: the weights of each decision and its parameters (alphas), those that are declared, in order.

    `picks` is what the best architecture keeps at each site, as the language writes it.
    """

    epoch: int
    weights: dict[str, list[float]]
    alphas: dict[str, list[float]]
    picks: dict[str, list[str]] = field(default_factory=dict)


def recorded(run: Path, epoch: int) -> Recorded | None:
    """What the run folder holds now; None where it is none of a search."""
    if not (run / _WEIGHTS).is_file():
        return None
    decisions = read_json((run / _WEIGHTS).read_bytes())["decisions"]
    flat = {name: _flat(one["values"]) for name, one in decisions.items()}
    weights = {name: [one for one in values if one is not None] for name, values in flat.items()}
    return Recorded(epoch, weights, _alphas(run / _SUPERNET, flat))


def _flat(values: Any) -> list[float | None]:
    if not isinstance(values, list):
        return [values]
    return [one for inner in values for one in _flat(inner)]


def _alphas(path: Path, declared: dict[str, list[float | None]]) -> dict[str, list[float]]:
    """The alphas of decisions that the supernet still has; one that was narrowed has fewer."""
    from safetensors import safe_open

    found: dict[str, list[float]] = {}
    if not path.is_file():
        return found
    with safe_open(path, framework="np") as file:
        for name in [one for one in file.keys() if one.startswith(_ALPHA)]:  # noqa: SIM118 - it is no dictionary
            decision, values = name.removeprefix(_ALPHA).replace("/", "."), file.get_tensor(name).ravel().tolist()
            known = declared.get(decision, values)
            whole = known if len(known) == len(values) else values
            found[decision] = [value for value, one in zip(values, whole, strict=True) if one is not None]
    return found


def append(run: Path, one: Recorded) -> None:
    """One more epoch, on the disk when this returns."""
    with (run / HISTORY).open("a", encoding="utf-8") as file:
        file.write(_line(one))
        file.flush()
        os.fsync(file.fileno())


def append_now(run: Path, epoch: int, picks: Mapping[str, Sequence[str]]) -> None:
    """One more epoch as the run folder holds it now, numbers to six digits."""
    now = recorded(run, epoch)
    assert now is not None
    few = sum(map(len, now.weights.values())) <= MOST
    weights, alphas = ({name: _short(one) for name, one in part.items()} for part in (now.weights, now.alphas))
    append(run, Recorded(epoch, weights if few else {}, alphas if few else {}, {k: list(v) for k, v in picks.items()}))


def _short(values: Sequence[float]) -> list[float]:
    return [float(f"{one:.6g}") for one in values]


def _line(one: Recorded) -> str:
    return json.dumps(asdict(one), ensure_ascii=False, separators=(",", ":")) + "\n"


def read_history(run: Path) -> list[Recorded]:
    """What was appended, by epoch; lines that are damaged are left out."""
    found = {one.epoch: one for one in _lines(run / HISTORY)}
    return [found[epoch] for epoch in sorted(found)]


def _lines(path: Path) -> Iterator[Recorded]:
    if not path.is_file():
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            try:
                yield _adapter().validate_python(read_json(line))
            except ValueError:
                continue  # the last line of a process that was killed


@cache
def _adapter() -> TypeAdapter[Recorded]:
    return TypeAdapter(Recorded)


def cut_history(run: Path, last: int) -> None:
    """Takes back what was appended of epochs after `last`, and a line that was cut."""
    path = run / HISTORY
    if path.is_file():
        write_text(path, "".join(_line(one) for one in read_history(run) if one.epoch <= last))


def weights_image(history: Sequence[Recorded]) -> np.ndarray:
    """A row for each weight, decision after decision, and a column for each epoch, uint8.

    0 is white, the largest weight of a decision in all epochs black. Of more than 1,024 weights neighbours share a row,
    which shows the largest of them.
    """
    import numpy as np

    names = [
        name for name, one in history[-1].weights.items() if all(_fits(epoch, name, len(one)) for epoch in history)
    ]
    parts = [np.array([one.weights[name] for one in history]).T for name in names]
    dark = np.concatenate([part / max(part.max(initial=0.0), 1e-12) for part in parts if part.size])
    if len(dark) > _ROWS:
        dark = np.maximum.reduceat(dark, np.arange(0, len(dark), -(-len(dark) // _ROWS)))
    block = int(np.clip(_PIXELS // max(dark.shape), 1, _LARGEST_BLOCK))
    pixels = np.rint(255 * (1 - dark)).astype(np.uint8)
    enlarged: np.ndarray = pixels.repeat(block, 0).repeat(block, 1)
    return enlarged


def _fits(one: Recorded, name: str, count: int) -> bool:
    return len(one.weights.get(name, ())) == count
