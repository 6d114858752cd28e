"""Alternatives weighed by what the supernet loses without them (DARTS-PT): against formulas, and by the command."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from shipped import SPACES as SHIPPED
from shipped import Shipped
from supernets import ROOT, fill, inputs, space_of
from torch.nn import functional as F

from hypercuboid.cli.main import main
from hypercuboid.graph.groups import groups
from hypercuboid.network.supernet import Supernet
from hypercuboid.pipeline import Space, load
from hypercuboid.search.removal import Removals, removals
from hypercuboid.search.strategies.base import Batch

CHOICE = """hypercuboid 1
use std.ops { gap, identity, linear, zero }

space S() on x: image(4, 3, 3) {
  out x -> choose op { keep: identity, nothing: zero } -> gap -> linear(3)
}
"""


def made(space: Space, weighting: str = "scalar") -> tuple[Supernet, list[Batch]]:
    """A supernet with weights by formula in float64, and one batch of classes."""
    supernet = space.supernet(weighting).double()
    fill(supernet)
    given = inputs(space, 6)
    with torch.no_grad():
        output = supernet(*(one.double() if one.is_floating_point() else one for one in given))
    (x,) = given
    scores = output.movedim(1, -1) if output.dim() == 4 else output
    y = (torch.arange(scores[..., 0].numel()) % scores.shape[-1]).view(scores.shape[:-1])
    return supernet, [(x.double() if x.is_floating_point() else x, y)]


def test_without_the_only_signal_the_last_layer_gives_its_bias(tmp_path: Path) -> None:
    """softmax weights are p and 1 - p: the supernet sees p x, without `nothing` x itself, without `keep` zeros."""
    (tmp_path / "s.hc").write_text(CHOICE)
    supernet, batches = made(load(tmp_path / "s.hc"))
    ((x, y),) = batches
    p = torch.softmax(supernet.alphas()[0].detach(), 0)[0]
    linear = next(one for name, one in supernet.instances.items() if "linear" in name)
    means = x.mean((2, 3))
    whole, kept, nothing = (F.cross_entropy(linear(scale * means), y).item() for scale in (p, 1.0, 0.0))
    found = removals(supernet, batches)
    assert found.loss == pytest.approx(whole, rel=1e-12)
    expected = np.array([nothing, kept]) - min(nothing, kept)
    assert found.weights()["out.op"] == pytest.approx(expected, abs=1e-12)
    assert expected.max() > 1e-3


@pytest.mark.parametrize("weighting", ["scalar", "max_w", "uniform"])
def test_each_is_the_loss_with_the_rest_of_its_group_as_it_was(weighting: str) -> None:
    """By another route: the coefficients of the plain softmax over what is left, handed in."""
    supernet, batches = made(space_of("multichannel"), weighting)
    before = {name: one.clone() for name, one in supernet.state_dict().items()}
    found = removals(supernet, batches)
    assert all(torch.equal(one, before[name]) for name, one in supernet.state_dict().items())
    if weighting == "max_w":
        return
    (decision,) = supernet.graph.decisions
    ((x, y),) = batches
    weights = supernet.architecture_weights()[decision.name]
    live = decision.reaching()
    losses = np.full(decision.shape, np.nan)
    supernet.train()
    for _, index in groups(decision):
        for place in np.argwhere(live[index]):
            left = weights.copy()
            left[index][tuple(place)] = 0.0
            left[index] /= left[index].sum()
            with torch.no_grad():
                output = supernet(
                    x, coefficients={decision.name: torch.from_numpy(left)}, kept={decision.name: left > 0}
                )
            losses[index][tuple(place)] = float(F.cross_entropy(output, y))
        losses[index] -= np.nanmin(losses[index])
    assert found.weights()[decision.name] == pytest.approx(np.nan_to_num(losses), abs=1e-9)
    assert np.nanmax(losses) > 1e-6


@pytest.mark.parametrize(
    "shipped",
    [one if n % 8 == 0 else pytest.param(one, marks=pytest.mark.long) for n, one in enumerate(SHIPPED)],
    ids=str,
)
def test_on_any_space_the_least_missed_of_a_group_has_weight_zero(shipped: Shipped) -> None:
    space = shipped.load()
    if space.elaborated.definition.body.type.shape[-1] == 1:
        pytest.skip("its output is a number, and classes are asked for here")
    supernet, batches = made(space)
    found: Removals = removals(supernet, batches)
    for decision in supernet.graph.decisions:
        array, live = found.without[decision.name], decision.reaching()
        assert np.isfinite(array[live]).any() or live.sum() <= 1
        for _, index in groups(decision):
            if live[index].sum() > 1:
                assert np.nanmin(array[index]) == 0.0
                assert np.isfinite(array[index][live[index]]).all()
    assert not space.select(found.weights()).is_open


def test_the_command_writes_weights_that_select_takes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = [part for one in ("filters=[2,4]", "reductions=1", "layers=2", "head=4") for part in ("-p", one)]
    run, file = tmp_path / "run", str(ROOT / "spaces" / "multichannelnet.hc")
    search = ["search", file, *small, "--data", "digits", "--run", str(run), "--epochs", "1", "--batch", "300"]
    assert _ended([*search, "--strategy", "first_order", "--quiet"]) == 0
    capsys.readouterr()
    assert _ended(["perturb", str(run), "--data", "digits", "--images", "100", "--quiet"]) == 0
    said = capsys.readouterr().out
    assert _ended(["select", str(run), "--weights", str(run / "perturbation.json")]) == 0
    selected, warned = capsys.readouterr()
    arch = said[said.index("arch ") : said.index("wrote ")]
    assert arch in selected and not warned
    alone = tmp_path / "alone"
    other = ["search", file, *small, "--data", "digits", "--run", str(alone), "--epochs", "1", "--trainings", "2"]
    assert _ended([*other, "--batch", "300", "--sharing", "0", "--quiet"]) == 0
    assert _ended(["perturb", str(alone), "--data", "digits"]) == 1
    assert "error[HC7710]" in capsys.readouterr().err


def _ended(arguments: list[str]) -> object:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return ended.value.code
