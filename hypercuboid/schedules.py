"""Learning rates by epoch: cosine power annealing (sharpDARTS, Eq. 2), of which p = 1 is cosine annealing."""

from __future__ import annotations

import math


def power_factor(progress: float, power: float) -> float:
    """The fraction of (max - min) at `progress` = T / T_i in [0, 1]: 1 at the start, 0 at the end.

    (p ** (c + 1) - p) / (p ** 2 - p) with c = (1 + cos(pi progress)) / 2; its limit at p = 1 is c.
    """
    cosine = (1 + math.cos(math.pi * progress)) / 2
    return cosine if power == 1 else (power**cosine - 1) / (power - 1)


def cosine_power_annealing(
    epoch: int, epochs: int, maximum: float, minimum: float, power: float = 10.0, warmup: int = 0
) -> float:
    """The rate of `epoch`, from 1 to `epochs`.

    With `warmup` epochs the rate climbs linearly over epochs 1..warmup + 1 and Eq. 2 runs with T = epoch - warmup and
    T_i = epochs - warmup. Without, Eq. 2 at T = epoch is rescaled: the first epoch has exactly the maximum.
    """
    assert 1 <= epoch <= epochs and power >= 1
    if epoch <= warmup + 1:
        factor = epoch / (warmup + 1)
    elif warmup:
        factor = power_factor((epoch - warmup) / (epochs - warmup), power)
    else:
        factor = power_factor(epoch / epochs, power) / power_factor(1 / epochs, power)
    return minimum + (maximum - minimum) * factor


def with_restarts(
    epoch: int,
    epochs: int,
    maximum: float,
    minimum: float,
    power: float = 10.0,
    warmup: int = 0,
    restart_after: int = 0,
    restart_factor: int = 1,
    restart_decay: float = 1.0,
) -> float:
    """The rate of `epoch`, from 1 to `epochs`, of an annealing that begins anew (SGDR: Loshchilov and Hutter, 2017).

    The first period is `warmup` and `restart_after` epochs long, period i after it restart_after * restart_factor ** i
    epochs, and its maximum is maximum * restart_decay ** i, though never below the minimum. Each is the cosine power
    annealing of its own epochs, the later ones without warm-up. With restart_after = 0 there is one period.
    """
    period, begun, length = 0, 0, warmup + restart_after if restart_after else epochs
    while epoch > begun + length:
        period, begun = period + 1, begun + length
        length = restart_after * restart_factor**period
    highest = max(minimum, maximum * restart_decay**period)
    return cosine_power_annealing(epoch - begun, length, highest, minimum, power, 0 if period else warmup)
