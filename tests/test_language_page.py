"""The reference of the language, `docs/language.md`: its examples run in test_documents.py; here what it must have."""

from __future__ import annotations

import re

import pytest
from documents import COUNTED, PAGES, Block, blocks

PAGE = PAGES["docs/language.md"]
BLOCKS = blocks(PAGE)
PROGRAMS = [
    one
    for one, after in zip(BLOCKS, [*BLOCKS[1:], None], strict=True)
    if one.language == "hypercuboid" and (after is None or after.language != "text")
]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda one: str(one.line))
def test_an_example_says_what_comes_of_it(program: Block) -> None:
    items = re.findall(r"^(?:block|space|arch) ", program.text, re.MULTILINE)
    assert not items or COUNTED.search(program.text)


def test_every_section_is_in_the_table_of_contents() -> None:
    page = re.sub(r"^```.*?^```$", "", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    titles = re.findall(r"^## (.*)$", page, re.MULTILINE)
    anchors = [re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in titles]
    assert re.findall(r"\]\(#(.*)\)", page) == anchors
