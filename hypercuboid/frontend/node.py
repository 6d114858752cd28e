"""`@node`: a frozen dataclass whose class is made quickly, for the many classes of the syntax tree.

`dataclass` makes the methods of a class by compiling text, half a millisecond each time the program starts; with some
sixty classes that was a tenth of the time that `check` may take. Here all classes share two methods.
"""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, eq_default=False)
def node(cls: type[T]) -> type[T]:
    """The class with its annotations as fields; equal is only what is the same object."""
    cls.__doc__ = cls.__doc__ or cls.__name__  # else dataclass makes one, slowly
    made: Any = dataclass(init=False, repr=False, eq=False)(cls)
    made.__init__ = _fill
    made.__setattr__ = _refuse
    return cls


def _fill(self: Any, *values: object, **named: object) -> None:
    fields = type(self).__match_args__
    if not named and len(values) == len(fields):
        self.__dict__.update(zip(fields, values, strict=True))
        return
    given = {**dict(zip(fields, values, strict=False)), **named}
    missing = [name for name in fields if name not in given and not hasattr(type(self), name)]
    if missing or len(given) != len(values) + len(named) or not given.keys() <= set(fields):
        raise TypeError(f"{type(self).__name__} takes {', '.join(fields)}")
    self.__dict__.update(given)


def _refuse(self: Any, name: str, value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")
