"""The final training of the paper, in three parts, on the digits: what they add, over seeds, on images never seen.

Every row has the parts of those above it. The settings were fixed before anything was trained; test is scored once per
training. `python benchmarks/regimen.py --seeds 5` prints the table of docs/training.md; runs that are there go on.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from hypercuboid.pipeline import Architecture, load
from hypercuboid.runs.intervals import median_and_half_range

SPACE = Path(__file__).with_suffix(".hc")
PLAIN = ("--lr", "0.05", "--lr-min", "0.05", "--auxiliary", "0", "--clip", "1e9")
PARTS = {
    "plain: SGD at a constant rate": PLAIN,
    "+ annealing with warm-up, clipping, auxiliary head": (
        *("--lr-min", "1e-4", "--power", "10", "--warmup", "3", "--clip", "5", "--auxiliary", "0.4"),
    ),
    "+ drop path, crop, Cutout, label smoothing, moving average": (
        *("--drop-path", "0.2", "--augment", "crop=1,cutout=2", "--label-smoothing", "0.1", "--ema", "0.99"),
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--runs", type=Path, default=Path("runs/regimen"))
    asked = parser.parse_args()
    assert asked.seeds > 1, "a table needs two seeds"
    asked.runs.mkdir(parents=True, exist_ok=True)
    network = load(str(SPACE))
    assert isinstance(network, Architecture)
    model = asked.runs / "model.py"
    model.write_text(network.source(), encoding="utf-8")
    options: list[str] = []
    found: dict[str, list[float]] = {}
    for number, (part, more) in enumerate(PARTS.items()):
        options += more
        found[part] = trained(model, asked.runs / str(number), asked.seeds, ["--epochs", str(asked.epochs), *options])
    sys.stdout.write(report(found) + "\n")


def trained(model: Path, run: Path, seeds: int, options: list[str]) -> list[float]:
    """The test accuracies of all seeds."""
    arguments = [
        "train",
        str(model),
        "--data",
        "digits",
        "--run",
        str(run),
        "--threads",
        "1",
        "--device",
        "cpu",
        "--quiet",
    ]
    command = [sys.executable, "-m", "hypercuboid.cli.main", *arguments, "--seeds", str(seeds), *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    table = json.loads((run / "seeds.json").read_text(encoding="utf-8"))
    return [row["test"] for row in table["seeds"]]


def report(found: dict[str, list[float]]) -> str:
    """Medians, half ranges, and in how many seeds a row is at least as good as the first."""
    plain = next(iter(found.values()))
    lines = ["| training | median | half range | seeds at least as good as plain |", "|---|---|---|---|"]
    for part, accuracies in found.items():
        median, half = median_and_half_range(accuracies)
        better = sum(one >= other for one, other in zip(accuracies, plain, strict=True))
        lines.append(f"| {part} | {100 * median:.2f} % | {100 * half:.2f} % | {better} of {len(plain)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
