"""Our answers in the types of the Language Server Protocol."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lsprotocol import types
from pygls import uris

from hypercuboid.diagnostics import Diagnostic, Span
from hypercuboid.editing.buffers import place_of
from hypercuboid.editing.completing import Proposal
from hypercuboid.editing.fixing import Edit
from hypercuboid.editing.outline import Symbol
from hypercuboid.editing.positions import Position, Positions
from hypercuboid.frontend import ast

_SYMBOLS = {
    ast.BlockDefinition: types.SymbolKind.Function,
    ast.Arch: types.SymbolKind.Object,
    ast.Cell: types.SymbolKind.Class,
    ast.Search: types.SymbolKind.Object,
    ast.Param: types.SymbolKind.Constant,
    ast.Cuboid: types.SymbolKind.Array,
    ast.Node: types.SymbolKind.Array,
}
_PROPOSALS = {
    "keyword": types.CompletionItemKind.Keyword,
    "function": types.CompletionItemKind.Function,
    "block": types.CompletionItemKind.Class,
    "value": types.CompletionItemKind.Variable,
    "argument": types.CompletionItemKind.Property,
    "type": types.CompletionItemKind.TypeParameter,
    "library": types.CompletionItemKind.Module,
    "file": types.CompletionItemKind.File,
    "folder": types.CompletionItemKind.Folder,
}
_SEVERITIES = {"error": types.DiagnosticSeverity.Error, "warning": types.DiagnosticSeverity.Warning}


def path_of(uri: str) -> Path:
    """The real path of a document; of one that was never saved, a path that no file has."""
    path = uris.to_fs_path(uri) if uri.startswith("file:") else None
    return Path(path).resolve() if path else Path("/", uri.replace("/", "_"))


def uri_of(path: Path) -> str:
    return uris.from_fs_path(str(path)) or path.as_uri()


def offset(positions: Positions, at: types.Position) -> int:
    return positions.offset(Position(at.line, at.character))


def range_of(positions: Positions, start: int, end: int) -> types.Range:
    first, last = positions.position(start), positions.position(end)
    return types.Range(types.Position(first.line, first.character), types.Position(last.line, last.character))


def span_range(span: Span, encoding: str) -> types.Range:
    return range_of(Positions(span.source.text, encoding), span.start, span.end)


def diagnostic(one: Diagnostic, path: Path, encoding: str) -> types.Diagnostic:
    """A mistake, shown where it is; one of a used file at the head of the file that is open."""
    here = one.span is not None and place_of(one.span.source) in (path, None)
    span = one.span if here else None
    where = "" if here or one.span is None else f"{one.span.source.path}:{one.span.line}: "
    lines = [f"{where}{one.message}{f': {one.label}' if one.label else ''}", *one.notes]
    return types.Diagnostic(
        range=_start() if span is None else span_range(span, encoding),
        message="\n".join([*lines, *([f"help: {one.help}"] if one.help else [])]),
        severity=_SEVERITIES[one.severity],
        code=one.code,
        source="hypercuboid",
        related_information=[
            types.DiagnosticRelatedInformation(
                types.Location(uri_of(place), span_range(label.span, encoding)), label.message
            )
            for label in (*one.secondary, *one.trail)
            if (place := place_of(label.span.source)) is not None
        ],
    )


def _start() -> types.Range:
    return types.Range(types.Position(0, 0), types.Position(0, 0))


def symbols(found: Iterable[Symbol], positions: Positions) -> list[types.DocumentSymbol]:
    return [
        types.DocumentSymbol(
            name=one.name,
            kind=_SYMBOLS.get(one.kind, types.SymbolKind.Variable),
            range=range_of(positions, one.start, one.end),
            selection_range=range_of(positions, one.name_start, one.name_start + len(one.name)),
            detail=one.detail,
            children=symbols(one.children, positions),
        )
        for one in found
    ]


def text_edits(edits: Iterable[Edit], positions: Positions) -> list[types.TextEdit]:
    return [types.TextEdit(range_of(positions, one.start, one.end), one.text) for one in edits]


def completion(one: Proposal, positions: Positions) -> types.CompletionItem:
    """A proposal; what must be imported comes after what is there."""
    return types.CompletionItem(
        label=one.text.rstrip("= "),
        insert_text=one.text,
        kind=_PROPOSALS[one.kind],
        detail=one.detail or None,
        documentation=types.MarkupContent(types.MarkupKind.Markdown, one.doc) if one.doc else None,
        additional_text_edits=text_edits(one.edits, positions) or None,
        sort_text=f"{0 if one.kind == 'argument' else 2 if one.edits else 1}{one.text}",
    )
