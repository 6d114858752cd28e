"""Run folders that several tests read: real searches, small ones."""

from __future__ import annotations

from pathlib import Path

from commands import few_digits
from deployed import CPU, print_not

from hypercuboid.pipeline import load
from hypercuboid.search.recipe import Recipe
from hypercuboid.searching import SearchRequest, run_search

BILEVEL = Recipe(epochs=3, batch=32, alpha_lr=0.1)
ALONE = Recipe(epochs=2, batch=32, trainings=3)


def searched(folder: Path, kind: str, recipe: Recipe) -> Path:
    """A search of a space of `hypercuboid new` on a few digits."""
    request = SearchRequest(load(f"spaces/new/{kind}.hc"), few_digits(), folder, recipe, CPU, checkpoint_seconds=1e9)
    run_search(request, print_not)
    return folder
