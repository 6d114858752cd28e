"""Selection by perturbation: a run's supernet on its search-validation images, one alternative at a time taken away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from hypercuboid.diagnostics import error
from hypercuboid.inheriting import SUPERNET, supernet_tensors
from hypercuboid.runs.reading import read_run

if TYPE_CHECKING:
    import torch

    from hypercuboid.data.base import DataSet
    from hypercuboid.pipeline import Space
    from hypercuboid.search.removal import Removals


def perturbed(
    space: Space,
    run: Path,
    data: DataSet,
    device: torch.device,
    images: int,
    watch: Callable[[int, int], None] = lambda done, total: None,
) -> Removals:
    """What the supernet of `run`, a search of `space`, loses on `images` of search-validation without each alternative.

    HC7710, HC7711 and HC7703 as of `inherit`; HC7703 too for the supernet of a space that was narrowed.
    """
    import numpy as np

    from hypercuboid.data.batches import batches
    from hypercuboid.search.objective import objective_of
    from hypercuboid.search.recipe import Recipe
    from hypercuboid.search.removal import removals

    held = read_run(run)
    state = supernet_tensors(held)
    recipe = Recipe.model_validate(held.config["recipe"])
    supernet = space.supernet(recipe.weighting)
    if supernet.state_dict().keys() != state.keys():
        message = f"`{run / SUPERNET}` is the supernet of another space than the one of `{run}`"
        raise error("HC7703", message, help="a search that narrows has the weights of what was left; take another")
    supernet.load_state_dict(state)
    split = data.splits["search-validation"]
    taken = np.arange(min(images, len(split)))
    return removals(
        supernet.to(device), list(batches(split, recipe.batch, taken, device)), objective_of(recipe).loss, watch
    )
