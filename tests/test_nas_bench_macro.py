"""All 6,561 networks of NAS-Bench-Macro: their published params and flops, from one compile and from torch."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import torch
from counted import batch, costs
from generated import network
from graph_spaces import shipped

from hypercuboid.pipeline import Architecture, Space

torch.set_num_threads(1)
PLACES = [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2)]
LABELS = ["Identity", "MB3_K3", "MB6_K5"]


def rows() -> list[tuple[str, int, int, float]]:
    """Digits of the layers, params, flops (macs of convolutions and of the classifier), mean test accuracy."""
    with (Path(__file__).parent / "golden" / "nas_bench_macro.csv").open(encoding="utf-8", newline="") as file:
        read = [(r["arch"], int(r["params"]), int(r["flops"]), float(r["mean_acc"])) for r in csv.DictReader(file)]
    assert len({digits for digits, *_ in read}) == len(read) == 6561
    return read


@pytest.fixture(scope="module")
def space() -> Space:
    return shipped("nas_bench_macro.hc", "NASBenchMacro")


def test_all_networks_cost_what_was_published(space: Space) -> None:
    found = space.graph.candidate_costs
    assert found is not None
    array = found.decisions["trunk.op"]
    assert [axis.labels for axis in space.graph.decisions[0].axes] == [(0, 1, 2), (0, 1, 2), tuple(LABELS)]
    digits = np.array([[int(digit) for digit in row[0]] for row in rows()])
    stages, layers = np.array(PLACES).T
    kept = array[stages, layers, digits].sum(axis=1)
    assert np.array_equal(kept[:, 0] + found.fixed.params, [row[1] for row in rows()])
    assert np.array_equal(kept[:, 1] + found.fixed.macs, [row[2] for row in rows()])


def picked(space: Space, digits: str) -> Architecture:
    sites = zip(PLACES, digits, strict=True)
    picks = "".join(f"  pick trunk.op[stage = {s}, layer = {i}] = {LABELS[int(digit)]}\n" for (s, i), digit in sites)
    return space.architecture(f"arch N{digits} of NASBenchMacro() {{\n{picks}}}")


def test_fifty_generated_networks_cost_what_was_published(space: Space, tmp_path: Path) -> None:
    some = rows()[::132]
    assert len(some) == 50
    for digits, params, flops, _ in some:
        architecture = picked(space, digits)
        with torch.device("meta"):
            made = network(architecture.generate(), tmp_path)
        assert costs(made, *batch(architecture))[:2] == (params, flops)


def test_the_best_network_of_the_file_is_the_best_of_the_table(space: Space) -> None:
    best = max(row[3] for row in rows())
    twins = [row[0] for row in rows() if row[3] == best]
    assert sorted(twins) == ["22212202", "22212220"]
    assert shipped("nas_bench_macro.hc", "Best").graph.hash == picked(space, "22212220").graph.hash
