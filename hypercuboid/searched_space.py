"""The space of a search: read from a file with what its data say, held against them, and what is left out of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from hypercuboid.diagnostics import HypercuboidError, error
from hypercuboid.frontend import ast
from hypercuboid.frontend.arguments import read_target
from hypercuboid.frontend.modules import LoadedModule, load_module
from hypercuboid.pipeline import Space, space_of

if TYPE_CHECKING:
    from hypercuboid.data.base import DataSet


def load_for_data(
    path: str, name: str | None, parameters: Iterable[str], inputs: Iterable[str], data: DataSet
) -> Space:
    """A space of a file with the input shape and the number of classes of a data set, unless they are given.

    Of token data the space is given `vocab` and `length`.

    HC7042: it has no open decision; HC7043: its input or output does not fit the data.
    """
    module, given, shapes = load_module(path), list(parameters), list(inputs)
    if data.input_type.kind != "tokens":
        shapes = shapes or ["x".join(map(str, data.input_type.shape))]
    written = {one.partition("=")[0].strip() for one in given}
    for parameter, value in _known_from(data).items():
        if parameter not in written and _takes(module, name, parameter):
            given.append(f"{parameter}={value}")
    space = space_of(module, name, given, shapes)
    _check_fit(space, data)
    return space


def leave_out(space: Space, labels: Iterable[str]) -> Space:
    """The space without alternatives of these labels; HC7042 where no decision is left to search."""
    names = tuple(labels)
    if not names:
        return space
    left = space.without(names)
    _require_open(left)
    return left


def settings_of(path: str, name: str | None) -> tuple[str | None, dict[str, Any]]:
    """Of a `search` item its space and the fields of a recipe that it sets; of another name the name and nothing."""
    module = load_module(path)
    item = getattr(module.names.get(name or ""), "item", None)
    if not isinstance(item, ast.Search):
        return name, {}
    from hypercuboid.search.settings import read_settings

    values, problems = read_settings(module, item)
    if problems:
        raise HypercuboidError(*problems)
    return item.space, values


def _known_from(data: DataSet) -> dict[str, int]:
    """The parameters by which a space may ask for what the data say."""
    if data.input_type.kind != "tokens":
        return {"classes": data.classes}
    return {"classes": data.classes, "vocab": data.input_type.vocab, "length": data.input_type.shape[0]}


def _takes(module: LoadedModule, name: str | None, parameter: str) -> bool:
    """Whether the file has such a parameter, or the space an argument of that name."""
    wanted = None if name is None else read_target(name)[0]
    items = module.module.items
    if any(isinstance(item, ast.Param) and item.name == parameter for item in items):
        return True
    blocks = [item for item in items if isinstance(item, ast.BlockDefinition)]
    meant = [block for block in blocks if (block.is_space if wanted is None else block.name == wanted)]
    return any(formal.name == parameter for block in meant for formal in block.formals)


def _require_open(space: Space) -> None:
    if not space.is_open:
        message, help = f"`{space.name}` has no open decision to search", "`generate` its source and `train` that"
        raise error("HC7042", message, space.elaborated.definition.span.first_line, help=help)


def _check_fit(space: Space, data: DataSet) -> None:
    elaborated = space.elaborated
    _require_open(space)
    got, wanted = elaborated.input_types, data.input_type
    if len(got) != 1 or got[0] != wanted:
        shown = ", ".join(map(str, got))
        way = f"leave `--input` out, or give {'x'.join(map(str, wanted.shape))}"
        if wanted.kind == "tokens":
            way = "leave parameters for them out: they come from the data; `NAME@LENGTH` has pieces of another length"
        raise error("HC7043", f"`{space.name}` takes {shown}, and inputs of `{data.name}` are {wanted}", help=way)
    output = elaborated.definition.body.type
    if output.shape != data.output_shape:
        kinds = {"class": "classes", "pixel": "classes of each pixel", "number": "numbers"}
        message = f"`{space.name}` gives {output}, and `{data.name}` has {data.classes} {kinds[data.target]}"
        way = f"end it with `{'conv' if data.target == 'pixel' else 'linear'}({data.classes})`"
        raise error("HC7043", message, elaborated.definition.span.first_line, help=way)
