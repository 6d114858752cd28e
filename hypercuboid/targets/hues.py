"""Which hue a primitive has: those of the standard library the same in every picture, others that of their place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hypercuboid.frontend.elaborated import Label, label_text
from hypercuboid.targets.diagram_style import HUES

_STANDARD = {
    name: hue
    for hue, name in enumerate(
        (
            *("ReLUConvBN", "none", "max_pool_3x3", "avg_pool_3x3", "skip_connect", "sep_conv_3x3", "sep_conv_5x5"),
            *("dil_conv_3x3", "dil_conv_5x5", "sep_conv_7x7", "conv_7x1_1x7", "flood_conv_3x3", "flood_conv_5x5"),
            *("dil_flood_conv_3x3", "choke_conv_3x3", "dil_choke_conv_3x3", "FactorizedReduce"),
        )
    )
}
"""What cells of `std.darts`, `std.sharpdarts` and `std.nasnet` are made of: positions in `HUES`."""


class Palette:
    """The hues of one picture. `expected` are names that it may show, in the order of the source.

    An architecture expects what its space chooses among, so that both have the same hues.
    """

    def __init__(self, expected: Iterable[str] = ()) -> None:
        names = tuple(dict.fromkeys(expected))
        self._taken = {name: _STANDARD[name] for name in names if name in _STANDARD}
        for name in names:
            self.hue(name)

    def hue(self, name: str) -> int:
        """A position in `HUES`: the first that is free, all again where none is."""
        if name not in self._taken:
            self._taken[name] = _STANDARD[name] if name in _STANDARD else self._free()
        return self._taken[name]

    def _free(self) -> int:
        used = set(self._taken.values())
        return next((hue for hue in range(len(HUES)) if hue not in used), len(self._taken) % len(HUES))


def named_text(axes: Sequence[str], label: tuple[Label, ...]) -> str:
    """A label as one text, numbers with their axes: `k 3, groups 1`; `op` where there is none."""
    texts = [(axis, label_text(one)) for axis, one in zip(axes, label, strict=False)]
    return ", ".join(f"{axis} {text}" if _is_number(text) else text for axis, text in texts) or "op"


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()


def standard(names: Iterable[str]) -> tuple[str, ...]:
    """Those of the names that have the same hue in every picture."""
    return tuple(name for name in names if name in _STANDARD)


def kept_text(axes: Sequence[str], label: tuple[Label, ...]) -> str:
    """What a legend calls an alternative: where it has a name, without numbers such as that of the node it reads."""
    named = tuple(one for one in label if not isinstance(one, int))
    return ", ".join(map(label_text, named)) if named else named_text(axes, label)


def written(label: Iterable[Label]) -> str:
    """A label as the names of nodes have it."""
    return ",".join(label_text(one) for one in label)
