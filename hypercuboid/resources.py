"""Data files of the package: grammars, spaces, templates. In a wheel they lie inside it, in a checkout beside it."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """The path of a data file, `resource("spaces", "std", "blocks.hc")`; FileNotFoundError where it is missing."""
    for root in (_PACKAGE, _PACKAGE.parent):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError(f"the installation lacks {'/'.join(parts)}; install hypercuboid again")
