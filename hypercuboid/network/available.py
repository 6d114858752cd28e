"""How much memory there is to be had."""

from __future__ import annotations

from pathlib import Path

import torch

_CONTROL_GROUPS = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
)


def available_bytes(device: torch.device) -> int | None:
    """Bytes that are free on a device; of a CPU within the limit of its control group. None where nobody says."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    found = [_of_system(), *(_within(limit, used) for limit, used in _CONTROL_GROUPS)]
    known = [one for one in found if one is not None]
    return min(known) if device.type == "cpu" and known else None


def _of_system() -> int | None:
    text = _read("/proc/meminfo") or ""
    lines = [line.split() for line in text.splitlines() if line.startswith("MemAvailable:")]
    return 1024 * int(lines[0][1]) if lines else None


def _within(limit: str, used: str) -> int | None:
    most, now = _read(limit) or "", _read(used) or ""
    return int(most) - int(now) if most.strip().isdigit() and now.strip().isdigit() else None


def _read(path: str) -> str | None:
    try:
        return Path(path).read_text("ascii")
    except OSError:
        return None
