"""The cases of a body: what lives in it, one case for each side of what decides that."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from hypercuboid.diagnostics import error
from hypercuboid.frontend.elaborated import Body
from hypercuboid.graph.conditions import Condition, Entangled, Port, Ports
from hypercuboid.graph.forest import Group
from hypercuboid.ops.base import TensorType
from hypercuboid.records import dataclass

CASE_LIMIT = 512
"""Cases that a forest is written out in."""

WORK_LIMIT = 200_000
"""Nodes that are looked at for all cases of a body together."""

Part: TypeAlias = tuple[tuple[int, ...], Group]
"""A part of a network, and the position of its node, or those of a row of cuboids."""


@dataclass(frozen=True, eq=False)
class Case:
    """What is possible at ports, where each node is there and lives, and the groups of what does, in source order.

    What lives is decided; what lives in `built`, as far as decisions are told apart, costs something too. Conditions
    are those that are left: on the ways that one path takes. `types` are those of the nodes. `weak`: only some decision
    reads a cuboid; `exact`: what lives settles what it costs.
    """

    full: Ports
    available: list[Condition]
    live: dict[int, Condition]
    built: dict[int, Condition]
    parts: tuple[Part, ...] = ()
    types: tuple[TensorType, ...] = ()
    weak: bool = False
    exact: bool = True


def cases_of(body: Body, full: Ports, build: Callable[[Ports], Case | None]) -> list[Case]:
    """Every case of a body that has an architecture. `build` gives the case for ports, None for none.

    Where it raises Entangled the ports are told apart. HC3095 where that takes too many cases.
    """
    waiting: list[dict[Port, frozenset[int]]] = [dict(full)]
    found: list[Case] = []
    left = WORK_LIMIT
    while waiting:
        left -= len(body.nodes)
        ports = waiting.pop()
        try:
            case = build(ports)
        except Entangled as unsettled:
            inside = ports[unsettled.port] & unsettled.states
            outside = ports[unsettled.port] - unsettled.states
            assert inside and outside, "a condition that holds anyway"
            waiting += [{**ports, unsettled.port: outside}, {**ports, unsettled.port: inside}]
            if len(waiting) + len(found) > CASE_LIMIT or left < 0:
                raise error(
                    "HC3095",
                    "what is built depends on states of several cuboids in too many ways",
                    unsettled.span,
                    help="fold the states of each cuboid first: `sum c in ...`",
                ) from None
            continue
        if case is not None:
            found.append(case)
    return found
