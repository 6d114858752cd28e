"""One editor's server: its open texts, one thread that elaborates them, and what is published of them."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from hypercuboid import __version__
from hypercuboid.diagnostics import Diagnostic
from hypercuboid.editing import protocol
from hypercuboid.editing.answers import Answers, at_once, in_full
from hypercuboid.editing.buffers import Buffers, Reading
from hypercuboid.editing.positions import UTF_16, Positions
from hypercuboid.editing.remembering import OvertakenError, Remembered

T = TypeVar("T")

_PAUSE = 0.03
"""Seconds without a keystroke after which a text is looked at."""

_MOST_FILES = 1000
"""Files of the workspace that a rename looks through."""


@dataclass(frozen=True)
class Look:
    """One look at a text: what was found at once in it, and the loop that publishes what comes later."""

    uri: str
    version: int | None
    buffers: Buffers
    reading: Reading
    quick: list[Diagnostic]
    loop: asyncio.AbstractEventLoop


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

    def publish(self, uri: str, path: Path, found: list[Diagnostic], version: int | None = None) -> None:
        """Shows what was found in a version of a text."""
        self.found[path] = found
        shown = [protocol.diagnostic(one, path, self.encoding) for one in found]
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, shown, version))

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
            version = self.workspace.get_text_document(uri).version
            look = Look(uri, version, buffers, reading, quick, asyncio.get_running_loop())
            if _is_wrong(quick):
                self.publish(uri, path, quick, version)
            full = await self.working(lambda: self._in_full(look))
            if full is not None and path in self.answers.texts:
                self.publish(uri, path, full, version)
        except Exception as defect:  # whatever happens, the next keystroke is looked at
            self.report_server_error(defect, type(defect))

    def _in_full(self, look: Look) -> list[Diagnostic] | None:
        """What the working thread finds, with what it knows of earlier texts; None where a newer one is there.

        Where nothing is shown as wrong, the first mistake is shown before the rest is looked at.
        """
        reading, loop = look.reading, look.loop
        if reading.module is None:
            return look.quick

        def tell(problems: Sequence[Diagnostic]) -> None:
            loop.call_soon_threadsafe(self._first, look, problems)

        known = self.remembered.of(reading.module, lambda: self.answers.texts is not look.buffers.texts, tell)
        with suppress(OvertakenError):
            return in_full(reading, look.quick, known)
        return None

    def _first(self, look: Look, problems: Sequence[Diagnostic]) -> None:
        path = look.reading.path
        if self.answers.texts is look.buffers.texts and not _is_wrong(self.found.get(path, [])) and _is_wrong(problems):
            self.publish(look.uri, path, [*look.quick, *problems], look.version)

    def folders(self) -> list[Path]:
        return [protocol.path_of(one.uri) for one in self.workspace.folders.values()]

    def files(self) -> Iterator[Path]:
        """The files of the workspace and those that are open."""
        yield from list(self.answers.texts)
        for folder in self.folders():
            found = (one.resolve() for one in folder.rglob("*.hc") if not any(p.startswith(".") for p in one.parts[1:]))
            yield from islice((one for one in found if one not in self.answers.texts), _MOST_FILES)


def _is_wrong(found: Iterable[Diagnostic]) -> bool:
    return any(one.severity == "error" for one in found)
