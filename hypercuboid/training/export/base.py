"""What a format is, and the way of a network into one: written beside, read again, run, compared, renamed."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import torch
from torch import Tensor, nn

from hypercuboid.data.base import missing_package
from hypercuboid.data.card import Card
from hypercuboid.diagnostics import error
from hypercuboid.registry import Registry
from hypercuboid.runs.files import reason, write_bytes
from hypercuboid.training.model_file import check_network, told
from hypercuboid.training.trained import Trained

Runner: TypeAlias = "Callable[[Tensor], Tensor]"

BATCHES = (1, 3, 2)
"""The sizes of the batches that are compared; a network is exported with the last."""

TOLERANCE = 1e-4
"""The largest difference from eager output, of its largest number. Sums in another order reach some 1e-6 of it."""


@dataclass(frozen=True)
class Format:
    """`write` a network, an input (N, ...) and the text of its card to a file; `open` it again, to be run.

    `open` also says what runs it. Both raise ModuleNotFoundError where an extra is missing.
    """

    write: Callable[[nn.Module, Tensor, str, Path], None]
    open: Callable[[Path], tuple[Runner, str]]


EXPORTS: Registry[Format] = Registry("export format")


@dataclass(frozen=True)
class Exported:
    """What was written: the largest difference from eager output over all batches, and the largest output there."""

    path: Path
    difference: float
    largest: float
    checked_with: str


def export(trained: Trained, card: Card, name: str, output: Path) -> Exported:
    """Writes the network, for batches of any size, on the CPU. Its input is normalised already, as `model.py` has it.

    HC7051 where the format needs an extra, HC7708 where it cannot say what the network does, HC7709 where the file
    gives other outputs; nothing is written then.
    """
    network = trained.network.cpu().eval()
    check_network(network, card, torch.device("cpu"))
    try:
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch's exporters warn of their own internals
            beside = Path(folder) / f"network{output.suffix}"
            found = _checked(network, card, EXPORTS[name], name, beside)
            write_bytes(output, beside.read_bytes())
    except ModuleNotFoundError as missing:
        raise missing_package(f"`export --to {name}`", missing) from None
    except OSError as problem:
        raise error("HC7003", f"cannot write `{output}`: {reason(problem)}", help="make room") from None
    return Exported(output, *found)


def _checked(network: nn.Module, card: Card, form: Format, name: str, path: Path) -> tuple[float, float, str]:
    inputs = [_input(card, batch) for batch in BATCHES]
    try:
        form.write(network, inputs[-1], card.model_dump_json(), path)
    except (ModuleNotFoundError, OSError):
        raise
    except Exception as problem:
        message = f"the network cannot be written as {name}"
        way = "what `torch.export` cannot follow is most often a branch on values of tensors"
        raise error("HC7708", message, notes=(told(problem),), help=way) from problem
    run, runner = form.open(path)
    pairs = [_compared(network, run, one) for one in inputs]
    difference, largest = (max(one) for one in zip(*pairs, strict=True))
    if not difference <= TOLERANCE * largest:
        message = f"as {name} the network gives outputs that differ by {difference:.3g}"
        note = f"its largest output is {largest:.3g}, and {TOLERANCE:g} of that is tolerated; run by {runner}"
        raise error("HC7709", message, notes=(note,), help="nothing was written; try the other format")
    return difference, largest, runner


def _compared(network: nn.Module, run: Runner, x: Tensor) -> tuple[float, float]:
    with torch.no_grad():
        eager = network(x)
    got = run(x)
    if got.shape != eager.shape:
        return float("inf"), 1.0
    return float((got - eager).abs().max()), float(eager.abs().max())


def _input(card: Card, batch: int) -> Tensor:
    generator = torch.Generator().manual_seed(batch)
    if card.kind == "tokens":
        return torch.randint(card.vocab, (batch, *card.shape), generator=generator)
    return torch.randn(batch, *card.shape, generator=generator)
