"""Spaces for the tests of the graph, and a second route to their numbers: every architecture, one by one."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from hypercuboid.frontend.elaborated import Decided, KeptPath
from hypercuboid.frontend.points import Point, points_of
from hypercuboid.pipeline import Space, load_from_text, load_target
from hypercuboid.resources import resource

PROGRAMS = Path(__file__).parent / "programs"

TOP = """hypercuboid 1
use std.ops { conv, relu, identity, zero, gap, linear, bn }
block Cell(c: int) on x {
  node n[0] = x -> conv(c, 1)
  node n[1] = x -> conv(c, 3)
  node n[i in 2..4] = sum top 2 j in 0..i {
    choose op in [identity, relu, zero, conv(c, 3)] { n[j] -> op }
  }
  out n[3]
}
space Top() on x: image(3, 8, 8) {
  cell C = Cell()
  out x -> C(4) -> C(8) -> gap -> linear(2)
}
"""

UNEVEN = """hypercuboid 1
use std.ops { conv, relu, silu, bn, identity, gap, linear }
space Uneven() on x: image(3, 8, 8) {
  let y = x -> conv(4, 3)
  out y -> choose net {
    shallow: relu,
    deep: (conv(4, 3) -> choose act { relu: relu, silu: silu } -> choose norm { bn: bn, none: identity }),
  } -> gap -> linear(2)
}
"""

STATES = """hypercuboid 1
use std.ops { conv, bn, relu, identity, gap, linear }
let widths = [4, 8]
space States() on x: image(3, 8, 8) {
  node stem[c in widths] = x -> conv(c, 3) -> bn
  cuboid f from stem {
    state (a, b) in widths
    depth layer in 0..2
    compete per (layer, b)
    out f[a] -> conv(b, 1)
  }
  node between[c in widths] = f[c] -> conv(c, 3)
  cuboid g from between {
    state (s, t) in widths
    choice k in [1, 3]
    depth step in 0..1
    out g[s] -> conv(t, k)
  }
  out sum c in widths { g[c] -> choose op { plain: identity, act: relu } -> conv(8, 1) } -> gap -> linear(2)
}
"""

KEPT = """hypercuboid 1
use std.ops { conv, bn, gap, linear }
use std.blocks { SharpSepConv, ResizablePool }
let widths = [4, 8]
space Kept() on x: image(3, 8, 8) {
  node stem[c in widths] = x -> conv(c, 3) -> bn
  cuboid h from stem {
    state (a, b) in widths
    depth layer in 0..3
    choice op in [SharpSepConv, ResizablePool]
    out h[a] -> op(b)
  }
  out sum c in widths { h[c] -> conv(4) } -> gap -> linear(2)
}
arch Middle of Kept() partial {
  keep h[layer = 1] = [4 -> 8: SharpSepConv, 8 -> 4: ResizablePool]
}
"""

SMALL: dict[str, Callable[[], Space]] = {
    "Top": lambda: load_from_text(TOP),
    "Uneven": lambda: load_from_text(UNEVEN),
    "States": lambda: load_from_text(STATES),
    "TwoAxes": lambda: program("hard.hc", "TwoAxes"),
    "Kept": lambda: load_from_text(KEPT, "Middle"),
    "HalfDecided": lambda: program("hard.hc", "HalfDecided"),
    "Nested": lambda: program("hard.hc", "Nested"),
    "SharedCell": lambda: program("hard.hc", "SharedCell"),
    "TwoCuboids": lambda: program("hard.hc", "TwoCuboids"),
    "Fabric": lambda: shipped("fabric.hc", "Fabric", "scales=3", "layers=3"),
    "FlexSepConv": lambda: shipped("sharpsepconv.hc", "FlexSepConv(c = 64)", inputs=("64x8x8",)),
    "AnyBlock": lambda: shipped("sharpsepconv.hc", "AnyBlock(c = 64)", inputs=("64x8x8",)),
}


def program(file: str, name: str, *parameters: str) -> Space:
    return load_target(str(PROGRAMS / file), name, parameters, ())


def shipped(file: str, name: str, *parameters: str, inputs: tuple[str, ...] = ()) -> Space:
    return load_target(str(resource("spaces", file)), name, parameters, inputs)


def all_architectures(space: Space) -> Iterator[Space]:
    """Every architecture: one decision is made in all ways, by elaborating again, until none is open.

    Paths are decided first: what stands at a state that the path does not visit is then no decision any more.
    """
    points = tuple(sorted(points_of(space.elaborated.definition), key=lambda point: not point.moves))
    if not points:
        yield space
        return
    for made in _ways(points):
        inner = Space(replace(space.request, binding=(*space.request.binding, made)))
        if _reaches_output(inner):
            yield from all_architectures(inner)


def every_outcome(space: Space) -> list[Space]:
    """Every architecture, its cuboids decided in all orders: none of them may be dead once all paths are known.

    A cuboid is dead where no op of it is left. Names of cuboids stand in the body of the space itself.
    """
    found: dict[frozenset[object], tuple[Decided, ...]] = {}
    waiting: list[tuple[Decided, ...]] = [()]
    seen = set[frozenset[object]]()
    while waiting:
        made = waiting.pop()
        key = frozenset((one.name, *one.kept.items()) for one in made)
        if key in seen:
            continue
        seen.add(key)
        inner = Space(replace(space.request, binding=(*space.request.binding, *made)))
        if not _reaches_output(inner):
            continue
        paths = [point for point in points_of(inner.elaborated.definition) if point.moves]
        if paths:
            waiting += [(*made, one) for point in paths for one in _ways((point,))]
        elif all(any(n.name.startswith(f"{d.name}[") for n in inner.elaborated.definition.body.nodes) for d in made):
            found[key] = made
    return [
        architecture
        for made in found.values()
        for architecture in all_architectures(Space(replace(space.request, binding=(*space.request.binding, *made))))
    ]


def _reaches_output(space: Space) -> bool:
    from hypercuboid.diagnostics import HypercuboidError

    try:
        return space.elaborated.definition.body.output >= 0
    except HypercuboidError as problem:
        if {one.code for one in problem.diagnostics} == {"HC5004"}:
            return False
        raise


def _ways(points: tuple[Point, ...]) -> Iterator[Decided]:
    first = points[0]
    if first.moves:
        for source, target, label in first.moves:
            yield Decided(first.name, {first.key: (KeptPath(source, target, label),)})
    elif not first.top:
        for label in first.labels:
            yield Decided(first.name, {first.key: (label,)})
    else:
        terms = [point for point in points if point.name == first.name]
        for kept in itertools.combinations(terms, first.top):
            usable = [[label for label in point.labels if label != ("zero",)] for point in kept]
            for labels in itertools.product(*usable):
                chosen = dict(zip([point.key for point in kept], [(label,) for label in labels], strict=True))
                yield Decided(first.name, {point.key: chosen.get(point.key, ()) for point in terms})


def some_weights(space: Space) -> dict[str, np.ndarray]:
    """Distinct positive weights that sum to one in each group."""
    from hypercuboid.graph.weights import softmax

    generator = np.random.default_rng(5)
    return {d.name: softmax(d, generator.normal(size=d.shape)) for d in space.graph.decisions}


def costs_of(architecture: Space) -> tuple[int | None, ...]:
    """Params, macs, add_mult and activations of an architecture."""
    counts = architecture.counts()
    return counts.params, counts.macs, counts.add_mult, counts.activations


def sum_of_candidates(space: Space, architecture: Space) -> tuple[int, ...]:
    """Params, macs, add_mult and activations of an architecture from the costs by candidate of its space."""
    from hypercuboid.network.kept import kept_masks

    costs = space.graph.candidate_costs
    assert costs is not None
    kept = kept_masks(space.graph.decisions, architecture.request.binding[len(space.request.binding) :])
    total = np.array(costs.fixed.numbers)
    for name, mask in kept.items():
        total += costs.decisions[name][mask].sum(axis=0)
    return tuple(map(int, total[:4]))
