"""Decisions as arrays, the flat graph, the invariants of elaborated spaces, and what cannot be counted."""

from __future__ import annotations

import json
from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from graph_spaces import SMALL, program, shipped, some_weights

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.graph.decision import Axis, Decision
from hypercuboid.graph.flatten import atomic_ops, flatten
from hypercuboid.graph.verify import verify


def test_labels_of_different_types_are_different() -> None:
    axis = Axis("a", (1, "1", True, 1.0, (1, 2)))
    assert [axis.position(label) for label in (1, "1", True, 1.0, (1, 2))] == [0, 1, 2, 3, 4]
    with pytest.raises(KeyError, match="axis `a` has no label `2`"):
        axis.position(2)


def test_an_entry_is_found_by_its_labels() -> None:
    decision = Decision("d", (Axis("i", (0, 1)), Axis("op", ("x", "y", "z"))), ("i",))
    assert decision.shape == (2, 3)
    assert decision.index({"op": "z", "i": 1}) == (1, 2)
    assert (decision.group_axes, decision.competing_axes) == ((0,), (1,))


def test_names_axes_and_competing_groups_are_those_of_the_language() -> None:
    shown = {
        d.name: (d.kind, {a.name: a.labels for a in d.axes}, d.compete)
        for d in program("darts.hc", "DARTS").graph.decisions
        if d.name in ("Normal.n[2]", "Reduce.n[5]")
    }
    kind, axes, compete = shown["Normal.n[2]"]
    assert (kind, axes["j"], len(axes["op"]), compete) == ("top", (0, 1), 8, ("j",))
    assert shown["Reduce.n[5]"][1]["j"] == (0, 1, 2, 3, 4)


def test_decisions_inside_a_step_have_its_coordinates_in_front() -> None:
    outer, inner = SMALL["Nested"]().graph.decisions
    assert [axis.name for axis in outer.axes] == ["layer", "a", "b", "op"]
    assert (outer.compete, inner.name, inner.compete) == (("layer",), "h.Flex.mid", ("layer", "a", "b"))
    assert [axis.labels for axis in inner.axes] == [(0, 1), (8, 16), (8, 16), ("half", "same")]


def test_ragged_coordinates_are_masked() -> None:
    (decision,) = shipped("proxyless.hc", "ProxylessNAS").graph.decisions
    assert [axis.name for axis in decision.axes] == ["s", "i", "op"]
    assert decision.shape == (6, 4, 7)
    assert decision.mask is not None and decision.mask.sum() == 141
    assert not decision.mask[5, 1:].any() and not decision.mask[:, 0, 6].any()


def test_what_cannot_reach_the_output_is_declared_and_not_live() -> None:
    (decision,) = shipped("fabric.hc", "Fabric", "scales=3", "layers=2").graph.decisions
    declared, live = decision.declared(), decision.reaching()
    neighbours = np.abs(np.subtract.outer(np.arange(3), np.arange(3))) <= 1
    assert np.array_equal(declared, np.stack([neighbours] * 2))
    assert np.array_equal(live[1], neighbours & (np.arange(3) == 2))
    assert np.array_equal(live[0], neighbours & (np.arange(3) >= 1))


@pytest.mark.parametrize("name", SMALL)
def test_elaborated_spaces_satisfy_the_invariants(name: str) -> None:
    space = SMALL[name]()
    verify(space.elaborated)
    verify(space.costs)
    verify(space.select(some_weights(space)).elaborated)


def test_a_broken_body_is_noticed() -> None:
    space = SMALL["TwoAxes"]().elaborated
    body = space.definition.body
    last = body.nodes[-1]
    nodes = (*body.nodes[:-1], replace(last, inputs=(len(body.nodes) - 1,)))
    broken = replace(space, definition=replace(space.definition, body=replace(body, nodes=nodes)))
    with pytest.raises(AssertionError, match="reads a later node"):
        verify(broken)


@pytest.mark.parametrize("name", SMALL)
def test_the_flat_graph_is_a_dag_of_what_is_built(name: str) -> None:
    space = SMALL[name]()
    graph = space.graph.to_networkx()
    assert nx.is_directed_acyclic_graph(graph)
    assert graph.graph["output"] in graph
    params = sum(data["params"] for _, data in graph.nodes(data=True) if data["kind"] == "op")
    assert params == space.counts().params
    names = [data["name"] for _, data in graph.nodes(data=True) if data["kind"] == "op"]
    assert len(set(names)) == len(names)
    weighted = {
        (graph.nodes[target]["decision"], json.dumps(data["entry"]))
        for _, target, data in graph.edges(data=True)
        if "entry" in data and "decision" in graph.nodes[target]
    }
    assert len(weighted) == sum(int(decision.reaching().sum()) for decision in space.graph.decisions)


def test_node_link_data_is_json_and_reads_back() -> None:
    data = json.loads(json.dumps(SMALL["Nested"]().graph.to_node_link()))
    graph = nx.node_link_graph(data, edges="edges")
    state = next(d for _, d in graph.nodes(data=True) if d["kind"] == "state")
    assert state["decision"] == "h"
    entries = [d["entry"] for *_, d in graph.edges(data=True) if "entry" in d]
    assert {"layer": 0, "a": 8, "b": 16, "op": "Flex"} in entries
    assert {"layer": 1, "a": 16, "b": 16, "mid": "half"} in entries


def test_a_flat_graph_over_the_limit_is_refused_with_its_size() -> None:
    space = shipped("multichannelnet.hc", "MultiChannelNet", "layers=2000")
    count = atomic_ops(space.elaborated.definition.body)
    with pytest.raises(HypercuboidError, match=rf"HC4001\]: `MultiChannelNet` has {count} atomic ops"):
        space.graph.to_networkx()
    with pytest.raises(HypercuboidError, match="at most 10"):
        flatten(SMALL["TwoAxes"]().elaborated, 10)
