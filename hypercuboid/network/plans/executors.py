"""The executors of one supernet: of all of it, and of what samplers keep of it, made once as long as they are used."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from hypercuboid.network.plans.base import make_executor
from hypercuboid.network.restrict import restrict

if TYPE_CHECKING:
    import numpy as np

    from hypercuboid.network.plan import Executor
    from hypercuboid.network.steps import Plan

Masks: TypeAlias = "Mapping[str, np.ndarray]"

REMEMBERED = 16
"""Restricted plans that are remembered; a sampler that draws another one each step makes each once."""


class Executors:
    """Makes executors of `plan` by the named plan `name`, and remembers them."""

    def __init__(self, plan: Plan, name: str) -> None:
        self.plan = plan
        self.name = name
        self._known: OrderedDict[object, Executor] = OrderedDict()

    def __call__(self, kept: Masks | None = None, plain: bool = False) -> Executor:
        """Runs what is true in `kept` (all of it, where None): masks are applied first, then the passes.

        `plain` asks for the plain plan instead, which has second derivatives and runs every op by itself.
        """
        name = "plain" if plain else self.name
        key = (name, None if kept is None else tuple((of, mask.tobytes()) for of, mask in sorted(kept.items())))
        found = self._known.pop(key, None)
        if found is None:
            found = make_executor(name, self.plan if kept is None else restrict(self.plan, kept))
        self._known[key] = found
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return found
