"""What a name that is not defined may mean: one of the library, one of Python or torch, or a near miss."""

from __future__ import annotations

import re

from hypercuboid.ops import OPS
from hypercuboid.registry import suggestion
from hypercuboid.resources import resource

_FOREIGN = {
    "True": "write `true`",
    "False": "write `false`",
    "None": "there is no such value; leave the argument out, or give it a value",
    "range": "a range is written `0..n`",
    "int": "`floor`, `ceil` and `round` give integers",
    "float": "divide with `/` to get a number that is no integer",
    "sorted": "write the list in the order that you want",
    "sqrt": "write `x ** 0.5`",
    "pow": "write `x ** n`",
    "print": "nothing is printed; `require` checks a condition",
    "self": "a block has no `self`: tensors come in after `on`, arguments in parentheses",
    "super": "a block has no base class",
    "any": "write `len([v for v in list if condition]) > 0`",
    "all": "write `len([v for v in list if not condition]) == 0`",
    "Sequential": "a pipeline is written `conv(8) -> bn -> relu`",
    "ModuleList": "a list is written `[conv(8), relu]`, a row of layers `chain i in 0..3 { ... }`",
    "cat": "write `concat(a, b)`",
    "stack": "write `concat(a, b)`",
    "view": "use `flatten`",
    "reshape": "use `flatten`",
}
_TORCH = {
    "Conv2d": "conv",
    "Conv1d": "conv",
    "Linear": "linear",
    "BatchNorm2d": "bn",
    "BatchNorm1d": "bn",
    "LayerNorm": "layer_norm",
    "GroupNorm": "group_norm",
    "ReLU": "relu",
    "ReLU6": "relu6",
    "SiLU": "silu",
    "GELU": "gelu",
    "Tanh": "tanh",
    "Sigmoid": "sigmoid",
    "Softmax": "softmax",
    "Identity": "identity",
    "Dropout": "dropout",
    "Flatten": "flatten",
    "Embedding": "embed",
    "MaxPool2d": "max_pool",
    "AvgPool2d": "avg_pool",
    "AdaptiveAvgPool2d": "gap",
    "Upsample": "resize",
    "interpolate": "resize",
    "MultiheadAttention": "attention",
    "conv2d": "conv",
    "Conv": "conv",
    "batch_norm": "bn",
    "pool": "max_pool",
    "skip": "identity",
}
"""Names of torch and others, and the op that is meant."""

_ARGUMENTS = {
    "kernel_size": "k",
    "kernel": "k",
    "out_channels": "c",
    "out_features": "c",
    "channels": "c",
    "filters": "c",
    "features": "c",
    "strides": "stride",
    "num_heads": "heads",
    "num_groups": "groups",
    "num_embeddings": "vocab",
    "embedding_dim": "d",
    "scale_factor": "factor",
    "count_include_pad": "count_padding",
}
"""Names of arguments in torch, and what they are called here."""

_MODULES = ("nn", "torch", "F", "functional")


def meant(name: str, known: list[str]) -> str:
    """The help for an undefined name among those that are known."""
    if name in _MODULES:
        return "ops are used by their names: `use std.ops { conv, bn, relu }`"
    if name in _TORCH:
        return f"it is called `{_TORCH[name]}`: `use std.ops {{ {_TORCH[name]} }}`"
    if name in _FOREIGN:
        return _FOREIGN[name]
    library = _library_of(name)
    return f"write `use {library} {{ {name} }}`" if library else suggestion(name, known)


def meant_argument(name: str, known: list[str]) -> str:
    """The help for an argument that a block does not have."""
    ours = _ARGUMENTS.get(name, "")
    if ours in known:
        return f"it is called `{ours}`"
    if name in ("in_channels", "in_features", "num_features"):
        return "leave it out: it follows from what flows in"
    return suggestion(name, known) if known else "leave it out: it takes no arguments"


def _library_of(name: str) -> str:
    """The library that has a name; empty for none. Read only where something is wrong already."""
    if name in OPS and OPS[name].callable:
        return "std.ops"
    pattern = re.compile(rf"^(block|space|cell|let) {re.escape(name)}\b", re.MULTILINE)
    for path in sorted(resource("spaces", "std").glob("*.hc")):
        if pattern.search(path.read_text(encoding="utf-8")):
            return f"std.{path.stem}"
    return ""
