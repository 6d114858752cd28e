"""A file that somebody may have meant, for messages about one that is not there."""

from __future__ import annotations

import itertools
from pathlib import Path

from hypercuboid.registry import suggestion

_MOST = 1000
"""Entries of a folder that are looked at."""


def near_file(path: Path, ending: str) -> str:
    """`did you mean ...?` for a file of that ending in the same folder, else what is there."""
    try:
        entries = itertools.islice(path.parent.iterdir(), _MOST)
        names = sorted(one.name for one in entries if one.suffix == f".{ending}")
    except (OSError, ValueError):
        return "give the path of a file that is there"
    return suggestion(path.name, names) if names else f"there is no .{ending} file in that folder"
