"""Measuring the ops of a space into a file: what the file has is not measured again, and what is done is not lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from hypercuboid.diagnostics import error
from hypercuboid.graph.latencies import Latencies, Op, Setting, read_latencies, table_text

if TYPE_CHECKING:
    import torch

BETWEEN_WRITES = 20
"""Ops that are measured before the file is written again."""


def profile_ops(
    ops: Sequence[Op],
    path: Path,
    setting: Setting,
    device: torch.device,
    repeats: int,
    watch: Callable[[int, Op], None] = lambda done, op: None,
) -> int:
    """Measures what `path` lacks of `ops` and writes it there; how many. HC7103 where it is of another setting."""
    from hypercuboid.network.profile import measure
    from hypercuboid.runs.files import write_text

    rows = dict(read_latencies(path).rows) if path.exists() else {}
    _same_setting(Latencies(str(path), rows), setting)
    missing = [op for op in ops if op.key not in rows]
    for done, op in enumerate(missing, 1):
        rows[op.key] = measure(op, setting, device, repeats)
        watch(len(ops) - len(missing) + done, op)
        if done % BETWEEN_WRITES == 0 or done == len(missing):
            write_text(path, table_text(Latencies(str(path), rows)))
    if not path.exists():
        write_text(path, table_text(Latencies(str(path), rows)))
    return len(missing)


def _same_setting(latencies: Latencies, setting: Setting) -> None:
    there = latencies.setting
    if there is None or there == setting:
        return
    now = asdict(setting)
    differences = [f"{name} {value}, now {now[name]}" for name, value in asdict(there).items() if value != now[name]]
    message = f"`{latencies.path}` holds times of another setting: {'; '.join(differences)}"
    raise error("HC7103", message, help="give another file, or the same options")
