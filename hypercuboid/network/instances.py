"""Instances of weights: one torch layer per full name, made from a seed, hung into a tree that keeps the names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import torch
from torch import nn

from hypercuboid.network.steps import Plan, RunOp
from hypercuboid.ops import OPS


def build_instances(plan: Plan, seed: int) -> dict[str, nn.Module]:
    """The layer of every op of a plan by the full name of its instance; ops of one name share one layer.

    Weights depend on the seed and on the name alone, not on what else is built; torch's global generator is left as
    it was.
    """
    modules: dict[str, nn.Module] = {}
    with torch.random.fork_rng(devices=[]):
        for step in plan.every_step():
            if isinstance(step, RunOp) and step.name not in modules:
                torch.manual_seed(derived_seed(seed, step.name))
                modules[step.name] = OPS[step.op].build(step.arguments, step.input_types, step.type)
    return modules


def derived_seed(seed: int, name: str) -> int:
    """A seed of 63 bits for the thing called `name`."""
    digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def attach(root: nn.Module, modules: Mapping[str, nn.Module]) -> None:
    """Hangs modules into `root` so that `root.state_dict()` has the keys full name + "." + torch's name.

    Names are split at dots into modules inside modules. They are set in `_modules` directly: an instance may be called
    like an attribute of a module (`train`, `type`), which `add_module` refuses.
    """
    for name in sorted(modules, key=lambda one: one.split(".")):
        *path, last = name.split(".")
        branch(root, path)._modules[last] = modules[name]


def branch(root: nn.Module, path: Iterable[str]) -> nn.Module:
    """The module at a path below `root`; what is missing on the way is made."""
    for part in path:
        child = root._modules.get(part)
        if child is None:
            child = root._modules[part] = nn.Module()
        root = child
    return root
