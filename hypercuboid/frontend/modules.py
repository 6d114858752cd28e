"""Files and what they `use`: every name at the level of a file, and where it comes from."""

from __future__ import annotations

from pathlib import Path

from hypercuboid.diagnostics import Diagnostic, HypercuboidError, Label, Source, Span, error
from hypercuboid.frontend import ast
from hypercuboid.frontend.bound_names import Names, name_span
from hypercuboid.frontend.files import Reader, confined, read_source
from hypercuboid.frontend.loaded import Bound, BoundBroken, BoundItem, BoundNamespace, BoundOp, LoadedModule
from hypercuboid.frontend.parse import Parser, parse_all
from hypercuboid.frontend.tokens import escaped
from hypercuboid.registry import suggestion
from hypercuboid.resources import resource

IMPORT_LIMIT = 64
"""Files that one program reads besides its first."""

_OPS = ("std", "ops")


def load_module(path: str | Path, root: str | Path | None = None) -> LoadedModule:
    """Reads a file and what it uses; string paths stay under `root`, without one under the folder of the file."""
    loaded, problems = read_module(path, root)
    if problems:
        raise HypercuboidError(*problems)
    return loaded


def read_module(
    path: str | Path, root: str | Path | None = None, read: Reader = read_source, parse: Parser = parse_all
) -> tuple[LoadedModule, tuple[Diagnostic, ...]]:
    """Like `load_module`, with what can be read of a file that has mistakes; raises where that is nothing.

    `read` gives the text of a file: an editor has texts that are not saved. `parse` gives the tree of a text: an editor
    asks for those of the same texts after every keystroke.
    """
    try:
        real = Path(path).resolve()
    except (OSError, RuntimeError):
        message = f"`{escaped(str(path))}` is a link that leads to no file"
        raise error("HC6001", message, help="name the file itself") from None
    except ValueError:
        raise error("HC6001", f"`{escaped(str(path))}` is no path", help="name a file") from None
    loader = _Loader(Path(root).resolve() if root is not None else real.parent, read, parse)
    loaded = loader.load(read(real, str(path), None), real, None)
    return loaded, tuple(loader.problems)


def load_text(text: str, path: str = "<text>") -> LoadedModule:
    """A program in a string; it can use the standard library but no other file."""
    loader = _Loader(None)
    loaded = loader.load(Source(path, text), None, None)
    if loader.problems:
        raise HypercuboidError(*loader.problems)
    return loaded


def reachable(loaded: LoadedModule) -> list[LoadedModule]:
    """The module and what it uses, each once, itself first."""
    order, seen = [loaded], {id(loaded)}
    for module in order:
        fresh = [one for one in module.imports if id(one) not in seen]
        seen.update(map(id, fresh))
        order.extend(fresh)
    return order


def std_ops() -> LoadedModule:
    """`std.ops`: the atomic ops that a program can call."""
    from hypercuboid.ops import OPS

    names = {name: BoundOp(name) for name in OPS if OPS[name].callable}
    return LoadedModule(ast.Module(Source("std.ops", ""), 1, (), ()), names)


class _Loader:
    """One program being read: files by identity, the chain of `use`s that is open, and the mistakes of all files."""

    def __init__(self, root: Path | None, read: Reader = read_source, parse: Parser = parse_all) -> None:
        self.root = root
        self.read = read
        self.parse = parse
        self.loaded: dict[str, LoadedModule] = {}
        self.open: list[tuple[str, Span | None]] = []
        self.unread: set[str] = set()
        """Files that could not be read, which was reported."""
        self.problems: list[Diagnostic] = []

    def load(self, source: Source, path: Path | None, place: Span | None) -> LoadedModule:
        """Parses a text and loads what it uses; what cannot be read is a name without a value."""
        key = str(path or source.path)
        parsed = self.parse(source)
        module = parsed.module
        self.problems.extend(parsed.problems)
        self.open.append((key, place))
        used = [(use, self._tried(use, path)) for use in module.uses]
        self.open.pop()
        names = Names(self.problems)
        for use, other in used:
            names.use(use, other)
        imports = tuple(other for _, other in used if other is not None)
        is_whole = not parsed.problems and len(imports) == len(used) and all(one.is_whole for one in imports)
        loaded = LoadedModule(module, names.bound, names.places, imports, is_whole)
        for item in module.items:
            names.declare(item.name, BoundItem(loaded, item), name_span(item))
        for name in sorted(parsed.broken - set(names.bound)):
            names.bound[name] = BoundBroken()
        return loaded

    def _tried(self, use: ast.Use, path: Path | None) -> LoadedModule | None:
        """The file that is used; None where it cannot be read."""
        try:
            return self._use(use, path)
        except HypercuboidError as problem:
            self.problems.extend(problem.diagnostics)
            return None

    def _use(self, use: ast.Use, path: Path | None) -> LoadedModule:
        if use.library == _OPS:
            return self.loaded.setdefault("std.ops", std_ops())
        if use.path is None:
            target, shown = _library(use), ".".join(use.library)
        else:
            if self.root is None or path is None:
                raise error(
                    "HC6004", "this program is no file and can use no file", use.span, help="write it into a file"
                )
            target = confined(self.root, path.parent, use.path, use.span)
            shown = _shown(target, self.root)
        key = str(target)
        if key in (name for name, _ in self.open):
            raise self._cycle(key, use.span)
        if key in self.unread:
            raise HypercuboidError
        if key not in self.loaded:
            if len(self.loaded) + len(self.open) > IMPORT_LIMIT:
                help = "put blocks that belong together into one file"
                raise error("HC6006", f"this program uses more than {IMPORT_LIMIT} files", use.span, help=help)
            self.unread.add(key)
            source = self.read(target, shown, use.span, is_library=use.path is None)
            self.loaded[key] = self.load(source, target, use.span)
            self.unread.remove(key)
        return self.loaded[key]

    def _cycle(self, key: str, span: Span) -> HypercuboidError:
        start = [name for name, _ in self.open].index(key)
        places = [place for _, place in self.open[start + 1 :] if place is not None]
        secondary = [Label(place, "which is used here") for place in places]
        help = "put what both need into a third file"
        return error("HC6005", "these files use each other in a circle", span, secondary=secondary, help=help)


def _shown(target: Path, root: Path) -> str:
    return str(target.relative_to(root))


def _library(use: ast.Use) -> Path:
    """The file of `std.NAME`."""
    known = ["std.ops", *(f"std.{path.stem}" for path in sorted(_standard_folder().glob("*.hc")))]
    name = ".".join(use.library)
    if name not in known:
        help = suggestion(name, known) if use.library[0] == "std" else 'a file is used by its path: `use "./blocks.hc"`'
        raise error("HC6007", f"there is no library `{name}`", use.span, help=help)
    return _standard_folder() / f"{use.library[1]}.hc"


def _standard_folder() -> Path:
    return resource("spaces", "std")


def place_after_of(span: Span, name: str) -> Span:
    """The place of the name after the `of` of an item."""
    start = span.source.text.index(name, span.source.text.index(" of", span.start))
    return Span(span.source, start, start + len(name))


__all__ = [
    "IMPORT_LIMIT",
    "Bound",
    "BoundBroken",
    "BoundItem",
    "BoundNamespace",
    "BoundOp",
    "LoadedModule",
    "load_module",
    "load_text",
    "place_after_of",
    "reachable",
    "read_module",
    "std_ops",
]
