"""Checkpoints: folders that are whole or not there, and the newest that proves whole.

One holds `tensors.safetensors`, `state.json` and `manifest.json` (schema, step, what made it, and size and SHA-256 of
the other two). It is written beside its final name, every file synced, and renamed. The manifest's bytes are the one
way to write what it says, and it holds its own hash, so that no changed byte of any file goes unseen. No pickle.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypercuboid.diagnostics import Diagnostic, error
from hypercuboid.runs.files import read_json, reason, sync_folder

if TYPE_CHECKING:
    import torch

SCHEMA = 1
MANIFEST, STATE, TENSORS = "manifest.json", "state.json", "tensors.safetensors"
_LARGEST_MANIFEST = 1 << 20


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """What a checkpoint holds: `about` is what its maker said of itself, `state` and `tensors` what to go on from."""

    step: int
    about: Mapping[str, Any]
    state: Mapping[str, Any]
    tensors: Mapping[str, torch.Tensor]


class Damaged(Exception):  # noqa: N818 - a reason to look at the one before it, never an error of its own
    """Why a folder is no whole checkpoint."""


@dataclass(frozen=True)
class Checkpoints:
    """The checkpoints of one run, of which the newest `keep` stay. Whoever writes holds the lock of the run."""

    folder: Path
    keep: int = 2

    def save(
        self, step: int, about: Mapping[str, Any], state: Mapping[str, Any], tensors: Mapping[str, torch.Tensor]
    ) -> None:
        """Writes a checkpoint, proves it whole, and only then removes what is older than the newest `keep`.

        HC7003 where it cannot be written; the checkpoints before it are then untouched.
        """
        final = self.folder / f"step-{step:010d}"
        beside = self.folder / f".{final.name}.{os.getpid()}"
        try:
            self.folder.mkdir(exist_ok=True)
            _write(beside, step, about, state, tensors)
            if final.exists():
                shutil.rmtree(final)
            beside.rename(final)
            sync_folder(self.folder)
            read_checkpoint(final)
        except (OSError, Damaged) as problem:
            shutil.rmtree(beside, ignore_errors=True)
            told = reason(problem) if isinstance(problem, OSError) else str(problem)
            raise error(
                "HC7003",
                f"cannot write the checkpoint `{final}`: {told}",
                help="make room, then give the same command again; it goes on from the checkpoint before",
            ) from None
        self._prune()

    def newest(self) -> tuple[Checkpoint | None, list[Diagnostic]]:
        """The newest whole checkpoint, and a warning (HC7009) for each newer one that is damaged."""
        warnings: list[Diagnostic] = []
        for path in reversed(self.paths()):
            try:
                return read_checkpoint(path), warnings
            except Damaged as problem:
                message = f"the checkpoint `{path}` is damaged: {problem}"
                warnings.append(Diagnostic("HC7009", message, severity="warning", help="the one before it is used"))
        return None, warnings

    def paths(self) -> list[Path]:
        """The checkpoint folders, oldest first."""
        return sorted(self.folder.glob("step-*")) if self.folder.is_dir() else []

    def _prune(self) -> None:
        """Removes old checkpoints, and what a process that was killed left half written."""
        for path in [*self.paths()[: -self.keep], *self.folder.glob(".step-*")]:
            shutil.rmtree(path, ignore_errors=True)


def _write(
    folder: Path,
    step: int,
    about: Mapping[str, Any],
    state: Mapping[str, Any],
    tensors: Mapping[str, torch.Tensor],
) -> None:
    import torch
    from safetensors.torch import save

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    whole = {name: one.detach().cpu().clone(memory_format=torch.contiguous_format) for name, one in tensors.items()}
    files = {STATE: _canonical(state), TENSORS: save(whole)}
    listed = {name: {"size": len(content), "sha256": _hash(content)} for name, content in files.items()}
    body = {"schema": SCHEMA, "step": step, "about": dict(about), "files": listed}
    manifest = _canonical({"body": body, "sha256": _hash(_canonical(body))})
    for name, content in (*files.items(), (MANIFEST, manifest)):
        with (folder / name).open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    sync_folder(folder)


def read_checkpoint(path: Path) -> Checkpoint:
    """A checkpoint, proved whole; Damaged where anything of it is not as it was written."""
    body = _manifest(path)
    contents = {name: _content(path / name, body["files"][name]) for name in (STATE, TENSORS)}
    from safetensors import SafetensorError
    from safetensors.torch import load

    try:
        state, tensors = read_json(contents[STATE]), load(contents[TENSORS])
    except (KeyError, ValueError, SafetensorError) as problem:
        raise Damaged(f"it cannot be read ({type(problem).__name__})") from None
    if not isinstance(state, dict):
        raise Damaged(f"`{STATE}` holds no object")
    return Checkpoint(body["step"], body["about"], state, tensors)


def to_bytes(found: Checkpoint | None) -> bytes:
    """A checkpoint for another process; empty for none."""
    if found is None:
        return b""
    from safetensors.torch import save

    head = _canonical({"step": found.step, "about": dict(found.about), "state": dict(found.state)})
    return head + save(dict(found.tensors))


def from_bytes(content: bytes) -> Checkpoint | None:
    """What `to_bytes` was given; its first line is JSON."""
    if not content:
        return None
    from safetensors.torch import load

    head, _, tensors = content.partition(b"\n")
    return Checkpoint(**json.loads(head), tensors=load(tensors))


def _manifest(path: Path) -> dict[str, Any]:
    content = _bytes(path / MANIFEST, _LARGEST_MANIFEST)
    try:
        manifest = json.loads(content)
        body = manifest["body"]
        whole = _canonical(manifest) == content and manifest["sha256"] == _hash(_canonical(body))
    except (KeyError, TypeError, ValueError, RecursionError):
        raise Damaged(f"`{MANIFEST}` cannot be read") from None
    if not whole:
        raise Damaged(f"`{MANIFEST}` was changed")
    if not isinstance(body, dict) or body.get("schema") != SCHEMA:
        raise Damaged(f"its format is not the one that this program reads, {SCHEMA}")
    if not _is_complete(body):
        raise Damaged(f"`{MANIFEST}` does not say what a checkpoint is")
    return body


def _is_complete(body: Mapping[str, Any]) -> bool:
    """Whether a manifest says step, maker and the two files."""
    files = body.get("files")
    if type(body.get("step")) is not int or not isinstance(body.get("about"), dict) or not isinstance(files, dict):
        return False
    return set(files) == {STATE, TENSORS} and all(
        isinstance(one, dict) and type(one.get("size")) is int and isinstance(one.get("sha256"), str)
        for one in files.values()
    )


def _content(path: Path, listed: Mapping[str, Any]) -> bytes:
    content = _bytes(path, listed["size"])
    if len(content) != listed["size"]:
        raise Damaged(f"`{path.name}` has {len(content)} bytes instead of {listed['size']}")
    if _hash(content) != listed["sha256"]:
        raise Damaged(f"`{path.name}` was changed")
    return content


def _bytes(path: Path, most: int) -> bytes:
    """A regular file of at most so many bytes; a pipe or a device is never opened."""
    if path.is_symlink() or not path.is_file():
        raise Damaged(f"`{path.name}` is missing")
    if path.stat().st_size > most:
        raise Damaged(f"`{path.name}` has {path.stat().st_size} bytes, more than {most}")
    try:
        return path.read_bytes()
    except OSError as problem:
        raise Damaged(f"`{path.name}` cannot be read: {reason(problem)}") from None


def _canonical(value: object) -> bytes:
    """The one way in which a JSON value is written here."""
    return (json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False) + "\n").encode()


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
