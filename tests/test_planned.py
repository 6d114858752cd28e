"""The plan of a search: chosen for device and space, said, kept in the run folder, turned off, refused by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from plan_equality import inputs_of
from supernets import space_of

from hypercuboid.cli.main import main
from hypercuboid.network.plans import PLANS, Circumstances, choose_plan
from hypercuboid.network.supernet import Supernet
from hypercuboid.search.planned import FILE, planned
from hypercuboid.search.recipe import Recipe

ROOT = Path(__file__).resolve().parent.parent
CPU = torch.device("cpu")
BY_TORCH = ["shared", "fused", "lean", "batched"]


def test_what_is_chosen_and_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """A CPU in float32 takes fused steps, with recomputation where memory is short; plain layers take plain."""
    plan = space_of("multichannel").supernet().plan
    monkeypatch.setattr(PLANS, "_entries", {name: PLANS[name] for name in ("plain", *BY_TORCH)})
    assert choose_plan(Circumstances(plan, CPU)) == ("fused", "on a CPU it takes less time and memory than op by op")
    short = Circumstances(plan, CPU, batch=64, available=2**20)
    assert choose_plan(short) == ("lean", "memory is short at batch 64")
    assert choose_plan(Circumstances(plan, CPU, batch=64, available=2**34))[0] == "fused"
    assert choose_plan(Circumstances(plan, CPU, "32", "batch norm is synchronised"))[0] == "plain"
    assert choose_plan(Circumstances(plan, torch.device("cuda")))[0] == "batched"
    assert choose_plan(Circumstances(plan, torch.device("cuda"), "bf16"))[0] == "shared"
    assert choose_plan(Circumstances(plan, CPU, "bf16"))[0] == "shared"


@pytest.mark.parametrize("name", BY_TORCH)
def test_plans_run_in_bfloat16(name: str) -> None:
    """What a search would not choose falls back to op by op there; sums are made in another order."""
    space = space_of("multichannel")
    supernet = Supernet(space.graph, seed=1, precision="bf16")
    (x,) = inputs_of(space, 8)
    found = []
    for plan in ("plain", name):
        supernet.run_by(plan)
        found.append(supernet(x.float()))
    assert torch.cosine_similarity(found[0].flatten(), found[1].flatten(), dim=0) > 0.99


def test_a_run_goes_on_by_the_plan_it_began_with(tmp_path: Path) -> None:
    supernet = space_of("multichannel").supernet()
    assert planned(supernet, Recipe(plan="plain"), CPU, tmp_path).name == "plain"
    assert planned(supernet, Recipe(), CPU, tmp_path).name != "lean"
    (tmp_path / FILE).write_text('{"plan": "lean"}')
    assert planned(supernet, Recipe(), CPU, tmp_path) == ("lean", "the run began with it")
    for damaged in ("", "[]", '{"plan": 3}'):
        (tmp_path / FILE).write_text(damaged)
        assert planned(supernet, Recipe(), CPU, tmp_path).why != "the run began with it"


SEARCH = [
    "search",
    "spaces/multichannelnet.hc",
    "--data",
    "digits",
    "--epochs",
    "1",
    "--batch",
    "300",
    "--threads",
    "1",
]
SMALL = [
    "-p",
    "filters=[4]",
    "-p",
    "reductions=1",
    "-p",
    "layers=1",
    "-p",
    "head=8",
    "--weighting",
    "scalar",
    "--threads",
    "1",
]


@pytest.mark.parametrize("given", [[], ["--plan", "plain"]], ids=["auto", "plain"])
def test_a_search_says_its_plan(
    given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit) as ended:
        main([*SEARCH, *SMALL, *given, "--run", str(tmp_path / "run")])
    assert ended.value.code == 0
    kept = json.loads((tmp_path / "run" / FILE).read_text())
    assert kept["plan"] == "plain" if given else kept["plan"] != "plain"
    assert f"plan `{kept['plan']}`: {kept['why']}" in capsys.readouterr().err
