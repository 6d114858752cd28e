"""The contract of every shipped space and architecture: a new file of `spaces/` is tested by being there."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import torch
from counted import batch, costs, params_of
from generated import assert_same_bits, network
from graph_spaces import sum_of_candidates
from shipped import ARCHITECTURES, FILES, SPACES, Shipped

from hypercuboid.cli.check import examine
from hypercuboid.network.model import Model
from hypercuboid.pipeline import Architecture, Space

torch.set_num_threads(1)
loaded = cache(Shipped.load)
LARGEST = 8_000
"""Atomic ops of a test size; a space above it wants a line `Small:` in its documentation (see `shipped`)."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_checks_without_errors_and_warnings(path: Path) -> None:
    assert examine(path) == []


@pytest.mark.parametrize("case", SPACES, ids=str)
def test_a_supernet_has_the_counted_params_and_gives_every_weight_a_gradient(case: Shipped) -> None:
    space = loaded(case)
    counts = space.counts()
    supernet = space.supernet(max_ops=LARGEST)
    assert sum(weight.numel() for weight in supernet.weights()) == counts.params
    assert sum(alpha.numel() for alpha in supernet.alphas()) >= counts.weights > 0
    output = supernet(*batch(space, 2, "cpu"))
    torch.autograd.backward((output * torch.cos(torch.arange(output.numel())).view_as(output)).sum())
    for name, parameter in supernet.named_parameters():
        assert parameter.grad is not None, name
        assert bool(parameter.grad.isfinite().all()), name
    assert all(bool(alpha.grad.any()) for alpha in supernet.alphas() if alpha.grad is not None)


def assert_generated_as_counted(architecture: Architecture, folder: Path, runs: bool = True) -> None:
    """The generated file imports only torch, and torch counts in it what the compiler counted.

    Macs and add_mult are counted by running it, which is slow: many small calls of Python.
    """
    source = architecture.generate()
    imports = [node for node in ast.walk(ast.parse(source.text)) if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = {node.module if isinstance(node, ast.ImportFrom) else node.names[0].name for node in imports}
    assert modules <= {"torch", "torch.nn"}
    with torch.device("meta"):
        made = network(source, folder)
    counts = architecture.counts()
    if runs:
        assert costs(made, *batch(architecture)) == (counts.params, counts.macs, counts.add_mult)
    else:
        assert params_of(made) == counts.params


def assert_text_decides_the_same(space: Space, architecture: Architecture) -> None:
    again = space.architecture(architecture.text)
    assert isinstance(again, Architecture)
    assert again.text == architecture.text
    assert again.graph.hash == architecture.graph.hash


def assert_contract(case: Shipped, count: int, folder: Path) -> None:
    space = loaded(case)
    counts = space.counts()
    assert space.graph.numbering.count == counts.architectures
    for number, architecture in enumerate(space.sample(count, seed=count)):
        assert not architecture.is_open
        assert_generated_as_counted(architecture, folder, runs=number % (count // 2) == 0)
        assert_text_decides_the_same(space, architecture)
        assert_within(counts.params_range, architecture.counts().params)
        assert_within(counts.macs_range, architecture.counts().macs)
        assert_sum_of_candidates(space, architecture)
    assert len(list(folder.glob("*.py"))) == count
    assert_clean(folder)


def assert_clean(folder: Path) -> None:
    """What ruff has to say of all files, under its own defaults, is nothing."""
    for task in (("format", "--diff"), ("check",)):
        command = [sys.executable, "-m", "ruff", *task, "--isolated", "--no-cache", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def assert_within(bounds: tuple[int, int] | None, cost: int | None) -> None:
    assert cost is not None
    assert bounds is None or bounds[0] <= cost <= bounds[1]


def assert_sum_of_candidates(space: Space, architecture: Architecture) -> None:
    """Where a space is additive: what is fixed, and what is kept."""
    if space.counts().additive:
        counts = architecture.counts()
        assert sum_of_candidates(space, architecture) == (
            counts.params,
            counts.macs,
            counts.add_mult,
            counts.activations,
        )


@pytest.mark.parametrize("case", SPACES, ids=str)
def test_a_generated_file_equals_the_decided_network_bit_for_bit(case: Shipped, tmp_path: Path) -> None:
    """Outputs, gradients and buffers in float64, with weights and statistics away from where they start."""
    (architecture,) = loaded(case).sample(1, seed=3)
    source, model = architecture.generate(), Model(architecture.elaborated).double()
    made = network(source, tmp_path).double()
    with torch.no_grad():
        for value in model.state_dict().values():
            if value.is_floating_point():
                value.add_(0.1 * torch.cos(torch.arange(value.numel())).abs().view_as(value))
    made.load_state_dict({source.names[key]: value for key, value in model.state_dict().items()})
    assert_same_bits(made, model, doubles(architecture), source.names)


def doubles(space: Space) -> list[torch.Tensor]:
    return [x.double() if x.is_floating_point() else x for x in batch(space, 2, "cpu")]


@pytest.mark.parametrize("case", SPACES, ids=str)
def test_ten_random_architectures_cost_what_was_counted(case: Shipped, tmp_path: Path) -> None:
    assert_contract(case, 10, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("case", SPACES, ids=str)
def test_two_hundred_random_architectures_cost_what_was_counted(case: Shipped, tmp_path: Path) -> None:
    assert_contract(case, 200, tmp_path)


@pytest.mark.parametrize("case", ARCHITECTURES, ids=str)
def test_a_shipped_architecture_has_the_counted_params(case: Shipped, tmp_path: Path) -> None:
    architecture = case.load()
    assert isinstance(architecture, Architecture)
    assert_generated_as_counted(architecture, tmp_path, runs=False)
    assert_text_decides_the_same(architecture, architecture)


@pytest.mark.long
@pytest.mark.parametrize("case", ARCHITECTURES, ids=str)
def test_a_shipped_architecture_costs_what_was_counted(case: Shipped, tmp_path: Path) -> None:
    architecture = case.load()
    assert isinstance(architecture, Architecture)
    assert_generated_as_counted(architecture, tmp_path)
    assert_clean(tmp_path)
