"""The table of `docs/deploy.md` is that of the card; that its commands run is in test_documents.py."""

from __future__ import annotations

import re

from documents import PAGES

from hypercuboid.data.card import Card


def test_the_table_names_every_entry_of_the_card() -> None:
    page = PAGES["docs/deploy.md"].read_text(encoding="utf-8")
    table = page.partition("| entry | meaning |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`(\w+)`", "".join(row.split("|")[1] for row in table.splitlines()[2:]))) == {
        name for name in Card.model_fields if name != "version"
    }
