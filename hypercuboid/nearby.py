"""A file that somebody may have meant, for messages about one that is not there."""

from __future__ import annotations

import itertools
from pathlib import Path

from hypercuboid.registry import listing, nearest

_MOST = 1000
"""Entries of a folder that are looked at."""


def near_file(path: Path, ending: str) -> str:
    """`did you mean ...?` for a file of that ending in the same folder, else what is there."""
    try:
        entries = itertools.islice(path.parent.iterdir(), _MOST)
        names = {one.stem: one.name for one in sorted(entries) if one.suffix == f".{ending}"}
    except (OSError, ValueError):
        return "give the path of a file that is there"
    near = nearest(path.stem, list(names))  # without the ending: that is alike, whatever was meant
    if near:
        return f"did you mean `{names[near]}`?"
    return listing(list(names.values())) if names else f"there is no .{ending} file in that folder"
