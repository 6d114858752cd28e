"""What is asked of the front end for a space: the whole of it, an architecture of it, less of it, and its text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from hypercuboid.diagnostics import Source, error
from hypercuboid.frontend import ast
from hypercuboid.frontend.arguments import resolved_text
from hypercuboid.frontend.elaborate import Request
from hypercuboid.frontend.elaborated import Elaborated
from hypercuboid.frontend.left_out import forced, known_labels
from hypercuboid.frontend.modules import BoundItem, LoadedModule, reachable
from hypercuboid.frontend.parse import parse
from hypercuboid.frontend.points import Point
from hypercuboid.frontend.request import Memory
from hypercuboid.frontend.written import written_arguments
from hypercuboid.registry import suggestion


def whole_request(request: Request) -> Request:
    """The request with nothing decided and nothing left out; what is left out is remembered apart."""
    whole = replace(request, binding=())
    return replace(whole, without=frozenset(), memory=Memory()) if request.without else whole


def space_request(request: Request) -> Request:
    """The whole request, of the space of an architecture with its arguments."""
    item, whole = getattr(request.module.names[request.name], "item", None), whole_request(request)
    return replace(whole, name=item.space, arguments=item.arguments) if isinstance(item, ast.Arch) else whole


def arch_request(request: Request, text: str, path: str) -> Request:
    """The request of what an `arch` item describes; it may name any space of the file."""
    arch, module = _only_arch(text, path), request.module
    names = {**module.names, arch.name: BoundItem(module, arch)}
    parameters = {name: value for name, value in request.parameters.items() if name in module.params}
    whole = replace(whole_request(request), texts={}, parameters=parameters)
    return replace(whole, module=replace(module, names=names), name=arch.name, arguments=())


def request_without(request: Request, points: Sequence[Point], labels: Iterable[str], called: str) -> Request:
    """The request with all alternatives of these labels left out; HC7064 for a label that no point has."""
    names, known = frozenset(labels), known_labels(points)
    for name in sorted(names - set(known)):
        message = f"no alternative of `{called}` is called `{name}`"
        raise error("HC7064", message, help=suggestion(name, known))
    binding = (*request.binding, *forced(points, names))
    return replace(request, binding=binding, without=request.without | names, memory=Memory())


def resolved(request: Request, elaborated: Elaborated) -> str:
    """The file's text with parameters and input shapes as they were given."""
    item = getattr(request.module.names[elaborated.space], "item", None)
    assert isinstance(item, ast.BlockDefinition)
    shapes = {
        name: f"{type.kind}({', '.join(map(str, type.shape))})"
        for name, type in zip(elaborated.input_names, elaborated.input_types, strict=True)
        if type.known and type.kind != "tokens"
    }
    return resolved_text(request.module, item, elaborated.arguments, written_arguments(request), shapes)


def companions(module: LoadedModule) -> dict[str, str]:
    """The other files that a file uses, by their path from its folder, with their text; the library left out."""
    sources = [one.module.source for one in reachable(module)[1:]]
    return {one.path: one.text for one in sources if one.path.endswith(".hc") and not one.is_library}


def _only_arch(text: str, path: str) -> ast.Arch:
    """The one `arch` of a text, with or without the first line of a file."""
    whole = text if "hypercuboid" in text.split("arch", 1)[0] else f"hypercuboid 1\n{text}"
    module = parse(Source(path, whole))
    found = [item for item in module.items if isinstance(item, ast.Arch)]
    if len(found) != 1:
        raise error("HC5009", f"the text holds {len(found)} architectures, not one", help="write one `arch` item")
    return found[0]
