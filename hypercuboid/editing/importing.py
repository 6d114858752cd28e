"""The edit that makes a file `use` one more name."""

from __future__ import annotations

from hypercuboid.frontend import ast


def import_edit(module: ast.Module, library: str, name: str) -> tuple[int, int, str]:
    """Start, end and new text: the name joins the `use` of its library, or a new `use` follows the others."""
    for use in module.uses:
        if ".".join(use.library) == library and use.names:
            last = use.names[-1].span.end
            return last, last, f", {name}"
    text, line = module.source.text, f"use {library} {{ {name} }}\n"
    if module.uses:
        after = _line_end(text, module.uses[-1].span.end)
        return after, after, line
    after = _line_end(text, text.index("hypercuboid"))
    return after, after, line if text[:after].endswith("\n") else f"\n{line}"


def _line_end(text: str, offset: int) -> int:
    """The begin of the next line."""
    end = text.find("\n", offset)
    return len(text) if end < 0 else end + 1
