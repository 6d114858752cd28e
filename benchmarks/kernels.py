"""How many kernels a search step dispatches by each plan: `python benchmarks/kernels.py [W1 W2 W3] [--plans NAME]`.

Counted on a CPU through torch's profiler: ops of ATen that call no other op of ATen and make or change numbers. Views,
and allocations without numbers, are left out; an op over many tensors at once (`_foreach`) counts once, though a GPU
takes some dozens of tensors in one launch. As on a GPU, optimizers take all parameters at once and a convolution is one
op: with one thread, torch splits those of few images by groups on a CPU. Numbers depend on the ops and not on the
sizes, so images are small.
"""

from __future__ import annotations

import argparse
import sys

import torch
from torch.profiler import ProfilerActivity, profile
from workloads import BASELINE, SPACES, WORKLOADS, Steps, of_plan

from hypercuboid.network.plans import PLANS
from hypercuboid.pipeline import Space, load_target

VIEWS = {
    "alias", "as_strided", "chunk", "detach", "detach_", "empty", "empty_like", "empty_strided", "expand", "flatten",
    "is_nonzero", "item", "lift_fresh", "narrow", "new_empty", "new_empty_strided", "numpy_T", "permute", "reshape",
    "resize_", "resolve_conj", "resolve_neg", "result_type", "select", "slice", "split", "split_with_sizes", "squeeze",
    "t", "to", "transpose", "unbind", "unsqueeze", "view", "view_as", "_local_scalar_dense", "_reshape_alias",
    "_unsafe_view", "_has_compatible_shallow_copy_type", "set_", "unfold", "view_as_real",
}  # fmt: skip


def kernels(steps: Steps) -> int:
    """Of one pair of steps, after one that makes what optimizers remember."""
    steps.pair()
    with profile(activities=[ProfilerActivity.CPU]) as found:
        steps.pair()
    return sum(_counted(event) for event in found.events() if event.cpu_parent is None or not _aten(event.cpu_parent))


def _aten(event: object) -> bool:
    return str(event.name).startswith("aten::")  # type: ignore[attr-defined]


def _counted(event: object) -> int:
    """The kernels below an event."""
    name = str(event.name).removeprefix("aten::")  # type: ignore[attr-defined]
    children = list(event.cpu_children)  # type: ignore[attr-defined]
    if not _aten(event):
        return 0
    if name.startswith("_foreach"):
        return 1
    inner = sum(_counted(child) for child in children)
    return inner if inner or name in VIEWS else 1


SMALL = {"W1": (("size=8",), ()), "W2": (("size=8",), ()), "W3": ((), ("3x16x16",))}
"""What makes the images of a workload small."""


def small(workload: str) -> Space:
    file, space, parameters, _ = WORKLOADS[workload]
    more, inputs = SMALL[workload]
    return load_target(str(SPACES / file), space, (*parameters, *more), inputs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workloads", nargs="*", default=list(WORKLOADS))
    parser.add_argument("--plans", nargs="+", default=[name for name in PLANS if PLANS[name].preference > 0])
    given = parser.parse_args()
    torch.set_num_threads(2)
    for workload in given.workloads:
        ways = {"baseline": BASELINE, **{name: of_plan(PLANS[name]) for name in given.plans}}
        counts: dict[str, int] = {}
        for name, way in ways.items():
            counts[name] = kernels(Steps(small(workload), way, 2, foreach=True))
            fewer = counts["baseline"] / counts[name]
            sys.stdout.write(f"{workload:4}{name:12}{counts[name]:>10,}{fewer:>8.1f}x fewer\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
