"""Run folders: nothing is lost, every refusal says why; exact intervals."""

from __future__ import annotations

import json
import math
import multiprocessing
import multiprocessing.connection
import os
import signal
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.runs.files import write_text
from hypercuboid.runs.folder import RunFolder
from hypercuboid.runs.intervals import binomial_interval
from hypercuboid.runs.lock import take_lock
from hypercuboid.runs.reading import CONFIG, read_run


def refused(path: Path) -> tuple[str, str]:
    with pytest.raises(HypercuboidError) as raised:
        RunFolder.create(path, {})
    (diagnostic,) = raised.value.diagnostics
    return diagnostic.code, diagnostic.message


def test_a_run_writes_its_folder(tmp_path: Path) -> None:
    with RunFolder.create(tmp_path / "deep" / "run", {"kind": "search", "seed": 3}) as run:
        assert read_run(run.path).state == "running"
        run.log(epoch=1, loss=0.5)
        run.log(epoch=2, loss=0.25)
        run.write_text("arch.hc", "arch A of B {}\n")
        run.write_tensors("weights.safetensors", {"a": torch.arange(6.0).reshape(2, 3).T})
    read = read_run(run.path)
    assert (read.state, read.config) == ("finished", {"kind": "search", "seed": 3})
    assert read.read_text("arch.hc") == "arch A of B {}\n"
    lines = [json.loads(line) for line in read.read_text("metrics.jsonl").splitlines()]
    assert lines == [{"epoch": 1, "loss": 0.5}, {"epoch": 2, "loss": 0.25}]
    assert load_file(read.need("weights.safetensors"))["a"].tolist() == [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]]
    names = {one.name for one in run.path.iterdir()}
    assert names == {"config.json", "state.json", "metrics.jsonl", "lock", "arch.hc", "weights.safetensors"}


@pytest.mark.parametrize("problem", [KeyboardInterrupt, ValueError])
def test_a_run_that_is_left_early_is_interrupted(tmp_path: Path, problem: type[BaseException]) -> None:
    def leave() -> None:
        with RunFolder.create(tmp_path / "run", {}) as run:
            run.log(epoch=1)
            raise problem

    with pytest.raises(problem):
        leave()
    assert read_run(tmp_path / "run").state == "interrupted"
    assert (tmp_path / "run" / "metrics.jsonl").read_text() == '{"epoch": 1}\n'
    code, message = refused(tmp_path / "run")
    assert (code, message) == ("HC7005", f"the run folder `{tmp_path / 'run'}` holds another run")


def test_a_finished_run_is_not_overwritten(tmp_path: Path) -> None:
    with RunFolder.create(tmp_path / "run", {"seed": 1}):
        pass
    before = {one.name: one.read_bytes() for one in (tmp_path / "run").iterdir()}
    assert refused(tmp_path / "run") == ("HC7005", f"the run folder `{tmp_path / 'run'}` holds a finished run")
    assert {one.name: one.read_bytes() for one in (tmp_path / "run").iterdir()} == before


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    assert refused(tmp_path) == ("HC7005", f"the run folder `{tmp_path}` holds other files")
    assert [one.name for one in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_file_in_the_way_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file")
    assert refused(tmp_path / "run")[0] == "HC7004"
    assert refused(tmp_path / "run" / "inner") == (
        "HC7004",
        f"cannot make the run folder `{tmp_path / 'run' / 'inner'}`: `{tmp_path / 'run'}` is a file",
    )
    assert (tmp_path / "run").read_text() == "a file"


def test_an_unwritable_place_is_refused() -> None:
    assert refused(Path("/proc/nowhere/run"))[0] == "HC7004"


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser writes everywhere")
def test_a_read_only_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir(mode=0o500)
    assert refused(tmp_path / "run")[0] == "HC7004"


def test_a_run_in_use_is_refused_and_freed_by_the_death_of_its_holder(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    receive, send = context.Pipe(duplex=False)
    holder = context.Process(target=_hold, args=(tmp_path / "run", send))
    holder.start()
    assert receive.recv() == "held"
    with pytest.raises(HypercuboidError, match=f"in use by process {holder.pid} on "):
        _lock(tmp_path / "run")
    assert holder.pid is not None
    os.kill(holder.pid, signal.SIGKILL)
    holder.join(20)
    _lock(tmp_path / "run")


def test_who_comes_while_a_run_is_being_made_is_told_who_makes_it(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    with take_lock(folder):
        (folder / CONFIG).write_text("{}")
        with pytest.raises(HypercuboidError, match=f"in use by process {os.getpid()} on "):
            RunFolder.create(folder, {})
    with pytest.raises(HypercuboidError, match="holds"):
        RunFolder.create(folder, {})


def _hold(path: Path, send: multiprocessing.connection.Connection) -> None:
    with RunFolder.create(path, {}):
        send.send("held")
        signal.pause()


def _lock(path: Path) -> None:
    take_lock(path).close()


@pytest.mark.parametrize("content", ["", "{", "[1]", "\xff"])
def test_a_damaged_run_is_refused(tmp_path: Path, content: str) -> None:
    with RunFolder.create(tmp_path / "run", {}):
        pass
    (tmp_path / "run" / "config.json").write_text(content, encoding="latin-1")
    with pytest.raises(HypercuboidError, match="is missing or damaged"):
        read_run(tmp_path / "run")


def test_what_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HypercuboidError, match="is not a run folder"):
        read_run(tmp_path)
    with pytest.raises(HypercuboidError, match="does not exist"):
        read_run(tmp_path / "nowhere")


def test_a_folder_of_seeds_is_told_as_such(tmp_path: Path) -> None:
    with RunFolder.create(tmp_path / "seed-0", {}):
        pass
    with pytest.raises(HypercuboidError) as raised:
        read_run(tmp_path)
    (found,) = raised.value.diagnostics
    assert found.code == "HC7007" and found.help == f"it holds several seeds: give one, as `{tmp_path / 'seed-0'}`"


def test_a_file_that_a_run_lacks_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), RunFolder.create(tmp_path / "run", {}):
        raise KeyboardInterrupt
    with pytest.raises(HypercuboidError, match=r"which is interrupted has no `model\.py`"):
        read_run(tmp_path / "run").need("model.py")


def test_metrics_hold_no_nan(tmp_path: Path) -> None:
    with RunFolder.create(tmp_path / "run", {}) as run, pytest.raises(ValueError, match="not JSON compliant"):
        run.log(loss=math.nan)


def test_writing_replaces_a_file_whole(tmp_path: Path) -> None:
    write_text(tmp_path / "a.json", "one")
    write_text(tmp_path / "a.json", "two")
    assert (tmp_path / "a.json").read_text() == "two"
    assert [one.name for one in tmp_path.iterdir()] == ["a.json"]


def test_writing_where_nothing_can_be_written_is_a_diagnostic(tmp_path: Path) -> None:
    with pytest.raises(HypercuboidError, match="it is a folder"):
        write_text(tmp_path, "x")
    with pytest.raises(HypercuboidError, match="no such file or directory"):
        write_text(tmp_path / "nowhere" / "a.json", "x")


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(0, 10, 0.0, 1 - 0.025**0.1), (10, 10, 0.025**0.1, 1.0), (5, 10, 0.18708602844739855, 0.8129139715526015)],
)
def test_interval_equals_its_closed_forms(successes: int, trials: int, low: float, high: float) -> None:
    assert binomial_interval(successes, trials) == pytest.approx((low, high), abs=1e-12)


@pytest.mark.parametrize(("successes", "trials"), [(1, 7), (3, 7), (353, 360)])
def test_interval_ends_are_where_the_tails_hold_a_fortieth(successes: int, trials: int) -> None:
    """The definition: at the lower end P(X >= k) = 0.025, at the upper end P(X <= k) = 0.025."""

    def mass(k: int, p: float) -> float:
        return math.comb(trials, k) * p**k * (1 - p) ** (trials - k)

    low, high = binomial_interval(successes, trials)
    assert sum(mass(k, low) for k in range(successes, trials + 1)) == pytest.approx(0.025, abs=1e-9)
    assert sum(mass(k, high) for k in range(successes + 1)) == pytest.approx(0.025, abs=1e-9)
