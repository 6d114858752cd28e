"""The published files of CIFAR, which are pickles: read by an unpickler that knows arrays, lists and strings alone."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

_ALLOWED = {
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("_codecs", "encode"),
}
"""What an array needs: no other name is looked up, so that a file cannot run anything."""


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ALLOWED:
            raise ValueError(f"the file asks for `{module}.{name}`, which a data set does not need")
        return super().find_class(module, name)


def read_cifar(path: Path) -> dict[str, Any]:
    """What a file says, by name; ValueError where it is no such file or asks for more than arrays."""
    with path.open("rb") as file:
        try:
            found = _Unpickler(file, encoding="latin1").load()
        except pickle.UnpicklingError as problem:
            raise ValueError(str(problem)) from problem
    if not isinstance(found, dict):
        raise ValueError("not a dictionary")
    return {str(name): value for name, value in found.items()}
