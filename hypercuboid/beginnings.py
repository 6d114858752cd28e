"""Files to start from: the programs of `spaces/new/` under a name of one's own."""

from __future__ import annotations

import re

from hypercuboid.diagnostics import error
from hypercuboid.frontend.builtins import BUILTINS
from hypercuboid.frontend.modules import load_text
from hypercuboid.frontend.tables import load_tables
from hypercuboid.frontend.tokens import escaped
from hypercuboid.resources import resource

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_PLACEHOLDER = re.compile(r"\bNAME\b")
_COMMAND = re.compile(r"(?P<command>#   hypercuboid .*?\S) {2,}(?P<does>\S.*)")
_LONGEST = 60


def kinds() -> list[str]:
    """What there is to start from, in alphabetical order."""
    return sorted(path.stem for path in resource("spaces", "new").glob("*.hc"))


def beginning(name: str, kind: str) -> str:
    """The text of a file whose space has this name; HC1034 for a name that it cannot have."""
    _check_name(name)
    text = resource("spaces", "new", f"{kind}.hc").read_text(encoding="utf-8")
    if name in load_text(text).names or name in BUILTINS:
        raise error("HC1034", f"`{name}` means something else in the file", help="take another name")
    return "\n".join(_aligned(_PLACEHOLDER.sub(name, text).split("\n")))


def _aligned(lines: list[str]) -> list[str]:
    """Commands of the heading and what they do in two columns, whatever the length of the name in them."""
    found = {number: match for number, line in enumerate(lines) if (match := _COMMAND.fullmatch(line))}
    width = max((len(match["command"]) for match in found.values()), default=0)
    return [
        f"{found[i]['command']:<{width}}  {found[i]['does']}" if i in found else line for i, line in enumerate(lines)
    ]


def _check_name(name: str) -> None:
    if name in load_tables().keywords:
        raise error("HC1034", f"`{name}` is a word of the language", help="take another name")
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        near = re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_")[:_LONGEST]
        help = (
            f"write `{near}`" if _NAME.fullmatch(near) else f"write a letter and up to {_LONGEST - 1} letters or digits"
        )
        raise error("HC1034", f"`{escaped(name[:80])}` cannot name a space", help=help)
