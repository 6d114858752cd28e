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

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.pipeline import Architecture, Space, load

torch.set_num_threads(1)
PLACES = [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2)]
SPACES = Path(__file__).parent.parent / "spaces"
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
    """An architecture of the table, by its picks as text."""
    sites = zip(PLACES, digits, strict=True)
    picks = "".join(f"  pick trunk.op[stage = {s}, layer = {i}] = {LABELS[int(digit)]}\n" for (s, i), digit in sites)
    return space.architecture(f"arch N{digits} of NASBenchMacro() {{\n{picks}}}")


def test_fifty_generated_networks_cost_what_was_published(space: Space, tmp_path: Path) -> None:
    some = rows()[::132]
    assert len(some) == 50
    for digits, params, flops, _ in some:
        architecture = space.read_notation("nas-bench-macro", digits)
        with torch.device("meta"):
            made = network(architecture.generate(), tmp_path)
        assert costs(made, *batch(architecture))[:2] == (params, flops)


def test_the_best_network_of_the_file_is_the_best_of_the_table(space: Space) -> None:
    best = max(row[3] for row in rows())
    twins = [row[0] for row in rows() if row[3] == best]
    assert sorted(twins) == ["22212202", "22212220"]
    assert shipped("nas_bench_macro.hc", "Best").graph.hash == picked(space, "22212220").graph.hash


def test_a_string_is_read_and_written(space: Space) -> None:
    for digits, *_ in rows()[::729]:
        read = space.read_notation("nas-bench-macro", f" {digits}\n")
        assert read.graph.hash == picked(space, digits).graph.hash
        assert read.notation("nas-bench-macro") == digits
        assert space.architecture(read.text).notation("nas-bench-macro") == digits


@pytest.mark.parametrize(
    ("text", "code", "message", "place"),
    [
        ("", "HC1040", "this is no string of digits", ""),
        ("0210122x", "HC1040", "this is no string of digits", "0210122x"),
        (" 021012 ", "HC5031", "the string has length 6; the decisions of this space are 8", "021012"),
        ("02101322", "HC5031", "`trunk.op[stage = 2, layer = 0]` has 3 alternatives, no number 3", "3"),
    ],
)
def test_a_string_that_does_not_fit_is_refused(space: Space, text: str, code: str, message: str, place: str) -> None:
    with pytest.raises(HypercuboidError) as caught:
        space.read_notation("nas-bench-macro", text)
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == (code, message)
    assert found.span is not None and found.span.text == place


@pytest.mark.parametrize(
    "other",
    [("multichannelnet.hc", "MultiChannelNet"), ("sharpsepconv_net.hc", "SharpSepConvNet"), ("tabular.hc", None)],
)
def test_a_space_that_is_no_row_of_choices_has_no_strings(other: tuple[str, str]) -> None:
    with pytest.raises(HypercuboidError, match="this space is no row of choices of at most ten alternatives each"):
        load(SPACES / other[0], other[1]).read_notation("nas-bench-macro", "0")


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (("multichannelnet.hc", "Handmade"), "`Handmade` decides `h`, which no string of digits says"),
        (("tabular.hc", "TabularNet"), "does not keep one alternative of `trunk.layers"),
    ],
)
def test_an_architecture_of_another_space_has_no_string(target: tuple[str, str], message: str) -> None:
    space = load(SPACES / target[0], target[1])
    architecture = space if isinstance(space, Architecture) else space.sample(1, seed=1)[0]
    with pytest.raises(HypercuboidError, match=message):
        architecture.notation("nas-bench-macro")
