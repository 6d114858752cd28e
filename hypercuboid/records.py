"""`dataclass` for what is made by the hundred thousand: `frozen` is held by the type checker and costs nothing to run.

A frozen dataclass sets each field through a call of its own, and all but one of its methods are compiled from text for
each class at import: a tenth of the time of `check`. Types are checked strictly, so an assignment to a field is found
all the same; methods that compare, hash and print are shared, and only `__init__` is compiled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
    from dataclasses import replace as replace
    from functools import cached_property as cached_property
else:
    import dataclasses
    from operator import attrgetter
    from reprlib import recursive_repr

    def dataclass(*, frozen=False, eq=True):
        """As of the standard library, instances of `frozen` ones hashable by their fields where they are compared."""

        def made(cls):
            own = dict(vars(cls))
            cls.__doc__ = cls.__doc__ or cls.__name__  # else one is made of its signature, slowly
            found = dataclasses.dataclass(repr=False, eq=False)(cls)
            if "__repr__" not in own:
                found.__repr__ = _repr
            if eq:
                _compared(found, own, frozen)
            return found

        return made

    def replace(one, **changes):
        """As of the standard library, for a record: the fields are copied, and what it remembers besides is not."""
        kind, own = type(one), one.__dict__
        new = object.__new__(kind)
        new.__dict__ = {**{name: own[name] for name in kind.__match_args__}, **changes}
        return new

    class cached_property:  # noqa: N801 - it stands in for that of the standard library
        """As of the standard library, without its lock, which Python 3.11 still takes each time."""

        def __init__(self, make):
            self.make, self.__doc__ = make, make.__doc__

        def __set_name__(self, owner, name):
            self.name = name

        def __get__(self, one, owner=None):
            if one is None:
                return self
            found = one.__dict__[self.name] = self.make(one)
            return found

    def _compared(cls, own, frozen):
        """Equal where all compared fields are; hashable by them if `frozen`, else not."""
        names = [field.name for field in dataclasses.fields(cls) if field.compare]
        fields = attrgetter(*names) if names else type

        def equal(self, other):
            return fields(self) == fields(other) if other.__class__ is self.__class__ else NotImplemented

        def hashed(self):
            return hash(fields(self))

        if "__eq__" not in own:
            cls.__eq__ = equal
        if own.get("__hash__") is None:
            cls.__hash__ = hashed if frozen else None

    @recursive_repr()
    def _repr(self):
        shown = (f"{one.name}={getattr(self, one.name)!r}" for one in dataclasses.fields(self) if one.repr)
        return f"{type(self).__qualname__}({', '.join(shown)})"
