"""`dataclass` for what is made by the hundred thousand: `frozen` is held by the type checker and costs nothing to run.

A frozen dataclass sets each field through a call of its own, and two more methods are compiled for each class at
import: a tenth of the time of `check`. Types are checked strictly, so an assignment to a field is found all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    import dataclasses

    def dataclass(*, frozen=False, eq=True):
        """As of the standard library, instances of `frozen` ones hashable by their fields where they are compared."""
        return dataclasses.dataclass(eq=eq, unsafe_hash=frozen and eq)
