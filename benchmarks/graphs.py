"""Graphs of a million nodes, by `python benchmarks/graphs.py [REPEATS]`: time, and peak memory by the operating system.

A cuboid of 1,000,000 alternatives (MultiChannelNet with 20 x 20 filters, 2 primitives and 1,250 steps) in processes of
their own: compiled and counted with ranges by the command line, the best and the ten best selected by the command line
from a weights file of a million numbers, and all of that in one process whose weights are arrays. Then, alternating in
one process, the best path of that cuboid against building and walking the same graph in networkx; and 1,000,000
architectures of MultiChannelNet drawn uniformly.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from hypercuboid.graph.selection import Asked
from hypercuboid.graph.selection.rules import RULES
from hypercuboid.pipeline import Space, load_target

SPACE = str(Path(__file__).resolve().parent.parent / "spaces" / "multichannelnet.hc")
MILLION = [f"filters={[4 * (i + 1) for i in range(20)]}".replace(" ", ""), "reductions=1", "layers=1250"]


def space() -> Space:
    return load_target(SPACE, None, MILLION, ())


def weights(shape: tuple[int, ...]) -> np.ndarray:
    """Random weights of which each step's sum to one."""
    found = np.random.default_rng(0).random((1250, *shape[2:]))
    return (found / found.reshape(1250, -1).sum(axis=1)[:, None, None, None]).reshape(shape)


# ---------------------------------------------------------------- whole processes


def written(path: Path) -> None:
    """A weights file of the cuboid."""
    axes = {axis.name: list(axis.labels) for axis in space().graph.decision("h").axes}
    values = weights(tuple(map(len, axes.values()))).tolist()
    path.write_text(json.dumps({"space": "MultiChannelNet", "decisions": {"h": {"axes": axes, "values": values}}}))


def everything() -> None:
    """What the process of the third line does: compile, count, the best, the ten best and their texts."""
    one = space()
    counts, decision = one.counts(), one.graph.decision("h")
    assert (counts.weights, counts.groups) == (1_000_000, 1_250) and counts.macs_range is not None
    given = {"h": weights(decision.shape)}
    best, ten = one.select_best(given), one.select_best(given, top=10)
    assert len({architecture.text for architecture in ten}) == 10 and best[0].text == ten[0].text
    assert "torch" not in sys.modules


def processes(file: Path) -> dict[str, list[str]]:
    """Commands by what the table calls them."""
    given = [part for setting in MILLION for part in ("-p", setting)]
    program = [sys.executable, "-m", "hypercuboid"]
    select = [*program, "select", SPACE, "--weights", str(file), *given]
    return {
        "compile --json": [*program, "compile", SPACE, "--json", *given],
        "select --weights FILE": select,
        "select --weights FILE --top 10": [*select, "--top", "10"],
        "one process: compile, count, best, ten best": [sys.executable, __file__, "--everything"],
    }


STARTER = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
"""A small process that starts the one to be measured: the peak of a process counts that of whoever started it."""


def measured(command: list[str]) -> tuple[float, float, int]:
    """Seconds on the clock and of the processor, and the most bytes that were resident, of a process from its start."""
    begun = time.perf_counter()
    started = subprocess.run([sys.executable, "-c", STARTER, *command], capture_output=True, text=True, check=True)
    processor, peak = started.stdout.split()
    return time.perf_counter() - begun, float(processor), 1024 * int(peak)


# ---------------------------------------------------------------- against networkx


def walked(given: np.ndarray) -> float:
    """The score of the best path by networkx: a node for each alternative and state, the longest path of the DAG."""
    import networkx as nx

    labels, steps = given.shape[2], given[0].tolist()
    graph: nx.DiGraph[Any] = nx.DiGraph()
    for step, sources in enumerate(steps):
        for source in range(labels):
            for target in range(labels):
                for op, weight in enumerate(sources[source][target]):
                    node = (step, source, target, op)
                    graph.add_edge((step, source), node, weight=weight)
                    graph.add_edge(node, (step + 1, target), weight=0.0)
    return float(nx.dag_longest_path_length(graph))


def selected(one: Space, given: np.ndarray) -> float:
    """The same by the dynamic programme over arrays, with the path itself."""
    ((score, _),) = RULES["max-score"].find(one.graph, {"h": given}, Asked(1))
    return score


def timed(run: Callable[[], object]) -> tuple[float, object]:
    begun = time.perf_counter()
    found = run()
    return time.perf_counter() - begun, found


def compare(repeats: int) -> list[tuple[float, float]]:
    """Seconds of both, alternating; they find the same score."""
    one = space()
    given, pairs = weights(one.graph.decision("h").shape), []
    for _ in range(repeats):
        (slow, theirs), (fast, ours) = timed(lambda: walked(given)), timed(lambda: selected(one, given))
        assert isinstance(theirs, float) and isinstance(ours, float) and abs(theirs - ours) < 1e-9
        pairs.append((slow, fast))
    return pairs


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    say = sys.stdout.write
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "weights.json"
        # in a process of its own: what a process had before it began another counts as that one's peak
        subprocess.run([sys.executable, __file__, "--write", str(file)], check=True)
        commands = processes(file)
        found: dict[str, list[tuple[float, float, int]]] = {title: [] for title in commands}
        for _ in range(repeats):
            for title, command in commands.items():
                found[title].append(measured(command))
    say(f"whole process, {repeats} runs in turn           median s   (least to most)   processor   peak MB\n")
    for title, runs in found.items():
        clock, processor, peak = zip(*runs, strict=True)
        spread = f"({min(clock):.2f} to {max(clock):.2f})"
        middle, spent = statistics.median(clock), statistics.median(processor)
        say(f"{title:<46}{middle:8.2f}   {spread:>16}   {spent:9.2f}   {max(peak) / 1e6:7.0f}\n")
    drawn = [timed(lambda: load_target(SPACE, None, (), ()).draw(1_000_000))[0] for _ in range(repeats)]
    spread = f"({min(drawn):.2f} to {max(drawn):.2f})"
    say(f"{'1,000,000 architectures drawn':<46}{statistics.median(drawn):8.2f}   {spread:>16}\n")
    pairs = compare(max(1, repeats // 2))
    ratios = [slow / fast for slow, fast in pairs]
    slow, fast = (statistics.median(column) for column in zip(*pairs, strict=True))
    say(f"networkx, built and walked {slow:.2f} s, selection {fast:.3f} s: {statistics.median(ratios):.0f} x")
    say(f" ({min(ratios):.0f} to {max(ratios):.0f})\n")


if __name__ == "__main__":
    if "--write" in sys.argv:
        written(Path(sys.argv[-1]))
    else:
        everything() if "--everything" in sys.argv else main()
