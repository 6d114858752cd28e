"""Weights of a supernet's path for the network that was found in it, under the names that its source has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hypercuboid.diagnostics import HypercuboidError, error
from hypercuboid.frontend.elaborate import elaborate
from hypercuboid.pipeline import Architecture, Space
from hypercuboid.runs.reading import Run, read_run
from hypercuboid.runs.weights_file import read_weights_file

if TYPE_CHECKING:
    import torch

SUPERNET = "supernet.safetensors"


@dataclass(frozen=True, eq=False)
class Inherited:
    """Tensors by their keys in the `state_dict()` of the generated class.

    `fresh` are the keys of those that the supernet has not, with the values that a new network has: auxiliary heads,
    and what a space leaves out while it is searched, such as the scale of batch norm, which begins as no scale.
    `dropped` are the supernet's names of what it has on the path and the network has not, such as the batch norm that
    DARTS puts behind pools while it searches: with any, the network does not compute what the supernet did.
    """

    tensors: dict[str, torch.Tensor]
    fresh: tuple[str, ...]
    dropped: tuple[str, ...]


def inherit(architecture: Architecture, space: Space, run: Path, seed: int = 0) -> Inherited:
    """The weights of an architecture from the supernet of a run that searched `space`; `seed` makes the fresh ones.

    HC7710 where the run is none of a search or the architecture is none of its space, HC7711 where its supernet has
    parts of channels only, HC7017 where it has other shapes, HC7703 where its file is damaged or lacks some.
    """
    from hypercuboid.network.model import Model

    held = read_run(run)
    state = supernet_tensors(held)
    there = _again(architecture, space, run)
    searched = _require_all(there, state, run / SUPERNET)
    model = Model(there.elaborated, seed)
    fresh = set(model.inherit(state))
    names = architecture.generate().names
    tensors = {names[name]: own if name in fresh else state[name] for name, own in model.state_dict().items()}
    dropped = tuple(name for name in searched if name not in names)
    return Inherited(tensors, tuple(sorted(names[name] for name in fresh)), dropped)


def supernet_tensors(run: Run) -> dict[str, torch.Tensor]:
    """Parameters and buffers by name; HC7710 and HC7711 where the run has no whole supernet."""
    if run.config.get("kind") != "search":
        message = f"`{run.path}` is not the run of a search, so it has no supernet to inherit from"
        raise error("HC7710", message, help="give the folder that `hypercuboid search` wrote")
    recipe = run.config.get("recipe")
    if isinstance(recipe, dict) and recipe.get("partial_channels", 1) != 1:
        message = f"the supernet of `{run.path}` has candidates on a part of the channels only"
        raise error("HC7711", message, help="train the architecture from scratch")
    if isinstance(recipe, dict) and run.state == "finished" and not (run.path / SUPERNET).exists():
        message = f"`{recipe.get('strategy')}` trained architectures of `{run.path}` alone: there is no supernet"
        raise error("HC7710", message, help="search by --strategy first_order, or by --scorer shared")
    return read_weights_file(run.need(SUPERNET))


def _again(architecture: Architecture, space: Space, run: Path) -> Architecture:
    """The architecture written down and read again in the space of the run, where it must be the same network."""
    message = f"`{architecture.name}` is no architecture of the space that `{run}` searched"
    way = f"give one of that space with the same arguments, or {run} itself"
    try:
        there = space.architecture(architecture.text, architecture.name)
        same = there.graph.hash == architecture.graph.hash and there.generate().names == architecture.generate().names
    except HypercuboidError as problem:
        raise error("HC7710", message, notes=(problem.diagnostics[0].message,), help=way) from None
    if not same:
        raise error("HC7710", message, notes=("what it keeps is there, and gives another network",), help=way)
    return there


def _require_all(there: Architecture, state: Mapping[str, torch.Tensor], path: Path) -> tuple[str, ...]:
    """The names of what the architecture has while the space is searched.

    All of it must be in the supernet; narrowing leaves out what lost.
    """
    from hypercuboid.network.model import Model

    searched = Model(elaborate(there.request, searching=True)).state_dict()
    missing = [name for name in searched if name not in state]
    if missing:
        message, note = f"`{path}` lacks weights of `{there.name}`", f"it has no `{missing[0]}`"
        way = "a space that was narrowed has the weights of what was left; inherit what the run found"
        raise error("HC7703", message, notes=(note,), help=way)
    return tuple(searched)
