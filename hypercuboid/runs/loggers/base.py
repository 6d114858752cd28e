"""What a logger takes, and the registry of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypercuboid.registry import Registry

if TYPE_CHECKING:
    import numpy as np


class Logger(ABC):
    """Takes the epochs of a run from the first on, also of one that was stopped and goes on: it is told all again."""

    @abstractmethod
    def scalars(self, epoch: int, values: Mapping[str, float]) -> None: ...

    @abstractmethod
    def histogram(self, epoch: int, name: str, values: np.ndarray) -> None:
        """The distribution of some numbers."""

    @abstractmethod
    def image(self, epoch: int, name: str, pixels_hw: np.ndarray) -> None:
        """Grey, uint8."""

    @abstractmethod
    def picture(self, epoch: int, name: str, svg: str) -> None: ...

    @abstractmethod
    def close(self) -> None: ...


@dataclass(frozen=True)
class Kind:
    """A kind of logger: the packages that it needs, and what makes one of a run folder and its configuration."""

    packages: tuple[str, ...]
    make: Callable[[Path, Mapping[str, Any]], Logger]


LOGGERS: Registry[Kind] = Registry("logger")
