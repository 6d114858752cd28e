"""Sites and kept alternatives as the language writes them in `pick` and `keep`."""

from __future__ import annotations

import json
import re

from hypercuboid.frontend.elaborated import Coordinates, KeptPath, Label, label_text
from hypercuboid.graph.forest import Address

_NAME = re.compile(r"[A-Za-z_]\w*(\(.*\))?", re.DOTALL)


def written(label: Label) -> str:
    """A label as it can be written: names and calls stand for themselves, other strings are quoted."""
    if isinstance(label, str):
        return label if _NAME.fullmatch(label) else json.dumps(label)
    if isinstance(label, tuple):
        return f"({', '.join(map(written, label))})"
    return label_text(label)


def site_text(name: str, coordinates: Coordinates) -> str:
    """`h[reduction = 0, layer = 0]`."""
    if not coordinates:
        return name
    parts = (f"{axis} = {written(label)}" if axis else written(label) for axis, label in coordinates)
    return f"{name}[{', '.join(parts)}]"


def kept_text(label: tuple[Label, ...]) -> str:
    """`SharpSepConv`, or `(3, 1)` where there are several choice axes."""
    return written(label[0] if len(label) == 1 else label)


def path_text(kept: KeptPath) -> str:
    """`32 -> 64: ResizablePool`, `8 -> 16: (3, 1)`, or `0 -> 1` where there is no choice axis."""
    move = f"{written(kept.source)} -> {written(kept.target)}"
    return f"{move}: {kept_text(kept.label)}" if kept.label else move


def term_text(where: Coordinates) -> str:
    """The key of a term of `sum top`: `0`, or `(0, 1)` where the fold has several binders."""
    labels = tuple(label for _, label in where)
    return written(labels[0] if len(labels) == 1 else labels)


def single_sites(address: Address, axes: tuple[str, ...], label: tuple[Label | None, ...]) -> list[tuple[str, str]]:
    """Sites and values of a choice; one per axis where its name is the list of its axes (`k, mid`).

    An element of `label` that is None stands for an axis that is open.
    """
    name, coordinates = address
    own = ", ".join(axes)
    if len(axes) < 2 or not (name == own or name.endswith(f".{own}")):
        return [(site_text(name, coordinates), kept_text(tuple(one for one in label if one is not None)))]
    path = name.removesuffix(own)
    pairs = zip(axes, label, strict=True)
    return [(site_text(path + axis, coordinates), written(one)) for axis, one in pairs if one is not None]
