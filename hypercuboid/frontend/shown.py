"""How values are called and written: in messages, as labels, and as arguments of ops."""

from __future__ import annotations

from hypercuboid.frontend.elaborated import label_text
from hypercuboid.frontend.values import (
    BLOCKS,
    BlockValue,
    Family,
    ListValue,
    Missing,
    Namespace,
    OpBlock,
    PlacedBlock,
    SharedBlock,
    Tensor,
    UserBlock,
)
from hypercuboid.ops.base import Value


def type_name(value: object) -> str:
    """What messages call the type of a value."""
    if isinstance(value, Family) and value.holds_blocks:
        return "a family of blocks"
    names: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (bool, "a boolean"),
        (int, "an integer"),
        (float, "a float"),
        (str, "a string"),
        (range, "a range"),
        (ListValue, "a list"),
        (tuple, "a tuple"),
        ((Tensor, Missing), "a tensor"),
        (Family, "a family of nodes"),
        (BLOCKS, "a block"),
        (Namespace, "a module"),
    )
    return next((text for kind, text in names if isinstance(value, kind)), "a value")


def is_plain(value: object) -> bool:
    """A number, a boolean, a string, or a list, tuple or range of such."""
    if isinstance(value, _SCALARS):
        return True
    return all(map(is_plain, value)) if isinstance(value, tuple) else isinstance(value, range)


_SCALARS = (int, str, float)
"""Booleans are integers."""


def show(value: object) -> str:
    """A value as messages print it."""
    if isinstance(value, ListValue):
        return f"[{', '.join(show(item) for item in value)}]"
    if isinstance(value, tuple):
        return f"({', '.join(show(item) for item in value)})"
    if isinstance(value, range):
        return f"{value.start}..{value.stop}"
    if isinstance(value, (Tensor, Missing)):
        return str(value.type)
    if isinstance(value, BLOCKS):
        return f"`{block_name(value)}`"
    if isinstance(value, str):
        return f'"{value}"'
    return label_text(value) if isinstance(value, (bool, int, float)) else type_name(value)


def block_name(block: BlockValue) -> str:
    """The name a block goes by: the one it was given, else the one of its definition."""
    if block.label:
        return block.label
    if isinstance(block, (PlacedBlock, SharedBlock)):
        return block_name(block.block)
    if isinstance(block, OpBlock):
        return block.op.name
    return block.definition.name if isinstance(block, UserBlock) else "block"


def as_value(value: object) -> Value:
    """A plain value as ops take it: lists become tuples."""
    if isinstance(value, tuple):
        return tuple(as_value(item) for item in value)
    assert isinstance(value, (bool, int, float, str))
    return value
