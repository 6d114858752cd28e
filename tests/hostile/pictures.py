"""What is wrong with a picture: XML that is not well formed, elements and attributes that do or fetch anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.parsers import expat

ELEMENTS = {"svg", "title", "desc", "g", "rect", "path", "text", "polygon", "polyline", "ellipse", "a"}
ATTRIBUTES = set(
    """xmlns xmlns:xlink width height viewBox role aria-labelledby font-family id class x y rx ry fill stroke
    stroke-width stroke-dasharray stroke-linejoin stroke-linecap d font-size font-weight text-anchor transform points
    cx cy xlink:title fill-opacity stroke-opacity xml:space""".split()  # noqa: SIM905
)
_RULE = r'\.hypercuboid (?:rect|text)?\[(?:fill|stroke)="#[0-9a-f]{6}"\]\{(?:fill|stroke):#[0-9a-f]{6}\}'
STYLE = re.compile(rf"@media \(prefers-color-scheme: dark\) \{{ (?:{_RULE} )+\}}")
"""The one style sheet of a picture: colours of dark pages, and nothing that fetches."""

SAFE = {"xmlns": "http://www.w3.org/2000/svg", "xmlns:xlink": "http://www.w3.org/1999/xlink"}


def wrong_with_svg(text: str) -> Iterator[str]:
    """Everything in a picture that a viewer must not meet."""
    found: list[str] = []

    styles: list[str] = []
    inside = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        inside = name
        if name == "style":
            styles.append("")
        elif name not in ELEMENTS:
            found.append(f"an element {name}")
        for key, value in attributes.items():
            if key not in ATTRIBUTES:
                found.append(f"an attribute {key} of {name}")
            elif (key in SAFE and value != SAFE[key]) or (
                key not in SAFE and key != "xlink:title" and re.search(r"url|:|//|&", value, re.IGNORECASE)
            ):
                found.append(f"{key} = {value}")

    def text_inside(content: str) -> None:
        if inside == "style":
            styles[-1] += content

    parser = expat.ParserCreate()
    parser.CharacterDataHandler = text_inside
    parser.StartElementHandler = start
    parser.EntityDeclHandler = lambda *_: found.append("an entity")
    parser.ProcessingInstructionHandler = lambda *_: found.append("a processing instruction")
    try:
        parser.Parse(text.encode("utf-8"), True)
    except (expat.ExpatError, UnicodeEncodeError) as problem:
        found.append(f"not well formed: {problem}")
    found += [f"a style sheet {one[:200]!r}" for one in styles if not STYLE.fullmatch(one.strip())]
    yield from found


_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_PLAIN = re.compile(r"[\w\s{}\[\]=;,.>-]*")
_ATTRIBUTE = re.compile(r"(\w+)=")
_KNOWN = set(
    """rankdir nodesep ranksep ordering fontname fontsize bgcolor outputorder pad shape style color fillcolor margin
    height width arrowsize penwidth label tooltip labeljust fontcolor pos splines overlap headclip tailclip
    arrowhead dir fixedsize""".split()  # noqa: SIM905
)


def wrong_with_dot(text: str) -> Iterator[str]:
    """What stands outside of quoted texts is names, numbers and attributes that we know; no text is markup."""
    bare = _QUOTED.sub('""', text).replace('""', "")
    if not _PLAIN.fullmatch(bare):
        yield f"outside of texts: {_PLAIN.sub('', bare)[:200]!r}"
    for name in _ATTRIBUTE.findall(bare):
        if name not in _KNOWN:
            yield f"an attribute {name}"
    if text.count("{") < 1 or not text.startswith("digraph"):
        yield "no graph"
