"""What a named plan is: passes over the plain plan, and when it is the one that a search takes by itself.

A pass makes a plan that gives what the other gave, to rounding, and leaves the names of parameters alone: these belong
to the graph. What it fuses need not have second derivatives (see `Supernet.forward`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import torch

from hypercuboid.diagnostics import error
from hypercuboid.network.plan import Executor, StepExecutor
from hypercuboid.network.steps import Plan
from hypercuboid.registry import Registry

Pass: TypeAlias = Callable[[Plan], Plan]

PASSES: Registry[Pass] = Registry("pass")
"""Each is a switch of its own: a named plan lists those that it is made by."""

AUTO = "auto"
"""The name that leaves the choice to the device and the space."""


@dataclass(frozen=True)
class Circumstances:
    """What a plan is chosen by: the plain plan of the space, the device of the search, the format it computes in, the
    inputs in one step, and the bytes of memory that are available, where that is known.

    `plain_because` says what needs plain layers, such as batch norm that is synchronised; empty where nothing does.
    """

    plan: Plan
    device: torch.device
    precision: str = "32"
    plain_because: str = ""
    batch: int = 1
    available: int | None = None


def never(circumstances: Circumstances) -> str:
    """For plans that are taken by name only."""
    return ""


@dataclass(frozen=True)
class NamedPlan:
    """The passes that make a plan, in order, and when it is chosen.

    `suits` says in a few words why a search should take it, or nothing where it should not; among those that suit, the
    one of the highest `preference` is taken. `wrap` puts something around the executor, such as a compiler. `hint` says
    what would make it suit where it does not, and `require` raises a diagnostic where it cannot run as it should.
    """

    doc: str
    passes: tuple[str, ...] = ()
    suits: Callable[[Circumstances], str] = never
    preference: int = 0
    wrap: Callable[[Executor], Executor] = lambda executor: executor
    hint: Callable[[Circumstances], str] = never
    require: Callable[[], None] = lambda: None


PLANS: Registry[NamedPlan] = Registry("plan")

PLANS.add("plain", NamedPlan("every op by itself: the reference for all others", suits=lambda _: "no other suits"))


def make_executor(name: str, plan: Plan) -> Executor:
    """What runs a plain plan by the plan of that name."""
    named = PLANS[name]
    for one in named.passes:
        plan = PASSES[one](plan)
    return named.wrap(StepExecutor(plan))


def require_plan(name: str) -> None:
    """HC7400 for the name of no plan."""
    if name != AUTO and name not in PLANS:
        raise error("HC7400", f"unknown plan `{name}`", help=PLANS.suggest(name))


def choose_plan(circumstances: Circumstances) -> tuple[str, str]:
    """The name of the plan that suits best, and why; behind it what would make a better one suit."""
    if circumstances.plain_because:
        return "plain", circumstances.plain_because
    found = [(named.preference, name, why) for name in PLANS if (why := (named := PLANS[name]).suits(circumstances))]
    preference, name, why = max(found)
    better = [PLANS[other].hint(circumstances) for other in PLANS if PLANS[other].preference > preference]
    return name, "; ".join(filter(None, (why, *better)))
