"""When the nodes of a body live in a model: as conditions on the states where paths enter and leave cuboids.

A state that the kept path does not visit is missing (ruling 14): an op that reads it is missing too, folds drop it.
A node lives where it is not missing and something that lives reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from hypercuboid.diagnostics import HypercuboidError, Span, error
from hypercuboid.frontend.elaborated import Body, InputNode, Node, OpNode, ScanNode, StateNode, TrellisNode

Port: TypeAlias = tuple[str, int]
"""("in" or "out", position of a cuboid in its body): the state where the path enters or leaves it."""

FOLDS = ("sum", "mean", "concat")


@dataclass(frozen=True)
class Condition:
    """States at ports, all of which must hold; no ports: always.

    `optional`: and some decision reads it. `entangled`: no condition of this form.
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
ENTANGLED = Condition(entangled=True)
MAYBE = Condition(optional=True)


def at(port: Port, states: frozenset[int]) -> Condition:
    return Condition(((port, states),))


def both(first: Condition, second: Condition) -> Condition:
    """Where both hold."""
    if first.entangled or second.entangled:
        return ENTANGLED
    ports = dict(first.ports)
    for port, states in second.ports:
        ports[port] = ports[port] & states if port in ports else states
    return Condition(tuple(sorted(ports.items())), first.optional or second.optional)


def either(conditions: list[Condition], full: dict[Port, frozenset[int]]) -> Condition:
    """Where one of them holds; `full` are all states of a port."""
    left = [c for c in dict.fromkeys(conditions) if not c.impossible]
    if any(c.always for c in left):
        return ALWAYS
    if not left:
        return Condition(((("never", 0), frozenset()),))
    sure = _united([c for c in left if not c.optional], full)
    if len(sure) == 1 and sure[0].always:
        return ALWAYS
    optional = any(c.optional for c in left)
    if any(c.entangled for c in left):
        return ENTANGLED
    united = _united([Condition(c.ports) for c in left], full)
    if len(united) == 1:
        return Condition(united[0].ports, optional)
    return MAYBE if optional else ENTANGLED


def _united(conditions: list[Condition], full: dict[Port, frozenset[int]]) -> list[Condition]:
    """Fewer conditions that say the same: pairs that differ at one port become one."""
    left = [_reduced(c, full) for c in conditions]
    changed = True
    while changed:
        changed = False
        for i in range(len(left)):
            for j in range(i + 1, len(left)):
                one = _pair(left[i], left[j])
                if one is not None:
                    left = [c for k, c in enumerate(left) if k not in (i, j)] + [_reduced(one, full)]
                    changed = True
                    break
            if changed:
                break
    return left


def _reduced(condition: Condition, full: dict[Port, frozenset[int]]) -> Condition:
    ports = tuple((port, states) for port, states in condition.ports if states != full.get(port))
    return Condition(ports, condition.optional, condition.entangled)


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
    """All states with which a cuboid of the body can be entered and left, as far as its own steps say."""
    full: dict[Port, frozenset[int]] = {}
    for position, node in enumerate(body.nodes):
        if isinstance(node, TrellisNode):
            states = range(len(node.state_labels))
            full["in", position] = frozenset(s for s in states if node.inputs[s] >= 0)
            full["out", position] = frozenset(s for s in states if node.steps[-1].types[s] is not None)
    return full


def availability(body: Body, full: dict[Port, frozenset[int]]) -> list[Condition]:
    """Where each node is not missing; HC3095 where that is no condition on the ports."""
    found: list[Condition] = []
    for position, node in enumerate(body.nodes):
        before = [found[i] for i in node.inputs if i >= 0]
        if isinstance(node, StateNode):
            found.append(_reduced(at(("out", node.inputs[0]), frozenset((node.state,))), full))
        elif isinstance(node, TrellisNode):
            captured = [found[i] for i in node.inputs[len(node.state_labels) :]]
            if not all(c.always for c in captured):
                raise unsupported(node.span, "a cuboid's step reads a state of another cuboid")
            found.append(ALWAYS)
        elif isinstance(node, OpNode) and node.op in FOLDS and before:
            found.append(either(before, full))
        elif isinstance(node, OpNode):
            condition = ALWAYS
            for one in before:
                condition = both(condition, one)
            found.append(condition)
        elif isinstance(node, ScanNode):
            found.append(_scanned(node, before))
        else:
            found.append(_whole(node, before))
        if found[position].entangled:
            raise unsupported(node.span, "this reads states of several cuboids")
    return found


def _scanned(node: ScanNode, before: list[Condition]) -> Condition:
    """A scan is there where its sequence and its first state are; what it reads besides must be there too."""
    sequence, state, *captured = before
    condition = both(sequence, state)
    if any(not one.always and one != condition for one in captured):
        raise unsupported(node.span, "this reads a state that may be missing beside a tensor that is not")
    return condition


def _whole(node: Node, before: list[Condition]) -> Condition:
    """Blocks and choices must read tensors that are missing together."""
    if isinstance(node, InputNode) or not before:
        return ALWAYS
    if any(one != before[0] for one in before):
        raise unsupported(node.span, "this reads a state that may be missing beside a tensor that is not")
    return before[0]


def unsupported(span: Span, what: str) -> HypercuboidError:
    return error("HC3095", f"{what}; this cannot be counted yet", span, help="fold the states first: `sum c in ...`")
