"""Texts that are open in an editor, read before the files of their paths; and files read with what is wrong in them."""

from __future__ import annotations

from dataclasses import field
from pathlib import Path

from hypercuboid.diagnostics import Diagnostic, HypercuboidError, Source, Span
from hypercuboid.frontend.files import BYTE_ORDER_MARK, read_source
from hypercuboid.frontend.modules import LoadedModule, read_module
from hypercuboid.records import dataclass


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
            module, problems = read_module(path, read=self.read)
        except HypercuboidError as problem:
            return Reading(path, None, problem.diagnostics)
        return Reading(path, module, problems)


@dataclass(frozen=True)
class Reading:
    """A file that was read, as far as that goes; `module` is None where nothing could be."""

    path: Path
    module: LoadedModule | None
    problems: tuple[Diagnostic, ...]


def place_of(source: Source) -> Path | None:
    """The real path of a source that was read from buffers."""
    return source.place if isinstance(source, FileSource) else None
