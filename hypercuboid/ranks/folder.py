"""The run folder of several ranks: rank 0 holds and writes it, the others look on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from hypercuboid.ranks.base import Ranks
from hypercuboid.runs.folder import RunFolder
from hypercuboid.runs.reading import State

if TYPE_CHECKING:
    import torch


class Onlooker(RunFolder):
    """A run folder to which nothing is written: another process holds it, perhaps on another machine."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """It was never held."""

    def mark(self, state: State) -> None: ...

    def write_text(self, name: str, text: str) -> None: ...

    def write_json(self, name: str, value: Any) -> None: ...

    def write_tensors(self, name: str, tensors: Mapping[str, torch.Tensor]) -> None: ...

    def log(self, **values: Any) -> None: ...

    def cut_metrics(self, size: int) -> None: ...

    def metrics_size(self) -> int:
        return 0


def enter(ranks: Ranks, path: str | Path, config: Callable[[], Mapping[str, Any]]) -> RunFolder:
    """`RunFolder.enter` on rank 0. Where that raises, the others end in silence."""
    entered: list[RunFolder] = []

    def enter_here() -> bytes:
        entered.append(RunFolder.enter(path, config()))
        return b""

    ranks.by_writer(enter_here)
    return entered[0] if entered else Onlooker(Path(path))
