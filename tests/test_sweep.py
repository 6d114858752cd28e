"""Sweeps: a file becomes searches, fleets bring them to their ends whatever happens, one command shows the table."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from commands import run as command

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.fleets import FLEETS, Asked, Fleet, Job, Task, run_fleet
from hypercuboid.fleets.processes import Process, Processes
from hypercuboid.fleets.remote import run_task, stop_file
from hypercuboid.runs.folder import RunFolder
from hypercuboid.runs.signals import Stopped
from hypercuboid.sweep_table import sweep_table
from hypercuboid.sweeping import is_done, members_of, read_sweep

ROOT = Path(__file__).resolve().parents[1]
FILE = str(ROOT / "spaces" / "multichannelnet.hc")
SWEEP = f"""
data = "digits"
spaces = ["{FILE}", "a.hc:S(up = true)"]
seeds = [3, 4]

[settings]
epochs = 2
compile = false
param = ["layers=2", "head=4"]
temperature = [5, 1]

[vary]
weighting = ["scalar", "max_w"]
alpha_lr = [0.1, 0.01]
"""


def write(folder: Path, text: str = SWEEP) -> Path:
    path = folder / "sweep.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


# ---------------------------------------------------------------- files


def test_members_are_all_combinations_in_order(tmp_path: Path) -> None:
    found = members_of(read_sweep(write(tmp_path)), Path("runs"))
    names = [one.name for one in found]
    assert len(names) == len({*names}) == 16
    assert names[:3] == [
        "multichannelnet/weighting=scalar,alpha_lr=0.1/seed-3",
        "multichannelnet/weighting=scalar,alpha_lr=0.1/seed-4",
        "multichannelnet/weighting=scalar,alpha_lr=0.01/seed-3",
    ]
    assert names[-1] == "a-S-up-=-true-/weighting=max_w,alpha_lr=0.01/seed-4"
    assert found[0].run == Path("runs") / names[0]
    assert shlex.join(found[0].arguments) == shlex.join(
        [
            *("search", FILE, "--data", "digits", "--run", f"runs/{names[0]}", "--seed", "3", "--quiet"),
            *("--epochs", "2", "--param", "layers=2", "--param", "head=4", "--temperature", "5", "1"),
            *("--weighting", "scalar", "--alpha-lr", "0.1"),
        ]
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("data = ", "is no TOML"),
        ('data = "digits"\nspaces = []', "`spaces`: list should have at least 1 item"),
        ('data = "digits"\nspaces = ["a.hc"]\nseed = 3', "`seed`: extra inputs are not permitted"),
        ('data = "digits"\nspaces = ["a.hc"]\n[vary]\nseed = [1, 2]', "`seed` is no setting"),
        ('data = "digits"\nspaces = ["a.hc", "b/a.hc"]', "two searches are `a/seed-0`"),
        ('data = "digits"\nspaces = ["a.hc"]\nseeds = 100001', "more than 100,000 searches"),
    ],
)
def test_what_is_no_sweep_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(HypercuboidError) as caught:
        members_of(read_sweep(write(tmp_path, text)), tmp_path)
    assert told in caught.value.diagnostics[0].message


def test_wrong_settings_are_told_before_anything_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, SWEEP.replace("epochs = 2", 'epochs = "many"'))
    assert command("sweep", str(path), "--run", str(tmp_path / "runs")) == 2
    assert (
        "multichannelnet/weighting=scalar,alpha_lr=0.1/seed-3: Invalid value for '--epochs'" in capsys.readouterr().err
    )
    path = write(tmp_path, SWEEP.replace("epochs = 2", "epoch = 2"))
    assert command("sweep", str(path), "--run", str(tmp_path / "runs")) == 2
    assert "--epoch" in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()
    path = write(tmp_path, SWEEP)
    assert command("sweep", str(path), "--run", str(tmp_path / "runs"), "--on", "slrum") == 1
    assert "error[HC7812]: no fleet is called `slrum`" in capsys.readouterr().err
    assert command("sweep", str(path), "--run", str(tmp_path / "runs"), "--dry-run") == 0
    assert capsys.readouterr().out.count("hypercuboid search ") == 16


def test_a_finished_run_of_other_settings_is_not_taken_for_one_of_the_sweep(tmp_path: Path) -> None:
    member = members_of(read_sweep(write(tmp_path)), tmp_path)[0]
    assert not is_done(member)
    line = shlex.join(["hypercuboid", *member.arguments]).replace(str(tmp_path), ".")
    with RunFolder.create(member.run, {"kind": "search", "command": line}):
        assert not is_done(member)
    assert is_done(member)
    other = members_of(read_sweep(write(tmp_path, SWEEP.replace("epochs = 2", "epochs = 3"))), tmp_path)[0]
    with pytest.raises(HypercuboidError) as caught:
        is_done(other)
    assert caught.value.diagnostics[0].code == "HC7008"


# ---------------------------------------------------------------- fleets


def task(folder: Path, name: str, *arguments: str) -> Task:
    return Task(name, arguments, folder / f"{name}.log")


@dataclass
class KillsFirst:
    """A fleet of this machine whose first start of each of some tasks is killed at once."""

    victims: list[str]

    def start(self, task: Task) -> Process:
        job = Processes().start(task)
        if task.name in self.victims:
            self.victims.remove(task.name)
            job.process.kill()
            job.process.wait()
        return job


def test_what_fails_is_started_again_and_stops_no_other(tmp_path: Path) -> None:
    told: list[tuple[str, str]] = []
    tasks = [
        task(tmp_path, "killed", "explain", "HC7810"),
        task(tmp_path, "wrong", "explain", "HC0000"),
        task(tmp_path, "well", "explain", "HC7811"),
    ]
    failed = run_fleet(KillsFirst(["killed"]), tasks, 2, 1, lambda *one: told.append(one), pause=0.01)
    assert failed == {"wrong": 1}
    assert "# HC7810" in (tmp_path / "killed.log").read_text()
    assert "# HC7811" in (tmp_path / "well.log").read_text()
    assert (tmp_path / "wrong.log").read_text().count("HC0000") == 2
    assert [what for name, what in told if name == "killed"] == [
        "started",
        "ended with code -9 and goes on from its checkpoint",
        "started",
        "finished",
    ]


class Saved:
    """A job that was saved at its first end, and finished at its second."""

    def __init__(self, codes: list[int]) -> None:
        self.codes, self.mine = codes, codes.pop(0)

    def code(self) -> int:
        return self.mine

    def stop(self) -> None: ...


@dataclass
class Codes:
    """A fleet whose jobs end with given codes, at once."""

    codes: list[int]

    def start(self, task: Task) -> Job:
        return Saved(self.codes)


def test_a_saved_search_does_not_count_as_failed(tmp_path: Path) -> None:
    one = [task(tmp_path, "one")]
    assert run_fleet(Codes([75, 75, 75, 0]), one, 1, 0, pause=0.0) == {}
    assert run_fleet(Codes([1, 75, 1, 70]), one, 1, 2, pause=0.0) == {"one": 70}


def test_a_fleet_that_is_stopped_stops_its_searches(tmp_path: Path) -> None:
    """A pipe that nobody writes to keeps its reader waiting; SIGTERM ends it."""
    pipe = tmp_path / "pipe.py"
    os.mkfifo(pipe)

    class Asks:
        jobs: list[Process]

        def start(self, task: Task) -> Process:
            held = subprocess.Popen([sys.executable, "-c", f"open({str(pipe)!r}).read()"], start_new_session=True)
            self.jobs = [Process(held)]
            os.kill(os.getpid(), signal.SIGTERM)
            return self.jobs[0]

    fleet = Asks()
    with pytest.raises(Stopped):
        run_fleet(fleet, [task(tmp_path, "one")], 1, 0, pause=0.01)
    assert fleet.jobs[0].code() == -signal.SIGTERM


def test_the_fleets_that_there_are() -> None:
    assert sorted(FLEETS) == ["dask", "local", "slurm", "submitit-local"]


@pytest.mark.parametrize("name", ["local", "submitit-local", pytest.param("dask", marks=pytest.mark.long)])
@pytest.mark.filterwarnings("ignore")
def test_every_fleet_runs_tasks_and_tells_their_codes(tmp_path: Path, name: str) -> None:
    tasks = [task(tmp_path, "well", "explain", "HC7810"), task(tmp_path, "wrong", "explain", "HC0000")]
    with FLEETS[name](Asked(tmp_path / "own", 2)) as fleet:
        assert run_fleet(fleet, tasks, 2, 0) == {"wrong": 1}
    assert "# HC7810" in (tmp_path / "well.log").read_text()


@pytest.mark.parametrize(("name", "package"), [("slurm", "submitit"), ("dask", "distributed")])
def test_a_fleet_without_its_package_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(HypercuboidError) as caught, FLEETS[name](Asked(tmp_path)):
        pass
    assert caught.value.diagnostics[0].code == "HC7813"


# ---------------------------------------------------------------- the table


def made(folder: Path, weighting: str, seed: int, accuracy: float, params: int | None, end: bool = True) -> None:
    config = {"kind": "search", "command": f"{seed}", "seed": seed, "recipe": {"weighting": weighting, "epochs": 2}}
    run = RunFolder.create(folder / weighting / f"seed-{seed}", {**config, "hash": f"{seed}"})
    with run:
        run.log(epoch=1, validation_accuracy=0.1, params=1, seconds=1.5)
        run.log(epoch=2, validation_accuracy=accuracy, params=params, seconds=2.0)
    if not end:
        run.mark("interrupted")


def test_the_table_of_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made(tmp_path, "scalar", 0, 0.5, 10)
    made(tmp_path, "scalar", 1, 0.7, 30)
    made(tmp_path, "scalar", 2, 0.9, 20)
    made(tmp_path, "max_w", 0, 0.8, None)
    made(tmp_path, "max_w", 1, 0.2, 5, end=False)
    table = sweep_table(tmp_path)
    assert table.settings == ("recipe.weighting",)
    runs = [f"max_w/seed-{n}" for n in (0, 1)] + [f"scalar/seed-{n}" for n in (0, 1, 2)]
    assert [row.run for row in table.rows] == runs
    assert [row.state for row in table.rows] == ["finished", "stopped", "finished", "finished", "finished"]
    first, second = table.groups
    assert (dict(first.settings), first.seeds) == ({"recipe.weighting": "max_w"}, 1)
    assert first.spread == {"validation_accuracy": (0.8, 0.0)}
    assert second.seeds == 3
    assert second.spread["validation_accuracy"] == pytest.approx((0.7, 0.2))
    assert second.spread["params"] == (20.0, 10.0)
    assert table.hours == pytest.approx(5 * 3.5 / 3600)
    assert command("sweep", "--table", str(tmp_path), "--format", "json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert [one["validation_accuracy"] for one in shown["searches"]] == [0.8, 0.2, 0.5, 0.7, 0.9]
    assert command("sweep", "--table", str(tmp_path), "--format", "csv") == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("max_w/seed-0,0,finished,2/2,max_w,0.8,")
    assert command("sweep", "--table", str(tmp_path)) == 0
    assert "0.7 +- 0.2" in capsys.readouterr().out


# ---------------------------------------------------------------- real searches

REAL = f"""
data = "digits"
spaces = ["{FILE}"]
seeds = 2

[settings]
strategy = "first_order"
epochs = 3
batch = 300
device = "cpu"
threads = 1
checkpoint_minutes = 0
param = ["filters=[2,4]", "reductions=1", "layers=2", "head=4"]
"""


@dataclass
class KillsAtCheckpoint:
    """A fleet whose first start of each task is killed once it has a checkpoint."""

    fleet: Fleet
    folder: Path
    killed: list[str]

    def start(self, task: Task) -> Job:
        job = self.fleet.start(task)
        if task.name not in self.killed:
            self.killed.append(task.name)
            assert isinstance(job, Process)
            while not list((self.folder / task.name / "checkpoints").glob("step-*")):
                assert job.code() is None, task.log.read_text()
                time.sleep(0.02)
            job.process.kill()
        return job


@pytest.mark.long
@pytest.mark.timeout(600)
def test_killed_searches_of_a_sweep_end_as_unbroken_ones(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, REAL)
    assert command("sweep", str(path), "--run", str(tmp_path / "whole"), "--jobs", "2") == 0
    assert "multichannelnet/seed-1  finished  3/3" in capsys.readouterr().out
    broken = tmp_path / "broken"
    members = members_of(read_sweep(path), broken)
    tasks = [task(tmp_path, one.name, *one.arguments) for one in members]
    fleet = KillsAtCheckpoint(Processes(), broken, [])
    assert run_fleet(fleet, tasks, 2, 1) == {}
    assert fleet.killed == [one.name for one in members]
    for one in members:
        for name in ("weights.json", "supernet.safetensors", "arch.hc"):
            assert (one.run / name).read_bytes() == (tmp_path / "whole" / one.name / name).read_bytes()
    assert command("sweep", str(path), "--run", str(broken), "--jobs", "2") == 0
    assert "started" not in capsys.readouterr().err


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_task_elsewhere_is_stopped_by_a_file(tmp_path: Path) -> None:
    """What a machine of a cluster runs: saved, 75."""
    (member, _) = members_of(read_sweep(write(tmp_path, REAL.replace("epochs = 3", "epochs = 100000"))), tmp_path)
    one = task(tmp_path, "one", *member.arguments)
    stop_file(one).touch()
    assert run_task(one) in (75, -signal.SIGTERM)
