"""The programs of the fuzzer by number: mutants of what the repository holds, texts of the grammar, and noise."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from hostile.grow import derived
from hostile.mutate import WORDS, mutant, programs_in
from hostile.noise import noise
from hostile.sound import sound

ROOT = Path(__file__).resolve().parent.parent.parent

_DECLARED = re.compile(r"\b(?:space|arch|block)\s+([A-Za-z_]\w*)")


@cache
def _texts() -> list[str]:
    """What mutants start from; programs that work four times as often as those that hold a mistake."""
    good = programs_in([ROOT / "spaces", ROOT / "tests" / "programs", ROOT / "tests" / "conformance" / "valid"])
    return good * 4 + [sound(seed) for seed in range(len(good) * 4)] + programs_in([ROOT / "tests" / "errors"])


def fuzzed(number: int) -> dict[str, Any]:
    """The job of one program; of every eleven six are mutants, three derived and two noise."""
    job: dict[str, Any] = {"id": number}
    kind = number % 11
    if kind < 6:
        job["text"] = mutant(_texts(), number)
    elif kind < 9:
        job["text"] = derived(number)
    else:
        job["hex"] = noise(number).hex()
    names = [name for name in _DECLARED.findall(job.get("text", "")) if name not in WORDS]
    return {**job, "names": names[:2] or [""]}
