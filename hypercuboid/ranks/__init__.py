"""Ranks: the processes that search or train together, each on its share of every batch; one alone is the plain case."""

from __future__ import annotations

from hypercuboid.ranks.base import ALONE, Ranks

__all__ = ["ALONE", "Ranks"]
