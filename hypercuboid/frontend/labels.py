"""Labels of the elements of a list: values stand for themselves, blocks for their names."""

from __future__ import annotations

from typing import Any

from hypercuboid.diagnostics import Span, error
from hypercuboid.frontend.elaborated import Label
from hypercuboid.frontend.values import BLOCKS, ListValue, OpBlock, UserBlock, block_name, is_plain, memo_key, show


def element_labels(items: list[Any], span: Span) -> list[Label]:
    """One label per element; blocks of one name get the arguments that tell them apart."""
    names = [block_name(item) if isinstance(item, BLOCKS) else None for item in items]
    labels: list[Label] = []
    for position, (item, name) in enumerate(zip(items, names, strict=True)):
        if name is None:
            labels.append(_plain(item, position))
        elif names.count(name) == 1:
            labels.append(name)
        else:
            same = [other for other, called in zip(items, names, strict=True) if called == name]
            labels.append(_distinguished(item, name, same))
    for label in labels:
        if labels.count(label) > 1:
            raise error("HC2011", f"two elements of this list are called `{label}`", span, help="give them names")
    return labels


def _plain(item: Any, position: int) -> Label:
    if isinstance(item, (ListValue, range)) or not is_plain(item):
        return position
    return _label(item)


def _label(item: Any) -> Label:
    if isinstance(item, tuple):
        return tuple(_label(part) for part in item)
    assert isinstance(item, (bool, int, float, str))
    return item


def _distinguished(item: Any, name: str, same: list[Any]) -> str:
    if not all(isinstance(one, (OpBlock, UserBlock)) for one in same):
        return name
    given = dict(item.given)
    telling = [key for key in given if len({_argument(one, key) for one in same}) > 1]
    arguments = ", ".join(f"{key} = {show(given[key].value)}" for key in telling)
    return f"{name}({arguments})" if arguments else name


def _argument(block: OpBlock | UserBlock, name: str) -> object:
    given = dict(block.given)
    return memo_key(given[name].value) if name in given else None
