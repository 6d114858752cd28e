"""The report of runs that are going on, served on loopback: made anew when a run folder has changed."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock

from hypercuboid.diagnostics import HypercuboidError, error
from hypercuboid.reporting.facts import BASELINES, runs_below
from hypercuboid.reporting.page import report
from hypercuboid.runs.files import reason
from hypercuboid.runs.lock import is_held

HOST = "127.0.0.1"
WATCHED = (
    *("config.json", "state.json", "metrics.jsonl", "weights.json", "arch.hc", "result.json"),
    *(BASELINES, f"../{BASELINES}"),
)
"""Files of a run that its report is made of; the baselines of several seeds lie in the folder of these."""


class Served(ThreadingHTTPServer):
    """Answers `/` by the report of the runs, and `/state` by a word that changes when it does; nothing else.

    A page of another name that resolves to this address (DNS rebinding) is refused. HC8200 where there is no run, and
    HC8202 where the port cannot be had; port 0 takes any that is free.
    """

    daemon_threads = True

    def __init__(self, paths: Sequence[Path], port: int = 0) -> None:
        self._paths, self._making = tuple(paths), Lock()
        self._page: tuple[str, bytes] = ("", b"")
        runs_below(paths)
        try:
            super().__init__((HOST, port), _Handler)
        except OSError as problem:
            message = f"port {port} of {HOST} cannot be had: {reason(problem)}"
            raise error("HC8202", message, help="take another --port, or leave it out for one that is free") from None

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.server_port}/"

    def state(self) -> str:
        """Sizes and times of the files that a report is made of, and which runs are going on."""
        parts = []
        for run in runs_below(self._paths):
            files = [(run / name).stat() for name in WATCHED if (run / name).is_file()]
            parts.append(f"{is_held(run):d}" + "".join(f",{one.st_size}.{one.st_mtime_ns}" for one in files))
        return ";".join(parts)

    def page(self) -> bytes:
        """The report as of now; the one made last where nothing has changed."""
        with self._making:
            state = self.state()
            if state != self._page[0]:
                self._page = (state, report(self._paths, live=True).encode())
            return self._page[1]


class _Handler(BaseHTTPRequestHandler):
    server: Served

    def do_GET(self) -> None:
        if self.headers.get("Host") not in (
            f"{HOST}:{self.server.server_port}",
            f"localhost:{self.server.server_port}",
        ):
            self._answer(HTTPStatus.FORBIDDEN, "text/plain", b"another host was asked for\n")
            return
        made = {"/": ("text/html", self.server.page), "/state": ("text/plain", lambda: self.server.state().encode())}
        if self.path not in made:
            self._answer(HTTPStatus.NOT_FOUND, "text/plain", b"there is / and /state\n")
            return
        kind, make = made[self.path]
        try:
            self._answer(HTTPStatus.OK, kind, make())
        except HypercuboidError as problem:  # a folder that is being written or was removed
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, "text/plain", f"{problem.diagnostics[0].message}\n".encode())

    def _answer(self, status: HTTPStatus, kind: str, content: bytes) -> None:
        self.send_response(status)
        headers = {"Content-Type": f"{kind}; charset=utf-8", "Content-Length": str(len(content))}
        more = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
        for name, value in {**headers, **more}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *values: object) -> None:
        """Requests are not told."""
