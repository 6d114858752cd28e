"""Runs native steps: in the compiled kernel where it fits what it is given, op by op where it does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from hypercuboid.network.plan import Running, run_parts, run_step
from hypercuboid.network.plans.compiled.build import loaded
from hypercuboid.network.plans.compiled.chains import Unit
from hypercuboid.network.plans.compiled.function import GroupFunction, Layers
from hypercuboid.network.plans.compiled.groups import Group, Native
from hypercuboid.network.plans.compiled.sizes import kernel_on_meta
from hypercuboid.network.steps import RunOp

LAYERS = (nn.Conv2d, nn.BatchNorm2d)
"""Layers whose numbers the kernel reads; one that was put in their place runs by itself."""

DEVICES, FORMATS = ("cpu", "meta"), (torch.float32, torch.float64)


@run_step.register
def _native(step: Native, inputs: Sequence[Any], running: Running) -> Sequence[Any]:
    kernel = loaded()
    if kernel is None or not _fits(step, inputs, running):
        return run_parts(step, inputs, running)
    values = dict(zip(step.inputs, inputs, strict=True))
    on_meta = inputs[0].is_meta
    runs, specs = (kernel_on_meta(kernel), step.groups) if on_meta else (kernel, step.specs)
    total = None
    for group, spec in zip(step.groups, specs, strict=True):
        part = _run_group(runs, group, spec, values[group.source], _coefficients(step, group, running), running)
        total = part if total is None else total + part
    for position, slot in step.others:
        assert step.mix is not None
        total = total + running.scalars[step.mix.decision][position] * values[slot]
    return (total,)


def _run_group(
    kernel: Any, group: Group, spec: Any, x_nchw: Tensor, coefficients: Tensor | None, running: Running
) -> Tensor:
    x_nchw = x_nchw.contiguous(memory_format=torch.channels_last)
    layers = [_layers(unit, running.modules) for chain in group.chains for unit in chain.units]
    given = x_nchw.new_ones(1) if coefficients is None else coefficients.to(x_nchw.dtype)
    weights = [weight for one in layers for weight in one.weights]
    output: Tensor = GroupFunction.apply(kernel, spec, layers, x_nchw, given, *weights)
    for one in layers:
        if one.training and isinstance(one.norm, nn.BatchNorm2d) and one.norm.num_batches_tracked is not None:
            one.norm.num_batches_tracked.add_(1)
    return output


def _coefficients(step: Native, group: Group, running: Running) -> Tensor | None:
    """(alternatives); None for a chain by itself."""
    if step.mix is None:
        return None
    flat = running.coefficients[step.mix.decision]
    return flat.index_select(0, torch.tensor(group.positions, device=flat.device))


def _layers(unit: Unit, modules: Mapping[str, nn.Module]) -> Layers:
    moved, product, norm = (None if op is None else modules[op.name] for op in (unit.moved, unit.product, unit.norm))
    return Layers(moved, product, norm)


def _fits(step: Native, inputs: Sequence[Any], running: Running) -> bool:
    """Whether the kernel can run it: float images on the CPU, or shapes of such, torch's own layers, none watched."""
    x, *_ = inputs
    ops = [part for part in step.parts if isinstance(part, RunOp)]
    if x.device.type not in DEVICES or x.dtype not in FORMATS or torch.is_autocast_enabled("cpu"):
        return False
    if x.numel() == 0 or (len(x) == 1 and any(part.type.elements == part.type.channels for part in ops)):
        return False  # torch says what is wrong with batch norm of one value
    return all(_known(running.modules[op.name], x.dtype) for op in ops)


def _known(layer: nn.Module, dtype: torch.dtype) -> bool:
    if layer._forward_hooks or layer._forward_pre_hooks:
        return False
    weight = getattr(layer, "weight", None)
    if weight is not None and (weight.dtype != dtype or type(layer) not in LAYERS):
        return False
    if not isinstance(layer, nn.modules.batchnorm._NormBase):
        return True
    return type(layer) is nn.BatchNorm2d and layer.running_mean is not None and layer.momentum is not None
