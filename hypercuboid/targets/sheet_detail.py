"""How much of a picture is drawn, by its size."""

from __future__ import annotations

from enum import Enum, auto


class Detail(Enum):
    """Every row a box with its label, every row a cell, or one cell for all rows of a choice."""

    BOXES = auto()
    HEAT = auto()
    SUMMARY = auto()
