"""The settings of a `search` item, held against the fields of a recipe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from hypercuboid.diagnostics import Diagnostic, HypercuboidError, Span
from hypercuboid.frontend import ast
from hypercuboid.frontend.evaluate import evaluate
from hypercuboid.frontend.expressions import RULES
from hypercuboid.frontend.globals import module_context
from hypercuboid.frontend.modules import LoadedModule
from hypercuboid.frontend.session import Session
from hypercuboid.frontend.shown import is_plain, show, type_name
from hypercuboid.registry import suggestion
from hypercuboid.search.known import KNOWN
from hypercuboid.search.recipe import Recipe


def read_settings(module: LoadedModule, item: ast.Search) -> tuple[dict[str, Any], list[Diagnostic]]:
    """The settings of a search that a recipe takes, and what is wrong with the others."""
    context = module_context(Session(True, {}, RULES, module), module)
    values: dict[str, Any] = {}
    problems: list[Diagnostic] = []
    for setting in item.settings:
        try:
            value = evaluate(setting.value, context)
        except HypercuboidError as problem:
            problems += problem.diagnostics
            continue
        wrong = wrong_setting(Recipe, "search", Setting(setting.name, value, setting.span, setting.value.span))
        if wrong is None:
            values[setting.name] = value
        else:
            problems.append(wrong)
    return values, problems


@dataclass(frozen=True)
class Setting:
    """A setting as somebody wrote it, in a space or a file of settings, with its places where they are known."""

    name: str
    value: Any
    span: Span | None
    value_span: Span | None


def wrong_setting(recipe: type[BaseModel], of: str, setting: Setting) -> Diagnostic | None:
    """What is wrong with a setting of a recipe, which is that `of` a search or a training."""
    known = list(recipe.model_fields)
    if setting.name not in known:
        message = f"a {of} has no setting `{setting.name}`"
        return Diagnostic("HC5012", message, setting.span, help=suggestion(setting.name, known))
    try:
        recipe.model_validate({setting.name: setting.value}, strict=True)
    except ValidationError as problem:
        wanted = _wanted(problem.errors()[0])
        shown = show(setting.value) if is_plain(setting.value) else type_name(setting.value)
        default = show(recipe.model_fields[setting.name].default)
        message = f"`{setting.name}` of a {of} must be {wanted}, not {shown}"
        help = f"leave it out for {default}"
        return Diagnostic("HC5013", message, setting.value_span, help=help)
    return _unknown(recipe, setting)


def _unknown(recipe: type[BaseModel], setting: Setting) -> Diagnostic | None:
    """What is wrong with the name of a weighting, a strategy, a penalty or a perturbation."""
    known, name = KNOWN.get(setting.name), setting.value
    if known is None or name in known.names or name == recipe.model_fields[setting.name].default:
        return None
    message = f"unknown {known.kind} `{name}`"
    return Diagnostic(known.code, message, setting.value_span, help=suggestion(name, list(known.names)))


_KINDS = {
    "int_type": "an integer",
    "int_from_float": "an integer",
    "float_type": "a number",
    "string_type": "a string",
    "bool_type": "true or false",
    "tuple_type": "two numbers in parentheses",
    "missing": "two numbers in parentheses",
    "too_long": "two numbers in parentheses",
}
_BOUNDS = {"greater_than_equal": ("ge", "at least"), "greater_than": ("gt", "more than")}
_BOUNDS |= {"less_than_equal": ("le", "at most"), "less_than": ("lt", "less than")}


def _wanted(problem: Any) -> str:
    """What a field of the recipe takes, in the words of the language."""
    kind, limits = problem["type"], problem.get("ctx", {})
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        return f"{words} {limits[name]}"
    found: str = _KINDS.get(kind, problem["msg"].lower())
    return found
