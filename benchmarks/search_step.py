"""A first-order search step by each plan against published code: `python benchmarks/search_step.py [W1 W2 W3]`.

Ratios of two ways run in turn in one process: medians of pairs with their least and greatest. Memory is the operating
system's account, of a fresh process for each way: the most that was resident, less what was before the first step.
`--alone` gives each switch alone, `--plans NAME` plans by name, `--threads N` threads, `--pairs N` pairs; `--processor`
takes the seconds of the processor, for one thread on a machine that does other work too.
"""

from __future__ import annotations

import argparse
import gc
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import torch
from workloads import ALONE, BASELINE, WORKLOADS, Steps, Way, of_plan, space_of

from hypercuboid.network.plans import PLANS

BATCH = 8


def seconds(steps: Steps, clock: Callable[[], float]) -> float:
    begun = clock()
    steps.pair()
    return clock() - begun


def ratios(workload: str, way: Way, pairs: int, clock: Callable[[], float]) -> tuple[list[float], list[float]]:
    """Time of the baseline over that of the way, and the seconds of the way; the first pair is not counted."""
    space = space_of(workload)
    baseline, other = Steps(space, BASELINE, BATCH), Steps(space, way, BATCH)
    found = [(seconds(baseline, clock), seconds(other, clock)) for _ in range(pairs + 1)][1:]
    return [one / two for one, two in found], [two for _, two in found]


def resident(workload: str, way: Way) -> None:
    """Prints the bytes that two pairs of steps add to what was resident before them; for a fresh process."""
    steps = Steps(space_of(workload), way, BATCH)
    gc.collect()
    before = _kilobytes("VmRSS")
    for _ in range(2):
        steps.pair()
    sys.stdout.write(f"{1024 * (_kilobytes('VmHWM') - before)}\n")


def _kilobytes(what: str) -> int:
    """Linux's account of this process: resident now (VmRSS) or at most (VmHWM, the ru_maxrss of this program alone)."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{what}:"))


def memory(workload: str, name: str, threads: int) -> int:
    command = [sys.executable, __file__, workload, "--memory-of", name, "--threads", str(threads)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def ways(names: list[str], alone: bool) -> dict[str, Way]:
    return dict(ALONE) if alone else {name: of_plan(PLANS[name]) for name in names}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workloads", nargs="*", default=list(WORKLOADS))
    parser.add_argument("--plans", nargs="+", default=[name for name in PLANS if PLANS[name].preference > 0])
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--no-memory", action="store_true")
    parser.add_argument("--processor", action="store_true")
    parser.add_argument("--memory-of", help=argparse.SUPPRESS)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    if given.memory_of is not None:
        known = {"baseline": BASELINE, **ALONE}
        resident(given.workloads[0], known.get(given.memory_of) or of_plan(PLANS[given.memory_of]))
        return
    clock = time.process_time if given.processor else time.perf_counter
    sys.stdout.write(f"{'':4}{'':22}{'times faster':>14}{'least':>7}{'most':>7}{'s/step':>8}{'memory':>9}\n")
    for workload in given.workloads:
        base = 0 if given.no_memory else memory(workload, "baseline", given.threads)
        for name, way in ways(given.plans, given.alone).items():
            faster, taken = ratios(workload, way, given.pairs, clock)
            less = f"{base / memory(workload, name, given.threads):.2f}x less" if base else ""
            row = f"{workload:4}{name:22}{median(faster):>14.2f}{min(faster):>7.2f}{max(faster):>7.2f}"
            sys.stdout.write(f"{row}{median(taken):>8.3f} {less:>10}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
