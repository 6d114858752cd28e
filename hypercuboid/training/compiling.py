"""torch.compile for the network of a training."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from hypercuboid.diagnostics import error


def compiled(network: nn.Module) -> nn.Module:
    """The network with its passes compiled: it shares all parameters, and compiles when it is first run.

    HC7601 where that fails.
    """
    return _Compiled(network)


class _Compiled(nn.Module):
    """The compiled network, whose failures to compile are a user's to mend: by a compiler, or without the flag."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self._run = torch.compile(network)

    def forward(self, *inputs: Any) -> Any:
        from torch._dynamo.exc import TorchDynamoException

        try:
            return self._run(*inputs)
        except TorchDynamoException as problem:
            note = " ".join(str(problem).split())[:300]
            message = "the network cannot be compiled"
            raise error(
                "HC7601", message, notes=(note,), help="install a C++ compiler, or leave --compile out"
            ) from None
