"""An editor in a few lines: starts `hypercuboid lsp` and speaks JSON-RPC with it over stdio."""

from __future__ import annotations

import itertools
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

SECONDS = 30


class Client:
    """One conversation. `inbox` holds what the server says by itself, such as diagnostics."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None and process.stdout is not None
        self.process, self.stdin, self.stdout = process, process.stdin, process.stdout
        self.numbers = itertools.count(1)
        self.inbox: queue.Queue[dict[str, Any]] = queue.Queue()
        self.answers: dict[int, queue.Queue[dict[str, Any]]] = {}
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while (message := read_message(self.stdout)) is not None:
            waiting = self.answers.get(message.get("id", -1)) if "method" not in message else None
            (waiting or self.inbox).put(message)

    def send(self, body: bytes) -> None:
        self.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self.stdin.flush()

    def notify(self, method: str, **params: Any) -> None:
        self.send(json.dumps({"jsonrpc": "2.0", "method": method, "params": params}).encode())

    def ask(self, method: str, **params: Any) -> Any:
        """The result of a request; AssertionError with the server's words where it refuses."""
        answer = self.answer(method, **params)
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def answer(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self.numbers)
        self.answers[number] = queue.Queue()
        self.send(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).encode())
        return self.answers[number].get(timeout=SECONDS)

    def open(self, path: Path, text: str | None = None) -> str:
        text = path.read_text(encoding="utf-8") if text is None else text
        document = {"uri": path.as_uri(), "languageId": "hypercuboid", "version": 1, "text": text}
        self.notify("textDocument/didOpen", textDocument=document)
        return path.as_uri()

    def change(self, uri: str, text: str) -> int:
        """Another text; its version."""
        document = {"uri": uri, "version": (version := next(self.numbers))}
        self.notify("textDocument/didChange", textDocument=document, contentChanges=[{"text": text}])
        return version

    def diagnostics(
        self, uri: str, wanted: Callable[[list[dict[str, Any]]], bool], version: int | None = None
    ) -> list[dict[str, Any]]:
        """The first findings about a document, or about a version of it, that are as wanted."""
        while True:
            message = self.inbox.get(timeout=SECONDS)
            if message["method"] == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri:
                found: list[dict[str, Any]] = message["params"]["diagnostics"]
                if wanted(found) and version in (None, message["params"].get("version")):
                    return found


def read_message(stream: IO[bytes]) -> dict[str, Any] | None:
    length = 0
    while (line := stream.readline()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    return json.loads(stream.read(length)) if line else None


@contextmanager
def editor(folder: Path, encodings: tuple[str, ...] = ("utf-16",)) -> Iterator[Client]:
    """A server with one workspace folder; it must leave by itself, with code 0."""
    command = [sys.executable, "-m", "hypercuboid.cli.main", "lsp"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        client = Client(process)
        try:
            client.ask(
                "initialize",
                processId=None,
                rootUri=folder.as_uri(),
                workspaceFolders=[{"uri": folder.as_uri(), "name": folder.name}],
                capabilities={"general": {"positionEncodings": list(encodings)}},
            )
            client.notify("initialized")
            yield client
            client.ask("shutdown")
            client.notify("exit")
            assert process.wait(SECONDS) == 0
        finally:
            process.kill()
