"""What the server knows: the open texts, and answers to an editor's questions about them, worked out once a text."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from hypercuboid.checking import Known, examine_module
from hypercuboid.diagnostics import Diagnostic, Source
from hypercuboid.editing.buffers import Buffers, Reading
from hypercuboid.editing.declarations import Declaration, Occurrences
from hypercuboid.editing.hovering import Hover, hover
from hypercuboid.editing.occurrences import occurrences
from hypercuboid.editing.shapes import Shapes
from hypercuboid.frontend import ast
from hypercuboid.frontend.loaded import LoadedModule
from hypercuboid.frontend.names import check_names


@dataclass(frozen=True)
class FileAnswers:
    """One file under the texts of one moment."""

    reading: Reading
    module: LoadedModule
    names: Occurrences
    shapes: Shapes


@dataclass
class Answers:
    """The open texts, and what is known of files under them; `forget` it when a text changes."""

    texts: dict[Path, str] = field(default_factory=dict)
    known: dict[Path, FileAnswers] = field(default_factory=dict)

    @property
    def buffers(self) -> Buffers:
        return Buffers(self.texts)

    def change(self, path: Path, text: str | None) -> None:
        """An open text; None where it was closed."""
        others = {one: known for one, known in self.texts.items() if one != path}
        self.texts = others if text is None else {**others, path: text}  # buffers keep the texts of their moment
        self.known.clear()

    def of(self, path: Path) -> FileAnswers:
        """A file as far as it can be read: without its first line it is an empty one."""
        if path not in self.known:
            reading = self.buffers.reading(path)
            module = reading.module or empty(Source(str(path), self.texts.get(path, "")))
            self.known[path] = FileAnswers(reading, module, occurrences(module), Shapes(module))
        return self.known[path]

    def hover(self, path: Path, offset: int) -> Hover | None:
        known = self.of(path)
        return hover(known.module.module.source, offset, known.names, known.shapes)

    def definition(self, path: Path, offset: int) -> Declaration | None:
        """The declaration of the name at an offset; ops have none."""
        found = self.of(path).names.at(offset)
        return None if found is None or found.declaration.source is None else found.declaration


def empty(source: Source) -> LoadedModule:
    """A file of which nothing could be read."""
    return LoadedModule(ast.Module(source, 1, (), ()), {})


def at_once(reading: Reading) -> list[Diagnostic]:
    """What is wrong with the syntax, the imports and the names of a file: found in the time of a keystroke."""
    return [*reading.problems, *(() if reading.module is None else check_names(reading.module))]


def in_full(reading: Reading, found: list[Diagnostic], known: Known) -> list[Diagnostic]:
    """All that `check` says of a file of which `found` was found at once."""
    return found if reading.module is None else examine_module(reading.module, found, known)
