"""Hands what a run folder says of each epoch to loggers, as soon as it is there: the run knows nothing of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from hypercuboid.data.base import missing_package
from hypercuboid.diagnostics import Diagnostic
from hypercuboid.runs.listing import read_metrics
from hypercuboid.runs.loggers import LOGGERS, Logger
from hypercuboid.runs.metrics_table import numbers
from hypercuboid.runs.reading import METRICS, read_run
from hypercuboid.runs.weights_history import Recorded, read_history, recorded, weights_image

Step = TypeVar("Step")

PICTURE = "supernet.svg"


class Follower:
    """A context manager around a run that is going on; `names` are those of loggers, none where nobody follows.

    The metrics of the folder are the truth: a run that goes on is told from its first epoch. A logger that fails is
    left out from then on, with one warning (HC7712): nobody loses a search because a disk or a network fails.
    """

    def __init__(self, run: Path, names: Sequence[str], warn: Callable[[Diagnostic], None]) -> None:
        self._run, self._names, self._warn = run, names, warn
        self._loggers: dict[str, Logger] | None = None
        self._size = self._epochs = 0
        self._history: list[Recorded] = []

    def after(self, watch: Callable[[Step], None]) -> Callable[[Step], None]:
        """The same watch, with a look at the run folder before it."""
        if not self._names:
            return watch

        def watch_both(step: Step) -> None:
            self.update()
            watch(step)

        return watch_both

    def __enter__(self) -> Follower:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._names and (kind is None or self._loggers is not None):
            self.update()
            self._tell(self._end)
            self._tell(lambda one: one.close())

    def update(self) -> None:
        """Tells of the epochs that are new in the run folder."""
        path = self._run / METRICS
        size = path.stat().st_size if path.is_file() else 0
        if self._loggers is not None and size == self._size:
            return
        self._size, lines = size, read_metrics(self._run)
        if self._loggers is None:
            self._begin()
        for line in lines:
            if isinstance(line.get("epoch"), int) and line["epoch"] > self._epochs:
                self._epochs = line["epoch"]
                self._tell_epoch(line, line is lines[-1])

    def _begin(self) -> None:
        config = read_run(self._run).config
        self._loggers = {}
        for name in self._names:
            try:
                self._loggers[name] = LOGGERS[name].make(self._run, config)
            except Exception as problem:
                self._warn(_failed(name, problem))

    def _tell_epoch(self, line: Mapping[str, Any], is_newest: bool) -> None:
        epoch = self._epochs
        kept = self._recorded(epoch, is_newest)

        def tell(logger: Logger) -> None:
            import numpy as np

            for name, values in (kept.alphas if kept else {}).items():
                logger.histogram(epoch, f"alphas/{name}", np.asarray(values))
            if is_newest and kept:
                logger.image(epoch, "weights", weights_image(self._history))
            logger.scalars(epoch, numbers(line))

        self._tell(tell)

    def _recorded(self, epoch: int, is_newest: bool) -> Recorded | None:
        """What an epoch left; of a space too large for the history the newest epoch alone."""
        if not any(one.epoch == epoch for one in self._history):
            self._history = [one for one in read_history(self._run) if one.weights]
        kept = next((one for one in self._history if one.epoch == epoch), None)
        if kept is None and is_newest:
            kept = recorded(self._run, epoch)
            self._history += [kept] if kept else []
        return kept

    def _end(self, logger: Logger) -> None:
        path = self._run / PICTURE
        if path.is_file():
            logger.picture(self._epochs, "picture", path.read_text(encoding="utf-8"))

    def _tell(self, what: Callable[[Logger], None]) -> None:
        for name, logger in list((self._loggers or {}).items()):
            try:
                what(logger)
            except Exception as problem:
                assert self._loggers is not None
                del self._loggers[name]
                self._warn(_failed(name, problem))


def require_loggers(names: Sequence[str]) -> None:
    """HC7051 where a package of a logger is missing: told before any work is done."""
    for name in names:
        for package in LOGGERS[name].packages:
            try:
                import_module(package)
            except ModuleNotFoundError as missing:
                raise missing_package(f"`--log {name}`", missing) from None


def _failed(name: str, problem: Exception) -> Diagnostic:
    told = f"{type(problem).__name__}: {' '.join(str(problem).split())[:300]}"
    message = f"`--log {name}` failed and is left out from here on; the run goes on"
    return Diagnostic("HC7712", message, notes=(told,), help="metrics.jsonl has all", severity="warning")
