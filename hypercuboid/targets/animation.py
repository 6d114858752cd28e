"""Pictures of the same layout as one that moves: what is equal in all frames stands once, what differs is animated.

The animation is SMIL, so it moves in an `<img>` too; where scripts run there is a slider, and it pauses where a reader
wants no motion. Without either the last frame is seen. Rules of a style sheet do not reach a colour that is animated:
where the theme is AUTO, a mark whose colour changes stands twice, for light and for dark pages, and one is shown.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from hypercuboid.resources import resource
from hypercuboid.targets.diagram_marks import Page, dark_rules, to_svg
from hypercuboid.targets.diagram_style import INK, PANEL, RED
from hypercuboid.targets.theme import Theme, dark_area, dark_ink

SECONDS = 0.8
"""How long a frame is seen."""

SPACE = "http://www.w3.org/2000/svg"
_FOOT, _MARGIN = 44.0, 24.0
_TRACK = "#767676"
_COLOURS = ("fill", "stroke")
_SHOWN = (
    ".on-dark{display:none} @media (prefers-color-scheme: dark) { .on-light{display:none} .on-dark{display:inline} %s }"
)


def animated(pages: Sequence[Page], names: Sequence[str], theme: Theme = Theme.AUTO) -> str:
    """One SVG of pages of one layout; `names` say what each is, such as `epoch 3`."""
    roots = [ET.fromstring(to_svg(one, Theme.LIGHT if theme is Theme.AUTO else theme)) for one in pages]
    (merged,) = _merged(roots, theme is Theme.AUTO)
    if theme is Theme.AUTO:
        style = ET.Element(f"{{{SPACE}}}style")
        style.text = _SHOWN % f"{dark_rules(*pages)} {_control_rules()}"
        merged.insert(0, style)
    width, height = (float(roots[-1].attrib[name]) for name in ("width", "height"))
    merged.set("height", f"{height + _FOOT:g}")
    merged.set("viewBox", f"0 0 {width:g} {height + _FOOT:g}")
    merged.append(_control(width, height, names, theme is Theme.DARK))
    script = ET.SubElement(merged, f"{{{SPACE}}}script")
    script.text = f"const names = {json.dumps(list(names))}, seconds = {SECONDS};\n" + _script()
    ET.register_namespace("", SPACE)
    return ET.tostring(merged, encoding="unicode") + "\n"


def _script() -> str:
    return resource("codegen_templates", "animation.js").read_text(encoding="utf-8")


def _merged(frames: Sequence[ET.Element], both: bool) -> list[ET.Element]:
    """Elements of the same shape as one that is each in turn; as two where its colours change and `both` are wanted."""
    if both and any(len({one.get(name) for one in frames}) > 1 for name in _COLOURS):
        light, dark = _turns(frames, both), _turns([_darkened(one) for one in frames], both)
        light.set("class", "on-light")
        dark.set("class", "on-dark")
        return [light, dark]
    return [_turns(frames, both)]


def _turns(frames: Sequence[ET.Element], both: bool) -> ET.Element:
    """An element that is each frame's in turn."""
    last = frames[-1]
    found = ET.Element(last.tag, dict(last.attrib))
    found.text, found.tail = last.text, last.tail
    for name in last.attrib:
        values = [one.get(name, "") for one in frames]
        if len(set(values)) > 1:
            found.append(_animate(name, values))
    children = list(zip(*frames, strict=False))
    for same in children:
        if _local(same[0]) in ("title", "desc"):
            found.append(same[-1])
        elif _fits(same):
            found.extend(_merged(same, both))
        else:
            found.extend(_variants(same))
    longest = max(len(one) for one in frames)
    for place in range(len(children), longest):
        found.extend(_variants([one[place] if place < len(one) else None for one in frames]))
    return found


def _darkened(element: ET.Element) -> ET.Element:
    """The same mark in the colours of a dark page."""
    found = ET.fromstring(ET.tostring(element))
    found.tail = element.tail
    darker = dark_ink if _local(element) == "text" else dark_area
    for name in _COLOURS:
        if element.get(name, "none") != "none":
            found.set(name, darker(element.attrib[name]))
    return found


def _fits(same: Sequence[ET.Element]) -> bool:
    """Whether elements differ in the values of attributes alone, here; groups may differ inside."""
    shapes = {(one.tag, tuple(sorted(one.attrib)), (one.text or "").strip()) for one in same}
    return len(shapes) == 1 and (_local(same[0]) in ("g", "svg") or len({_shape(one) for one in same}) == 1)


def _shape(element: ET.Element) -> tuple[str, ...]:
    return tuple(_local(one) for one in element)


def _variants(same: Sequence[ET.Element | None]) -> list[ET.Element]:
    """Each different element once, seen in its frames."""
    texts = [None if one is None else ET.tostring(one) for one in same]
    found = []
    for text in dict.fromkeys(texts):
        one = same[len(texts) - 1 - texts[::-1].index(text)]
        if one is None:
            continue
        if len(set(texts)) == 1:
            return [one]
        copy = ET.fromstring(ET.tostring(one))
        seen = ["visible" if each == text else "hidden" for each in texts]
        copy.set("visibility", seen[-1])
        copy.append(_animate("visibility", seen))
        copy.tail = one.tail
        found.append(copy)
    return found


def _animate(name: str, values: Sequence[str]) -> ET.Element:
    attributes = {
        "attributeName": name,
        "values": ";".join(values),
        "calcMode": "discrete",
        "dur": f"{SECONDS * len(values):g}s",
        "repeatCount": "indefinite",
    }
    return ET.Element(f"{{{SPACE}}}animate", attributes)


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _control_rules() -> str:
    """The dark counterparts of the colours of the control."""
    areas = " ".join(
        f'#control [{name}="{one}"]{{{name}:{dark_area(one)}}}'
        for name, one in (("fill", PANEL), ("stroke", _TRACK), ("fill", RED))
    )
    return f'{areas} #control text[fill="{INK}"]{{fill:{dark_ink(INK)}}}'


def _control(width: float, height: float, names: Sequence[str], dark: bool) -> ET.Element:
    """A track with a handle that moves along it, and the name of the frame."""
    area, ink = (dark_area, dark_ink) if dark else (str, str)
    group = ET.Element(f"{{{SPACE}}}g", {"id": "control", "font-size": "12"})
    y, left, right = height + 20, _MARGIN, width - _MARGIN - 110
    back = {"x": "0", "y": f"{height:g}", "width": f"{width:g}", "height": f"{_FOOT:g}", "fill": area(PANEL)}
    track = {"d": f"M{left:g} {y:g}H{right:g}", "stroke": area(_TRACK), "stroke-width": "4", "stroke-linecap": "round"}
    ET.SubElement(group, f"{{{SPACE}}}rect", back)
    ET.SubElement(group, f"{{{SPACE}}}path", {"id": "track", **track})
    at = [left + (right - left) * i / max(1, len(names) - 1) for i in range(len(names))]
    handle = {"id": "handle", "cx": f"{at[-1]:g}", "cy": f"{y:g}", "r": "8", "fill": area(RED)}
    ET.SubElement(group, f"{{{SPACE}}}circle", handle).append(_animate("cx", [f"{x:g}" for x in at]))
    for place, name in enumerate(names):
        seen = ["visible" if i == place else "hidden" for i in range(len(names))]
        where = {"x": f"{right + 18:g}", "y": f"{y + 4:g}", "fill": ink(INK), "visibility": seen[-1]}
        text = ET.SubElement(group, f"{{{SPACE}}}text", where)
        text.text = name
        text.append(_animate("visibility", seen))
    return group
