"""The peak memory of a search step, predicted and real, of ten spaces: `python benchmarks/memory.py [BATCH] [--plan P]`

Predicted on tensors without numbers (`search.footprint`); real by torch's own allocator, whose account of allocations
torch.profiler hands out, of the second pair of steps of a first-order search. What the kernel of the native plan takes
for itself stands in that account too. Without a name the plan is the one that a search would choose.
"""

from __future__ import annotations

import argparse
import gc
import sys
from pathlib import Path

import torch

from hypercuboid.network.plans import AUTO
from hypercuboid.network.supernet import Supernet
from hypercuboid.pipeline import Space, load_target
from hypercuboid.search.footprint import StepOnMeta, example
from hypercuboid.search.layout import laid_out, lay_out
from hypercuboid.search.planned import planned
from hypercuboid.search.recipe import Recipe
from hypercuboid.search.strategies.base import Moment
from hypercuboid.search.strategies.bilevel import Bilevel

SPACES = Path(__file__).resolve().parent.parent / "spaces"
TEN: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "multichannelnet.hc": (("filters=[8,16]", "reductions=2", "layers=2", "head=64"), ("3x16x16",)),
    "darts.hc": (("c=4", "layers=3", "size=16"), ()),
    "fabric.hc": (("scales=3", "layers=3", "width=8"), ("3x16x16",)),
    "mobilenetv2.hc": (("width=0.25", "head=64", "classes=10"), ("3x32x32",)),
    "nas_bench_macro.hc": (("c=4", "head=32"), ("3x16x16",)),
    "proxyless.hc": (("classes=10", "expansions=[1,2]"), ("3x32x32",)),
    "attention.hc": (("d=16", "layers=2", "patch=4"), ("3x8x8",)),
    "resolution.hc": (("c=4", "scales=3", "layers=3", "head=16"), ("3x16x16",)),
    "rnn_language_model.hc": (("vocab=11", "length=4", "width=6"), ()),
    "sharpsepconv_net.hc": (("filters=[8,16]", "most=2"), ("3x8x8",)),
}


def space_of(file: str) -> Space:
    parameters, inputs = TEN[file]
    return load_target(str(SPACES / file), None, parameters, inputs)


def supernet_of(space: Space, plan: str) -> Supernet:
    supernet = space.supernet()
    supernet.run_by(planned(supernet, Recipe(plan=plan), torch.device("cpu")).name)
    return supernet


def predicted(space: Space, batch: int, plan: str = AUTO) -> int:
    return StepOnMeta(supernet_of(space, plan), Recipe(), torch.device("cpu")).footprint(batch).peak


def real(space: Space, batch: int, plan: str = AUTO) -> int:
    """What is there before the second pair of steps, and the most that is added while it runs."""
    supernet = supernet_of(space, plan).train()
    lay_out(supernet)
    bilevel = Bilevel(supernet, Recipe())
    x, y = example(supernet, batch, torch.device("cpu"))
    pair = laid_out(x), y
    bilevel.step(pair, pair, Moment())
    gc.collect()
    before = sum(one.untyped_storage().nbytes() for one in _held(bilevel, pair))
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU], profile_memory=True) as profile:
        bilevel.step(pair, pair, Moment())
    results = profile.profiler.kineto_results  # type: ignore[union-attr]
    events = sorted((e for e in results.events() if e.name() == "[memory]"), key=lambda one: one.start_ns())
    now = most = 0
    for event in events:
        now += event.nbytes()
        most = max(most, now)
    return before + most


def _held(bilevel: Bilevel, pair: tuple[torch.Tensor, ...]) -> list[torch.Tensor]:
    parameters = list(bilevel.supernet.parameters())
    states = [*bilevel.weight_optimizer.state.values(), *bilevel.architecture.adam.state.values()]
    remembered = [one for state in states for one in state.values() if isinstance(one, torch.Tensor)]
    gradients = [one.grad for one in parameters if one.grad is not None]
    return [*parameters, *bilevel.supernet.buffers(), *gradients, *remembered, *pair]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("batch", nargs="?", type=int, default=4)
    parser.add_argument("--plan", default=AUTO)
    given = parser.parse_args()
    torch.set_num_threads(1)
    sys.stdout.write(f"batch {given.batch}\n{'space':<24}{'predicted':>12}{'real':>12}{'ratio':>8}\n")
    for file in TEN:
        space = space_of(file)
        one, other = (of(space, given.batch, given.plan) for of in (predicted, real))
        sys.stdout.write(f"{file.removesuffix('.hc'):<24}{one:>12,}{other:>12,}{one / other:>8.3f}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
