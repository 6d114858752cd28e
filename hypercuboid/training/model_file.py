"""A file of generated source (or any like it) becomes a network: its last module class, called without arguments."""

from __future__ import annotations

import ast
import traceback
from importlib.abc import ExecutionLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from hypercuboid.diagnostics import Source, Span, error
from hypercuboid.nearby import near_file

if TYPE_CHECKING:
    import torch
    from torch import nn

    from hypercuboid.data.base import DataSet
    from hypercuboid.data.card import Card


def load_network(path: Path) -> nn.Module:
    """The network of a Python file, with fresh weights. The file is run: give only files that you trust.

    HC7020: it cannot be read or is no Python; HC7021: running it fails; HC7022: it has no network.
    """
    from torch import nn

    module = _run(path)
    found = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, nn.Module) and value.__module__ == module.__name__
    ]
    if not found:
        raise error("HC7022", f"`{path}` has no class derived from `torch.nn.Module`", help="give a generated model.py")
    try:
        network: nn.Module = found[-1]()
    except Exception as problem:
        message = f"`{found[-1].__name__}` of `{path}` cannot be called without arguments"
        raise error("HC7022", message, notes=(told(problem),), help="give a generated model.py") from problem
    return network


def check_network(network: nn.Module, data: DataSet | Card, device: torch.device) -> None:
    """HC7023 where the network does not map the data's inputs to one score per class."""
    import torch

    kind, shape, was_training = data.input_type.kind, data.input_type.shape, network.training
    numbers = torch.int64 if kind == "tokens" else torch.float32
    wanted = (2, *data.output_shape)
    network.eval()
    try:
        with torch.no_grad():
            scores = network(torch.zeros(2, *shape, device=device, dtype=numbers))
    except Exception as problem:
        message = f"the network does not take the inputs of `{data.name}`, {data.input_type}"
        way = "compile the space with --input " + "x".join(map(str, shape))
        raise error("HC7023", message, notes=(told(problem),), help=way) from problem
    finally:
        network.train(was_training)
    got = tuple(scores.shape) if isinstance(scores, torch.Tensor) else type(scores).__name__
    if got != wanted:
        message = f"the network gives {got} for 2 inputs of `{data.name}`, not {wanted}"
        raise error("HC7023", message, help=_way_to(data))


def _way_to(data: DataSet | Card) -> str:
    if data.target == "number":
        return f"end the space with `linear({data.classes})`"
    if data.target == "pixel":
        return f"end the space with `conv({data.classes})` at the size of its input"
    return f"compile the space with {data.classes} classes"


class _Loader(ExecutionLoader):
    """Runs one text as a module; unlike Python's own loader it leaves no bytecode beside the file and reads none."""

    def __init__(self, path: Path, text: str) -> None:
        self._path, self._text = path, text

    def get_source(self, fullname: str) -> str:
        return self._text

    def get_filename(self, fullname: str) -> str:
        return str(self._path)


def _run(path: Path) -> ModuleType:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise error("HC7020", f"cannot read `{path}`", notes=(told(problem),), help=near_file(path, "py")) from None
    try:
        ast.parse(text, str(path))
    except (SyntaxError, ValueError) as problem:
        help = "give a file that `hypercuboid generate` wrote"
        raise error(
            "HC7020", f"`{path}` is not valid Python", _place(path, text, problem), told(problem), help=help
        ) from None
    specification = spec_from_loader("hypercuboid_model_file", _Loader(path, text))
    assert specification is not None and specification.loader is not None
    module = module_from_spec(specification)
    try:
        specification.loader.exec_module(module)
    except Exception as problem:
        lines = [one.lineno for one in traceback.extract_tb(problem.__traceback__) if one.filename == str(path)]
        note = f"{told(problem)}, at line {lines[-1]}" if lines else told(problem)
        raise error(
            "HC7021", f"running `{path}` fails", notes=(note,), help="run it with Python alone to see more"
        ) from problem
    return module


def _place(path: Path, text: str, problem: Exception) -> Span | None:
    line = getattr(problem, "lineno", None)
    if not line:
        return None
    start = sum(len(one) for one in text.splitlines(keepends=True)[: line - 1])
    return Span(Source(str(path), text), min(start, len(text)), min(start + 1, len(text)))


def told(problem: Exception) -> str:
    """What kind of exception it is and what it says, in one line."""
    text = " ".join(str(getattr(problem, "msg", "") or problem).split())[:300]
    return f"{type(problem).__name__}: {text}"
