"""How the decisions of a running search stand, read from its run folder: a table on a terminal, else a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypercuboid.runs.listing import read_metrics
from hypercuboid.runs.reading import METRICS
from hypercuboid.runs.weights_history import Recorded, read_history
from hypercuboid.terminal import escape

if TYPE_CHECKING:
    from rich.console import Group

SITES = 12
"""Sites that a terminal shows, those that changed last."""


class Decisions:
    """What a run folder says of its last epoch; looked at again when its metrics have grown."""

    def __init__(self, run: Path) -> None:
        self._run, self._size = run, -1
        self._line: Mapping[str, Any] = {}
        self._history: Sequence[Recorded] = ()

    def changed(self) -> bool:
        """Whether an epoch has ended since the last look; what is known is then new."""
        path = self._run / METRICS
        size = path.stat().st_size if path.is_file() else 0
        if size == self._size:
            return False
        first, self._size = self._size < 0, size
        lines = read_metrics(self._run)
        self._line, self._history = (lines[-1] if lines else {}), read_history(self._run)
        return bool(lines) and not first

    def words(self) -> str:
        """`epoch 3: margin 0.4 %, entropy 0.98, params 8,746, ..., best path since epoch 2`."""
        since = self._since()
        path = "" if since is None else f"best path since epoch {since}"
        return f"epoch {self._line.get('epoch')}: " + ", ".join([*_numbers(self._line), *[path] * bool(path)])

    def table(self) -> Group | None:
        """Numbers, and what each site keeps and since when; None before the first epoch has ended."""
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        if not self._line or not self._history:
            return None
        title = Text(f"epoch {self._line.get('epoch')}: " + ", ".join(_numbers(self._line)))
        table = Table("site", "keeps", "since epoch", box=None, pad_edge=False)
        sites = self._sites()
        for site, kept, since in sites[:SITES]:
            table.add_row(Text(escape(site)), Text(escape(kept)), str(since))
        if len(sites) > SITES:
            table.add_row(f"... {len(sites) - SITES} more", "", "")
        return Group(title, table)

    def _sites(self) -> list[tuple[str, str, int]]:
        """What each site keeps and the first epoch since which it does; what changed last comes first."""
        found = []
        for site, kept in self._history[-1].picks.items():
            since = self._history[-1].epoch
            for one in self._history[::-1]:
                if one.picks.get(site) != kept:
                    break
                since = one.epoch
            found.append((site, ", ".join(kept), since))
        return sorted(found, key=lambda row: -row[2]) if len(found) > SITES else found

    def _since(self) -> int | None:
        """The epoch since which the best path is the same."""
        return max((since for _, _, since in self._sites()), default=None) if self._history else None


def _numbers(line: Mapping[str, Any]) -> list[str]:
    shown = {"margin": "{:.3%}", "entropy": "{:.4f}", "params": "{:,}", "macs": "{:,}", "free_mass": "{:.3f}"}
    names = {"free_mass": "weight without parameters"}
    return [
        f"{names.get(name, name)} {form.format(line[name])}".replace("%", " %")
        for name, form in shown.items()
        if isinstance(line.get(name), int | float)
    ]
