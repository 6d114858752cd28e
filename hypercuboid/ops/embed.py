"""`embed`: learned vectors of tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._shapes import need_kind, whole
from hypercuboid.ops._text import bare
from hypercuboid.ops.base import AtomicOp, Constructor, Cost, Parameter, ShapeError, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class Embed(AtomicOp):
    name = "embed"
    doc = "a learned vector of d features for each of vocab tokens"
    parameters = (Parameter("vocab", "int"), Parameter("d", "int"))

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        need_kind("embed", inputs[0], "tokens")
        vocab, d = whole("embed", "vocab", arguments["vocab"]), whole("embed", "d", arguments["d"])
        if vocab < inputs[0].vocab:
            raise ShapeError(
                f"`vocab = {vocab}` is less than the {inputs[0].vocab} tokens of the input", "write as many or more"
            )
        return TensorType("sequence", (inputs[0].shape[0], d))

    def cost(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> Cost:
        return Cost(params=whole("embed", "vocab", arguments["vocab"]) * output.channels)

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from torch import nn

        return nn.Embedding(whole("embed", "vocab", arguments["vocab"]), whole("embed", "d", arguments["d"]))

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Constructor:
        return bare("Embedding", arguments["vocab"], arguments["d"])


OP = Embed()
