"""`characters` and `words`: a text for language models, the one given or the help topics that come with Python.

The text is cut into pieces of so many tokens, which follow each other and do not overlap; what a model learns at each
place is the next token. The last tenth is test; the rest is cut in the middle, the first half for search-train.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hypercuboid.data.absent import absent, reading
from hypercuboid.data.base import DATA_SETS, DataSet, Split
from hypercuboid.data.request import DataRequest
from hypercuboid.diagnostics import error
from hypercuboid.ops.base import TensorType

_LENGTH = 35
"""Tokens of a piece, as in the recurrent searches of DARTS."""

_UNKNOWN = "<unknown>"
_LEAST = 3
"""How often a word must stand in the training text to have a number of its own."""

_WORD = re.compile(r"\w+|[^\w\s]|\n+")


@dataclass(frozen=True)
class Text:
    """Data of one kind of token. `least` is how often a token must be seen to be known."""

    cut: Callable[[str], list[str]]
    least: int

    def __call__(self, request: DataRequest) -> DataSet:
        text, where = _read(request)
        length = request.size or _LENGTH
        tokens = self.cut(text)
        training = tokens[: len(tokens) * 9 // 10]
        vocabulary = self._vocabulary(training)
        numbers = {token: number for number, token in enumerate(vocabulary)}
        codes = np.array([numbers.get(token, 0) for token in tokens], np.int64)
        pieces = {"train": _pieces(codes[: len(training)], length), "test": _pieces(codes[len(training) :], length)}
        first, second = _halves(request, len(pieces["train"]), len(pieces["test"]))
        rows = {"search-train": first, "search-validation": second, "train": np.concatenate([first, second])}
        splits = {name: _split(pieces["train"][chosen]) for name, chosen in rows.items()}
        splits["test"] = _split(pieces["test"])
        digest = hashlib.sha256(text.encode()).hexdigest()
        about = f"{where}: {len(tokens):,} {request.name}, {len(vocabulary):,} different ones, sha256 {digest}"
        input_type = TensorType("tokens", (length,), len(vocabulary))
        return DataSet(request.title, input_type, vocabulary, (), (), splits, rows, (about,))

    def _vocabulary(self, training: list[str]) -> tuple[str, ...]:
        """What stands for all else, and the tokens that are seen often enough, in the order of their characters."""
        counts = Counter(training)
        return (_UNKNOWN, *sorted(token for token, count in counts.items() if count >= self.least))


def _read(request: DataRequest) -> tuple[str, str]:
    """The text and what to call it."""
    if request.path is None:
        from pydoc_data.topics import topics

        return "\n".join(topics[name] for name in sorted(topics)), "the help topics of Python"
    path = request.folder
    if not path.is_file():
        raise absent(request, path, "put a text there, in UTF-8", "file")
    with reading(request, path):
        return path.read_text(encoding="utf-8"), str(path)


def _pieces(codes: np.ndarray, length: int) -> np.ndarray:
    """(N, length + 1): each piece and the token that comes after it."""
    count = max(0, len(codes) - 1) // length
    starts = np.arange(count)[:, None] * length
    found: np.ndarray = codes[starts + np.arange(length + 1)] if count else np.zeros((0, length + 1), np.int64)
    return found


def _split(pieces: np.ndarray) -> Split:
    return Split(np.ascontiguousarray(pieces[:, :-1]), np.ascontiguousarray(pieces[:, 1:]))


def _halves(request: DataRequest, pieces: int, test: int) -> tuple[np.ndarray, np.ndarray]:
    """The pieces of search-train, from the beginning, and of search-validation, from the middle."""
    middle = pieces // 2
    first, second = request.halves or (middle, pieces - middle)
    if not 0 < first <= middle or not 0 < second <= pieces - middle or not test:
        message = (
            f"`{request.title}` needs {first:,} + {second:,} pieces, and there are {middle:,} + {pieces - middle:,}"
        )
        raise error(
            "HC7303", message, help="ask for fewer with NAME/TRAIN+VALIDATION, or for shorter ones with @LENGTH"
        )
    return np.arange(first), np.arange(middle, middle + second)


DATA_SETS.add("characters", Text(list, 1))
DATA_SETS.add("words", Text(_WORD.findall, _LEAST))
