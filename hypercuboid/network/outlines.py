"""What ops of torch give on the device `meta`, found once for each outline of what they are given.

Many kernels there are decompositions in Python that take a millisecond, and a step of a large supernet is tens of
thousands of ops, nearly all of which have the shapes of one before.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeAlias

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

Outline: TypeAlias = tuple[Any, ...]
"""Shape, strides and type of a tensor."""


class Outlines:
    """Calls ops on `meta`. What an op gives is new tensors of known outlines, or one of those it was given."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Callable[[tuple[Any, ...]], Any] | None] = {}

    def call(self, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """What `func` gives; ops whose results share memory in other ways are called each time."""
        if func.namespace != "aten":
            return func(*args, **kwargs)
        key = (func, _outlined(args), _outlined(tuple(sorted(kwargs.items()))))
        again = self._known.get(key)
        if again is not None:
            return again(args)
        made = func(*args, **kwargs)
        if key not in self._known:
            self._known[key] = None if torch.Tag.inplace_view in func.tags else _repeating(func, args, made)
        return made


class Outlined(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Ops are called by their outlines while it is entered."""

    def __init__(self, outlines: Outlines) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._outlines = outlines

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        return self._outlines.call(func, args, kwargs or {})


def _outlined(value: Any) -> Hashable:
    if isinstance(value, Tensor):
        return value.shape, value.stride(), value.dtype, value.device
    if isinstance(value, (tuple, list)):
        return tuple([_outlined(one) for one in value])
    return type(value), value


def _repeating(func: Any, args: tuple[Any, ...], made: Any) -> Callable[[tuple[Any, ...]], Any] | None:
    """What gives the results again for other tensors of the same outlines; None where that is not known."""
    aliasing = any(one.alias_info is not None for one in func._schema.returns)
    if aliasing:
        place = next((i for i, one in enumerate(args) if one is made), None)
        return None if place is None else lambda given: given[place]
    if isinstance(made, (tuple, list)):
        makers = [_maker(one) for one in made]
        kind = type(made)
        return lambda given: kind([maker() for maker in makers])
    maker = _maker(made)
    return lambda given: maker()


def _maker(made: Any) -> Callable[[], Any]:
    if not isinstance(made, Tensor):
        return lambda: made
    shape, strides, dtype, device = made.shape, made.stride(), made.dtype, made.device
    return lambda: torch.empty_strided(shape, strides, dtype=dtype, device=device)
