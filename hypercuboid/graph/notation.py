"""Sites and kept alternatives as the language writes them in `pick` and `keep`."""

from __future__ import annotations

from hypercuboid.frontend.elaborated import Coordinates, KeptPath, Label, numbered, written_label
from hypercuboid.graph.forest import Address


def site_text(name: str, coordinates: Coordinates) -> str:
    """`h[reduction = 0, layer = 0]`; `h[0, 1]` where two axes have one name."""
    if not coordinates:
        return name
    named = len({axis for axis, _ in coordinates}) == len(coordinates) and all(axis for axis, _ in coordinates)
    parts = (f"{axis} = {written_label(label)}" if named else written_label(label) for axis, label in coordinates)
    return f"{name}[{', '.join(parts)}]"


def kept_text(label: tuple[Label, ...]) -> str:
    """`SharpSepConv`, or `(3, 1)` where there are several choice axes."""
    return written_label(label[0] if len(label) == 1 else label)


def path_text(kept: KeptPath) -> str:
    """`32 -> 64: ResizablePool`, `8 -> 16: (3, 1)`, or `0 -> 1` where there is no choice axis."""
    move = f"{written_label(kept.source)} -> {written_label(kept.target)}"
    return f"{move}: {kept_text(kept.label)}" if kept.label else move


def term_text(where: Coordinates) -> str:
    """The key of a term of `sum top`: `0`, or `(0, 1)` where the fold has several binders."""
    labels = tuple(label for _, label in where)
    return written_label(labels[0] if len(labels) == 1 else labels)


def single_sites(
    address: Address, axes: tuple[str, ...], label: tuple[Label | None, ...], taken: frozenset[str] = frozenset()
) -> list[tuple[str, str]]:
    """Sites and values of a choice; one per axis where its name ends with the list of its axes (`k, mid`).

    An element of `label` that is None stands for an axis that is open. `taken` are names of other decisions, which a
    site of one axis must not be.
    """
    name, coordinates = address
    own = ", ".join(axes)
    stem, number = numbered(name)
    if len(axes) < 2 or not (stem == own or stem.endswith(f".{own}")):
        return [(site_text(name, coordinates), kept_text(tuple(one for one in label if one is not None)))]
    sites = [stem.removesuffix(own) + axis + number for axis in axes]
    if not taken.isdisjoint(sites) and None not in label:
        return [(site_text(name, coordinates), kept_text(tuple(one for one in label if one is not None)))]
    pairs = zip(sites, label, strict=True)
    return [(site_text(site, coordinates), written_label(one)) for site, one in pairs if one is not None]
