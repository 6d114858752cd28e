"""`attention`: scaled dot-product attention without projections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._shapes import need_kind, whole
from hypercuboid.ops._text import call, unless
from hypercuboid.ops.base import AtomicOp, Constructor, Parameter, ShapeError, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class Attention(AtomicOp):
    name = "attention"
    doc = "softmax(q k^T / sqrt(d)) v in heads (Vaswani et al. 2017); projections are `linear`s around it"
    parameters = (Parameter("heads", "int"), Parameter("causal", "bool", False))
    arity = 3

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        for type in inputs:
            need_kind("attention", type, "sequence")
        q, k, v = (type.shape for type in inputs)
        heads = whole("attention", "heads", arguments["heads"])
        if q[1] != k[1] or k[0] != v[0]:
            raise ShapeError(
                f"`attention` needs q and k of one width, k and v of one length, not {q}, {k}, {v}",
                "make q, k and v by `linear` of one sequence",
            )
        if q[1] % heads or v[1] % heads:
            raise ShapeError(
                f"`heads = {heads}` must divide both {q[1]} and {v[1]} features",
                "use a number of heads that divides both",
            )
        return TensorType("sequence", (q[0], v[1]))

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from hypercuboid.ops.layers.attention import Attention as Layer

        return Layer(whole("attention", "heads", arguments["heads"]), bool(arguments["causal"]))

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Constructor:
        text = call("Attention", arguments["heads"], causal=unless(False, arguments["causal"]))
        return Constructor(text, layer="Attention")


OP = Attention()
