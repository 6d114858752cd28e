"""How a search step grows with batch, filters, depth and primitives: `python benchmarks/curves.py`, CSV and plots.

DARTS with 8 filters, 4 cells and batch 8 of 3 x 32 x 32, one of the four varied at a time. Published: one module for
each alternative, images as torch has them, all gradients in both steps, as the supernets of DARTS, NNI and sharpDARTS.
Rounds in which all ways make one pair of steps in turn, one thread; medians, least and greatest of the seconds of the
processor, which other programs change less than those of the clock, and of how many times faster than published each
round was. Points that stand in the file already are not measured again; `--minutes N` stops between two points. When
all are there the limit is added: the time of the arithmetic alone, matrix products and depthwise convolutions at the
rates that this machine reaches in torch.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

import torch
import torch.nn.functional as F
from curves_plot import plotted
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from workloads import BASELINE, SPACES, Steps, Way, of_plan

from hypercuboid.network.plans import PLANS
from hypercuboid.pipeline import Space, load_from_text

DOCS = Path(__file__).resolve().parent.parent / "docs"
FILE, PICTURE = DOCS / "speed" / "curves.csv", DOCS / "speed" / "curves.svg"
BASE = {"batch": 8, "filters": 8, "cells": 4, "primitives": 8}
AXES = {"batch": (2, 4, 8, 16, 32), "filters": (4, 8, 16, 32), "cells": (2, 4, 6, 8), "primitives": (2, 4, 6, 8)}
WAYS = {"published": BASELINE} | {name: of_plan(PLANS[name]) for name in ("plain", "fused", "native")}
COLUMNS = (*BASE, "way", "seconds", "least", "most", "faster", "least_faster", "most_faster", "rounds", "vectors")
VECTORS = torch.backends.cpu.get_cpu_capability()
"""What the processor has, by torch's account: times with other vectors do not belong into one file."""
ROUNDS = 5
LIMIT = "limit"
PASSES = 5
"""Forward and gradients of images in the architecture step; in the other, those of weights too."""


def space_at(point: dict[str, int]) -> Space:
    """DARTS; of its primitives the last ones: dilated, then separable convolutions, skip, pools and none."""
    text = (SPACES / "darts.hc").read_text("utf-8").partition("## The cell published")[0]
    kept = f"[darts_primitives[i] for i in {8 - point['primitives']}..8]"
    changed = text.replace("= darts_primitives,", f"= {kept},").replace("c: int = 16", f"c: int = {point['filters']}")
    return load_from_text(changed.replace("layers: int = 8", f"layers: int = {point['cells']}"), "DARTS")


def seconds(steps: Steps) -> float:
    begun = time.process_time()
    steps.pair()
    return time.process_time() - begun


def measured(space: Space, batch: int) -> dict[str, list[float]]:
    """Seconds of pairs of steps by way; the first round is not counted."""
    steps = {name: Steps(space, way, batch) for name, way in WAYS.items()}
    rounds = [{name: seconds(one) for name, one in steps.items()} for _ in range(ROUNDS + 1)][1:]
    return {name: [one[name] for one in rounds] for name in steps}


# ---------------------------------------------------------------- the limit


class Arithmetic(TorchDispatchMode):
    """Floating point operations of convolutions and matrix products, depthwise ones apart."""

    def __init__(self) -> None:
        super().__init__()
        self.depthwise = self.products = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        found = func(*args, **(kwargs or {}))
        if func is torch.ops.aten.convolution.default:
            work = 2 * found.numel() * args[1][0].numel()
            self.depthwise += work if args[8] > 1 else 0
            self.products += work if args[8] == 1 else 0
        elif func is torch.ops.aten.addmm.default:
            self.products += 2 * found.numel() * args[1].shape[1]
        return found


def rates() -> tuple[float, float]:
    """Operations per second of a 3 x 3 depthwise convolution and of a matrix product: the best of forty."""
    x = torch.randn(8, 64, 32, 32).to(memory_format=torch.channels_last)
    kernel, matrix = torch.randn(64, 1, 3, 3), torch.randn(1024, 1024)
    with torch.no_grad():
        convolved = min(_timed(lambda: F.conv2d(x, kernel, padding=1, groups=64)) for _ in range(40))
        multiplied = min(_timed(lambda: matrix @ matrix) for _ in range(40))
    return 2 * 9 * x.numel() / convolved, 2 * 1024**3 / multiplied


def _timed(run: Any) -> float:
    begun = time.process_time()
    run()
    return time.process_time() - begun


def limit(space: Space, batch: int, rate: tuple[float, float]) -> float:
    """Seconds of the arithmetic of a pair of steps, counted on tensors without numbers."""
    steps = Steps(space, Way(device="meta"), batch)
    x: Tensor = steps.training[0]
    with torch.no_grad(), Arithmetic() as work:
        steps.supernet(x, coefficients=steps.supernet.coefficients())
    return PASSES * (work.depthwise / rate[0] + work.products / rate[1])


def limits(points: list[dict[str, int]]) -> list[tuple[object, ...]]:
    """Rows of the limit at each point."""
    rate = rates()
    sys.stdout.write(f"GFLOP/s: depthwise {rate[0] / 1e9:.1f}, matrix product {rate[1] / 1e9:.1f}\n")
    found = [f"{limit(space_at(at), at['batch'], rate):.4f}" for at in points]
    return [(*at.values(), LIMIT, *[one] * 3, *[""] * 4, VECTORS) for at, one in zip(points, found, strict=True)]


# ---------------------------------------------------------------- the file


def read() -> list[dict[str, str]]:
    if not FILE.exists():
        return []
    with FILE.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    if strange := {row["vectors"] for row in rows} - {VECTORS}:
        raise SystemExit(f"{FILE} was measured with {', '.join(sorted(strange))}, and this is {VECTORS}: move it away")
    return rows


def add(rows: list[tuple[object, ...]]) -> None:
    fresh = not FILE.exists()
    FILE.parent.mkdir(exist_ok=True)
    with FILE.open("a", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        if fresh:
            writer.writerow(COLUMNS)
        writer.writerows(rows)


def point(at: dict[str, int]) -> None:
    """Measures one point and adds its rows."""
    found = measured(space_at(at), at["batch"])
    rows = []
    for way, taken in found.items():
        faster = [one / other for one, other in zip(found["published"], taken, strict=True)]
        spread = [what(some) for some in (taken, faster) for what in (median, min, max)]
        rows.append((*at.values(), way, *(f"{one:.4f}" for one in spread), len(taken), VECTORS))
    add(rows)
    sys.stdout.write(f"{at}: " + ", ".join(f"{way} {median(taken):.3f}" for way, taken in found.items()) + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    end = time.perf_counter() + 60 * parser.parse_args().minutes
    torch.set_num_threads(1)
    listed = [{**BASE, axis: value} for axis, values in AXES.items() for value in values]
    points = [at for place, at in enumerate(listed) if at not in listed[:place]]
    rows = read()
    known = [{name: int(row[name]) for name in BASE} for row in rows]
    due = [at for at in points if at not in known]
    for at in due:
        if time.perf_counter() < end:
            point(at)
    if not due and not any(row["way"] == LIMIT for row in rows):
        add(limits(points))
    PICTURE.write_text(plotted(read(), BASE), "utf-8")


if __name__ == "__main__":
    main()
