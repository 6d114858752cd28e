"""`docs/training.md` names every recipe and option; that its commands run is in test_documents.py."""

from __future__ import annotations

import re

from documents import PAGES

from hypercuboid.recipe_files import shipped_recipes
from hypercuboid.training.recipe import Recipe


def test_the_page_names_all_recipes_and_the_options_that_there_are() -> None:
    page = PAGES["docs/training.md"].read_text(encoding="utf-8")
    assert all(f"`{name}`" in page for name in shipped_recipes())
    options = {f"--{name.replace('_', '-')}" for name in Recipe.model_fields}
    assert options <= set(re.findall(r"--[a-z-]+", page))
