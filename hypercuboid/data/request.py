"""What `--data` says: `NAME[@SIZE][/TRAIN+VALIDATION][#SEED][:PATH]`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from hypercuboid.diagnostics import error

SPLIT_SEED = 20191019
"""What halves are drawn with where no seed is given: the same in every run, so that runs can be compared."""

_FORM = re.compile(
    r"(?P<name>[^@/#:]+)(@(?P<size>[1-9]\d{0,5}))?(/(?P<train>[1-9]\d{0,8})\+(?P<validation>[1-9]\d{0,8}))?"
    r"(#(?P<seed>\d{1,9}))?(:(?P<path>.+))?"
)


@dataclass(frozen=True)
class DataRequest:
    """A data set as it was asked for.

    `size` is the height and width of images, or the tokens in one sequence; `halves` how many inputs search-train and
    search-validation shall have (None: all, in equal parts); `path` where its files are.
    """

    name: str
    size: int | None = None
    halves: tuple[int, int] | None = None
    seed: int = SPLIT_SEED
    path: str | None = None

    @property
    def folder(self) -> Path:
        """Where its files are looked for: `data`, where nothing else is said."""
        return Path("data" if self.path is None else self.path)

    @property
    def title(self) -> str:
        """The request as it is written, without the path."""
        size = f"@{self.size}" if self.size else ""
        halves = f"/{self.halves[0]}+{self.halves[1]}" if self.halves else ""
        return f"{self.name}{size}{halves}{f'#{self.seed}' if self.seed != SPLIT_SEED else ''}"


def read_request(text: str) -> DataRequest:
    """HC7303 where the text has another form."""
    found = _FORM.fullmatch(text)
    if found is None:
        way = "write NAME, and after it in this order what is wanted of @SIZE, /TRAIN+VALIDATION, #SEED and :PATH"
        raise error("HC7303", f"`--data {text}` cannot be read", help=f"{way}, such as `fashion-mnist@14/4000+4000`")
    halves = (int(found["train"]), int(found["validation"])) if found["train"] else None
    seed = SPLIT_SEED if found["seed"] is None else int(found["seed"])
    return DataRequest(found["name"], int(found["size"]) if found["size"] else None, halves, seed, found["path"])
