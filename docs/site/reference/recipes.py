"""The page of the recipes that ship, as their files have them."""

from __future__ import annotations

from hypercuboid.recipe_files import read_recipe, shipped_recipes


def recipe_page() -> str:
    head = (
        "# Recipes\n\nSettings of the paper's searches and trainings. `search --recipe NAME` and `train --recipe NAME` "
        "take them; a file of your own is given by its path. What overrules them: [training](../training.md#recipes).\n"
    )
    return "\n".join([head, *map(_section, shipped_recipes())])


def _section(name: str) -> str:
    recipe = read_recipe(name)
    text = recipe.path.read_text(encoding="utf-8").strip()
    return f"## {name}\n\n{recipe.about}\n\n```toml\n{text}\n```\n"
