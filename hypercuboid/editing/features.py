"""The language server: what editors ask, answered by the functions of this package; see `docs/editors.md`."""

from __future__ import annotations

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.editing import protocol
from hypercuboid.editing.buffers import place_of
from hypercuboid.editing.completing import complete
from hypercuboid.editing.fixing import fixes
from hypercuboid.editing.outline import outline
from hypercuboid.editing.positions import Positions
from hypercuboid.editing.renaming import rename, renamed
from hypercuboid.editing.server import Server
from hypercuboid.frontend.style import format_text


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
