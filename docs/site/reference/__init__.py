"""The pages that are made from the source: commands, the standard library, messages, recipes, changes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from reference.commands import command_pages
from reference.library import library_pages
from reference.messages import message_pages
from reference.recipes import recipe_page


@cache
def pages(root: Path) -> dict[str, str]:
    """The Markdown of each page by its path under `docs/`, in the order of the navigation."""
    return {
        **command_pages(),
        **library_pages(),
        **message_pages(),
        "reference/recipes.md": recipe_page(),
        "changelog.md": (root / "CHANGELOG.md").read_text(encoding="utf-8"),
    }
