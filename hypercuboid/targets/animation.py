"""Pictures of the same layout as one that moves: what is equal in all frames stands once, what differs is animated.

The animation is SMIL, so it moves in an `<img>` too; where scripts run there is a slider, and it pauses where a reader
wants no motion. Without either the last frame is seen. Colours are those of a light page: rules of a style sheet would
not reach what is animated.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from hypercuboid.resources import resource

SECONDS = 0.8
"""How long a frame is seen."""

SPACE = "http://www.w3.org/2000/svg"
_FOOT, _MARGIN = 44.0, 24.0


def animated(frames: Sequence[str], names: Sequence[str]) -> str:
    """One SVG of frames by `targets.picture`; `names` say what each is, such as `epoch 3`."""
    roots = [ET.fromstring(one) for one in frames]
    merged = _merged(roots)
    width, height = (float(roots[-1].attrib[name]) for name in ("width", "height"))
    merged.set("height", f"{height + _FOOT:g}")
    merged.set("viewBox", f"0 0 {width:g} {height + _FOOT:g}")
    merged.append(_control(width, height, names))
    script = ET.SubElement(merged, f"{{{SPACE}}}script")
    script.text = f"const names = {json.dumps(list(names))}, seconds = {SECONDS};\n" + _script()
    ET.register_namespace("", SPACE)
    return ET.tostring(merged, encoding="unicode") + "\n"


def _script() -> str:
    return resource("codegen_templates", "animation.js").read_text(encoding="utf-8")


def _merged(frames: Sequence[ET.Element]) -> ET.Element:
    """An element that is each frame's in turn; elements of the same shape."""
    last = frames[-1]
    found = ET.Element(last.tag, dict(last.attrib))
    found.text, found.tail = last.text, last.tail
    for name in last.attrib:
        values = [one.get(name, "") for one in frames]
        if len(set(values)) > 1:
            found.append(_animate(name, values))
    children = list(zip(*frames, strict=False))
    for same in children:
        if _local(same[0]) in ("title", "desc", "style"):
            found.extend(one for one in same[-1:] if _local(one) != "style")
        elif _fits(same):
            found.append(_merged(same))
        else:
            found.extend(_variants(same))
    longest = max(len(one) for one in frames)
    for place in range(len(children), longest):
        found.extend(_variants([one[place] if place < len(one) else None for one in frames]))
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


def _control(width: float, height: float, names: Sequence[str]) -> ET.Element:
    """A track with a handle that moves along it, and the name of the frame."""
    group = ET.Element(f"{{{SPACE}}}g", {"id": "control", "font-size": "12"})
    y, left, right = height + 20, _MARGIN, width - _MARGIN - 110
    back = {"x": "0", "y": f"{height:g}", "width": f"{width:g}", "height": f"{_FOOT:g}", "fill": "#f7f7f7"}
    track = {"d": f"M{left:g} {y:g}H{right:g}", "stroke": "#767676", "stroke-width": "4", "stroke-linecap": "round"}
    ET.SubElement(group, f"{{{SPACE}}}rect", back)
    ET.SubElement(group, f"{{{SPACE}}}path", {"id": "track", **track})
    at = [left + (right - left) * i / max(1, len(names) - 1) for i in range(len(names))]
    handle = {"id": "handle", "cx": f"{at[-1]:g}", "cy": f"{y:g}", "r": "8", "fill": "#c1121f"}
    ET.SubElement(group, f"{{{SPACE}}}circle", handle).append(_animate("cx", [f"{x:g}" for x in at]))
    for place, name in enumerate(names):
        seen = ["visible" if i == place else "hidden" for i in range(len(names))]
        where = {"x": f"{right + 18:g}", "y": f"{y + 4:g}", "fill": "#111111", "visibility": seen[-1]}
        text = ET.SubElement(group, f"{{{SPACE}}}text", where)
        text.text = name
        text.append(_animate("visibility", seen))
    return group
