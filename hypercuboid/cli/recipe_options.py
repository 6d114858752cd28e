"""Options of a command made from the fields of its recipe, so that a setting is defined in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeVar, get_args, get_origin

import click
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

Command = TypeVar("Command", bound=Callable[..., Any])
Recipe = TypeVar("Recipe", bound=BaseModel)


def recipe_options(recipe: type[BaseModel], without: Sequence[str] = ()) -> Callable[[Command], Command]:
    """One option for each field of a recipe, in order: `alpha_lr` is `--alpha-lr`, its help the field's docstring.

    Fields `without` one keep their defaults.
    """

    def decorate(command: Command) -> Command:
        for name, field in reversed(recipe.model_fields.items()):
            command = command if name in without else _option(name, field)(command)
        return command

    return decorate


def recipe_of(recipe: type[Recipe], options: Mapping[str, Any], settings: Mapping[str, Any] | None = None) -> Recipe:
    """The recipe that options of the running command make; they win over `settings` where they were written."""
    context, typed = click.get_current_context(), click.core.ParameterSource.COMMANDLINE
    written = {name: value for name, value in options.items() if context.get_parameter_source(name) is typed}
    try:
        return recipe.model_validate({**(settings or {}), **written})
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
