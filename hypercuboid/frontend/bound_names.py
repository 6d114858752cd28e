"""The names that a file brings in: its own items, and what it uses of others."""

from __future__ import annotations

import re
from pathlib import Path

from hypercuboid.diagnostics import MOST, Diagnostic, Label, Span
from hypercuboid.frontend import ast
from hypercuboid.frontend.loaded import Bound, BoundBroken, BoundItem, BoundNamespace, BoundOp, LoadedModule
from hypercuboid.frontend.meant import meant


def name_span(item: ast.Item) -> Span:
    """The place of the name of an item."""
    source = item.span.source
    keyword = _KEYWORD.match(source.text, item.span.start)
    start = source.text.index(item.name, item.span.start if keyword is None else keyword.end())
    return Span(source, start, start + len(item.name))


_KEYWORD = re.compile(r"[a-z]+")


class Names:
    """The names of one file while they are gathered; doubles and unknown ones are reported with both places."""

    def __init__(self, problems: list[Diagnostic]) -> None:
        self.problems = problems
        self.bound: dict[str, Bound] = {}
        self.places: dict[str, Span] = {}

    def use(self, use: ast.Use, other: LoadedModule | None) -> None:
        if use.alias is not None:
            self.declare(use.alias, BoundBroken() if other is None else BoundNamespace(other), use.span)
        if use.alias is None and not use.names:
            alias = use.library[-1] if use.path is None else Path(use.path).stem
            help = f"write `use ... {{ NAME }}` or `use ... as {alias}`"
            self.problems.append(Diagnostic("HC2016", "this `use` binds no name", use.span, help=help))
        for used in use.names:
            bound = BoundBroken() if other is None else _exported(other, used.name)
            if other is not None and other.is_whole and bound is None and len(self.problems) < MOST:
                self.problems.append(_unknown(use, used, other))
            self.declare(used.name, bound or BoundBroken(), used.span)

    def declare(self, name: str, bound: Bound, span: Span) -> None:
        if name in self.places:
            if isinstance(bound, BoundBroken) or isinstance(self.bound[name], BoundBroken):
                return
            first = Label(self.places[name], "first declared here")
            message = f"`{name}` is declared twice"
            help = "give one of them another name"
            if len(self.problems) >= MOST:
                return
            self.problems.append(Diagnostic("HC2017", message, span, secondary=(first,), help=help))
            return
        self.bound[name] = bound
        self.places[name] = span


def _unknown(use: ast.Use, used: ast.UsedName, other: LoadedModule) -> Diagnostic:
    known = [name for name in other.names if _exported(other, name) is not None]
    message = f"`{use.path or '.'.join(use.library)}` has no `{used.name}`"
    return Diagnostic("HC2002", message, used.span, help=meant(used.name, known))


def _exported(module: LoadedModule, name: str) -> Bound | None:
    """What a `use` of this name would bind: items of the module itself, and ops of `std.ops`."""
    bound = module.names.get(name)
    own = isinstance(bound, BoundBroken) or (isinstance(bound, BoundOp) and module.module.source.path == "std.ops")
    return bound if own or (isinstance(bound, BoundItem) and bound.module is module) else None
