"""A page for each family of messages, made of the pages that `hypercuboid explain` prints."""

from __future__ import annotations

import re

from hypercuboid.pages import FAMILIES, codes, page


def message_pages() -> dict[str, str]:
    listed = "".join(f"| [{family}]({family}.md) | {about} |\n" for family, about in FAMILIES.items())
    index = (
        "# Messages\n\nEvery message has a code. `hypercuboid explain HC3101` prints what stands here.\n\n"
        f"| codes | about |\n|---|---|\n{listed}"
    )
    made = {f"reference/messages/{family}.md": _page(family, about) for family, about in FAMILIES.items()}
    return {"reference/messages/index.md": index, **made}


def _page(family: str, about: str) -> str:
    found = [_lowered(text.text) for code in codes() if code.startswith(family) and (text := page(code)) is not None]
    return f"# {family}: {about}\n\n" + "\n".join(found)


def _lowered(text: str) -> str:
    """Titles one level further down, those of examples two, so that contents list codes alone."""
    return re.sub(r"^## (Wrong|Right)$", r"**\1**", re.sub(r"^# HC", "## HC", text), flags=re.MULTILINE)
