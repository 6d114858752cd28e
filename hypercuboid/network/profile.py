"""How long an op takes on a device: forward, or forward and backward."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from hypercuboid.graph.latencies import Op, Row, Setting
from hypercuboid.ops import OPS
from hypercuboid.ops.base import TensorType

LEAST_SECONDS = 1e-3
"""A measurement repeats the op until it lasts that long, so that the clock does not matter."""


def setting_of(device: torch.device, batch: int, passes: str) -> Setting:
    """What times depend on, with the name of the device."""
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else f"{device.type} {_processor()}".strip()
    return Setting(name, torch.__version__, torch.get_num_threads(), batch, passes)


def measure(op: Op, setting: Setting, device: torch.device, repeats: int) -> Row:
    """Median and distance of the quartiles of `repeats` measurements, after a first one that is not counted."""
    torch.manual_seed(0)
    module = OPS[op.name].build(op.arguments, op.inputs, op.output).to(device)
    module.train(setting.passes == "both")
    inputs = [_example(type, setting.batch, device) for type in op.inputs]
    run = _both(module, inputs) if setting.passes == "both" else _forward(module, inputs)
    once = _seconds(run, 1, device)
    times = max(1, round(LEAST_SECONDS / max(_seconds(run, 1, device), min(once, 1e-7), 1e-7)))
    taken = [1e9 * _seconds(run, times, device) / times for _ in range(repeats)]
    low, median, high = np.percentile(taken, [25, 50, 75])
    key = op.key
    return Row(
        device=setting.device,
        torch=setting.torch,
        threads=setting.threads,
        batch=setting.batch,
        passes=setting.passes,
        op=key.op,
        arguments=key.arguments,
        inputs=key.inputs,
        median=round(float(median), 1),
        spread=round(float(high - low), 1),
        repeats=repeats,
    )


def _seconds(run: Callable[[], object], times: int, device: torch.device) -> float:
    _finish(device)
    begun = time.perf_counter()
    for _ in range(times):
        run()
    _finish(device)
    return time.perf_counter() - begun


def _forward(module: nn.Module, inputs: list[Any]) -> Callable[[], object]:
    def run() -> object:
        with torch.no_grad():
            return module(*inputs)

    return run


def _both(module: nn.Module, inputs: list[Any]) -> Callable[[], object]:
    """Gradients of the parameters and of the inputs."""
    leaves = [one for one in _flat(inputs) if one.is_floating_point()]
    wanted = [*module.parameters(), *(one.requires_grad_() for one in leaves)]

    def run() -> object:
        made = [one for one in _flat([module(*inputs)]) if one.requires_grad]
        ones = [torch.ones_like(one) for one in made]
        return torch.autograd.grad(made, wanted, ones, allow_unused=True) if made and wanted else None

    return run


def _flat(values: list[Any]) -> list[Tensor]:
    return [one for value in values for one in (value if isinstance(value, tuple | list) else (value,))]


def _example(type: TensorType, batch: int, device: torch.device) -> Any:
    if type.parts:
        return tuple(_example(part, batch, device) for part in type.parts)
    if type.kind == "tokens":
        return torch.zeros((batch, *type.shape), dtype=torch.long, device=device)
    return torch.randn((batch, *type.shape), device=device)


def _finish(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def _processor() -> str:
    """The name of the processor, where Linux says it."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return ""
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else ""
