"""A page for each library of the language, made from what `hypercuboid ops` knows of it."""

from __future__ import annotations

from itertools import groupby

from hypercuboid.library import Entry, entries
from hypercuboid.library_examples import Example, example

_ABOUT = {
    "std.ops": "Atomic operations",
    "std.blocks": "Blocks",
    "std.darts": "The primitives of DARTS",
    "std.sharpdarts": "The primitives of sharpDARTS",
    "std.nasnet": "The primitives of NASNet and AmoebaNet",
}


def library_pages() -> dict[str, str]:
    by_library = {name: list(found) for name, found in groupby(entries(), key=lambda one: one.library)}
    listed = "".join(
        f"| [`{name}`]({name}.md) | {_ABOUT.get(name, 'Blocks and lists')} | {len(found)} |\n"
        for name, found in by_library.items()
    )
    index = (
        "# Standard library\n\nMade from the library itself, as `hypercuboid ops` prints it. A file takes names by"
        " `use std.ops { conv, bn }`.\n\n| library | holds | names |\n|---|---|---|\n" + listed
    )
    made = {f"reference/library/{name}.md": _page(name, found) for name, found in by_library.items()}
    return {"reference/library/index.md": index, **made}


def _page(name: str, found: list[Entry]) -> str:
    head = f"# {name}\n\n{_ABOUT.get(name, 'Blocks and lists')}. Shapes and costs are those of one example.\n"
    return "\n".join([head, *map(_entry, found)])


def _entry(entry: Entry) -> str:
    parts = [f"## {entry.name}"]
    if entry.text:
        parts.append(f"```hypercuboid\n{entry.text}\n```")
    else:
        parts.append(f"```hypercuboid\n{entry.signature}\n```\n\n{entry.doc}")
    shown = example(entry, (), None)
    if shown is not None:
        parts.append(_example(entry, shown))
    return "\n\n".join(parts) + "\n"


def _example(entry: Entry, one: Example) -> str:
    taken = f"{one.input.kind} {'x'.join(map(str, one.input.shape))}"
    several = f"{len(entry.inputs)} x " if len(entry.inputs) > 1 else ""
    given = one.output
    parts = given.parts or (given,)
    out = f"{f'{len(parts)} x ' if given.parts else ''}{parts[0].kind} {'x'.join(map(str, parts[0].shape))}"
    numbers = f"{one.params:,} params, {one.macs:,} macs"
    torch = f". In torch: `{one.torch}`" if one.torch else ""
    return f"`{one.call}` on {several}{taken} gives {out}; {numbers}{torch}."
