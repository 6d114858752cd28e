"""Renames a declaration wherever it is named: in its file and in the files of the workspace that use it.

A rename must not change what a program says. So every file that it touches is read again as it would be: each name
must mean what it meant before, and no mistake may be new.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hypercuboid.checking import examine
from hypercuboid.diagnostics import HypercuboidError, error
from hypercuboid.editing.buffers import Buffers, place_of
from hypercuboid.editing.declarations import Declaration, Occurrences
from hypercuboid.editing.fixing import Edit
from hypercuboid.editing.names_at import Spelling
from hypercuboid.editing.occurrences import occurrences
from hypercuboid.editing.words import KEYWORDS
from hypercuboid.frontend import ast
from hypercuboid.frontend.loaded import LoadedModule

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True)
class _File:
    path: Path
    module: LoadedModule
    names: Occurrences


def rename(buffers: Buffers, path: Path, offset: int, new: str, workspace: Iterable[Path]) -> dict[Path, list[Edit]]:
    """The edits of all files by their paths; HC8301 where the name cannot be changed, HC8302 where not to that one."""
    if not _NAME.fullmatch(new) or new in KEYWORDS:
        what = "a keyword" if new in KEYWORDS else "no name"
        raise error("HC8302", f"`{new[:80]}` is {what}", help="names are letters, digits and `_`, no digit first")
    home = _file(buffers, path)
    meant = None if home is None else renamed(home.names, offset)
    if home is None or meant is None:
        raise error("HC8301", "nothing that can be renamed stands here", help="mend the mistakes of the file first")
    files = [home, *(one for other in workspace if other != path and (one := _file(buffers, other)) is not None)]
    for with_picks in (True, False):
        edits = {one.path: found for one in files if (found := list(_edits(one, meant, new, with_picks)))}
        problem = _problem(buffers, files, edits, meant, new)
        if problem is None:
            return edits
    raise problem or AssertionError


def renamed(names: Occurrences, offset: int) -> Declaration | None:
    """The declaration of the name at an offset, where it can have another: it is in a file, not in the library."""
    found = names.at(offset)
    source = None if found is None else found.declaration.source
    return found.declaration if found is not None and source is not None and not source.is_library else None


def _file(buffers: Buffers, path: Path) -> _File | None:
    module = buffers.reading(path).module
    return None if module is None else _File(path, module, occurrences(module))


def _same(one: Declaration, other: Declaration) -> bool:
    """Whether two readings found one declaration: each reading has sources of its own."""
    if one.source is None or other.source is None:
        return False
    return one.start == other.start and one.name == other.name and place_of(one.source) == place_of(other.source)


def _edits(file: _File, meant: Declaration, new: str, with_picks: bool) -> Iterator[Edit]:
    starts = {one.start for one in file.names.found if _same(one.declaration, meant)}
    if with_picks:
        starts |= set(_in_picks(file, meant))
    text = file.module.module.source.text
    for start in sorted(starts):
        if text[start : start + len(meant.name)] == meant.name:
            yield Edit(start, start + len(meant.name), new)


def _in_picks(file: _File, meant: Declaration) -> Iterator[int]:
    """Where the name stands in picks: paths of decisions and labels follow what declares them."""
    if meant.source is None or isinstance(meant.node, ast.Formal | ast.Input | ast.Param):
        return
    reached = {place_of(meant.source)} & {place_of(one.module.source) for one in (file.module, *file.module.imports)}
    spelling = Spelling(file.module.module.source)
    for item in file.module.module.items if reached else ():
        for pick in item.picks if isinstance(item, ast.Arch) else ():
            for token in spelling.tokens[spelling.index(pick.span.start) : spelling.index(pick.span.end)]:
                if token.type == "NAME" and token.text == meant.name:
                    yield token.start


def _problem(
    buffers: Buffers, files: list[_File], edits: dict[Path, list[Edit]], meant: Declaration, new: str
) -> HypercuboidError | None:
    """Why the edits would change what a file says."""
    texts = {one.path: applied(one.module.module.source.text, edits[one.path]) for one in files if one.path in edits}
    after = buffers.with_texts(texts)
    for one in files:
        if isinstance(meant.node, ast.Formal) and meant.name in one.names.unclear and one.path in edits:
            message = f"`{one.path.name}` gives `{meant.name}` to a block that is known only when it runs"
            return error("HC8302", message, help="rename it by hand and check the file")
        if one.path not in edits:
            continue
        changed = _file(after, one.path)
        if changed is None or changed.names.structure() != one.names.structure():
            message = f"in `{one.path.name}`, `{new}` means something else already"
            return error("HC8302", message, help="choose a name that is not taken")
        known = any(before.severity == "error" for before in examine(one.path, buffers.read))
        for found in examine(one.path, after.read):
            if found.severity == "error" and not known:
                message = f"the rename would break `{one.path.name}`: {found.message}"
                return error("HC8302", message, help="choose another name, or rename by hand")
    return None


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text after the edits, which do not overlap."""
    for one in sorted(edits, key=lambda edit: -edit.start):
        text = text[: one.start] + one.text + text[one.end :]
    return text
