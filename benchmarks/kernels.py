"""How many kernels a search step dispatches by each plan: `python benchmarks/kernels.py [W1 W2 W3]`.

Counted on a CPU through torch's profiler: ops of ATen that call no other op of ATen and make or change numbers. Views,
and allocations without numbers, are left out; an op over many tensors at once (`_foreach`) counts once.
"""

from __future__ import annotations

import sys

import torch
from torch.profiler import ProfilerActivity, profile
from workloads import BASELINE, WORKLOADS, Steps, of_plan, space_of

from hypercuboid.network.plans import PLANS

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


def main() -> None:
    torch.set_num_threads(1)
    for workload in sys.argv[1:] or list(WORKLOADS):
        space = space_of(workload)
        ways = {"baseline": BASELINE, **{name: of_plan(PLANS[name]) for name in PLANS if "benchmark" not in name}}
        for name, way in ways.items():
            sys.stdout.write(f"{workload:4}{name:12}{kernels(Steps(space, way, 8)):>10,}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
