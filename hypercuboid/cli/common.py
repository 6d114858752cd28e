"""What the commands share: options, the reading of FILE:NAME, output that respects terminals and pipes."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from hypercuboid.diagnostics import HypercuboidError, error
from hypercuboid.terminal import escape, json_escape

if TYPE_CHECKING:
    import torch
    from rich.table import Table

    from hypercuboid.diagnostics import Diagnostic
    from hypercuboid.graph.weights import ReadWeights
    from hypercuboid.pipeline import Architecture, Space

PATH = click.Path(path_type=Path)
target_argument = click.argument(
    "target", metavar="FILE[:NAME]", help="A file, or an item in it; some take a RUN folder."
)
parameters_option = click.option(
    "-p",
    "--param",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set a param of the file or an argument; repeatable.",
)
inputs_option = click.option(
    "--input", "inputs", multiple=True, metavar="CxHxW", help="Shape of the input, 3x32x32 or NAME=SHAPE; repeatable."
)
device_option = click.option(
    "--device", default="auto", help="auto, cpu, cuda, cuda:1, ...; auto takes a GPU if there is one."
)
threads_option = click.option(
    "--threads", type=click.IntRange(min=1), help="CPU threads; torch's own choice if not given."
)
workers_option = click.option(
    "--workers", type=click.IntRange(min=0, max=256), default=0, help="Loader processes; data in memory needs none."
)
data_option = click.option(
    "--data",
    required=True,
    metavar="NAME[:PATH]",
    help="The data set: digits, cifar10, fashion-mnist@14/4000+4000, folder:PATH, MODULE:FUNCTION, ...",
)
seed_option = click.option(
    "--seed", type=click.IntRange(min=0, max=2**63 - 1), default=0, help="Same seed, same result."
)
restart_option = click.option(
    "--restart", is_flag=True, help="Begin anew; the run in DIR is moved aside, nothing is removed."
)
checkpoint_minutes_option = click.option(
    "--checkpoint-minutes", type=click.FloatRange(min=0), default=1.0, help="Time between checkpoints; 0 is every step."
)
log_option = click.option(
    "--log",
    "logs",
    multiple=True,
    type=click.Choice(["tensorboard", "wandb"]),
    help="Where metrics go beside metrics.jsonl; repeatable.",
)
quiet_option = click.option("--quiet", is_flag=True, help="No progress and no remarks; warnings stay.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")

TROUBLE = 2

_FILE_AND_NAME = re.compile(r"(?P<file>.+?\.hc)(?::(?P<name>.+))?", re.DOTALL)


def split_target(text: str) -> tuple[str, str | None]:
    """FILE and NAME of `FILE[:NAME]`; NAME may hold arguments, `a.hc:FlexSepConv(c = 64)`."""
    matched = _FILE_AND_NAME.fullmatch(text)
    if matched and not (matched["name"] and _exists(text)):
        return matched["file"], matched["name"]
    if _exists(text) or ":" not in text:
        return text, None
    file, _, name = text.partition(":")
    return file, name or None


def _exists(text: str) -> bool:
    """Whether there is such a file; what is too long to be a path is none."""
    try:
        return Path(text).exists()
    except (OSError, ValueError):
        return False


def colored(stream: TextIO) -> bool:
    """Whether to write colours: a terminal, and neither NO_COLOR nor a dumb one."""
    return moves(stream) and not os.environ.get("NO_COLOR")


def moves(stream: TextIO) -> bool:
    """Whether what stands there can be written over: a terminal, and no dumb one."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def say(text: str) -> None:
    """One result, to stdout; what a terminal would obey or hide is written as `\\u{...}`."""
    print(escape(text))


def hand_out(written: bytes, output: Path | None, quiet: bool, more: str = "") -> None:
    """What a command makes: to a file, which is then named with `more` behind it, or as text to stdout without one."""
    from hypercuboid.runs.files import write_bytes

    if output is None:
        say(written.decode().rstrip("\n"))
        return
    write_bytes(output, written)
    if not quiet:
        say(f"wrote {output}{more}")


def mean_text(value: float, share: bool) -> str:
    """The mean of a metric: a share in per cent, or a number as it is."""
    return f"{100 * value:.2f} %" if share else f"{value:.4g}"


def say_table(table: Table) -> None:
    """A table, to stdout: no cell is cut, whatever the width of the terminal."""
    from rich.console import Console

    Console(width=1_000, no_color=not colored(sys.stdout), highlight=False, markup=False).print(table)


def remark(text: str) -> None:
    """One remark that is no result, to stderr, escaped as results are."""
    print(escape(text), file=sys.stderr)


def warn(text: str) -> None:
    """One warning, to stderr."""
    remark(f"warning: {text}")


def show_diagnostics(diagnostics: Iterable[Diagnostic]) -> None:
    """Diagnostics as text for people, to stderr; coloured on a terminal."""
    found = list(diagnostics)
    if found:
        from hypercuboid.rendering import render  # not needed where all is well

        print(render(found, color=colored(sys.stderr)), file=sys.stderr)


@contextmanager
def or_trouble() -> Iterator[None]:
    """For commands whose exit code 1 is an answer: what they cannot read is shown and ends them with 2."""
    try:
        yield
    except HypercuboidError as problem:
        show_diagnostics(problem.diagnostics)
        raise click.exceptions.Exit(TROUBLE) from None


def print_json(value: Any) -> None:
    """One JSON value to stdout. NaN is no JSON and is refused."""
    print(json_escape(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)))


def command_line() -> str:
    """The command line that is running, as a shell would take it."""
    return shlex.join(["hypercuboid", *sys.argv[1:]])


def use_device(device: str, threads: int | None) -> torch.device:
    """The torch device that `device` names, with the CPU threads set; HC7060 for one that is not there."""
    import torch

    if threads is not None:
        torch.set_num_threads(threads)
    if device == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        chosen = torch.device(device)
        torch.empty(1, device=chosen)
    except (RuntimeError, AssertionError) as problem:
        reason = str(problem).splitlines()[0][:200]
        raise error(
            "HC7060", f"the device `{device}` cannot be used", notes=(reason,), help="try --device cpu"
        ) from None
    return chosen


def move_aside(run: Path) -> None:
    """Makes room for a new run where there is an old one, and says where the old one is now."""
    from hypercuboid.runs.folder import set_aside

    aside = set_aside(run)
    if aside is not None:
        remark(f"the run that {run} held is now {aside}")


def is_run(target: str) -> bool:
    """Whether a target names a folder, which then must be a run."""
    return _exists(target) and Path(target).is_dir()


def open_target(target: str, parameters: tuple[str, ...], inputs: tuple[str, ...]) -> Space:
    """The space, architecture or block of FILE[:NAME], or the space that a run searched."""
    from hypercuboid.pipeline import load_target

    if is_run(target):
        return _space_of_run(Path(target), parameters, inputs)
    file, name = split_target(target)
    return load_target(file, name, parameters, inputs)


def open_found(target: str, parameters: tuple[str, ...] = (), inputs: tuple[str, ...] = ()) -> Space:
    """The space, architecture or block of FILE[:NAME], or the architecture that a run found."""
    from hypercuboid.runs.reading import read_run

    opened = open_target(target, parameters, inputs)
    if not is_run(target):
        return opened
    return opened.architecture(read_run(Path(target)).read_text("arch.hc"), str(Path(target) / "arch.hc"))


def open_architecture(
    target: str, parameters: tuple[str, ...], inputs: tuple[str, ...]
) -> tuple[Architecture, int | None]:
    """The architecture of FILE:ARCH, or the one that a run found with the seed of the run."""
    from hypercuboid.pipeline import Architecture
    from hypercuboid.runs.reading import read_run

    opened = open_found(target, parameters, inputs)
    seed = read_run(Path(target)).config.get("seed") if is_run(target) else None
    if not isinstance(opened, Architecture):
        raise error(
            "HC8001",
            f"`{opened.name}` has decisions that are still open",
            help="name an `arch`, or search the space and give the run folder",
        )
    return opened, seed


def open_weighted(
    target: str, weights: Path | None, parameters: tuple[str, ...], inputs: tuple[str, ...]
) -> tuple[Space, ReadWeights]:
    """A space with weights for its decisions: of a run its own, else those of the file `weights`."""
    from hypercuboid.graph.weights import read_weights

    if weights is None and is_run(target):
        weights = Path(target) / "weights.json"
    if weights is None:
        raise error("HC7002", f"`{target}` has no weights of its own", help="give --weights FILE, or a run folder")
    space = open_target(target, parameters, inputs)
    return space, read_weights(space.graph, weights)


def _space_of_run(path: Path, parameters: tuple[str, ...], inputs: tuple[str, ...]) -> Space:
    from hypercuboid.pipeline import load_target
    from hypercuboid.runs.reading import read_run

    run = read_run(path)
    run.need("space.hc")
    space = load_target(str(path / "space.hc"), run.space, parameters, inputs)
    return space.without(run.left_out) if run.left_out else space
