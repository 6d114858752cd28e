"""What the run folders of an audit hold, as numbers: of every search that is finished, nothing of the others."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hypercuboid.auditing.numbers import Arm, Number
from hypercuboid.auditing.outcomes import ACCURACY, BETWEEN, FOUND, measured
from hypercuboid.auditing.work import Piece
from hypercuboid.runs.folder import read_tensors
from hypercuboid.runs.listing import read_metrics
from hypercuboid.search.halves import correlation
from hypercuboid.search.observers.alpha_gradient import FILE

if TYPE_CHECKING:
    from torch import Tensor


def numbers(pieces: Sequence[Piece]) -> list[Number]:
    """All of them, piece by piece."""
    between = _between(pieces)
    return [one for piece in pieces for one in (*_of_search(piece, between), *_of_training(piece))]


def _of_search(piece: Piece, between: dict[tuple[Arm, int], float]) -> Iterable[Number]:
    if piece.search is None or not piece.is_searched:
        return
    run = piece.search.run
    values = measured(read_metrics(run))
    values[FOUND] = float(zlib.crc32((run / "arch.hc").read_bytes()))
    if (piece.arm, piece.seed) in between:
        values[BETWEEN] = between[piece.arm, piece.seed]
    for outcome, value in values.items():
        yield Number(piece.arm, piece.seed, outcome, value)


def _of_training(piece: Piece) -> Iterable[Number]:
    trained = piece.trained() if piece.is_searched else None
    if trained is not None:
        yield Number(piece.arm, piece.seed, ACCURACY, trained.accuracy)


def _between(pieces: Sequence[Piece]) -> dict[tuple[Arm, int], float]:
    """Of each seed the mean correlation of its last gradient with those of the arm's other seeds."""
    runs: dict[Arm, dict[int, Path]] = defaultdict(dict)
    for piece in pieces:
        if piece.search is not None and piece.is_searched and (piece.search.run / FILE).is_file():
            runs[piece.arm][piece.seed] = piece.search.run / FILE
    found = {}
    for arm, files in runs.items():
        gradients = {seed: _in_order(file) for seed, file in files.items()}
        for seed, own in gradients.items():
            with_others = [correlation(own, other) for one, other in gradients.items() if one != seed]
            known = [one for one in with_others if one is not None]
            if known:
                found[arm, seed] = sum(known) / len(known)
    return found


def _in_order(file: Path) -> list[Tensor]:
    """By the names of the decisions: a file gives its tensors in any order."""
    return [one for _, one in sorted(read_tensors(file).items())]
