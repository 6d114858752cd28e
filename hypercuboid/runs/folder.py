"""A run folder: configuration, state, metrics and results of one search or one training.

Layout: `config.json` (kind, command, seed, what was asked for), `state.json` (running, interrupted or finished),
`metrics.jsonl` (one JSON object per line), `lock`, and what the run makes. Tensors are safetensors files; checkpoints
(`runs.checkpoints`) have the folder `checkpoints/` to themselves.
"""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any

from hypercuboid.diagnostics import HypercuboidError, error
from hypercuboid.runs.files import reason, sync_folder, write_bytes, write_text
from hypercuboid.runs.lock import NAME as LOCK
from hypercuboid.runs.lock import is_held, take_lock
from hypercuboid.runs.reading import CONFIG, METRICS, STATE, State, read_run

if TYPE_CHECKING:
    import torch


class RunFolder:
    """A run folder that this process holds and writes; a context manager that keeps its state true.

    Leaving it normally marks the run finished; leaving it by any exception marks it interrupted. Nothing in it is
    ever deleted here.
    """

    def __init__(self, path: Path, lock: IO[str]) -> None:
        self.path = path
        self._lock = lock

    @classmethod
    def enter(cls, path: str | Path, config: Mapping[str, Any]) -> RunFolder:
        """The run that `config` asks for: a new one, or the unfinished one that the folder holds, to go on with.

        HC7005: the folder holds a finished run or other files; HC7006: in use; HC7008: it holds a run of something
        else, and the diagnostic says what differs. The command and the number of loader workers may differ.
        """
        folder = Path(path)
        if not (folder / CONFIG).is_file():
            return cls.create(path, config)
        lock = take_lock(folder)
        try:
            held = read_run(folder)
            if held.state == "finished":
                message = f"the run folder `{folder}` holds a finished run"
                raise error("HC7005", message, help="name another with --run, or begin anew with --restart")
            _refuse_drift(folder, held.config, config)
            run = cls(folder, lock)
            run.mark("running")
        except BaseException:
            lock.close()
            raise
        return run

    @classmethod
    def create(cls, path: str | Path, config: Mapping[str, Any]) -> RunFolder:
        """Makes a new run in a folder that does not exist or is empty, and writes `config.json`.

        HC7004: the folder cannot be made or written; HC7005: it holds a run or other files; HC7006: in use.
        """
        folder = Path(path)
        _make(folder)
        _refuse_content_or_holder(folder)
        try:
            lock = take_lock(folder)
        except OSError as problem:
            raise _unwritable(folder, problem) from None
        try:
            _refuse_content(folder)  # another process may have begun between the first look and the lock
            run = cls(folder, lock)
            run.write_json(CONFIG, config)
            run.mark("running")
        except BaseException:
            lock.close()
            raise
        return run

    def __enter__(self) -> RunFolder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.mark("finished" if kind is None else "interrupted")
        finally:
            self._lock.close()

    def mark(self, state: State) -> None:
        """Writes the state of the run."""
        self.write_json(STATE, {"state": state})

    def write_text(self, name: str, text: str) -> None:
        """Writes a file of the run, whole or not at all; `name` may lead into folders of the run, which are made."""
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        write_text(target, text)

    def write_json(self, name: str, value: Any) -> None:
        """Writes a JSON file of the run, whole or not at all; NaN is refused."""
        write_text(self.path / name, json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n")

    def write_tensors(self, name: str, tensors: Mapping[str, torch.Tensor]) -> None:
        """Writes named tensors as a safetensors file, whole or not at all."""
        from safetensors.torch import save

        write_bytes(
            self.path / name, save({key: one.detach().cpu().clone().contiguous() for key, one in tensors.items()})
        )

    def metrics_size(self) -> int:
        """The bytes of `metrics.jsonl`, which are on the disk when this returns."""
        path = self.path / METRICS
        if not path.exists():
            return 0
        with path.open("ab") as file:
            os.fsync(file.fileno())
            return file.tell()

    def cut_metrics(self, size: int) -> None:
        """Takes back what was written to `metrics.jsonl` after it had so many bytes."""
        path = self.path / METRICS
        if path.exists() and path.stat().st_size > size:
            write_bytes(path, path.read_bytes()[:size])

    def log(self, **values: Any) -> None:
        """Appends one line to `metrics.jsonl`."""
        line = json.dumps(values, ensure_ascii=False, allow_nan=False)
        try:
            with (self.path / METRICS).open("a", encoding="utf-8") as file:
                file.write(line + "\n")
        except OSError as problem:
            raise _unwritable(self.path, problem) from None


def set_aside(path: str | Path) -> Path | None:
    """Moves a run folder out of the way, to the first free `PATH.1`, `PATH.2`, ...; HC7006 where it is in use."""
    folder = Path(path)
    if not folder.exists():
        return None
    read_run(folder)
    with take_lock(folder):
        number = next(number for number in itertools.count(1) if not Path(f"{folder}.{number}").exists())
        return folder.rename(f"{folder}.{number}")


FREE = ("command", "workers")
"""What may differ between a run and the command that goes on with it."""


def read_tensors(path: Path) -> dict[str, torch.Tensor]:
    """What `write_tensors` wrote."""
    from safetensors.torch import load_file

    found: dict[str, torch.Tensor] = load_file(path)
    return found


def is_finished(path: str | Path, config: Mapping[str, Any]) -> bool:
    """Whether a folder holds a finished run of what `config` asks for; HC7008 where it is one of something else."""
    folder = Path(path)
    if not (folder / CONFIG).is_file():
        return False
    held = read_run(folder)
    _refuse_drift(folder, held.config, config)
    return held.state == "finished"


def _refuse_drift(folder: Path, held: Mapping[str, Any], asked: Mapping[str, Any]) -> None:
    before, now = flat_config(held), flat_config(json.loads(json.dumps(asked)))
    names = [name for name in dict.fromkeys((*before, *now)) if name.split(".")[0] not in FREE]
    different = [name for name in names if before.get(name) != now.get(name)]
    if different:
        notes = tuple(f"{name}: {before.get(name)} there, {now.get(name)} asked for" for name in different)
        message = f"the run folder `{folder}` holds a run of something else"
        raise error("HC7008", message, notes=notes, help="name another with --run, or begin anew with --restart")


def flat_config(value: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """`recipe.epochs` and so on."""
    found: dict[str, Any] = {}
    for name, one in value.items():
        inner = flat_config(one, f"{prefix}{name}.") if isinstance(one, dict) else {f"{prefix}{name}": one}
        found.update(inner)
    return found


def _make(folder: Path) -> None:
    in_the_way = next((one for one in (folder, *folder.parents) if one.exists()), None)
    if in_the_way is not None and not in_the_way.is_dir():
        message = f"cannot make the run folder `{folder}`: `{in_the_way}` is a file"
        raise error("HC7004", message, help="name another with --run")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sync_folder(folder.parent)
    except OSError as problem:
        raise _unwritable(folder, problem) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise error("HC7004", f"cannot write into the run folder `{folder}`", help="name another with --run")


def _refuse_content(folder: Path) -> None:
    if (folder / CONFIG).exists():
        state = read_run(folder).state
        held = "a finished run" if state == "finished" else "another run"
        raise error("HC7005", f"the run folder `{folder}` holds {held}", help="name another with --run, or remove it")
    begun = (LOCK, f".{CONFIG}.")  # what a process leaves that was killed before the run began
    if any(not one.name.startswith(begun) for one in folder.iterdir()):
        message = f"the run folder `{folder}` holds other files"
        raise error("HC7005", message, help="name an empty or a new folder with --run")


def _refuse_content_or_holder(folder: Path) -> None:
    """As `_refuse_content`; but where another process is making a run there at this moment, HC7006 says which."""
    try:
        _refuse_content(folder)
    except HypercuboidError:
        if is_held(folder):
            take_lock(folder).close()
        raise


def _unwritable(folder: Path, problem: OSError) -> HypercuboidError:
    return error("HC7004", f"cannot write the run folder `{folder}`: {reason(problem)}", help="name another with --run")
