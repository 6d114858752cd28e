"""The compiler in one screen: source -> tree -> space -> graph -> supernet -> weights -> architecture -> source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hypercuboid.architecture import Architecture
from hypercuboid.diagnostics import HypercuboidError, error
from hypercuboid.frontend import ast
from hypercuboid.frontend.arguments import read_inputs, read_parameters, read_target
from hypercuboid.frontend.elaborate import Request, spaces_and_architectures
from hypercuboid.frontend.elaborated import Decided
from hypercuboid.frontend.modules import LoadedModule, load_module, load_text
from hypercuboid.frontend.names import check_names
from hypercuboid.space import Space


def load(
    path: str | Path,
    name: str | None = None,
    *,
    inputs: Mapping[str, tuple[int, ...]] | tuple[int, ...] | None = None,
    **parameters: Any,
) -> Space:
    """A space, architecture or block of a file. `name` may hold arguments; without it, the file's only space.

    `inputs` is a shape without the batch axis, (3, 32, 32), or a mapping from input names to shapes; `parameters`
    set a `param` of the file or an argument of the space. Raises HypercuboidError.
    """
    module = load_module(path)
    shapes = {"": tuple(inputs)} if isinstance(inputs, tuple) else dict(inputs or {})
    return _space(module, name, {key: _plain(value) for key, value in parameters.items()}, shapes)


def load_from_text(text: str, name: str | None = None, path: str = "<text>", **parameters: Any) -> Space:
    """Like `load`, for a program in a string; it can use the standard library but no other file."""
    return _space(load_text(text, path), name, {key: _plain(value) for key, value in parameters.items()}, {})


def load_target(path: str, name: str | None, parameters: Iterable[str], inputs: Iterable[str]) -> Space:
    """Like `load`, for what a command line gives: `-p NAME=VALUE` and `--input SHAPE` settings."""
    return space_of(load_module(path), name, parameters, inputs)


def space_of(module: LoadedModule, name: str | None, parameters: Iterable[str], inputs: Iterable[str]) -> Space:
    """`load_target` of a file that was read."""
    values, texts = read_parameters(parameters, module)
    return _space(module, name, values, read_inputs(inputs), texts)


def _plain(value: Any) -> Any:
    from hypercuboid.frontend.values import ListValue

    return ListValue(_plain(item) for item in value) if isinstance(value, list) else value


def _space(
    module: LoadedModule,
    name: str | None,
    parameters: dict[str, Any],
    inputs: dict[str, Any],
    texts: Mapping[str, str] | None = None,
) -> Space:
    arguments: tuple[ast.Argument, ...] = ()
    _require_names(module)
    if name is None:
        name = _only_one(module)
    else:
        name, arguments = read_target(name)
    request = Request(module, name, arguments, parameters, inputs, texts=texts or {})
    space = Space(request)
    return space if space.is_open else Architecture(request)


def _require_names(module: LoadedModule) -> None:
    """Raises all undefined names, unknown types and circles of a file and of what it uses."""
    wrong = [one for one in check_names(module) if one.severity == "error"]
    if wrong:
        raise HypercuboidError(*wrong)


def _only_one(module: LoadedModule) -> str:
    """The name of the only space of a file, or of its only architecture where it has no space; HC2007 otherwise."""
    items = module.module.items
    spaces = [one.name for one in items if isinstance(one, ast.BlockDefinition) and one.is_space]
    found = spaces or [one.name for one in items if isinstance(one, ast.Arch)]
    if len(found) == 1:
        return found[0]
    path = module.module.source.path
    names = [*spaces, *(n for n in spaces_and_architectures(module) if n not in spaces)]
    if not found:
        names = [one.name for one in items if isinstance(one, ast.BlockDefinition)]
    listed = ", ".join(f"`{one}`" for one in names[:20])
    message = f"`{path}` has no space"
    if found:
        message = f"`{path}` has {len(found)} {'spaces' if spaces else 'architectures'}; say which"
    raise error("HC2007", message, notes=(f"it has {listed}",) if names else (), help=f"write {path}:NAME")


__all__ = ["Architecture", "Decided", "Space", "load", "load_from_text", "load_target", "space_of"]
