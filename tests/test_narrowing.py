"""Progressive narrowing: which part is surest, what goes on in the smaller space, and going on from any step."""

from __future__ import annotations

import json
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from graph_spaces import SMALL
from shipped import SPACES as SHIPPED
from shipped import Shipped
from supernets import inputs, space_of

from hypercuboid.data.base import DataSet, Split, load_data
from hypercuboid.frontend.elaborated import Decided, KeptPath
from hypercuboid.frontend.points import points_of
from hypercuboid.graph.build import Graph
from hypercuboid.graph.decided_data import decided_data, read_decided
from hypercuboid.graph.parts import certainty, margin, parts
from hypercuboid.graph.selection import select
from hypercuboid.network.supernet import Supernet, alpha_name
from hypercuboid.pipeline import Space
from hypercuboid.runs.signals import Stopped
from hypercuboid.search.progress import Step
from hypercuboid.search.recipe import Recipe
from hypercuboid.search.strategies.base import Batch, Setting
from hypercuboid.search.strategies.narrowing import Narrowing
from hypercuboid.searching import SearchRequest, load_for_data, run_search

FILE = str(Path(__file__).parents[1] / "spaces" / "multichannelnet.hc")


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def setting(space: Space, recipe: Recipe) -> Setting:
    """What `searching` makes of a space, in float64, with architecture parameters that differ."""

    def specialise(decided: tuple[Decided, ...]) -> Graph:
        return Space(replace(space.request, binding=(*space.request.binding, *decided))).graph

    def build(graph: Graph) -> Supernet:
        return Supernet(graph, recipe.weighting, recipe.seed).double()

    supernet = build(space.graph)
    with torch.no_grad():
        for number, alpha in enumerate(supernet.alphas()):
            alpha.copy_(torch.arange(alpha.numel(), dtype=torch.float64).add(number).mul(1.7).cos().view(alpha.shape))
    data: Any = None
    return Setting(
        space.graph,
        recipe,
        data,
        torch.device("cpu"),
        specialise,
        lambda graph: supernet if graph is space.graph else build(graph),
    )


def halves(space: Space) -> tuple[Batch, Batch]:
    (x,) = inputs(space)
    (z,) = inputs(space, shift=0.5)
    *shape, classes = space.elaborated.definition.body.type.shape
    y = torch.arange(len(x) * int(np.prod(shape))).view(len(x), *shape) % classes
    return (x, y), (z, (y + 1) % classes)


def trained(space: Space, recipe: Recipe) -> Narrowing:
    """A search two steps after its start, so that its optimizers remember something."""
    strategy = Narrowing(setting(space, recipe))
    training, validation = halves(space)
    for step in range(2):
        strategy.search.alpha_step(validation, f"step {step}")
        strategy.search.weight_step(training, f"step {step}")
    return strategy


ALONE = Recipe(narrow_every=1, narrow_share=1e-9)
"""One part each time."""
SOME = Recipe(narrow_every=1, narrow_share=0.5)


def network(name: str) -> Space:
    return SMALL[name]()


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize(
    "recipe",
    [ALONE, pytest.param(SOME.model_copy(update={"narrow_by": "entropy"}), marks=pytest.mark.long)],
    ids=["margin", "entropy"],
)
def test_a_space_becomes_smaller_until_nothing_may_be_decided(name: str, recipe: Recipe) -> None:
    """Each time fewer decisions are open; what is found is an architecture of the space, with all that was decided."""
    space = network(name)
    strategy = Narrowing(setting(space, recipe))
    count = opened = len(points_of(space.elaborated.definition))
    for _ in range(40):
        made = strategy.narrow()
        left = len(points_of(strategy.supernet.graph.space.definition))
        if not made:
            assert left == count
            break
        assert 0 < left < count, made
        count = left
        found = strategy.found()
        whole = space.decide(found.selection)
        assert not whole.is_open
        assert all(found.selection.picks[site] == kept for site, kept in strategy.sites.items())
        assert {one.name: one.shape for one in space.graph.decisions} == {k: v.shape for k, v in found.weights.items()}
    else:
        pytest.fail("narrowing does not end")
    assert count < opened or name in ONE_PART


@pytest.mark.long
@pytest.mark.parametrize("shipped", SHIPPED, ids=str)
def test_every_shipped_space_is_narrowed(shipped: Shipped) -> None:
    space = shipped.load()
    strategy = Narrowing(setting(space, SOME))
    before = len(points_of(space.elaborated.definition))
    made = strategy.narrow()
    assert made and len(points_of(strategy.supernet.graph.space.definition)) < before
    assert not space.decide(strategy.found().selection).is_open


ONE_PART = ["Uneven", "HalfDecided", "FlexSepConv"]
"""Spaces with one outermost part, with which nothing would be left to search."""


@pytest.mark.parametrize("name", ["multichannel", "nested", "shared cell", "recurrent language model"])
def test_everything_that_is_left_goes_on_by_its_name(name: str) -> None:
    """Weights, statistics and what SGD remembers by name; alphas and what Adam remembers of them by labels."""
    space = space_of(name)
    strategy = trained(space, SOME)
    before, old = strategy.search, {key: value.clone() for key, value in strategy.search.supernet.state_dict().items()}
    known = {one.name: one for one in space.graph.decisions}
    assert strategy.narrow()
    after, new = strategy.search, strategy.supernet.state_dict()
    fewer = [key for key in new if not key.startswith("alpha:")]
    assert fewer and all(torch.equal(new[key], old[key]) for key in fewer)
    for number, decision in enumerate(strategy.supernet.graph.decisions):
        whole = known[decision.name]
        theirs = before.architecture.alphas[[one.name for one in space.graph.decisions].index(decision.name)]
        mine = after.architecture.alphas[number]
        remembered, own = before.architecture.adam.state[theirs], after.architecture.adam.state[mine]
        assert own["step"] == remembered["step"] == 2
        for index in np.argwhere(decision.reaching()):
            labels = {axis.name: axis.labels[i] for axis, i in zip(decision.axes, index, strict=True)}
            place, here = whole.index(labels), tuple(index)
            assert new[alpha_name(decision.name)][here] == old[alpha_name(decision.name)][place]
            assert own["exp_avg"][here] == remembered["exp_avg"][place]
            assert own["exp_avg_sq"][here] == remembered["exp_avg_sq"][place]
    names = [{id(p): key for key, p in search.supernet.named_parameters()} for search in (before, after)]
    buffers = [
        {names[i][id(weight)]: search.weight_optimizer.state[weight]["momentum_buffer"] for weight in search.weights}
        for i, search in enumerate((before, after))
    ]
    assert all(torch.equal(value, buffers[0][key]) for key, value in buffers[1].items())


def test_the_surest_part_is_decided_first() -> None:
    """Two steps of a cuboid: the one whose kept weight leads the strongest other by more, by numpy alone."""
    space = network("TwoAxes")
    strategy = Narrowing(setting(space, ALONE))
    weights = strategy.supernet.architecture_weights()["h"]
    (selection,) = select(space.graph, {"h": weights})
    (kept,) = [one.kept for one in selection.decided if one.name == "h"]
    leads = {}
    for layer in range(2):
        (path,) = kept[(layer,)]
        assert isinstance(path, KeptPath)
        decision = space.graph.decision("h")
        own = decision.index({"layer": layer, **_axes(decision.axes[1:], path)})
        rest = np.delete(weights[layer].ravel(), np.ravel_multi_index(own[1:], weights[layer].shape))
        leads[layer] = float(weights[own] - rest.max())
    surest = max(leads, key=lambda layer: leads[layer])
    found = {
        one.points[0].key[0]: margin(space.graph, {"h": weights}, one) for one in parts(space.graph, selection.decided)
    }
    assert found == pytest.approx(leads, abs=1e-15)
    assert list(strategy.narrow()) == [f"h[layer = {surest}]"]


def _axes(axes: Any, path: KeptPath) -> dict[str, Any]:
    return dict(zip([axis.name for axis in axes], (path.source, path.target, *path.label), strict=True))


def test_the_parts_of_a_sum_top_are_its_nodes() -> None:
    """Of n[2] two terms of two are kept, of n[3] two of three: a margin over the term that is dropped too."""
    space = network("Top")
    decisions = {one.name: one for one in space.graph.decisions}
    weights = {name: np.zeros(one.shape) for name, one in decisions.items()}
    weights["C.n[2]"][:] = [[0.5, 0.1, 0.0, 0.0], [0.3, 0.05, 0.05, 0.0]]
    weights["C.n[3]"][:] = [[0.25, 0.05, 0.0, 0.0], [0.3, 0.02, 0.0, 0.0], [0.24, 0.14, 0.0, 0.0]]
    (selection,) = select(space.graph, weights)
    found = parts(space.graph, selection.decided)
    assert [len(one.points) for one in found] == [2, 3]
    assert [margin(space.graph, weights, one) for one in found] == pytest.approx([0.25, 0.25 - 0.24], abs=1e-15)
    shares = np.array([0.5, 0.1, 0.3, 0.05, 0.05])
    entropy = -(shares * np.log(shares)).sum() / np.log(8)
    assert certainty(space.graph, weights, found[0]) == pytest.approx(1 - entropy, abs=1e-14)
    assert [list(one.sites) for one in found] == [["C.n[2]"], ["C.n[3]"]]


@pytest.mark.parametrize("name", SMALL)
def test_decisions_survive_json(name: str) -> None:
    space = network(name)
    (found,) = select(space.graph, Narrowing(setting(space, ALONE)).supernet.architecture_weights())
    assert read_decided(json.loads(json.dumps(decided_data(found.decided)))) == found.decided


def test_what_was_frozen_and_decided_needs_no_freezing() -> None:
    space = network("SharedCell")
    names = tuple(one.name for one in space.graph.decisions)
    strategy = Narrowing(setting(space, ALONE.model_copy(update={"freeze": names})))
    assert strategy.narrow()
    assert strategy.search.recipe.freeze == tuple(one.name for one in strategy.supernet.graph.decisions)


# ---------------------------------------------------------------- in a run


@pytest.fixture(scope="module")
def digits() -> DataSet:
    """A few of the digits: two steps an epoch."""
    whole = load_data("digits")
    splits = {name: Split(split.x[:32], split.y[:32]) for name, split in whole.splits.items()}
    return DataSet(whole.name, whole.input_type, whole.class_names, whole.mean, whole.std, splits)


RECIPE = Recipe(
    epochs=4, batch=16, seed=3, strategy="narrowing", narrow_every=1, narrow_share=0.3, alpha_lr=0.05, freeze=("Pool",)
)


def request(digits: DataSet, run: Path) -> SearchRequest:
    small = ["filters=[2, 4]", "reductions=1", "layers=3", "head=4"]
    recipe = RECIPE.model_copy(update={"freeze": ("ResizablePool",)})
    space = load_for_data(FILE, None, small, (), digits)
    return SearchRequest(space, digits, run, recipe, torch.device("cpu"), checkpoint_seconds=0)


def outcome(run: Path) -> dict[str, bytes]:
    lines = (run / "metrics.jsonl").read_text().splitlines()
    metrics = [{**json.loads(line), "seconds": 0} for line in lines]
    last = sorted((run / "checkpoints").iterdir())[-1]
    files = [run / "weights.json", run / "supernet.safetensors", run / "arch.hc", last / "tensors.safetensors"]
    return {path.name: path.read_bytes() for path in files} | {"metrics": json.dumps(metrics).encode()}


def test_stopped_after_any_step_it_goes_on_to_the_same_bits(digits: DataSet, tmp_path: Path) -> None:
    found = run_search(request(digits, tmp_path / "run"), lambda step: None)
    wanted = outcome(tmp_path / "run")
    metrics = [json.loads(line) for line in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()]
    assert [len(one["decided"]) for one in metrics] == [1, 1, 0, 0]
    assert metrics[0]["open"] > metrics[1]["open"] == metrics[3]["open"] > 0
    kept = {site: labels for one in metrics for site, labels in one["decided"].items()}
    assert found.selection is not None and kept.items() <= dict(found.selection.picks).items()
    for last in (2, 3):

        def stop(step: Step, last: int = last) -> None:
            if step.step == last:
                signal.raise_signal(signal.SIGINT)

        place = tmp_path / f"after-{last}"
        with pytest.raises(Stopped):
            run_search(request(digits, place), stop)
        run_search(request(digits, place), lambda step: None)
        assert outcome(place) == wanted, last
