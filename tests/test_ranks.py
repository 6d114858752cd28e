"""Several ranks: two processes come to what one computes, stop and go on together, and one of them writes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from commands import few_digits
from supernets import images, space_of

from hypercuboid.cli.ranks import on_ranks
from hypercuboid.data.batches import Loader, step_seed
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.ranks import ALONE, Ranks
from hypercuboid.ranks.join import joined
from hypercuboid.ranks.launch import Layout, _free_port, _outcome, is_launcher, launch, layout_of
from hypercuboid.ranks.synchronised import check_synchronised, synchronised

ROOT = Path(__file__).resolve().parents[1]
DRIVER = Path(__file__).parent / "ranks" / "two_ranks.py"
FILE = str(ROOT / "spaces" / "multichannelnet.hc")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def drive(folder: Path, jobs: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The outcomes of modes of the driver, in a process of its own that forks two ranks."""
    command = [sys.executable, str(DRIVER), str(folder), json.dumps(jobs)]
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, check=False)
    assert done.returncode == 0, done.stderr
    return dict(zip(jobs, map(json.loads, done.stdout.splitlines()), strict=True))


def code_of(caught: pytest.ExceptionInfo[HypercuboidError]) -> str:
    return caught.value.diagnostics[0].code


# ---------------------------------------------------------------- two ranks against one process

CASES: list[dict[str, Any]] = [
    {"space": "cuboid"},
    {"space": "cuboid", "weighting": "gdas"},
    {"space": "cuboid", "strategy": "second_order", "evaluate": True},
    {"space": "cells", "strategy": "second_order"},
]
MORE: list[dict[str, Any]] = [
    {"space": space, "strategy": strategy, "evaluate": evaluate}
    for space in ("cuboid", "cells")
    for strategy in ("first_order", "second_order", "second_order_difference", "single_level")
    for evaluate in (False, True)
]
MORE += [
    {"space": space, "weighting": weighting, "evaluate": evaluate}
    for space in ("cuboid", "cells")
    for weighting in ("gdas", "proxyless", "uniform", "max_w", "gumbel_softmax", "dirichlet")
    for evaluate in (False, True)
]
MORE += [
    {"space": "cuboid", "strategy": "second_order", "weighting": "gdas", "evaluate": True},
    {"space": "cuboid", "evaluate": True, "recipe": {"perturb": "adversarial"}},
    {"space": "cells", "evaluate": True, "recipe": {"cost": "params", "penalty": "zero_one"}},
]

QUICK: dict[str, dict[str, Any]] = {
    "numbers": {"cases": CASES},
    "runs": {"strategies": ["first_order"], "stops": [2], "kills": [4]},
    "trainings": {"recipes": [{"ema": 0.9, "label_smoothing": 0.1}]},
    "training_runs": {"stops": [2]},
    "scores": {"strategies": ["random"]},
}
FULL: dict[str, dict[str, Any]] = {
    "numbers": {"cases": MORE},
    "runs": {"strategies": ["evolution", "narrowing", "second_order"], "stops": [3, 5], "kills": [2]},
    "trainings": {"recipes": [{}, {"ema": 0.9}]},
    "training_runs": {"stops": [1, 3, 5]},
    "scores": {"strategies": ["evolution", "reinforce"]},
}


def check_numbers(found: dict[str, Any], asked: dict[str, Any]) -> None:
    assert found["codes"] == [0, 0]
    assert max(found["distances"]) < 1e-10, found
    assert min(found["moved"]) > 1e-3
    assert len(found["distances"]) == len(asked["cases"])


def check_runs(found: dict[str, Any], asked: dict[str, Any]) -> None:
    assert found["different"] == []
    for name, codes in found["codes"].items():
        expected = [[75, 75], [0, 0]] if "stopped" in name else [[76, -signal.SIGKILL], [0, 0]]
        assert codes == (expected if "-" in name else [0, 0]), name


def check_trainings(found: dict[str, Any], asked: dict[str, Any]) -> None:
    assert found["codes"] == [0, 0]
    assert max(found["distances"]) < 1e-10, found
    assert all(together == alone for together, alone in found["scores"])


def check_training_runs(found: dict[str, Any], asked: dict[str, Any]) -> None:
    assert found["different"] == []
    assert found["codes"].pop("whole") == [0, 0]
    assert list(found["codes"].values()) == [[[75, 75], [0, 0]]] * len(asked["stops"])


def check_scores(found: dict[str, Any], asked: dict[str, Any]) -> None:
    assert found["codes"] == [0, 0]
    assert found["together"] == found["alone"]
    assert len(found["alone"]) == len(asked["strategies"])


CHECKS = {
    "numbers": check_numbers,
    "runs": check_runs,
    "trainings": check_trainings,
    "training_runs": check_training_runs,
    "scores": check_scores,
}


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    "jobs", [QUICK, *(pytest.param({name: FULL[name]}, marks=pytest.mark.long) for name in FULL)], ids=" ".join
)
def test_two_ranks_equal_one_process_and_go_on_bit_for_bit(tmp_path: Path, jobs: dict[str, Any]) -> None:
    """Two ranks on gloo in float64, to 1e-10: one process that takes the means of two halves, or of whole batches where
    batch norm is in eval mode. A signal to rank 1 stops both; where it is killed, rank 0 ends too. Rank 1 has a folder
    of its own to look for, as on another machine, and never makes it.
    """
    for name, found in drive(tmp_path, jobs).items():
        CHECKS[name](found, jobs[name])


# ---------------------------------------------------------------- shares


class Rank(Ranks):
    """A rank of several that only shares."""

    def __init__(self, rank: int, size: int) -> None:
        self.rank, self.size = rank, size


@pytest.mark.parametrize("size", [1, 2, 3, 8])
def test_shares_are_all_of_a_batch_in_turn_without_overlap(size: int) -> None:
    for start, stop in [(0, 48), (7, 31), (5, 5 + 2 * size)]:
        shares = [Rank(rank, size).share(start, stop) for rank in range(size)]
        assert [one for begin, end in shares for one in range(begin, end)] == list(range(start, stop))
        assert min(end - begin for begin, end in shares) >= 2
    assert {Rank(rank, size).share(3, 3 + 2 * size - 1) for rank in range(size)} == {(3, 2 + 2 * size)}


def test_loaders_of_ranks_read_the_batches_of_one_in_parts() -> None:
    import torch

    data, device = few_digits(), torch.device("cpu")
    whole = list(Loader(data.splits["train"], 16, device, 5).epoch(2))
    parts = [list(Loader(data.splits["train"], 16, device, 5, ranks=Rank(rank, 4)).epoch(2)) for rank in range(4)]
    for number, (x, y) in enumerate(whole):
        assert torch.equal(torch.cat([part[number][0] for part in parts]), x)
        assert torch.equal(torch.cat([part[number][1] for part in parts]), y)


def test_ranks_draw_dropout_of_their_own_and_one_alone_as_ever() -> None:
    assert step_seed(1, 2, 0) == step_seed(1, 2)
    assert len({step_seed(1, 2, rank) for rank in range(8)}) == 8


@pytest.mark.parametrize(("batch", "images", "fits"), [(64, 64, True), (64, 63, False), (66, 99, False), (4, 9, False)])
def test_a_batch_must_be_shared_equally(batch: int, images: int, fits: bool) -> None:
    ALONE.check_batch(batch, images)
    if fits:
        Rank(0, 4).check_batch(batch, images)
        return
    with pytest.raises(HypercuboidError) as caught:
        Rank(0, 4).check_batch(batch, images)
    assert code_of(caught) == "HC7801"


def test_synchronised_batch_norm_is_the_same_network(tmp_path: Path) -> None:
    """Of the whole batch only on a GPU; with running statistics it computes what the layer did in whose place it is."""
    import torch
    from torch import nn
    from torch.nn.modules.batchnorm import _BatchNorm

    space = space_of("darts")
    plain, other = space.supernet(seed=1).eval(), space.supernet(seed=1).eval()
    other.replace(synchronised)
    norms = [one for one in other.modules() if isinstance(one, _BatchNorm)]
    assert norms and all(isinstance(one, nn.SyncBatchNorm) for one in norms)
    assert len(norms) == sum(isinstance(one, _BatchNorm) for one in plain.modules())
    assert all(any(norm is one for layer in other.instances.values() for one in layer.modules()) for norm in norms)
    assert list(other.state_dict()) == list(plain.state_dict())
    x = images(space).float()
    assert torch.equal(other(x), plain(x))


@pytest.mark.parametrize(("device", "twice", "told"), [("cpu", "", "GPUs only"), ("cuda", "it", "second derivative")])
def test_batch_norm_that_cannot_be_synchronised_is_refused(device: str, twice: str, told: str) -> None:
    import torch

    check_synchronised(ALONE, torch.device("cpu"), "it")
    check_synchronised(Rank(0, 2), torch.device("cuda"))
    with pytest.raises(HypercuboidError) as caught:
        check_synchronised(Rank(0, 2), torch.device(device), twice)
    assert code_of(caught) == "HC7808"
    assert told in caught.value.diagnostics[0].message


# ---------------------------------------------------------------- the launcher


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment in which nobody has started ranks."""
    for name in [name for name in os.environ if name.startswith(("TORCHELASTIC", "SLURM", "MASTER", "NODE_RANK"))]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("LOCAL_RANK", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@pytest.mark.usefixtures("bare")
def test_who_starts_the_ranks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_launcher(layout_of(1, 1))
    assert is_launcher(layout_of(2, 1))
    monkeypatch.setenv("SLURM_PROCID", "0")
    monkeypatch.setenv("SLURM_NTASKS", "1")
    assert is_launcher(layout_of(2, 1)), "a job of one task starts ranks of its own"
    monkeypatch.setenv("SLURM_NTASKS", "2")
    assert not is_launcher(layout_of(2, 1)), "srun has started them"
    for name, value in {"RUN_ID": "x", "WORLD": "6"}.items():
        monkeypatch.setenv(f"TORCHELASTIC_{name}", value)
    for name, value in {"LOCAL_WORLD_SIZE": "3", "WORLD_SIZE": "6", "LOCAL_RANK": "1"}.items():
        monkeypatch.setenv(name, value)
    assert layout_of(1, 1) == Layout(3, 2)
    assert not is_launcher(Layout(3, 2))


@pytest.mark.usefixtures("bare")
def test_the_launcher_ends_as_its_ranks_do(capfd: pytest.CaptureFixture[str]) -> None:
    assert launch(Layout(2), ["explain", "HC7801"]) == 0
    assert capfd.readouterr().out.count("# HC7801") == 2
    assert launch(Layout(2), ["no-such-command"]) == 2


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(
    ("codes", "outcome"),
    [
        ([0, 0], 0),
        ([75, 75], 75),
        ([1, 1], 1),
        ([1, -9], 1),
        ([76, -9], "rank 1 of 2 was ended by SIGKILL"),
        ([-15, 76], "rank 0 of 2 was ended by SIGTERM"),
        ([None, -9], "rank 1 of 2 was ended by SIGKILL"),
        ([76, 1], "rank 1 of 2 ended with code 1"),
        ([76, 76], "rank 0 of 2 lost the others"),
    ],
)
def test_what_codes_of_ranks_come_to(codes: list[int | None], outcome: int | str) -> None:
    """The one that can say why has said it, or it is said for it."""
    if isinstance(outcome, int):
        assert _outcome(codes, Layout(2)) == outcome
        return
    with pytest.raises(HypercuboidError) as caught:
        _outcome(codes, Layout(2))
    assert (code_of(caught), caught.value.diagnostics[0].message) == ("HC7806", outcome)


@pytest.mark.usefixtures("bare")
def test_what_cannot_be_launched_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(HypercuboidError) as caught:
        launch(Layout(2, 2), [])
    assert code_of(caught) == "HC7807"
    with pytest.raises(HypercuboidError) as caught, joined(Layout(2), "cuda:1"):
        pass
    assert code_of(caught) == "HC7805"
    with pytest.raises(HypercuboidError) as caught, joined(Layout(64), "cuda"):
        pass
    assert code_of(caught) == "HC7805"
    monkeypatch.setitem(sys.modules, "lightning_fabric", None)
    with pytest.raises(HypercuboidError) as caught, joined(Layout(2), "cpu"):
        pass
    assert code_of(caught) == "HC7804"


# ---------------------------------------------------------------- commands

SMALL = ["-p", "filters=[2,4]", "-p", "reductions=1", "-p", "layers=2", "-p", "head=4"]
ASKED = [FILE, *SMALL, "--data", "digits", "--batch", "300", "--quiet", "--threads", "1", "--device", "cpu"]
ASKED += ["--strategy", "first_order"]


def started(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "hypercuboid.cli.main", "search", *ASKED, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err


def wait_for(path: Path) -> None:
    for _ in range(1200):
        if path.exists():
            return
        time.sleep(0.1)
    raise AssertionError(f"{path} never came")


def ranks_of(launcher: int) -> list[int]:
    """The processes that it started, in the order in which it did."""
    child = re.compile(rf"\) [A-Z] {launcher} ")
    return sorted(int(path.parent.name) for path in Path("/proc").glob("[0-9]*/stat") if child.search(_text(path)))


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_command_on_two_devices_stops_is_killed_and_goes_on(tmp_path: Path) -> None:
    """SIGTERM to the launcher: saved, 75. A rank killed: all end, told which. At the end as if nothing had been."""
    whole, run = tmp_path / "whole", tmp_path / "run"
    asked = ["--devices", "2", "--checkpoint-minutes", "0", "--epochs", "6", "--run"]
    code, out, err = ended(started(*asked, str(whole)))
    assert (code, err, out.count("wrote ")) == (0, "", 1)
    first = started(*asked, str(run))
    wait_for(run / "checkpoints" / "step-0000000002")
    first.send_signal(signal.SIGTERM)
    code, _, err = ended(first)
    assert code == 75, err
    assert "stopped by SIGTERM" in err
    second = started(*asked, str(run))
    wait_for(run / "checkpoints" / "step-0000000006")
    os.kill(ranks_of(second.pid)[1], signal.SIGKILL)
    code, _, err = ended(second)
    assert code == 1
    assert "error[HC7806]: rank 1 of 2 was ended by SIGKILL" in err
    assert err.count("error[") == 1
    code, _, err = ended(started("--devices", "1", *asked[2:], str(run)))
    assert code == 1
    assert "ranks: 2 there, 1 asked for" in err
    third = started(*asked, str(run))
    code, _, err = ended(third)
    assert (code, err) == (0, "")
    for name in ("weights.json", "supernet.safetensors", "arch.hc"):
        assert (run / name).read_bytes() == (whole / name).read_bytes(), name
    code, _, err = ended(started(*asked, str(run)))
    assert code == 1
    assert err.count("error[HC7005]") == err.count("error[") == 1, err


@pytest.mark.long
@pytest.mark.timeout(600)
def test_ranks_whose_command_is_killed_save_and_end(tmp_path: Path) -> None:
    run = tmp_path / "run"
    asked = ["--devices", "2", "--checkpoint-minutes", "0", "--epochs", "500", "--run", str(run)]
    first = started(*asked)
    wait_for(run / "checkpoints" / "step-0000000002")
    ranks = ranks_of(first.pid)
    assert len(ranks) == 2
    first.kill()
    first.communicate()
    for _ in range(600):
        if not any(_lives(rank) for rank in ranks):
            break
        time.sleep(0.1)
    assert not any(_lives(rank) for rank in ranks)
    assert json.loads((run / "state.json").read_text()) == {"state": "interrupted"}
    assert (run / "arch.hc").is_file()


def _lives(number: int) -> bool:
    """Whether there is such a process that has not ended."""
    text = _text(Path(f"/proc/{number}/stat"))
    return bool(text) and ") Z " not in text


@pytest.mark.long
@pytest.mark.timeout(600)
def test_two_machines_are_two_launchers_that_meet(tmp_path: Path) -> None:
    """Each with one device: to the bit what two devices of one machine do."""
    both = {**ENVIRONMENT, "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(_free_port())}
    asked = ["--epochs", "1", "--nodes", "2", "--run", str(tmp_path / "nodes")]
    command = [sys.executable, "-m", "hypercuboid.cli.main", "search", *ASKED, *asked]
    nodes = [
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**ENVIRONMENT, **both, "NODE_RANK": rank},
        )
        for rank in "01"
    ]
    assert [ended(node)[0] for node in nodes] == [0, 0]
    assert ended(started("--epochs", "1", "--devices", "2", "--run", str(tmp_path / "devices")))[0] == 0
    found = [(tmp_path / name / "weights.json").read_bytes() for name in ("nodes", "devices")]
    assert found[0] == found[1]


@pytest.mark.long
@pytest.mark.timeout(600)
def test_torchrun_starts_the_ranks(tmp_path: Path) -> None:
    """As the launcher does, to the bit."""
    runs = [tmp_path / "torchrun", tmp_path / "own"]
    arguments = ["--", "hypercuboid.cli.main", "search", *ASKED, "--epochs", "1", "--run"]
    program = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "-m"]
    command = [*program, *arguments, str(runs[0])]
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, check=False)
    assert done.returncode == 0, done.stderr
    assert ended(started("--epochs", "1", "--devices", "2", "--run", str(runs[1])))[0] == 0
    assert (runs[0] / "weights.json").read_bytes() == (runs[1] / "weights.json").read_bytes()


def test_one_device_that_is_to_synchronise_is_told_that_it_does_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with on_ranks(1, 1, "cpu", None, sync_batch_norm=True) as (ranks, _):
        assert ranks.size == 1
    assert "warning: `--sync-batch-norm` does nothing: one device has the whole batch" in capsys.readouterr().err
