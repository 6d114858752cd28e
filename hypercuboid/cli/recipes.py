"""`hypercuboid recipes`: the recipes that come with the package, and what they set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from hypercuboid.cli.common import json_option, print_json, say, say_table

if TYPE_CHECKING:
    from hypercuboid.recipe_files import RecipeFile


@click.command()
@click.argument("name", required=False, metavar="[NAME|FILE.toml]", help="A shipped recipe, or a file of one's own.")
@json_option
def recipes(name: str | None, as_json: bool) -> None:
    """List the recipes for `search --recipe` and `train --recipe` with what they set; NAME shows the file of one.

    A recipe is a TOML file with the tables [search] and [train], whose settings are the options of these commands.

    Examples:

      hypercuboid recipes

      hypercuboid recipes cifar10-final-2000 > mine.toml
    """
    from hypercuboid.recipe_files import read_recipe, shipped_recipes

    found = [read_recipe(one) for one in ([name] if name is not None else shipped_recipes())]
    if as_json:
        print_json([_data(one) for one in found])
    elif name is not None:
        say(found[0].path.read_text(encoding="utf-8").rstrip("\n"))
    else:
        _print(found)


def _data(recipe: RecipeFile) -> dict[str, Any]:
    return {"name": recipe.name, "path": str(recipe.path), "about": recipe.about, **recipe.tables}


def _print(found: list[RecipeFile]) -> None:
    from rich.table import Table

    table = Table("recipe", "for", "sets", box=None, pad_edge=False)
    for one in found:
        table.add_row(one.name, "", one.about)
        for kind, settings in one.tables.items():
            table.add_row("", kind, ", ".join(f"{name} {_text(value)}" for name, value in settings.items()))
    say_table(table)


def _text(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else f"{value}"
