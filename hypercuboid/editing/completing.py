"""What may stand at a place: keywords, names in scope, what can be imported, arguments of a call, paths of imports.

A text that is being typed has no tree, so places are read from the tokens before the cursor.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from hypercuboid.editing.declarations import Declaration
from hypercuboid.editing.fixing import Edit
from hypercuboid.editing.hovering import signature
from hypercuboid.editing.importing import import_edit
from hypercuboid.editing.local_names import names_before
from hypercuboid.editing.names_at import Spelling
from hypercuboid.editing.words import CONSTANTS, FUNCTIONS, KEYWORDS
from hypercuboid.frontend import ast
from hypercuboid.frontend.loaded import BoundItem, BoundNamespace, BoundOp, LoadedModule
from hypercuboid.frontend.printer import print_expression
from hypercuboid.frontend.tokens import Token
from hypercuboid.frontend.typing import TENSORS, TYPES
from hypercuboid.library import entries

_MOST_FILES = 200
_ATTRIBUTES = ("c", "h", "w", "d", "t")


@dataclass(frozen=True)
class Proposal:
    """A word to write. `kind`: keyword, function, block, value, argument, type, library, file or folder.

    `edits` are made elsewhere in the text along with it.
    """

    text: str
    kind: str
    detail: str = ""
    doc: str = ""
    edits: tuple[Edit, ...] = field(default=())


def complete(module: LoadedModule, offset: int, path: Path | None = None) -> list[Proposal]:
    """The proposals at an offset, each word once; the editor filters them by what is typed."""
    source = module.module.source
    tokens = [one for one in Spelling(source).tokens if one.end <= offset and one.type != "$END"]
    if _in_comment(source.text, offset):
        return []
    if (typed := _open_string(source.text, offset)) is not None:
        is_use = bool(tokens) and tokens[-1].type in ("USE", "STRING")
        return _files(path, typed) if path is not None and is_use else []
    if tokens and tokens[-1].end == offset and (tokens[-1].type == "NAME" or tokens[-1].text in KEYWORDS):
        tokens.pop()  # the word that is being typed
    return list({one.text: one for one in reversed(list(_proposals(module, tokens, offset)))}.values())[::-1]


def _proposals(module: LoadedModule, tokens: list[Token], offset: int) -> Iterator[Proposal]:
    last = tokens[-1].type if tokens else ""
    used = _use_before(tokens)
    if used is not None:
        yield from _of_use(module, tokens[used:])
    elif last == "DOT":
        yield from _after_dot(module, tokens)
    elif last == "COLON" and _declares(tokens):
        yield from (Proposal(one, "type") for one in (*TYPES, *TENSORS))
    else:
        yield from _arguments(module, tokens)
        yield from _in_scope(module, tokens)
        yield from (Proposal(one, "keyword") for one in sorted(KEYWORDS))
        yield from (Proposal(one, "function") for one in FUNCTIONS)
        yield from _importable(module)


# ------------------------------------------------------------------ where the cursor is


def _in_comment(text: str, offset: int) -> bool:
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    outside = "".join(line.split('"')[::2])
    return "#" in outside


def _open_string(text: str, offset: int) -> str | None:
    """What is typed of a string that is open at the offset."""
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line.rpartition('"')[2] if line.count('"') % 2 else None


def _use_before(tokens: list[Token]) -> int | None:
    """The number of the `use` that the cursor stands in."""
    for index in range(len(tokens) - 1, -1, -1):
        type = tokens[index].type
        if type == "USE":
            return index
        if type not in ("NAME", "DOT", "COMMA", "LBRACE", "STRING", "AS"):
            return None
    return None


def _declares(tokens: list[Token]) -> bool:
    """Whether the colon at the end follows a parameter or an input, not a label."""
    item = next((i for i in range(len(tokens) - 1, -1, -1) if tokens[i].type in ("BLOCK", "SPACE", "PARAM")), None)
    return item is not None and all(one.type != "LBRACE" for one in tokens[item:])


def _call_before(tokens: list[Token]) -> tuple[str, list[str]] | None:
    """The name of the call that the cursor stands in, and the arguments that it has by name already."""
    depth, named = 0, list[str]()
    for index in range(len(tokens) - 1, 0, -1):
        type = tokens[index].type
        depth += (type in ("RPAR", "RSQB", "RBRACE")) - (type in ("LPAR", "LSQB", "LBRACE"))
        if depth == 0 and type == "EQUAL":
            named.append(tokens[index - 1].text)
        if depth < 0:
            before = tokens[index - 1]
            return (before.text, named) if type == "LPAR" and before.type == "NAME" else None
    return None


# ------------------------------------------------------------------ what may stand there


def _of_use(module: LoadedModule, tokens: list[Token]) -> Iterator[Proposal]:
    """After `use`: libraries; in its braces: what the library or the file has."""
    types = [one.type for one in tokens]
    if "LBRACE" not in types:
        has_dot = "DOT" in types
        for library in dict.fromkeys(one.library for one in entries()):
            yield Proposal(library.split(".")[1] if has_dot else library, "library")
        return
    written = "".join(one.text for one in tokens[1 : types.index("LBRACE")]).split(" ")[0]
    if written.startswith("std."):
        yield from (_of_entry(one.name, one.library) for one in entries() if one.library == written)
        return
    for use, other in zip(module.module.uses, module.imports, strict=False):
        if f'"{use.path}"' == tokens[1].text:
            yield from (_of_item(one) for one in other.module.items)


def _after_dot(module: LoadedModule, tokens: list[Token]) -> Iterator[Proposal]:
    bound = module.names.get(tokens[-2].text) if len(tokens) > 1 else None
    if isinstance(bound, BoundNamespace):
        yield from (_of_bound(name, one) for name, one in bound.module.names.items())
    else:
        yield from (Proposal(one, "value", "size of a tensor") for one in _ATTRIBUTES)


def _arguments(module: LoadedModule, tokens: list[Token]) -> Iterator[Proposal]:
    called = _call_before(tokens)
    if called is None:
        return
    name, named = called
    bound = module.names.get(name)
    for _ in range(5):  # `cell C = B(...)`, `let f = g(...)`
        value = getattr(getattr(bound, "item", None), "value", None)
        value = value.function if isinstance(value, ast.Call) else value
        bound = module.names.get(value.id) if isinstance(value, ast.Name) else bound
    for argument, detail in _formals(bound):
        if argument not in named:
            yield Proposal(f"{argument} = ", "argument", detail)


def _formals(bound: object) -> Iterator[tuple[str, str]]:
    if isinstance(bound, BoundOp):
        entry = next(one for one in entries() if one.name == bound.name and one.library == "std.ops")
        for argument in entry.arguments:
            yield argument.name, f"{argument.type}{'' if argument.default is None else f' = {argument.default}'}"
    elif isinstance(bound, BoundItem) and isinstance(bound.item, ast.BlockDefinition):
        for one in bound.item.formals:
            yield one.name, "" if one.default is None else f"= {print_expression(one.default)}"


def _in_scope(module: LoadedModule, tokens: list[Token]) -> Iterator[Proposal]:
    yield from (Proposal(name, "value") for name in names_before(tokens))
    yield from (_of_bound(name, bound) for name, bound in module.names.items())
    starts = [two.text for one, two in pairwise(tokens) if one.type in ("BLOCK", "SPACE", "CELL", "LET", "PARAM")]
    yield from (Proposal(name, "value") for name in starts if name not in module.names)
    yield from (Proposal(one, "keyword") for one in ("searching", *CONSTANTS))


def _importable(module: LoadedModule) -> Iterator[Proposal]:
    for one in entries():
        if one.name not in module.names:
            edit = Edit(*import_edit(module.module, one.library, one.name))
            kind = "value" if one.kind == "value" else "block"
            yield Proposal(one.name, kind, f"{one.signature}, use {one.library}", one.doc, (edit,))


def _of_bound(name: str, bound: object) -> Proposal:
    if isinstance(bound, BoundOp):
        return _of_entry(name, "std.ops")
    return _of_item(bound.item) if isinstance(bound, BoundItem) else Proposal(name, "library")


def _of_entry(name: str, library: str) -> Proposal:
    one = next(entry for entry in entries() if entry.name == name and entry.library == library)
    return Proposal(name, "value" if one.kind == "value" else "block", one.signature, one.doc)


def _of_item(item: ast.Item) -> Proposal:
    kind = "block" if isinstance(item, ast.BlockDefinition | ast.Cell) else "value"
    return Proposal(item.name, kind, signature(Declaration(item.name, item.span.source, 0, item)), item.doc)


def _files(file: Path, typed: str) -> list[Proposal]:
    """Other files of the language and folders that a path may go on with; nothing above the folder of the file."""
    folder, head = file.parent, typed.rpartition("/")[0]
    within = Path(os.path.normpath(folder / head))
    if within != folder and folder not in within.parents:
        return []
    try:
        found = sorted(os.scandir(within), key=lambda one: one.name)[:_MOST_FILES]
    except OSError:
        return []
    prefix = "" if "/" in typed else "./"
    shown = [one for one in found if not one.name.startswith(".") and Path(one.path) != file]
    folders = [Proposal(f"{prefix}{one.name}/", "folder") for one in shown if one.is_dir()]
    return [*(Proposal(f"{prefix}{one.name}", "file") for one in shown if one.name.endswith(".hc")), *folders]
