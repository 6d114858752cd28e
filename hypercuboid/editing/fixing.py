"""What a message proposes, as an edit: a name for another, an import that is missing, a sign for another."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hypercuboid.diagnostics import Diagnostic
from hypercuboid.editing.importing import import_edit
from hypercuboid.frontend.loaded import LoadedModule


@dataclass(frozen=True)
class Edit:
    """`text` in the place of [start, end)."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Fix:
    """What a way out does to a text."""

    title: str
    edits: tuple[Edit, ...]


_MEANT = re.compile(r"did you mean `([^`]+)`\?|it is called `([^`]+)`")
_IMPORT = re.compile(r"`use ([\w.]+) \{ (\w+) \}`")
_WRITE = re.compile(r"write `([^`]+)`")
_WRONG = re.compile(r"`([^`]+)`")
_SIGNS = ("HC1006", "HC1007")
"""Codes whose help is what to write instead, whole."""


def fixes(one: Diagnostic, module: LoadedModule | None) -> list[Fix]:
    """The edits that the help of a diagnostic asks for; none where it is advice."""
    if one.span is None:
        return []
    edits: list[Edit] = []
    if meant := _MEANT.search(one.help):
        edits += _replaced(one, meant[1] or meant[2])
    elif one.code in _SIGNS and (written := _WRITE.fullmatch(one.help)):
        edits.append(Edit(one.span.start, one.span.end, written[1]))
    if module is not None and (used := _IMPORT.search(one.help)):
        edits.append(Edit(*import_edit(module.module, used[1], used[2])))
    title = one.help if not edits else _title(edits[0], one)
    return [Fix(title, tuple(edits))] if edits else []


def _title(edit: Edit, one: Diagnostic) -> str:
    assert one.span is not None
    if edit.start == edit.end:
        return f"write `{' '.join(edit.text.split())}`"
    return f"change `{one.span.source.text[edit.start : edit.end]}` to `{edit.text}`"


def _replaced(one: Diagnostic, name: str) -> list[Edit]:
    """The wrong name inside the place of the message, by the last name in it that stands there."""
    assert one.span is not None
    for wrong in reversed(_WRONG.findall(one.message)):
        found = re.search(rf"(?<!\w){re.escape(wrong)}(?!\w)", one.span.text)
        if found is not None and wrong != name:
            start = one.span.start + found.start()
            return [Edit(start, start + len(wrong), name)]
    return []
