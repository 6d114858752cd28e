"""What the compiler says of a program: places in sources, diagnostics, and the exception that carries them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field

from hypercuboid.records import dataclass

MOST = 100
"""Problems that are gathered in one run; a file of noise has a million."""


LONGEST = 2000
"""Characters of one sentence of a problem."""


@dataclass(frozen=True, eq=False)
class Source:
    """One text in the language. `path` is what messages show; identity, not content, tells sources apart.

    `is_library` marks a file of the standard library: its path is the name by which programs use it.
    """

    path: str
    text: str
    is_library: bool = False


@dataclass(frozen=True)
class Span:
    """A half-open range of character offsets, `source.text[start:end]`."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    @property
    def line(self) -> int:
        """Line number of the start, from 1."""
        return self.source.text.count("\n", 0, self.start) + 1

    @property
    def column(self) -> int:
        """Column of the start in its line, from 1."""
        return self.start - (self.source.text.rfind("\n", 0, self.start) + 1) + 1

    @property
    def first_line(self) -> Span:
        """The part on the first line, without a brace at its end: the head of a definition."""
        head = self.text.split("\n", 1)[0].rstrip()
        return Span(self.source, self.start, self.start + len(head.removesuffix("{").rstrip()))

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of `other`."""
        return Span(self.source, self.start, other.end)


@dataclass(frozen=True)
class Label:
    """A secondary place of a diagnostic with what is to be said of it."""

    span: Span
    message: str


@dataclass(frozen=True)
class Diagnostic:
    """A user's mistake: what is wrong, where, and the way out.

    `code` is `HC` and four digits; the first digit is the family (HC1 syntax, HC2 names, HC3 shapes and types,
    HC4 size, HC5 constraints, HC6 imports, HC7 runs, HC8 code generation). `message` is one sentence in lower case
    without a full stop; `label` stands behind the carets. A mistake on the command line has no span. `trail` are the
    uses of blocks that led there, innermost first. `severity` is "error" or "warning".
    """

    code: str
    message: str
    span: Span | None = None
    label: str = ""
    secondary: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    help: str = ""
    severity: str = "error"
    trail: tuple[Label, ...] = ()

    def __post_init__(self) -> None:
        """Cuts what nobody would read: a name may have a million letters, a value a million elements."""
        object.__setattr__(self, "message", _short(self.message))
        object.__setattr__(self, "label", _short(self.label))
        object.__setattr__(self, "notes", tuple(map(_short, self.notes)))
        object.__setattr__(self, "help", _short(self.help))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text)} characters)"


@dataclass(eq=False)
class HypercuboidError(Exception):
    """One or more diagnostics that end a command. `str()` is their messages, one per line."""

    diagnostics: tuple[Diagnostic, ...] = field(default=())

    def __init__(self, *diagnostics: Diagnostic) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(f"{d.severity}[{d.code}]: {d.message}" for d in diagnostics))


def error(
    code: str,
    message: str,
    span: Span | None = None,
    label: str = "",
    *,
    secondary: Iterable[Label] = (),
    notes: Iterable[str] = (),
    help: str = "",
) -> HypercuboidError:
    """The exception for one diagnostic, to be raised."""
    return HypercuboidError(Diagnostic(code, message, span, label, tuple(secondary), tuple(notes), help))
