"""Scheduled drop path: the probability of a network's `drop_path` operations while it is trained."""

from __future__ import annotations

from torch import nn

from hypercuboid.ops.layers.drop_path import DropPath


def drop_paths(network: nn.Module) -> list[nn.Module]:
    """The drop paths of a network. A generated file has a class of its own for them, under the name of ours."""
    return [one for one in network.modules() if type(one).__name__ == DropPath.__name__]


def set_drop_path(network: nn.Module, probability: float) -> None:
    """Sets the probability with which each drops the path of a sample in training."""
    for one in drop_paths(network):
        setattr(one, "probability", probability)  # noqa: B010 - the type of the generated class is not known here
