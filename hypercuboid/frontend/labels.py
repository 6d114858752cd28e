"""Labels of the elements of a list: values stand for themselves, blocks for their names."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypercuboid.diagnostics import Span, error
from hypercuboid.frontend.elaborated import Label
from hypercuboid.frontend.shown import block_name, is_plain, show
from hypercuboid.frontend.values import BLOCKS, ListValue, OpBlock, UserBlock, memo_key


def element_labels(items: list[Any], span: Span) -> list[Label]:
    """One label per element; blocks of one name get the arguments that tell them apart."""
    names = [block_name(item) if isinstance(item, BLOCKS) else None for item in items]
    same: dict[str, list[Any]] = {}
    for item, name in zip(items, names, strict=True):
        if name is not None:
            same.setdefault(name, []).append(item)
    telling = {name: _telling(blocks) for name, blocks in same.items()}
    labels: list[Label] = []
    for position, (item, name) in enumerate(zip(items, names, strict=True)):
        labels.append(_plain(item, position) if name is None else _called(item, name, telling[name]))
    for label, count in Counter(labels).items():
        if count > 1:
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


def _telling(blocks: list[Any]) -> list[str]:
    """The arguments that tell blocks of one name apart."""
    if len(blocks) == 1 or not all(isinstance(one, (OpBlock, UserBlock)) for one in blocks):
        return []
    names = dict.fromkeys(name for one in blocks for name, _ in one.given)
    return [name for name in names if len({_argument(one, name) for one in blocks}) > 1]


def _called(block: Any, name: str, telling: list[str]) -> str:
    given = dict(block.given) if telling else {}
    arguments = ", ".join(f"{key} = {show(given[key].value)}" for key in telling if key in given)
    return f"{name}({arguments})" if arguments else name


def _argument(block: OpBlock | UserBlock, name: str) -> object:
    given = dict(block.given)
    return memo_key(given[name].value) if name in given else None
