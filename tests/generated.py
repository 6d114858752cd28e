"""Generated files as modules, for tests."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from supernets import cosine
from torch import Tensor, nn

from hypercuboid.pipeline import load_from_text
from hypercuboid.targets.source import GeneratedSource, Provenance, generate_source

if TYPE_CHECKING:
    from hypercuboid.pipeline import Space

PROVENANCE = Provenance(
    space="Space",
    architecture="Architecture",
    parameters={"classes": "10"},
    seed=0,
    hash="0" * 64,
    command="hypercuboid generate nets.hc:Architecture",
    version="0.1.0",
)


def generated(space: Space) -> GeneratedSource:
    return generate_source(space.costs, PROVENANCE)


def network(source: GeneratedSource, folder: Path) -> nn.Module:
    """The network of a generated file, imported from `folder`."""
    path = folder / f"{source.class_name}.py"
    path.write_text(source.text, encoding="utf-8")
    shutil.rmtree(folder / "__pycache__", ignore_errors=True)  # bytecode of a file of the same second and size is stale
    spec = importlib.util.spec_from_file_location(f"generated_{source.class_name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    made: Any = getattr(module, source.class_name)()
    del sys.modules[spec.name]
    return made  # type: ignore[no-any-return]


def block(uses: str, pipeline: str, shape: tuple[int, ...]) -> Space:
    """A block of one pipeline on an image."""
    sizes = ", ".join(map(str, shape))
    text = f"hypercuboid 1\n{uses}\nblock Tested() on x: image({sizes}) {{\n  out x -> {pipeline}\n}}\n"
    return load_from_text(text, "Tested")


def assert_same_bits(network: nn.Module, model: nn.Module, inputs: Sequence[Tensor], names: Mapping[str, str]) -> None:
    """Outputs in eval and train mode, gradients, and buffers after a step; what is random draws the same numbers."""
    network.eval()
    model.eval()
    assert torch.equal(network(*inputs), model(*inputs))
    network.train()
    model.train()
    torch.manual_seed(1)
    ours = model(*inputs)
    torch.manual_seed(1)
    theirs = network(*inputs)
    assert type(ours) is type(theirs)
    for one, other in zip(_several(ours), _several(theirs), strict=True):
        assert torch.equal(one, other)
        probe = cosine(tuple(one.shape), 0.11)
        torch.autograd.backward((one * probe).sum(), retain_graph=True)
        torch.autograd.backward((other * probe).sum(), retain_graph=True)
    gradients = dict(network.named_parameters())
    for key, mine in model.named_parameters():
        wanted = gradients[names[key]].grad
        assert mine.grad is not None
        assert wanted is not None
        assert torch.equal(mine.grad, wanted), key
    buffers = dict(network.named_buffers())
    for key, buffer in model.named_buffers():
        assert torch.equal(buffer, buffers[names[key]]), key


def _several(output: Tensor | tuple[Tensor, Tensor]) -> tuple[Tensor, ...]:
    return output if isinstance(output, tuple) else (output,)
