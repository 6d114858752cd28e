"""The language server: what editors ask, answered by the functions of this package; see `docs/editors.md`."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer

from hypercuboid import __version__
from hypercuboid.diagnostics import Diagnostic, HypercuboidError
from hypercuboid.editing import protocol
from hypercuboid.editing.answers import Answers, at_once, in_full
from hypercuboid.editing.buffers import Buffers, Reading, place_of
from hypercuboid.editing.completing import complete
from hypercuboid.editing.fixing import fixes
from hypercuboid.editing.outline import outline
from hypercuboid.editing.positions import UTF_16, Positions
from hypercuboid.editing.remembering import OvertakenError, Remembered
from hypercuboid.editing.renaming import rename, renamed
from hypercuboid.frontend.style import format_text

T = TypeVar("T")

_PAUSE = 0.03
"""Seconds without a keystroke after which a text is looked at."""

_MOST_FILES = 1000
"""Files of the workspace that a rename looks through."""


class Server(LanguageServer):
    """One editor's server. Elaboration happens in one thread of its own, so that the next keystroke is read at once."""

    def __init__(self) -> None:
        super().__init__("hypercuboid", __version__, types.TextDocumentSyncKind.Full)
        self.answers = Answers()
        self.remembered = Remembered()
        self.worker = ThreadPoolExecutor(1)
        self.checks: dict[str, asyncio.Task[None]] = {}
        self.found: dict[Path, list[Diagnostic]] = {}

    @property
    def encoding(self) -> str:
        return str(getattr(self.workspace.position_encoding, "value", self.workspace.position_encoding) or UTF_16)

    def positions(self, path: Path) -> Positions:
        """The text of a file, to count in."""
        return Positions(self.answers.buffers.text(path), self.encoding)

    def report_server_error(self, error: Exception, source: type[Exception]) -> None:
        """A defect of ours is logged at the client with its traceback; the server lives on."""
        text = "".join(traceback.format_exception(error))
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, f"hypercuboid {__version__}: {text}"))

    async def working(self, work: Callable[[], T]) -> T:
        """What the working thread makes of it."""
        return await asyncio.get_running_loop().run_in_executor(self.worker, work)

    def publish(self, uri: str, path: Path, found: list[Diagnostic]) -> None:
        self.found[path] = found
        shown = [protocol.diagnostic(one, path, self.encoding) for one in found]
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, shown))

    def look(self, uri: str) -> None:
        """Looks at a text soon, in place of an earlier look that has not ended."""
        if uri in self.checks:
            self.checks[uri].cancel()
        self.checks[uri] = asyncio.get_running_loop().create_task(self._look(uri, protocol.path_of(uri)))

    async def _look(self, uri: str, path: Path) -> None:
        """Syntax and names at once; what elaborating finds when it is done. Old findings stay until then."""
        try:
            await asyncio.sleep(_PAUSE)
            buffers = self.answers.buffers
            reading = buffers.reading(path)
            quick = at_once(reading)
            if any(one.severity == "error" for one in quick):
                self.publish(uri, path, quick)
            full = await self.working(lambda: self._in_full(buffers, reading, quick))
            if full is not None and path in self.answers.texts:
                self.publish(uri, path, full)
        except Exception as defect:  # whatever happens, the next keystroke is looked at
            self.report_server_error(defect, type(defect))

    def _in_full(self, buffers: Buffers, reading: Reading, quick: list[Diagnostic]) -> list[Diagnostic] | None:
        """What the working thread finds, with what it knows of earlier texts; None where a newer one is there."""
        if reading.module is None:
            return quick
        known = self.remembered.of(reading.module, lambda: self.answers.texts is not buffers.texts)
        with suppress(OvertakenError):
            return in_full(reading, quick, known)
        return None

    def folders(self) -> list[Path]:
        return [protocol.path_of(one.uri) for one in self.workspace.folders.values()]

    def files(self) -> Iterator[Path]:
        """The files of the workspace and those that are open."""
        yield from list(self.answers.texts)
        for folder in self.folders():
            found = (one.resolve() for one in folder.rglob("*.hc") if not any(p.startswith(".") for p in one.parts[1:]))
            yield from islice((one for one in found if one not in self.answers.texts), _MOST_FILES)


def make_server() -> Server:
    """The server with everything that it answers."""
    server = Server()
    _documents(server)
    _questions(server)
    _changes(server)
    return server


def _documents(server: Server) -> None:
    """Texts that are opened, changed and closed."""

    def changed(uri: str) -> None:
        server.answers.change(protocol.path_of(uri), server.workspace.get_text_document(uri).source)
        for other in list(server.workspace.text_documents):  # they may use this one
            server.look(other)

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: types.DidOpenTextDocumentParams) -> None:
        changed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def typed(params: types.DidChangeTextDocumentParams) -> None:
        changed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def saved(params: types.DidSaveTextDocumentParams) -> None:
        server.remembered.forget()  # what is saved is looked at as `check` does
        changed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        path = protocol.path_of(uri)
        server.answers.change(path, None)
        if uri in server.checks:
            server.checks.pop(uri).cancel()
        server.publish(uri, path, [])


def _questions(server: Server) -> None:
    """What is asked of a place or a text."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        path = protocol.path_of(params.text_document.uri)
        positions = server.positions(path)
        at = protocol.offset(positions, params.position)
        found = await server.working(lambda: server.answers.hover(path, at))
        if found is None:
            return None
        content = types.MarkupContent(types.MarkupKind.Markdown, found.text)
        return types.Hover(content, protocol.range_of(positions, found.start, found.end))

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    async def definition(params: types.DefinitionParams) -> types.Location | None:
        path = protocol.path_of(params.text_document.uri)
        at = protocol.offset(server.positions(path), params.position)
        found = await server.working(lambda: server.answers.definition(path, at))
        if found is None or found.source is None:
            return None
        place = place_of(found.source) or path
        positions = Positions(found.source.text, server.encoding)
        return types.Location(
            protocol.uri_of(place), protocol.range_of(positions, found.start, found.start + len(found.name))
        )

    @server.feature(
        types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=[".", "(", '"', "/", "{"])
    )
    async def completion(params: types.CompletionParams) -> list[types.CompletionItem]:
        path = protocol.path_of(params.text_document.uri)
        positions = server.positions(path)
        at = protocol.offset(positions, params.position)
        found = await server.working(lambda: complete(server.answers.of(path).module, at, path))
        return [protocol.completion(one, positions) for one in found]

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def symbols(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        path = protocol.path_of(params.text_document.uri)
        known = await server.working(lambda: server.answers.of(path))
        return protocol.symbols(outline(known.module.module), server.positions(path))


def _changes(server: Server) -> None:
    """What changes texts."""

    @server.feature(types.TEXT_DOCUMENT_FORMATTING)
    async def formatting(params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
        positions = server.positions(protocol.path_of(params.text_document.uri))
        try:
            after = await server.working(lambda: format_text(positions.text))
        except HypercuboidError:  # its mistakes are shown already
            return None
        if after == positions.text:
            return []
        return [types.TextEdit(protocol.range_of(positions, 0, len(positions.text)), after)]

    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    async def prepare(params: types.PrepareRenameParams) -> types.Range | None:
        path = protocol.path_of(params.text_document.uri)
        positions = server.positions(path)
        names = (await server.working(lambda: server.answers.of(path))).names
        at = protocol.offset(positions, params.position)
        found = names.at(at)
        if found is None or renamed(names, at) is None:
            return None
        return protocol.range_of(positions, found.start, found.start + len(found.declaration.name))

    @server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    async def renaming(params: types.RenameParams) -> types.WorkspaceEdit:
        path = protocol.path_of(params.text_document.uri)
        at, buffers = protocol.offset(server.positions(path), params.position), server.answers.buffers
        try:
            edits = await server.working(lambda: rename(buffers, path, at, params.new_name, server.files()))
        except HypercuboidError as problem:
            help = "".join(f"; {one.help}" for one in problem.diagnostics)
            raise JsonRpcInvalidParams(f"{problem}{help}") from None
        changes = {protocol.uri_of(one): protocol.text_edits(e, server.positions(one)) for one, e in edits.items()}
        return types.WorkspaceEdit(changes=changes)

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
    )
    async def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        path = protocol.path_of(uri)
        positions = server.positions(path)
        known = await server.working(lambda: server.answers.of(path))
        start, end = (protocol.offset(positions, one) for one in (params.range.start, params.range.end))
        here = [
            one
            for one in server.found.get(path, [])
            if one.span is not None and one.span.source.text == positions.text
            if place_of(one.span.source) == path and one.span.start <= end and start <= one.span.end
        ]
        return [
            types.CodeAction(
                fix.title,
                types.CodeActionKind.QuickFix,
                [protocol.diagnostic(one, path, server.encoding)],
                edit=types.WorkspaceEdit({uri: protocol.text_edits(fix.edits, positions)}),
            )
            for one in here
            for fix in fixes(one, known.module)
        ]
