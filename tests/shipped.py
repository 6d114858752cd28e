"""What `spaces/` ships: every space in its test size, every architecture, found in the files themselves.

The documentation of a space may hold lines `Small: -p NAME=VALUE --input SHAPE`: the settings of a command line that
make it small enough to build and run in a test, one case for each line. Without one a space is tested as it is.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hypercuboid.diagnostics import Source
from hypercuboid.frontend import ast
from hypercuboid.frontend.parse import parse
from hypercuboid.pipeline import Space, load_target

FOLDER = Path(__file__).resolve().parent.parent / "spaces"
FILES = sorted(FOLDER.rglob("*.hc"))
SMALL = re.compile(r"^Small: (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Shipped:
    """A space or an architecture of a file, with the settings of its test size."""

    path: Path
    name: str
    settings: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join((f"{self.path.relative_to(FOLDER)}:{self.name}", *self.settings))

    def load(self) -> Space:
        pairs = list(zip(self.settings[::2], self.settings[1::2], strict=True))
        parameters = [value for option, value in pairs if option == "-p"]
        inputs = [value for option, value in pairs if option == "--input"]
        assert len(parameters) + len(inputs) == len(pairs), f"{self}: `Small:` takes -p and --input"
        return load_target(str(self.path), self.name, parameters, inputs)


def items(path: Path) -> tuple[ast.Item, ...]:
    return parse(Source(str(path), path.read_text(encoding="utf-8"))).items


def _spaces() -> Iterator[Shipped]:
    for path in FILES:
        for item in items(path):
            if isinstance(item, ast.BlockDefinition) and item.is_space:
                for settings in SMALL.findall(item.doc) or [""]:
                    yield Shipped(path, item.name, tuple(shlex.split(settings)))


def _architectures() -> Iterator[Shipped]:
    for path in FILES:
        yield from (Shipped(path, item.name) for item in items(path) if isinstance(item, ast.Arch))


SPACES = list(_spaces())
ARCHITECTURES = list(_architectures())
