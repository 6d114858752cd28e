"""A picture as PDF, by a program of this machine: Chromium, or one that draws with Cairo."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hypercuboid.diagnostics import error

TIMEOUT = 60.0

Command = Callable[[str, Path, Path], list[str]]
"""From the path of a program, a page or picture to read, and a PDF to write, to what is run."""


@dataclass(frozen=True)
class Printer:
    """Programs, by name, that are run alike. `page`: it reads an HTML page that holds the picture, not the picture."""

    names: tuple[str, ...]
    command: Command
    page: bool = False


def _chromium(program: str, source: Path, target: Path) -> list[str]:
    # without a sandbox: the page is ours and asks for nothing; containers allow none
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={target}"]
    return [program, *options, source.as_uri()]


PRINTERS = (
    Printer(("rsvg-convert",), lambda program, source, target: [program, "-f", "pdf", "-o", str(target), str(source)]),
    Printer(("cairosvg",), lambda program, source, target: [program, "-f", "pdf", "-o", str(target), str(source)]),
    Printer(("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"), _chromium, page=True),
)


def find_printer() -> tuple[str, Printer] | None:
    """The path of the first program that there is."""
    for printer in PRINTERS:
        for name in printer.names:
            found = shutil.which(name)
            if found:
                return found, printer
    return None


def to_pdf(svg: str, width: float, height: float, timeout: float = TIMEOUT, paper: str = "#ffffff") -> bytes:
    """One page as large as the picture, `width` x `height` in CSS pixels, of the colour `paper`.

    HC8103: there is no program that can; HC8104: it failed or took longer than `timeout` seconds.
    """
    found = find_printer()
    if found is None:
        names = ", ".join(f"`{name}`" for printer in PRINTERS for name in printer.names)
        raise error(
            "HC8103",
            "PDF needs Chromium or Cairo, and there is neither",
            notes=(f"looked on the path for {names}",),
            help="`apt-get install librsvg2-bin` or `pip install cairosvg`, or write -o NAME.svg or NAME.png",
        )
    program, printer = found
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "picture.html" if printer.page else "picture.svg"), Path(folder, "picture.pdf")
        source.write_text(_page(svg, width, height, paper) if printer.page else svg, encoding="utf-8")
        _run(printer.command(program, source, target), target, timeout)
        return target.read_bytes()


def _page(svg: str, width: float, height: float, paper: str) -> str:
    page = f"@page {{ size: {width:g}px {height + 1:g}px; margin: 0 }} html {{ background: {paper} }}"
    style = f"{page} body {{ margin: 0 }} svg {{ display: block }}"
    return f'<!doctype html><meta charset="utf-8"><style>{style}</style>{svg}'


def _run(command: list[str], target: Path, timeout: float) -> None:
    try:
        ran = subprocess.run(
            command, capture_output=True, encoding="utf-8", errors="replace", timeout=timeout, check=False
        )
        said = ran.stderr.strip().splitlines()[-1:] or [f"exit code {ran.returncode}"]
    except subprocess.TimeoutExpired:
        said = [f"it took longer than {timeout:g} s"]
    if not target.is_file() or not target.read_bytes().startswith(b"%PDF"):
        raise error(
            "HC8104", f"`{command[0]}` wrote no PDF", notes=(said[0][:200],), help="write -o NAME.svg or NAME.png"
        )
