"""Labels, coordinates, and the names that they make of decisions and instances."""

from __future__ import annotations

import re
from typing import TypeAlias

from hypercuboid.frontend.tables import load_tables

Label: TypeAlias = int | float | bool | str | tuple["Label", ...]
"""A coordinate or the label of an alternative."""


Coordinates: TypeAlias = tuple[tuple[str, Label], ...]
"""Named coordinates, outermost first: (("layer", 0), ("a", 8))."""


def label_text(label: Label) -> str:
    """A coordinate or label as messages show it: `0`, `SharpSepConv`, `(3, 1)`."""
    if isinstance(label, tuple):
        return f"({', '.join(label_text(part) for part in label)})"
    if isinstance(label, bool):
        return "true" if label else "false"
    return str(label)


def written_label(label: Label) -> str:
    """A label as picks and names write it: names and calls stand for themselves, other strings are quoted."""
    if isinstance(label, str):
        return label if _PLAIN.fullmatch(label) and label not in load_tables().keywords else f'"{label}"'
    if isinstance(label, tuple):
        return f"({', '.join(map(written_label, label))})"
    return label_text(label)


_PLAIN = re.compile(r"[A-Za-z_]\w*(\(.*\))?", re.DOTALL)


def numbered(name: str) -> tuple[str, str]:
    """The name of a decision and the number behind it: `out.k, mid` and `@2`, or nothing."""
    at = name.rfind("@")
    return (name[:at], name[at:]) if at > name.rfind("]") else (name, "")


def bracketed(labels: tuple[Label, ...]) -> str:
    """`[0,1]`, and nothing for no labels."""
    return f"[{','.join(map(written_label, labels))}]" if labels else ""


def instance_component(
    name: str, depth: tuple[Label, ...], source: Label, target: Label, label: tuple[Label, ...]
) -> str:
    """The component that a trellis candidate adds to the names of instances: `h[0,1][8,16][SharpSepConv]`."""
    return f"{name}{bracketed(depth)}{bracketed((source, target))}{bracketed(label)}"


def full_name(prefix: str, name: str) -> str:
    """The name of an instance inside what `prefix` names: joined by a dot, unless it begins with coordinates.

    In a body of its own the term of a fold is called `[0].conv`; inside `out[Flex]` that is `out[Flex][0].conv`, as it
    is where the alternative is kept and stands in the body around it.
    """
    if not prefix or not name:
        return prefix or name
    return f"{prefix}{name}" if name.startswith("[") else f"{prefix}.{name}"
