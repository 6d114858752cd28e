"""The pages of `hypercuboid explain`: one Markdown file for each code, with an example that fails and one that works.

A page is `# HC3101: TITLE`, text, `## Wrong` and `## Right`. An example is a program in a fence `hc` (with a name
behind it where it is not the first file) or a command in a fence `console`; what is printed stands in a fence `text`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hypercuboid.resources import resource

FAMILIES = {
    "HC1": "syntax",
    "HC2": "names",
    "HC3": "shapes and types",
    "HC4": "size",
    "HC5": "constraints and decisions",
    "HC6": "files and imports",
    "HC7": "runs, data and weights",
    "HC8": "generated code and pictures",
}

_TITLE = re.compile(r"# (HC\d{4}): (.+)")


@dataclass(frozen=True)
class Page:
    """`title` is one line without a full stop; `meaning` the text up to the examples; `text` the whole page."""

    code: str
    title: str
    meaning: str
    text: str


def codes() -> list[str]:
    """Every code that has a page, in order."""
    return sorted(path.stem for path in resource("explanations").glob("HC*.md"))


def page(code: str) -> Page | None:
    """The page of a code as it is written in diagnostics; None where there is none."""
    if code not in codes():
        return None
    text = resource("explanations", f"{code}.md").read_text(encoding="utf-8")
    head, _, rest = text.partition("\n")
    found = _TITLE.fullmatch(head)
    assert found is not None and found[1] == code, f"the page of {code} has no title"
    return Page(code, found[2], rest.partition("\n## ")[0].strip(), text)


def code_of(text: str) -> str:
    """The code that somebody means: `hc3101`, `3101` and `error[HC3101]` are HC3101; else the text itself."""
    digits = re.fullmatch(r"(?:\w+\[)?(?:hc)?[-_ ]?(\d{1,4})\]?", text.strip(), re.IGNORECASE)
    return f"HC{digits[1]}" if digits else text.strip()
