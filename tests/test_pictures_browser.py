"""Every shipped picture measured by a browser: labels in their boxes, nothing on anything else, legible text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import test_inlays as inlaid
from browser import BROWSER, opened
from playwright.sync_api import Browser
from shipped import ARCHITECTURES, SPACES
from test_pictures import loaded, weighted

from hypercuboid.targets.formats import FORMATS, Order
from hypercuboid.targets.picture import picture, picture_page
from hypercuboid.targets.theme import Theme

pytestmark = BROWSER

MEASURE = """
() => [...document.querySelectorAll('svg')].map(svg => {
  const page = svg.getBoundingClientRect(), scale = page.width / svg.viewBox.baseVal.width
  const box = one => { const r = one.getBoundingClientRect(); return [r.left - page.left, r.top - page.top,
    r.right - page.left, r.bottom - page.top].map(v => v / scale) }
  const light = text => { const [r, g, b] = text.match(/[0-9.]+/g).map(Number).map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b }
  const contrast = (a, b) => {
    const [x, y] = [light(a), light(b)].sort((p, q) => q - p)
    return (x + 0.05) / (y + 0.05)
  }
  const rects = [...svg.querySelectorAll('rect')].map(one => ({at: box(one), fill: getComputedStyle(one).fill,
    layer: one.parentNode.getAttribute('class')}))
  const texts = [...svg.querySelectorAll('text')].map(one => ({at: box(one), fill: getComputedStyle(one).fill,
    size: parseFloat(one.getAttribute('font-size')), text: one.lastChild.textContent,
    layer: one.parentNode.getAttribute('class')}))
  const holds = (a, x, y) => a[0] <= x && x <= a[2] && a[1] <= y && y <= a[3]
  const outside = (a, b) => Math.max(b[0] - a[0], b[1] - a[1], a[2] - b[2], a[3] - b[3])
  const meet = (a, b, by) => Math.min(a[2], b[2]) - Math.max(a[0], b[0]) > by
    && Math.min(a[3], b[3]) - Math.max(a[1], b[1]) > by
  const wrong = [], [w, h] = [svg.viewBox.baseVal.width, svg.viewBox.baseVal.height]
  for (const one of texts) {
    const x = (one.at[0] + one.at[2]) / 2, y = (one.at[1] + one.at[3]) / 2
    const under = rects.filter(r => r.layer !== 'legend' && holds(r.at, x, y))
    const last = under[under.length - 1] || rects[0], ratio = contrast(one.fill, last.fill)
    const level = [one.at[0], y - one.size / 2.2, one.at[2], y + one.size / 2.2]
    if (outside(one.layer === 'header' ? one.at : level, last.at) > 0.6) wrong.push(`leaves its box: ${one.text}`)
    if (ratio < 4.5) wrong.push(`contrast ${ratio.toFixed(2)}: ${one.text}`)
    if (one.size * 1600 / w < 7) wrong.push(`too small: ${one.text}`)
  }
  texts.forEach((one, i) => { for (const other of texts.slice(i + 1))
    if (meet(one.at, other.at, 2.5)) wrong.push(`texts overlap: ${one.text} | ${other.text}`) })
  const solid = rects.filter(r => r.layer === 'ops' || r.layer === 'states' || r.layer === 'nodes')
  solid.forEach((one, i) => { for (const other of solid.slice(i + 1))
    if (meet(one.at, other.at, 0.1)) wrong.push(`boxes overlap at ${one.at.map(Math.round)}`) })
  const frames = rects.filter(r => r.layer === 'frames')
  frames.forEach((one, i) => { for (const other of frames.slice(i + 1))
    if (meet(one.at, other.at, 0.1) && outside(one.at, other.at) > 0.1 && outside(other.at, one.at) > 0.1)
      wrong.push(`frames overlap at ${one.at.map(Math.round)}`) })
  for (const one of texts)
    if (one.text.endsWith('\u2026') && ['header', 'legend'].includes(one.layer)) wrong.push(`cut: ${one.text}`)
  for (const one of svg.querySelectorAll('rect, path'))
    if (outside(box(one), [0, 0, w, h]) > 0.6) wrong.push(`off the page at ${box(one).map(Math.round)}`)
  if (w / h < 0.999 || w / h > 4.001) wrong.push(`aspect ${w / h}`)
  return {texts: texts.length, wrong}
})
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A page that holds all pictures, and their names."""
    pictures = {}
    for one in SPACES:
        space = loaded(one)
        pictures[str(one)] = picture(space.graph, space.name)
        pictures[f"{one} with weights"] = weighted(space, 5)
    for name in inlaid.SPACES:
        pictures[f"a cuboid in {name} with weights"] = weighted(inlaid.loaded(name), 5)
    for one in ARCHITECTURES:
        pictures[str(one)] = picture(loaded(one).graph, one.name)
    path = tmp_path_factory.mktemp("pictures") / "all.html"
    style = "<style>body { margin: 0 } svg { display: block }</style>"
    path.write_text(f"<!doctype html><meta charset=utf-8>{style}{''.join(pictures.values())}", encoding="utf-8")
    return path, list(pictures)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_shipped_picture_can_be_read(browser: Browser, page: tuple[Path, list[str]], dark: bool) -> None:
    path, names = page
    with opened(browser, path, 2000, dark=dark) as one:
        found: list[dict[str, Any]] = one.page.evaluate(MEASURE)
        assert one.complaints == one.requests == []
    assert len(found) == len(names)
    assert all(measured["texts"] >= 4 for measured in found)
    wrong = {name: measured["wrong"][:4] for name, measured in zip(names, found, strict=True) if measured["wrong"]}
    assert not wrong, "\n".join(f"{name}: {said}" for name, said in wrong.items())


def test_a_pdf_is_one_page_of_the_size_of_the_picture() -> None:
    """Chromium writes it, or one of the programs that are looked for before it; sizes are in points, 3/4 of a pixel."""
    drawn = picture_page(inlaid.loaded("two").graph, "two")
    made = FORMATS[".pdf"](Order(drawn, lambda: "", Theme.DARK))
    assert made.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b", made)) == 1
    (width, height) = map(float, re.findall(rb"/MediaBox\s*\[\s*0 0 ([0-9.]+) ([0-9.]+)", made)[0])
    assert abs(width - 0.75 * drawn.width) < 2 and abs(height - 0.75 * drawn.height) < 2
