"""Options of a command made from the fields of its recipe, so that a setting is defined in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeAlias, TypeVar, get_args, get_origin

import click
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from hypercuboid.regimen import Regimen

Command = TypeVar("Command", bound=Callable[..., Any])
Recipe = TypeVar("Recipe", bound=Regimen)


recipe_option = click.option(
    "--recipe", "recipe_name", metavar="NAME|FILE.toml", help="Settings by name, or of a file; options win over them."
)


def recipe_options(recipe: type[BaseModel], without: Sequence[str] = ()) -> Callable[[Command], Command]:
    """One option for each field of a recipe, in order: `alpha_lr` is `--alpha-lr`, its help the field's docstring.

    Fields `without` one keep their defaults.
    """

    def decorate(command: Command) -> Command:
        for name, field in reversed(recipe.model_fields.items()):
            command = command if name in without else _option(name, field)(command)
        return command

    return decorate


@dataclass(frozen=True)
class Resolved(Generic[Recipe]):
    """A recipe, and by setting where its value comes from."""

    recipe: Recipe
    sources: Mapping[str, str]


Layer: TypeAlias = tuple[str, Mapping[str, Any]]
"""Settings, and what they are from."""


def recipe_layers(kind: str, asked: str | None) -> list[Layer]:
    """The settings of `--recipe NAME|FILE.toml` for the command `kind`; none where it was not given."""
    if asked is None:
        return []
    from hypercuboid.recipe_files import read_recipe

    return [(f"recipe {asked}", read_recipe(asked).settings(kind))]


def recipe_of(recipe: type[Recipe], options: Mapping[str, Any], layers: Sequence[Layer] = ()) -> Resolved[Recipe]:
    """The recipe of the running command: of `layers` the later ones win, and what was written on the command line."""
    context, typed = click.get_current_context(), click.core.ParameterSource.COMMANDLINE
    written = {name: value for name, value in options.items() if context.get_parameter_source(name) is typed}
    values: dict[str, Any] = {}
    sources = dict.fromkeys(recipe.model_fields, "default")
    for source, settings in [*layers, ("command line", written)]:
        values |= settings
        sources |= dict.fromkeys(settings, source)
    try:
        return Resolved(recipe.model_validate(values), sources)
    except ValidationError as problem:
        first = problem.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        raise click.BadParameter(first["msg"].lower(), param_hint=f"'{_flag(name)}'") from None


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _option(name: str, field: FieldInfo) -> Callable[[Command], Command]:
    kind, more = _kind(field)
    return click.option(
        _flag(name),
        name,
        type=kind,
        default=field.default,
        help=field.description,
        show_default=field.default not in ("", ()),
        **more,
    )


def _kind(field: FieldInfo) -> tuple[Any, dict[str, Any]]:
    """The type of the option, and what else click is to know of it."""
    annotation = field.annotation
    if get_origin(annotation) is tuple:
        parts = get_args(annotation)
        if parts[-1] is ...:
            return str, {"multiple": True, "metavar": "NAME"}
        return (float,) * len(parts), {"metavar": "FIRST LAST"}
    if get_origin(annotation) is Literal:
        return click.Choice(get_args(annotation)), {}
    if annotation is bool:
        return bool, {"is_flag": True}
    if annotation is str:
        return str, {"metavar": "NAME"}
    assert annotation in (int, float), annotation
    bounds = _bounds(field)
    return (click.IntRange(**bounds) if annotation is int else click.FloatRange(**bounds)), {}


_BOUNDS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "ge": lambda limit: {"min": limit},
    "gt": lambda limit: {"min": limit, "min_open": True},
    "le": lambda limit: {"max": limit},
    "lt": lambda limit: {"max": limit, "max_open": True},
}


def _bounds(field: FieldInfo) -> dict[str, Any]:
    """The limits of a field as click has them."""
    bounds: dict[str, Any] = {}
    for one in field.metadata:
        for name, translated in _BOUNDS.items():
            if hasattr(one, name):
                bounds |= translated(getattr(one, name))
    return bounds
