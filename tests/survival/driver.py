"""Searches in children of one process that has torch loaded: killed, signalled, resumed, compared with an unbroken one.

Run as `python driver.py FOLDER JSON`, the JSON an object of modes and their arguments; prints one JSON line a mode. A
child is forked, so a start costs milliseconds and a kill is a real one.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import socket
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import torch

from hypercuboid.data.base import DataSet, Split, load_data
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.pipeline import Space
from hypercuboid.runs.checkpoints import Checkpoint, Checkpoints
from hypercuboid.runs.signals import Stopped
from hypercuboid.search.progress import Step
from hypercuboid.search.recipe import Recipe
from hypercuboid.searching import SearchRequest, load_for_data, run_search

FILE = str(Path(__file__).parents[2] / "spaces" / "multichannelnet.hc")
SMALL = ["filters=[2, 4]", "reductions=1", "layers=1", "head=4"]
EPOCHS = 3


def digits() -> DataSet:
    """A few of the digits: three pairs of steps an epoch."""
    whole = load_data("digits")
    splits = {name: Split(split.x[:48], split.y[:48]) for name, split in whole.splits.items()}
    return DataSet(whole.name, whole.input_type, whole.class_names, whole.mean, whole.std, splits)


@cache
def space(data: DataSet) -> Space:
    """The space, elaborated before any fork."""
    loaded = load_for_data(FILE, None, SMALL, (), data)
    loaded.counts()
    return loaded


def search(
    data: DataSet,
    run: Path,
    *,
    weighting: str = "scalar",
    strategy: str = "first_order",
    workers: int = 0,
    watch: Callable[[Step], None] = lambda step: None,
) -> None:
    recipe = Recipe(epochs=EPOCHS, batch=16, seed=3, weighting=weighting, strategy=strategy)
    request = SearchRequest(space(data), data, run, recipe, torch.device("cpu"), workers, checkpoint_seconds=0)
    run_search(request, watch)


def child(work: Callable[[], None]) -> int:
    """Runs `work` in a fork; the process number. It ends with 0, 75 where it was stopped, or 70."""
    number = os.fork()
    if number:
        return number
    code = 70
    try:
        work()
        code = 0
    except Stopped:
        code = 75
    except BaseException as problem:
        sys.stderr.write(f"child: {type(problem).__name__}: {problem}\n")
        sys.stderr.flush()
    os._exit(code)


def wait(number: int) -> int:
    """The exit code of a child, negative where a signal ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])


def outcome(run: Path) -> dict[str, str]:
    """All that two runs of one search must have in common, hashed: results, metrics without times, last checkpoint."""
    metrics = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    files = [run / "weights.json", run / "supernet.safetensors", run / "arch.hc", last_tensors(run / "checkpoints")]
    files.append(run / "weights-history.jsonl")
    found = {f"{path.parent.name}/{path.name}": path.read_bytes() for path in files}
    found = {name.replace(run.name, "run"): content for name, content in found.items()}
    found["metrics"] = json.dumps([{**one, "seconds": 0} for one in metrics]).encode()
    return {name: hashlib.sha256(content).hexdigest() for name, content in found.items()}


def last_tensors(checkpoints: Path) -> Path:
    """Of the newest checkpoint; the one file of the plain writer."""
    paths = Checkpoints(checkpoints).paths()
    return paths[-1] / "tensors.safetensors" if paths else checkpoints / PLAIN


def finish(data: DataSet, run: Path, generator: random.Random, longest: float, **asked: Any) -> tuple[int, int]:
    """Starts a search again and again and kills it at a random time, until one start ends by itself.

    The kills, and the code of the last start.
    """
    kills = 0
    while True:
        number = child(lambda: search(data, run, **asked))
        deadline = time.monotonic() + generator.uniform(0, longest)
        while time.monotonic() < deadline:
            ended, status = os.waitpid(number, os.WNOHANG)
            if ended:
                return kills, os.waitstatus_to_exitcode(status)
            time.sleep(0.0005)
        os.kill(number, signal.SIGKILL)
        ended_by = wait(number)
        if ended_by != -signal.SIGKILL:
            return kills, ended_by
        kills += 1
        if (run / "state.json").is_file() and "finished" in (run / "state.json").read_text(encoding="utf-8"):
            return kills, 0  # between its last line and its end


def unbroken(data: DataSet, folder: Path, **asked: Any) -> tuple[dict[str, str], float]:
    """What an unbroken search ends with, and its seconds."""
    begun = time.monotonic()
    assert wait(child(lambda: search(data, folder, **asked))) == 0
    return outcome(folder), time.monotonic() - begun


KILLED: tuple[dict[str, str], ...] = (
    {"weighting": "scalar"},
    {"weighting": "max_w"},
    {"weighting": "scalar", "strategy": "second_order"},
    {"weighting": "max_w", "strategy": "second_order"},
)
"""What is searched under kills: two weightings, each with first and second order."""


def kill(data: DataSet, folder: Path, kills: int, seed: int, least: int = 1) -> dict[str, Any]:
    """Kills at random times until so many are done and `least` runs have ended, over whole runs of `KILLED` in turn."""
    generator = random.Random(seed)
    wanted = [unbroken(data, folder / f"whole-{number}", **asked) for number, asked in enumerate(KILLED)]
    done = runs = 0
    different: list[str] = []
    while done < kills or runs < least:
        run = folder / f"run-{runs}"
        expected, seconds = wanted[runs % len(KILLED)]
        kills_of_run, code = finish(data, run, generator, seconds * 0.8, **KILLED[runs % len(KILLED)])
        done += kills_of_run
        runs += 1
        if code != 0:
            different.append(f"{run.name}: a start ended with {code}")
            continue
        different += [f"{run.name}: {key}" for key, value in outcome(run).items() if value != expected[key]]
    return {"kills": done, "runs": runs, "different": different}


def points(data: DataSet, folder: Path, most: int, first: int) -> dict[str, Any]:
    """Killed at each of the first `most` writes to the disk (fsync or rename) from number `first` on, then resumed."""
    expected, _ = unbroken(data, folder / "whole")
    different: list[str] = []
    killed = 0
    for point in range(first, first + most):
        run = folder / f"run-{point}"

        def work(run: Path = run, point: int = point) -> None:
            die_at(point)
            search(data, run)

        ended = wait(child(work))
        killed += ended == -signal.SIGKILL
        again = ended if ended == 0 else wait(child(lambda run=run: search(data, run)))  # type: ignore[misc]
        if again != 0:
            different.append(f"{run.name}: the second start ended with {again}")
            continue
        different += [f"{run.name}: {key}" for key, value in outcome(run).items() if value != expected[key]]
    return {"points": most, "killed": killed, "different": different}


def die_at(point: int) -> None:
    """Kills this process by itself right before its write to the disk of that number, from 0."""
    count = 0

    def dying(call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **named: Any) -> Any:
            nonlocal count
            if count == point:
                os.kill(os.getpid(), signal.SIGKILL)
            count += 1
            return call(*arguments, **named)

        return counted

    os.fsync = dying(os.fsync)
    os.rename = dying(os.rename)
    os.replace = dying(os.replace)


def signals(data: DataSet, folder: Path, count: int, seed: int) -> dict[str, Any]:
    """Signals at random times: saved and exit 75 in time, or ended before; the same search then goes on."""
    generator = random.Random(seed)
    expected, seconds = unbroken(data, folder / "whole")
    sent = runs = 0
    slowest = 0.0
    different: list[str] = []
    while sent < count:
        run = folder / f"run-{runs}"
        ended = 75
        while ended == 75:
            process = child(lambda run=run: search(data, run))  # type: ignore[misc]
            while not (hears(process) or over(process)):
                time.sleep(0.001)
            time.sleep(generator.uniform(0, 1) * seconds)
            if hears(process):
                begun = time.monotonic()
                os.kill(process, generator.choice((signal.SIGTERM, signal.SIGINT, signal.SIGUSR1)))
                sent += 1
                ended = wait(process)
                slowest = max(slowest, time.monotonic() - begun)
            else:
                ended = wait(process)
        runs += 1
        if ended != 0:
            different.append(f"{run.name}: ended with {ended}")
            continue
        different += [f"{run.name}: {key}" for key, value in outcome(run).items() if value != expected[key]]
    return {"signals": sent, "runs": runs, "slowest": slowest, "different": different}


def hears(process: int) -> bool:
    """Whether a search has its handlers: before and after, a signal ends it as any program, with nothing to save."""
    caught = int(_status(process).get("SigCgt", "0"), 16)
    return bool(caught >> (signal.SIGTERM - 1) & 1)


def over(process: int) -> bool:
    """Whether a child has ended, and waits to be asked how."""
    return _status(process)["State"].startswith("Z")


def _status(process: int) -> dict[str, str]:
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def resume(data: DataSet, folder: Path, workers: list[int], stops: list[int], searched: int = 1) -> dict[str, Any]:
    """Stopped after a step and gone on with, for each number of loader workers and the first so many of `KILLED`."""
    different: list[str] = []
    for number, asked in enumerate(KILLED[:searched]):
        (folder / str(number)).mkdir()
        different += _resumed(data, folder / str(number), workers, stops, asked)
    return {"stops": searched * len(workers) * len(stops), "different": different}


def _resumed(data: DataSet, folder: Path, workers: list[int], stops: list[int], asked: dict[str, Any]) -> list[str]:
    expected, _ = unbroken(data, folder / "whole", **asked)
    different: list[str] = []
    for count in workers:
        for stop in stops:
            run = folder / f"run-{count}-{stop}"

            def watch(step: Step, stop: int = stop) -> None:
                if step.step == stop:
                    os.kill(os.getpid(), signal.SIGTERM)

            def begin(run: Path = run, count: int = count, watch: Callable[[Step], None] = watch) -> None:
                search(data, run, workers=count, watch=watch, **asked)

            first = wait(child(begin))
            second = wait(child(lambda run=run, count=count: search(data, run, workers=count, **asked)))  # type: ignore[misc]
            if (first, second) != (75, 0):
                different.append(f"{run.name}: ended with {first}, then {second}")
                continue
            different += [f"{run.name}: {key}" for key, value in outcome(run).items() if value != expected[key]]
    return different


LOST = 3
"""The code of a start that found the folder in use."""


def races(data: DataSet, folder: Path, count: int) -> dict[str, Any]:
    """Two starts at once on one folder: one holds it, the other ends and names it. The holder is killed; a third start
    goes on without anything being cleaned up, and ends as an unbroken search."""
    expected, _ = unbroken(data, folder / "whole")
    slowest = 0.0
    different: list[str] = []
    for number in range(count):
        run = folder / f"run-{number}"
        seconds, told = _race(data, run)
        slowest = max(slowest, seconds)
        again = wait(child(lambda run=run: search(data, run)))  # type: ignore[misc]
        if told or again != 0:
            different.append(f"{run.name}: {told}, then {again}")
            continue
        different += [f"{run.name}: {key}" for key, value in outcome(run).items() if value != expected[key]]
    return {"races": count, "slowest": slowest, "different": different}


def _race(data: DataSet, run: Path) -> tuple[float, str]:
    """The seconds after which the loser ended, and what was wrong; nothing where all was right."""
    ready, go = os.pipe()
    said = run.with_name(f"{run.name}.txt")

    def start() -> None:
        os.close(go)
        os.read(ready, 1)
        try:
            search(data, run, watch=lambda step: time.sleep(60))
        except HypercuboidError as problem:
            said.write_text(problem.diagnostics[0].message, encoding="utf-8")
            os._exit(LOST)

    both = [child(start), child(start)]
    begun = time.monotonic()
    os.close(go)
    os.close(ready)
    ended, status = os.waitpid(-1, 0)
    seconds = time.monotonic() - begun
    (winner,) = (one for one in both if one != ended)
    os.kill(winner, signal.SIGKILL)
    killed, code = wait(winner), os.waitstatus_to_exitcode(status)
    wanted = f"the run folder `{run}` is in use by process {winner} on {socket.gethostname()}"
    if (code, killed) != (LOST, -signal.SIGKILL) or said.read_text(encoding="utf-8") != wanted:
        return seconds, f"ended with {code} and {killed}: {said.read_text(encoding='utf-8') if said.exists() else ''}"
    return seconds, ""


def soak(data: DataSet, folder: Path, steps: int, early: tuple[int, int], last: int) -> dict[str, Any]:
    """The MiB by which the least memory of the `last` steps is above that of steps `early`, and the file handles."""
    (reading, writing), whole = os.pipe(), load_data("digits")
    numbers: list[tuple[int, int]] = []

    def watch(step: Step) -> None:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        numbers.append((pages, sum(1 for _ in Path("/proc/self/fd").iterdir())))
        if step.step == steps:
            slices = numbers[slice(*early)], numbers[-last:]
            sizes = [min(pages for pages, _ in part) * os.sysconf("SC_PAGE_SIZE") / 2**20 for part in slices]
            handles = sorted({count for part in slices for _, count in part})
            os.write(writing, json.dumps({"growth": sizes[1] - sizes[0], "handles": handles}).encode())
            os._exit(0)

    recipe = Recipe(epochs=steps, batch=16, strategy="first_order", on_collapse="ignore")
    request = SearchRequest(space(data), whole, folder / "run", recipe, torch.device("cpu"), checkpoint_seconds=0.5)

    def work() -> None:
        run_search(request, watch)

    number = child(work)
    os.close(writing)
    code, told = wait(number), os.read(reading, 1000)
    os.close(reading)
    return {"steps": steps, "different": [] if code == 0 else [f"ended with {code}"], **json.loads(told or b"{}")}


MODES: dict[str, Callable[..., dict[str, Any]]] = {
    "kill": kill,
    "points": points,
    "signals": signals,
    "resume": resume,
    "races": races,
    "soak": soak,
}


def main() -> None:
    torch.set_num_threads(1)
    folder, jobs, plain = Path(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3:] == ["plain-writer"]
    if plain:
        plain_writer()
    data = digits()
    search(data, folder / "first")  # loads and prepares all that torch prepares once; no thread is started
    for mode, arguments in jobs.items():
        (folder / mode).mkdir()
        sys.stdout.write(json.dumps(MODES[mode](data, folder / mode, **arguments)) + "\n")


PLAIN = "last.pt"


def plain_writer() -> None:
    """The control: checkpoints as people write them, one file in place."""

    def save(self: Checkpoints, step: int, about: Any, state: Any, tensors: Any) -> None:
        self.folder.mkdir(exist_ok=True)
        torch.save({"step": step, "about": about, "state": state, "tensors": dict(tensors)}, self.folder / PLAIN)
        os.fsync(os.open(self.folder / PLAIN, os.O_RDONLY))

    def newest(self: Checkpoints) -> tuple[Checkpoint | None, list[Any]]:
        path = self.folder / PLAIN
        return (Checkpoint(**torch.load(path)) if path.exists() else None), []

    Checkpoints.save = save  # type: ignore[method-assign]
    Checkpoints.newest = newest  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
