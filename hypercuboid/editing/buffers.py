"""Texts that are open in an editor, read before the files of their paths; and files read with what is wrong in them."""

from __future__ import annotations

from dataclasses import field
from functools import lru_cache
from pathlib import Path

from hypercuboid.diagnostics import Diagnostic, HypercuboidError, Source, Span
from hypercuboid.frontend.files import BYTE_ORDER_MARK, read_source
from hypercuboid.frontend.modules import LoadedModule, read_module
from hypercuboid.frontend.parse import Parsed, parse_all
from hypercuboid.records import dataclass

_MOST_TREES = 64
"""Trees that are kept: of what open files use, and of their last texts."""


@dataclass(frozen=True, eq=False)
class FileSource(Source):
    """A source with the real path of its file."""

    place: Path = field(default_factory=Path)


@dataclass(frozen=True)
class Buffers:
    """The open texts by the real paths of their files, as they are at one moment."""

    texts: dict[Path, str] = field(default_factory=dict)

    def read(self, path: Path, shown: str, span: Span | None, *, is_library: bool = False) -> Source:
        """The open text of a file, else the file; see `read_source`."""
        text = self.texts.get(path)
        if text is None:
            text = read_source(path, shown, span, is_library=is_library).text
        return FileSource(shown, text.removeprefix(BYTE_ORDER_MARK), is_library, path)

    def text(self, path: Path) -> str:
        return self.read(path, str(path), None).text

    def with_texts(self, texts: dict[Path, str]) -> Buffers:
        """The buffers as they would be with other texts in some of them."""
        return Buffers({**self.texts, **texts})

    def reading(self, path: Path) -> Reading:
        """The file with all that can be read of it; nothing is raised."""
        try:
            module, problems = read_module(path, read=self.read, parse=parsed)
        except HypercuboidError as problem:
            return Reading(path, None, problem.diagnostics)
        return Reading(path, module, problems)


@dataclass(frozen=True)
class Reading:
    """A file that was read, as far as that goes; `module` is None where nothing could be."""

    path: Path
    module: LoadedModule | None
    problems: tuple[Diagnostic, ...]


def parsed(source: Source) -> Parsed:
    """`parse_all` of a source, once for each text: what a file uses stays as it is from one keystroke to the next."""
    return _parsed(source.path, source.text, source.is_library, place_of(source))


@lru_cache(_MOST_TREES)
def _parsed(path: str, text: str, is_library: bool, place: Path | None) -> Parsed:
    return parse_all(Source(path, text, is_library) if place is None else FileSource(path, text, is_library, place))


def place_of(source: Source) -> Path | None:
    """The real path of a source that was read from buffers."""
    return source.place if isinstance(source, FileSource) else None
