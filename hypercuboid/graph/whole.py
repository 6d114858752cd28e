"""What is built of a body whatever the case: the supernet's costs, and the decisions of what no architecture has."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from hypercuboid.frontend.elaborated import Body, OpNode, TopNode, TrellisNode
from hypercuboid.graph.available import missing_inputs
from hypercuboid.graph.cases import Case, Part
from hypercuboid.graph.conditions import Port
from hypercuboid.graph.forest import Built, Group, Path
from hypercuboid.graph.node_groups import NodeGroups
from hypercuboid.graph.paths import whole_path
from hypercuboid.graph.sharing import joined
from hypercuboid.records import replace


def whole(groups: NodeGroups, cases: Sequence[Case], outside: Collection[int]) -> Group:
    """What is built for all cases, but for the nodes outside of them."""
    alive = {p for p in range(len(groups.body.nodes)) if any(not case.live[p].impossible for case in cases)}
    found = {p: group for p, group in _built(groups, cases).items() if p not in outside}
    return _with_dead(
        [((p,), group) for p, group in found.items() if p in alive],
        [group for p, group in found.items() if p not in alive],
    )


def alone(groups: NodeGroups, case: Case) -> Group:
    """The group of the only case, with what no architecture has: it has weights, and is not built."""
    made = _built(groups, (case,)) if any(one.impossible for one in case.live.values()) else {}
    return _with_dead(case.parts, [group for p, group in made.items() if case.live[p].impossible])


def lacks_alternatives(body: Body, case: Case) -> bool:
    """Whether something that lives is there without some of its inputs, so that it may be declared with more."""
    return any(
        not isinstance(node, OpNode) and not case.live[position].impossible and missing_inputs(node, case.available)
        for position, node in enumerate(body.nodes)
    )


def _built(groups: NodeGroups, cases: Sequence[Case]) -> dict[int, Group]:
    """The groups of all nodes that have some, and stand in no term, with nothing missing."""
    own: dict[int, Group] = {}
    for position, node in enumerate(groups.body.nodes):
        group: Group | None
        if isinstance(node, TrellisNode):
            ends = [[case.full[Port(kind, position)] for case in cases] for kind in ("in", "out")]
            entry, exit = (frozenset[int]().union(*some) for some in ends)
            group = Group(points=(whole_path(groups.grower, node, groups.shared, entry, exit),))
        elif isinstance(node, TopNode):
            group = groups.top(position, node, own, None)
        elif isinstance(node, OpNode):
            types = tuple(groups.body.nodes[i].type for i in node.inputs)
            group = groups.grower.op(node, groups.shared, types, node.type)
        else:
            group = groups.plain(position)
        if group is not None and not group.is_empty:
            own[position] = group
    return {position: group for position, group in own.items() if position not in groups.inner}


def _with_dead(parts: Sequence[Part], dead: Sequence[Group]) -> Group:
    """Parts together. What is dead stands at no place of the first cuboid among them."""
    groups = [group for _, group in parts]
    decided = [group for group in dead if group.points]
    for number, group in enumerate(groups):
        path = group.points[0] if len(group.points) == 1 else None
        if decided and isinstance(path, Path):
            more = tuple(Built(0, frozenset(), one) for one in decided)
            groups[number] = replace(group, points=(replace(path, built=path.built + more),))
            break
    return joined(groups) if groups else Group()
