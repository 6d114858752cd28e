"""How much of a search step is spent on its data: `python benchmarks/data.py [PAIRS]`, 12 pairs of steps by default.

Loading is what both halves need for one pair of steps, order, augmentation and normalisation included; a step is all
from one pair to the next, loading included. Both in processor time of one thread, medians; the promise is 5 %. The
search is one by gradients, or the default one, which trains one small network at a time: the cheapest step there is.
CIFAR is read from files in its format that hold noise: nothing depends on what images show. Crop and flip alone are
held against torchvision's, which must be called image by image, where torchvision is there.
"""

from __future__ import annotations

import pickle
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch

from hypercuboid.data.augment.base import read_augmentation
from hypercuboid.data.base import DataSet, load_data
from hypercuboid.data.batches import Loader
from hypercuboid.search.recipe import Recipe
from hypercuboid.searching import SearchRequest, load_for_data, run_search

SPACES = Path(__file__).parents[1] / "spaces"
CPU = torch.device("cpu")


@dataclass(frozen=True)
class Case:
    data: str
    space: str
    parameters: tuple[str, ...]
    augment: str = ""
    batch: int = 64
    strategy: str = "first_order"

    def __str__(self) -> str:
        return ", ".join((self.data, self.space, self.strategy, f"batch {self.batch}", self.augment or "as it is"))


SMALL = ("filters=[8, 16, 32]", "reductions=2", "layers=2", "head=64")
CELLS = ("c=16", "layers=8")
CASES = (
    Case("digits", "multichannelnet", SMALL),
    Case("digits", "multichannelnet", SMALL, "crop=1"),
    Case("digits", "multichannelnet", SMALL, strategy="predictor"),
    Case("cifar10", "multichannelnet", SMALL, "crop,flip,cutout"),
    Case("cifar10", "multichannelnet", SMALL, "crop,flip,cutout", strategy="predictor"),
    Case("cifar10", "darts", CELLS, "crop,flip,cutout", batch=8),
    Case("cifar10", "darts", CELLS, "crop,flip,autoaugment,cutout", batch=8),
)


def write_cifar10(folder: Path, images: int) -> None:
    """CIFAR-10 in its own files: `images` of noise in each of the five batches and in that of test."""
    generator = np.random.default_rng(0)
    held: dict[str, object] = {"batches.meta": {"label_names": [f"class {number}" for number in range(10)]}}
    for name in (*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"):
        x = generator.integers(0, 256, (images, 3072), dtype=np.uint8)
        held[name] = {"data": x, "labels": (np.arange(images) % 10).tolist()}
    folder.mkdir(parents=True)
    for name, value in held.items():
        (folder / name).write_bytes(pickle.dumps(value, protocol=2))


def data_sets(folder: Path, pairs: int) -> dict[str, DataSet]:
    """By name, with inputs enough for so many pairs of steps."""
    write_cifar10(folder / "cifar-10-batches-py", 2 * 64 * (pairs + 2) // 5 + 10)
    return {"digits": load_data("digits"), "cifar10": load_data(f"cifar10:{folder}")}


def loading(case: Case, data: DataSet, pairs: int) -> float:
    """The median time of what one pair of steps reads."""
    halves = (data.splits["search-train"], data.splits["search-validation"])
    augmentation = read_augmentation(case.augment, data)
    loaders = [Loader(halves[0], case.batch, CPU, augmentation=augmentation), Loader(halves[1], case.batch, CPU)]
    times: list[float] = []
    for epoch in range(1, 4):
        before = time.process_time()
        for _ in zip(*(loader.epoch(epoch, 0, pairs) for loader in loaders), strict=False):
            now = time.process_time()
            times.append(now - before)
            before = now
    return statistics.median(times)


def steps(case: Case, data: DataSet, pairs: int, folder: Path) -> float:
    """The median time from one pair of steps to the next in a real search; the first is left out."""
    space = load_for_data(str(SPACES / f"{case.space}.hc"), None, case.parameters, (), data)
    recipe = Recipe(epochs=1, batch=case.batch, augment=case.augment, strategy=case.strategy)
    times: list[float] = []

    def watch(step: object) -> None:
        times.append(time.process_time())
        if len(times) > pairs:
            raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        run_search(SearchRequest(space, data, folder / "run", recipe, CPU), watch)
    return statistics.median(after - before for before, after in pairwise(times))


def crop_and_flip(data: DataSet) -> Iterator[tuple[str, float]]:
    """Milliseconds for crop and flip of 64 images: ours, and torchvision's image by image."""
    from torchvision.transforms import v2

    x = data.splits["train"].read(range(64))
    step = read_augmentation("crop,flip", data)
    theirs = v2.Compose([v2.RandomCrop(32, padding=4), v2.RandomHorizontalFlip()])
    draws = step.draws(64, 0, 0)
    for name, work in [
        ("ours", lambda: step.read(data.splits["train"], range(64), draws)),
        ("torchvision", lambda: torch.stack([theirs(image) for image in x])),
    ]:
        times = []
        for _ in range(20):
            before = time.process_time()
            work()
            times.append(time.process_time() - before)
        yield name, 1000 * statistics.median(times)


def main() -> None:
    torch.set_num_threads(1)
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    vision = find_spec("torchvision") is not None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sets = data_sets(folder / "data", pairs)
        for number, case in enumerate(CASES):
            if "autoaugment" in case.augment and not vision:
                continue
            data = sets[case.data]
            (folder / str(number)).mkdir()
            load, step = loading(case, data, pairs), steps(case, data, pairs, folder / str(number))
            sys.stdout.write(f"{case!s:<72} {1000 * load:6.2f} of {1000 * step:7.1f} ms {load / step:8.2%}\n")
        for who, took in crop_and_flip(sets["cifar10"]) if vision else ():
            sys.stdout.write(f"crop and flip of 64 images by {who}: {took:.2f} ms\n")


if __name__ == "__main__":
    main()
