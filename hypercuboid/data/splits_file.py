"""`splits.json` of a run: which inputs each split has, with a hash of each and of all of them."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hypercuboid.data.base import DataSet


def splits_of(data: DataSet) -> dict[str, Any]:
    """The number of inputs of each split and, for those that were drawn, their places in the file they are from.

    `hash` is the SHA-256 of `splits` as JSON without spaces, its names in order.
    """
    splits = {name: _split(data, name) for name in data.splits}
    text = json.dumps(splits, sort_keys=True, separators=(",", ":"))
    return {"data": data.name, "hash": hashlib.sha256(text.encode()).hexdigest(), "splits": splits}


def _split(data: DataSet, name: str) -> dict[str, Any]:
    count = {"count": len(data.splits[name])}
    return {**count, "rows": data.rows[name].tolist()} if name in data.rows else count
