"""Guards: sizes against counted architectures, eigenvalues against the whole Hessian, alarms at their thresholds."""

from __future__ import annotations

from pathlib import Path
from statistics import fmean, pstdev
from typing import Any

import numpy as np
import pytest
import torch
from supernets import images, space_of
from torch import Tensor
from torch.func import functional_call
from torch.nn import functional as F

from hypercuboid.data.base import load_data
from hypercuboid.diagnostics import Diagnostic
from hypercuboid.graph.selection import select
from hypercuboid.graph.selection.uniform import architecture
from hypercuboid.network.supernet import Supernet
from hypercuboid.pipeline import Space, load_from_text
from hypercuboid.runs.listing import read_metrics
from hypercuboid.search.guards.capacity import capacity
from hypercuboid.search.guards.collapse import FREE, GROWTH, SMALL, WINDOW, collapse
from hypercuboid.search.guards.curvature import dominant_eigenvalue, lanczos
from hypercuboid.search.recipe import Recipe
from hypercuboid.search.strategies.base import Batch
from hypercuboid.searching import SearchRequest, load_for_data, run_search

MIXED = """hypercuboid 1
use std.ops { conv, gap, identity, linear, max_pool, relu }
space S() on x: image(2, 6, 6) {
  node a = x -> choose first { wide: conv(2, 3), free: identity, pool: max_pool(3) }
  node b = a -> choose second { relu: relu, same: identity }
  out b -> choose third { one: conv(4, 1), three: conv(4, 3) } -> gap -> linear(3)
}
"""


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def weights(space: Space) -> dict[str, np.ndarray]:
    return {one.name: np.full(one.shape, 1 / np.prod(one.shape)) for one in space.graph.decisions}


def test_the_capacity_of_an_architecture_is_that_of_its_counts() -> None:
    """Every architecture elaborated and counted; the deviation from all of them by the textbook."""
    space = load_from_text(MIXED)
    all_decided = [architecture(space.graph, number) for number in range(space.counts().architectures or 0)]
    found = [space._decided(decided, "A").counts() for decided in all_decided]
    sizes = [one.params or 0 for one in found]
    assert len(sizes) == 12 and len(set(sizes)) > 2
    for decided, counts in zip(all_decided, found, strict=True):
        measured = capacity(space.graph, decided, weights(space))
        assert (measured["params"], measured["macs"]) == (counts.params, counts.macs)
        wanted = (counts.params or 0) - fmean(sizes)
        assert measured["params_deviations"] == pytest.approx(wanted / pstdev(sizes), abs=1e-12)


def test_the_shares_of_what_has_no_parameters() -> None:
    """By hand: in `first` two of three are free; in `second` both are and in `third` none is, which says nothing."""
    space = load_from_text(MIXED)
    given = {"a.first": np.array([0.2, 0.5, 0.3]), "b.second": np.array([0.6, 0.4]), "out.third": np.array([0.1, 0.9])}
    assert {one.name for one in space.graph.decisions} == given.keys()
    measured = capacity(space.graph, select(space.graph, given)[0].decided, given)
    assert measured["free_score"] == 1.0
    assert measured["free_mass"] == pytest.approx(0.8, abs=1e-15)
    given["a.first"] = np.array([0.6, 0.3, 0.1])
    measured = capacity(space.graph, select(space.graph, given)[0].decided, given)
    assert measured["free_score"] == 0.0
    assert measured["free_mass"] == pytest.approx(0.4, abs=1e-15)


@pytest.mark.parametrize(("on_collapse", "epochs_run"), [("warn", 5), ("stop", 3)])
def test_a_search_that_collapses_says_so_once(
    on_collapse: str, epochs_run: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A threshold that every search is beyond: seen after `WINDOW` epochs, warned of once, and stopped at."""
    monkeypatch.setattr("hypercuboid.search.guards.collapse.FREE", -1.0)
    digits = load_data("digits/100+100")
    file = tmp_path / "space.hc"
    text = MIXED.replace("image(2, 6, 6)", "image(1, 8, 8)").replace("conv(2, 3)", "conv(1, 3)")
    file.write_text(text.replace("linear(3)", "linear(10)"))
    space = load_for_data(str(file), None, (), (), digits)
    recipe = Recipe(epochs=5, batch=50, on_collapse=on_collapse, curvature=2)  # type: ignore[arg-type]
    warnings: list[Diagnostic] = []
    request = SearchRequest(space, digits, tmp_path / "run", recipe, torch.device("cpu"))
    run_search(request, lambda step: None, warnings.append)
    rows = read_metrics(tmp_path / "run")
    assert [row["epoch"] for row in rows] == list(range(1, epochs_run + 1))
    assert all(row["params"] > 0 and row["curvature"] is not None for row in rows)
    (warning,) = warnings
    assert (warning.code, warning.severity) == ("HC7090", "warning")
    assert "collapsed in epoch 3" in warning.message
    assert warning.help.startswith("try --weighting max_w")


def test_a_search_that_trains_alone_is_told_of_its_own_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hypercuboid.search.guards.collapse.SMALL", 100.0)
    (tmp_path / "space.hc").write_text(
        "hypercuboid 1\nuse std.ops { conv, gap, linear }\n"
        "space S() on x: image(1, 8, 8) { out x -> choose k in [1, 3] { conv(2, k) } -> gap -> linear(10) }\n"
    )
    digits = load_data("digits/100+100")
    space = load_for_data(str(tmp_path / "space.hc"), None, (), (), digits)
    recipe, warnings = Recipe(epochs=3, batch=50, trainings=3, sharing=0), list[Diagnostic]()
    request = SearchRequest(space, digits, tmp_path / "run", recipe, torch.device("cpu"))
    run_search(request, lambda step: None, warnings.append)
    assert [one.code for one in warnings] == ["HC7090"]
    assert "--small-batch" in warnings[0].help and "--weighting" not in warnings[0].help


def test_an_architecture_of_a_cuboid() -> None:
    space = space_of("multichannel")
    for number in (0, 17, 300):
        decided = architecture(space.graph, number)
        counts = space._decided(decided, "A").counts()
        assert capacity(space.graph, decided, weights(space))["params"] == counts.params


def batch_of(supernet: Supernet, name: str) -> Batch:
    x = images(space_of(name))
    with torch.no_grad():
        return x, torch.arange(len(x)) % supernet(x).shape[-1]


@pytest.mark.parametrize("name", ["nested", "multichannel"])
def test_the_dominant_eigenvalue_is_that_of_the_whole_hessian(name: str) -> None:
    supernet = space_of(name).supernet(seed=3).double()
    batch = batch_of(supernet, name)
    before = {key: value.clone() for key, value in supernet.state_dict().items()}
    found = dominant_eigenvalue(supernet, batch, iterations=200)
    assert all(torch.equal(value, before[key]) for key, value in supernet.state_dict().items())
    wanted = torch.linalg.eigvalsh(_hessian(supernet, batch))[-1]
    assert found == pytest.approx(float(wanted), rel=1e-6)
    few = dominant_eigenvalue(supernet, batch, iterations=3)
    assert few is not None and few <= float(wanted) + 1e-12


def _hessian(supernet: Supernet, batch: Batch) -> Tensor:
    names = [name for name, _ in supernet.named_parameters() if name.startswith("alpha:")]
    shapes = [supernet.get_parameter(name).shape for name in names]
    buffers = {name: buffer.clone() for name, buffer in supernet.named_buffers()}

    def loss(flat: Tensor) -> Tensor:
        parts = torch.split(flat, [shape.numel() for shape in shapes])
        values = {name: part.view(shape) for name, part, shape in zip(names, parts, shapes, strict=True)}
        own = {name: buffer.clone() for name, buffer in buffers.items()}
        return F.cross_entropy(functional_call(supernet, {**values, **own}, (batch[0],)), batch[1])

    flat = torch.cat([supernet.get_parameter(name).detach().reshape(-1) for name in names])
    matrix: Tensor = torch.autograd.functional.hessian(loss, flat)  # type: ignore[no-untyped-call]
    return matrix


def test_lanczos_of_a_matrix() -> None:
    values = torch.tensor([-3.0, 0.5, 0.5, 2.0, 7.0], dtype=torch.float64)
    turn, _ = torch.linalg.qr(torch.arange(25, dtype=torch.float64).view(5, 5).sin())
    matrix = turn @ torch.diag(values) @ turn.T
    found = lanczos(lambda vector: matrix @ vector, torch.ones(5, dtype=torch.float64), 5)
    assert torch.allclose(found, torch.tensor([-3.0, 0.5, 2.0, 7.0], dtype=torch.float64), rtol=0, atol=1e-10)


def epochs(name: str, *values: float | None) -> list[dict[str, float | None]]:
    return [{name: value} for value in values]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (epochs("params_deviations", 0, *[SMALL - 0.01] * WINDOW), "smaller than the mean"),
        (epochs("params_deviations", *[SMALL + 0.01] * 9), None),
        (epochs("params_deviations", *[SMALL - 0.01] * (WINDOW - 1)), None),
        (epochs("free_score", *[FREE + 0.01] * WINDOW), "without parameters"),
        (epochs("free_score", FREE + 0.01, FREE, FREE + 0.01), None),
        (epochs("free_score", FREE + 0.01, None, FREE + 0.01), None),
        (epochs("curvature", *[1.0] * WINDOW, *[GROWTH + 0.01] * WINDOW), "grew 1.34 times"),
        (epochs("curvature", *[1.0] * WINDOW, *[GROWTH - 0.01] * WINDOW), None),
        (epochs("curvature", *[-1.0] * WINDOW, *[1.0] * WINDOW), None),
    ],
)
def test_the_alarm_is_raised_beyond_the_threshold_and_says_why(rows: list[dict[str, Any]], reason: str | None) -> None:
    found = collapse(rows)
    if reason is None:
        assert found == ()
    else:
        (text,) = found
        assert reason in text


def test_epochs_without_a_score_are_no_collapse() -> None:
    """A search that trains shared weights first has no best architecture until it has scored one."""
    small = {"params_deviations": SMALL - 1, "free_score": FREE + 0.1}
    assert not collapse([{**small, "scored": 0}] * 5)
    assert not collapse([*[{**small, "scored": 0}] * 5, *[{**small, "scored": 1}] * (WINDOW - 1)])
    assert len(collapse([{**small, "scored": 1}] * WINDOW)) == 2
