"""Hooks of MkDocs: pages made from the source, their place in the navigation, and the words behind a fence."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

import pygments.lexers
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from reference import pages
from sessions import SessionLexer

from hypercuboid.editing.lexer import HypercuboidLexer

ROOT = Path(__file__).resolve().parent.parent.parent
_FENCE = re.compile(r"^```(\w+) ([^\n]+)$", re.MULTILINE)
_SAID = re.compile(r"compile \w+|not run: \w+|numbers vary")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """A folder in the navigation becomes its made pages; the lexers are known also where no package brings them."""
    for lexer in (HypercuboidLexer, SessionLexer):
        entry = (lexer.__module__, lexer.name, (*lexer.aliases,), (*lexer.filenames,), (*lexer.mimetypes,))
        pygments.lexers.LEXERS[lexer.__name__] = entry
    logging.getLogger("mkdocs.material").setLevel(logging.ERROR)
    config.nav = _complete(_expanded(config.nav))
    return config


def _complete(nav: Any) -> Any:
    """A page that has no place in the navigation yet stands at the end of the guides."""
    named = str(nav)
    others = [path.name for path in sorted((ROOT / "docs").glob("*.md")) if f"'{path.name}'" not in named]
    return [{"Guides": [*one["Guides"], *others]} if isinstance(one, dict) and "Guides" in one else one for one in nav]


def _expanded(nav: Any) -> Any:
    if isinstance(nav, list):
        return [_expanded(one) for one in nav]
    if isinstance(nav, dict):
        return {title: _expanded(one) for title, one in nav.items()}
    if not nav.endswith("/"):
        return nav
    made = [name for name in pages(ROOT) if name.startswith(nav)]
    return {nav.rstrip("/").rpartition("/")[2].capitalize(): made}


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    for name, text in pages(ROOT).items():
        files.append(File.generated(config, name, content=text))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """The name of a file behind a fence becomes its title; what is said to tests/documents.py is left out."""
    plain = re.sub(r"^```hc\b", "```hypercuboid", _FENCE.sub(_plain, markdown), flags=re.MULTILINE)
    return re.sub(r"^```console\b", "```session", plain, flags=re.MULTILINE)


def _plain(found: re.Match[str]) -> str:
    file = _SAID.sub("", found[2]).strip()
    return f'```{found[1]} title="{file}"' if file else f"```{found[1]}"
