"""When the nodes of a body live in a model: as conditions on ports, which are what decisions elsewhere settle.

A state that the kept path does not visit is missing (ruling 14): an op that reads it is missing too, folds drop it.
A node lives where it is not missing and something that lives reads it. Ports are the states where paths enter and
leave cuboids and, where asked for, whether a node reads one of its inputs. A condition that is none on one port after
the other is `Entangled`: it is settled once it is known on which side of some states a port is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from hypercuboid.diagnostics import HypercuboidError, Span, error
from hypercuboid.frontend.elaborated import Body, StateNode, TrellisNode
from hypercuboid.records import dataclass


class Port(NamedTuple):
    """`kind` "in" or "out": the state where the path enters or leaves the cuboid at a position of the body. "reads":
    1 where the node at that position reads its input number `slot`, else 0."""

    kind: str
    position: int
    slot: int = 0


Ports: TypeAlias = Mapping[Port, frozenset[int]]
"""What is possible at each port."""

FOLDS = ("sum", "mean", "concat")


@dataclass(frozen=True)
class Condition:
    """States at ports, all of which must hold; no ports: always.

    `optional`: and some decision reads it. `entangled`: no condition of this form, but one of several parts, of which
    the first is at the ports.
    """

    ports: tuple[tuple[Port, frozenset[int]], ...] = ()
    optional: bool = False
    entangled: bool = False

    @property
    def impossible(self) -> bool:
        return any(not states for _, states in self.ports)

    @property
    def always(self) -> bool:
        return not self.ports and not self.optional and not self.entangled


ALWAYS = Condition()
MAYBE = Condition(optional=True)
NEVER = Condition(((Port("never", 0), frozenset()),))


class Entangled(Exception):  # noqa: N818 - no mistake of anybody
    """A condition that is settled where it is known whether a port is in its states; both is possible."""

    def __init__(self, condition: Condition, span: Span) -> None:
        super().__init__()
        self.port, self.states = condition.ports[0]
        self.span = span


def at(port: Port, states: frozenset[int]) -> Condition:
    return Condition(((port, states),))


def both(first: Condition, second: Condition) -> Condition:
    """Where both hold."""
    if first is ALWAYS or second is ALWAYS:
        return second if first is ALWAYS else first
    if first.impossible or second.impossible:
        return NEVER
    if first.entangled or second.entangled:
        return first if first.entangled else second
    ports = dict(first.ports)
    for port, states in second.ports:
        ports[port] = ports[port] & states if port in ports else states
    return Condition(tuple(sorted(ports.items())), first.optional or second.optional)


def either(conditions: list[Condition], full: Ports) -> Condition:
    """Where one of them holds; `full` are all states of a port."""
    if any(c is ALWAYS for c in conditions):
        return ALWAYS
    left = [c for c in dict.fromkeys(reduced(c, full) for c in conditions) if not c.impossible]
    if any(c.always for c in left):
        return ALWAYS
    if not left:
        return NEVER
    entangled = next((c for c in left if c.entangled), None)
    if entangled is not None:
        return entangled
    sure = _united([c for c in left if not c.optional], full)
    united = _united([Condition(c.ports) for c in left], full)
    if len(united) > 1:
        return Condition(united[0].ports, entangled=True)
    return united[0] if sure == united else Condition(united[0].ports, optional=True)


def _united(conditions: list[Condition], full: Ports) -> list[Condition]:
    """Fewer conditions that say the same: pairs that differ at one port become one."""
    left = _with_one_port(conditions, full)
    changed = True
    while changed:
        changed = False
        for i in range(len(left)):
            for j in range(i + 1, len(left)):
                one = _pair(left[i], left[j])
                if one is not None:
                    left = [c for k, c in enumerate(left) if k not in (i, j)] + [reduced(one, full)]
                    changed = True
                    break
            if changed:
                break
    return left


def _with_one_port(conditions: list[Condition], full: Ports) -> list[Condition]:
    """The conditions with those at one and the same port alone put together."""
    alone: dict[Port, frozenset[int]] = {}
    others: list[Condition] = []
    for one in conditions:
        if len(one.ports) == 1:
            ((port, states),) = one.ports
            alone[port] = alone.get(port, frozenset()) | states
        else:
            others.append(reduced(one, full))
    return [reduced(at(port, states), full) for port, states in alone.items()] + others


def reduced(condition: Condition, full: Ports) -> Condition:
    """The condition without what holds anyway, and never where a port cannot be as it says."""
    if not condition.ports:
        return condition
    left = tuple((port, states & full.get(port, states)) for port, states in condition.ports)
    if not all(states for _, states in left):
        return NEVER
    ports = tuple((port, states) for port, states in left if states != full.get(port))
    return Condition(ports, condition.optional, condition.entangled) if ports or condition.optional else ALWAYS


def _pair(first: Condition, second: Condition) -> Condition | None:
    if not first.ports or not second.ports:
        return ALWAYS
    a, b = dict(first.ports), dict(second.ports)
    if a.keys() <= b.keys() and all(b[port] <= states for port, states in a.items()):
        return first
    if b.keys() <= a.keys() and all(a[port] <= states for port, states in b.items()):
        return second
    different = [port for port in a if a.get(port) != b.get(port)]
    if a.keys() == b.keys() and len(different) == 1:
        ports = {**a, different[0]: a[different[0]] | b[different[0]]}
        return Condition(tuple(sorted(ports.items())))
    return None


def exclusive(conditions: list[Condition]) -> bool:
    """Whether they name different states at one port, so that no two of them hold at once."""
    named = [condition.ports[0] for condition in conditions if len(condition.ports) == 1]
    states = [state for _, some in named for state in some]
    return len(named) == len(conditions) and len({port for port, _ in named}) == 1 and len(states) == len(set(states))


def full_ports(body: Body) -> dict[Port, frozenset[int]]:
    """All states with which a cuboid of the body can be entered, and left where something reads them."""
    full: dict[Port, frozenset[int]] = {}
    for position, node in enumerate(body.nodes):
        if isinstance(node, TrellisNode):
            states = range(len(node.state_labels))
            full[Port("in", position)] = frozenset(s for s in states if node.inputs[s] >= 0)
            full[Port("out", position)] = frozenset()
        elif isinstance(node, StateNode):
            full[Port("out", node.inputs[0])] |= {node.state}
    return full


def unsupported(span: Span, what: str) -> HypercuboidError:
    return error("HC3095", f"{what}; this cannot be counted yet", span, help="fold the states first: `sum c in ...`")
