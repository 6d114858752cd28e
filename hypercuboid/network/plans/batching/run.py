"""Runs the steps of the batched plan; members one by one where the layers are not torch's own, or do not train."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import reduce
from itertools import chain
from math import prod
from operator import add
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from hypercuboid.network.plan import Running, run_parts, run_step
from hypercuboid.network.plans.batching.places import picked, placed
from hypercuboid.network.plans.batching.steps import (
    Batch,
    Coefficients,
    Contraction,
    Convolutions,
    Each,
    Norms,
    Shared,
    Statistics,
    Total,
    Weights,
)
from hypercuboid.network.plans.norms import is_norm
from hypercuboid.network.precision import is_mixed


@run_step.register
def _weights(step: Weights, inputs: Sequence[Any], running: Running) -> Sequence[Any]:
    """None where a parameter is not there in the size that is known, as where layers were replaced."""
    found = [getattr(running.modules[name], attribute, None) for name, attribute, _ in step.parameters]
    flat = [one.reshape(-1) for one in found if isinstance(one, Tensor)]
    same = len({(one.dtype, one.device) for one in flat}) == 1
    if not same or [len(one) for one in flat] != [size for *_, size in step.parameters]:
        return [None] * len(step.taken)
    together = torch.cat(flat)
    if step.places is not None:
        together = placed(together, 0, step.places)
    parts = torch.split(together, [prod(taken.shape) for taken in step.taken])
    return [part.view(taken.shape) for part, taken in zip(parts, step.taken, strict=True)]


@run_step.register
def _coefficients(step: Coefficients, inputs: Sequence[Any], running: Running) -> Sequence[Any]:
    given = [running.coefficients[name] for name in step.decisions]
    flat = torch.cat([*given, given[0].new_zeros(1)])
    chosen = flat.index_select(0, step.index([len(one) for one in given], flat.device))
    (x,) = inputs
    matrices = torch.split(chosen.expand(len(x), -1), step.sizes, dim=1)
    return [one.view(len(x), len(places), -1) for one, places in zip(matrices, step.places, strict=True)]


@run_step.register
def _contraction(step: Contraction, inputs: Sequence[Any], running: Running) -> Sequence[Any]:
    """(rows, columns) x (N, columns, width H W)."""
    pieces, (matrix, *added) = inputs[: len(step.pieces)], inputs[len(step.pieces) :]
    x = _pack(pieces).contiguous()
    terms = x.view(len(x), matrix.shape[2], -1)
    with torch.autocast(x.device.type, enabled=False) if is_mixed(x) else nullcontext():
        made = torch.bmm(matrix.to(x.dtype), terms).view(len(x), -1, *x.shape[2:])
    return _given(step, reduce(add, added, made))


@run_step.register
def _shared(step: Shared, inputs: Sequence[Any], running: Running) -> Sequence[Any]:
    made: tuple[Tensor, ...] = _Copies.apply(inputs[0], len(step.outputs))
    return made


class _Copies(torch.autograd.Function):
    """A tensor so many times."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, count: int) -> tuple[Tensor, ...]:
        ctx.set_materialize_grads(False)
        return tuple(x.view_as(x) for _ in range(count))

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *gradients: Tensor | None) -> tuple[Tensor, None]:
        return torch.stack([one for one in gradients if one is not None]).sum(0), None


@run_step.register
def _total(step: Total, inputs: Sequence[Any], running: Running) -> Sequence[Any]:
    return (reduce(add, inputs),) if step.partials else run_parts(step, inputs, running)


@run_step.register
def _each(step: Each, inputs: Sequence[Any], running: Running) -> Sequence[Any]:
    x = _pack(inputs)
    if not all(map(_unwatched, _layers(step, running))):
        return _given(step, _one_by_one(step, x, running))
    return _given(step, running.modules[step.members[0][0].name](x))


@run_step.register
def _convolutions(step: Convolutions, inputs: Sequence[Any], running: Running) -> Sequence[Any]:
    *pieces, weight = inputs
    x, view = _pack(pieces).contiguous(), step.window
    if (
        weight is None
        or is_mixed(x)
        or not all(type(one) is nn.Conv2d and _unwatched(one) for one in _layers(step, running))
    ):
        return _given(step, _one_by_one(step, x, running))
    x = x if step.before is None else placed(x, 1, step.before)
    made = torch.conv2d(x, weight, None, view.stride, view.padding, view.dilation, step.groups)
    return _given(step, made if step.after is None else picked(made, 1, step.after))


@run_step.register
def _norms(step: Norms, inputs: Sequence[Any], running: Running) -> Sequence[Any]:
    """The statistics are mean, 1 / sqrt(variance + eps) and count; None where layers have moved theirs."""
    x, affine = _pack(inputs[: len(step.pieces)]), inputs[len(step.pieces) :]
    layers = list(_layers(step, running))
    known = all(is_norm(one) and _unwatched(one) and one.running_var is not None for one in layers)
    one_number = x.numel() == x.shape[1]
    if not known or one_number or is_mixed(x) or any(one is None for one in affine):
        return (*_given(step, _one_by_one(step, x, running)), None)
    scale, shift = affine or (None, None)
    made, mean_c, inverse_c = torch.native_batch_norm(x, scale, shift, None, None, True, 0.0, layers[0].eps)  # type: ignore[arg-type]
    return (*_given(step, made), (mean_c.detach(), inverse_c.detach(), x.numel() // x.shape[1]))


@run_step.register
def _statistics(step: Statistics, inputs: Sequence[Any], running: Running) -> Sequence[Any]:
    """By torch's ops on many tensors at once."""
    seen = [(one, norms) for one, norms in zip(inputs, step.norms, strict=True) if one is not None]
    by_momentum: dict[float, list[tuple[Any, tuple[Any, ...]]]] = {}
    for one, norms in seen:
        by_momentum.setdefault(norms[0][0].arguments["momentum"], []).append((one, norms))  # type: ignore[arg-type]
    with torch.no_grad():
        for momentum, batches in by_momentum.items():
            _move(momentum, batches, running.modules)
    return ()


def _move(momentum: float, batches: Sequence[Any], modules: Mapping[str, nn.Module]) -> None:
    norms = [norms for _, norms in batches]
    eps = [-float(members[0][0].arguments["eps"]) for members in norms]
    unbiased = [count / max(1, count - 1) for (_, _, count), _ in batches]
    variances = torch._foreach_pow([inverse_c for (_, inverse_c, _), _ in batches], -2)
    torch._foreach_add_(variances, eps)
    torch._foreach_mul_(variances, unbiased)
    means = [mean_c for (mean_c, _, _), _ in batches]
    layers: list[Any] = [modules[op.name] for members in norms for member in members for op in member]
    torch._foreach_lerp_([one.running_mean for one in layers], list(_apart(means, norms)), momentum)
    torch._foreach_lerp_([one.running_var for one in layers], list(_apart(variances, norms)), momentum)
    torch._foreach_add_([one.num_batches_tracked for one in layers], 1)


def _apart(packs: Sequence[Tensor], norms: Sequence[Any]) -> Iterator[Tensor]:
    """For each layer its channels."""
    for pack, members in zip(packs, norms, strict=True):
        parts = torch.split(pack, [member[0].type.channels for member in members])
        yield from (part for part, member in zip(parts, members, strict=True) for _ in member)


def _pack(pieces: Sequence[Tensor]) -> Tensor:
    """The pieces beside each other."""
    return pieces[0] if len(pieces) == 1 else torch.cat(list(pieces), dim=1)


def _given(step: Batch | Contraction, pack: Tensor) -> tuple[Tensor, ...]:
    """The outputs of a batch."""
    runs = torch.split(pack, list(step.splits), dim=1) if step.splits else ()
    return (*((pack,) if step.whole else ()), *runs)


def _layers(step: Batch, running: Running) -> Iterator[nn.Module]:
    return (running.modules[op.name] for op in chain.from_iterable(step.members))


def _unwatched(layer: nn.Module) -> bool:
    return not layer._forward_hooks and not layer._forward_pre_hooks


def _one_by_one(step: Batch, x: Tensor, running: Running) -> Tensor:
    """The pack of what the layers give; of several for one value all run, and the first gives it."""
    widths = {op.inputs[0]: op.input_types[0].channels for op in chain.from_iterable(step.members)}
    parts = torch.split(x, [widths[slot] for slot in step.sources], dim=1)
    known = dict(zip(step.sources, parts, strict=False))
    made = [[running.modules[op.name](known[op.inputs[0]]) for op in member] for member in step.members]
    return torch.cat([first for first, *_ in made], dim=1)
