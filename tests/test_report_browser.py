"""The report in a browser: no request, no complaint, and all is read at 1,280 and 390 pixels, light and dark."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from browser import BROWSER, opened
from playwright.sync_api import Browser
from run_folders import BILEVEL, searched

from hypercuboid.reporting.frames import frames_of
from hypercuboid.reporting.page import report
from hypercuboid.targets.animation import animated
from hypercuboid.targets.diagram_marks import to_svg
from hypercuboid.targets.theme import Theme

pytestmark = BROWSER

CONTRAST = """() => {
  const light = (c) => { const v = c / 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
  const numbers = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const found = numbers(getComputedStyle(one).backgroundColor);
      if (found.length === 3 || found[3] === 1) return found;
    }
    return [255, 255, 255];
  };
  const bad = [];
  for (const one of document.querySelectorAll("body *")) {
    const own = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || one.closest("script, style, title, desc, .picture") || !one.getClientRects().length) continue;
    const ink = numbers(one instanceof SVGElement ? getComputedStyle(one).fill : getComputedStyle(one).color);
    const pair = [luminance(ink), luminance(ground(one))].sort();
    const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    if (ratio < 4.5) bad.push(`${one.tagName} ${one.textContent.slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return bad;
}"""

OUTSIDE = """() => [...document.querySelectorAll("main *")]
  .filter((one) => one.getClientRects().length && !one.closest(".scroll"))
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
  .map((one) => `${one.tagName}.${one.className}`)"""

OVERLAPS = """() => [...document.querySelectorAll("figure svg")].flatMap((svg) => {
  const texts = [...svg.querySelectorAll("text:not(.halo)")]
    .map((one) => [one.textContent, one.getBoundingClientRect()]);
  return texts.flatMap(([words, a], i) => texts.slice(i + 1)
    .filter(([, b]) => a.left + 1 < b.right && b.left + 1 < a.right && a.top + 2 < b.bottom && b.top + 2 < a.bottom)
    .map(([others]) => `${words} / ${others}`));
})"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return searched(tmp_path_factory.mktemp("browser") / "run", "cuboid", BILEVEL)


@pytest.fixture(scope="module")
def page(run: Path) -> Path:
    path = run.parent / "report.html"
    path.write_text(report([run]), encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_is_read_at_any_width_and_in_any_light(browser: Browser, page: Path, width: int, dark: bool) -> None:
    with opened(browser, page, width, dark=dark) as one:
        assert one.complaints == one.requests == []
        assert one.page.evaluate("document.documentElement.scrollWidth") <= width
        assert one.page.evaluate(OUTSIDE) == []
        assert one.page.evaluate(CONTRAST) == []
        assert one.page.evaluate(OVERLAPS) == []


def test_it_is_whole_on_paper_and_without_scripts(browser: Browser, page: Path) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 720, "height": 1000})
    bare = context.new_page()
    bare.goto(page.resolve().as_uri())
    without = bare.locator("main").inner_text()
    bare.emulate_media(media="print")
    paper = bare.locator("main").inner_text()
    context.close()
    with opened(browser, page, 720) as one:
        withs = one.page.locator("main").inner_text()
    added = ("epoch 3",)
    assert {line for line in withs.splitlines() if line not in added} <= set(without.splitlines())
    for words in ("Best path over epochs", "Parallel coordinates", "hypercuboid", "pick h["):
        assert words in paper


def test_a_reader_reads_values_moves_epochs_and_chooses_labels(browser: Browser, page: Path) -> None:
    with opened(browser, page, 1280) as one:
        chart = one.page.locator("figure.lines").first
        chart.scroll_into_view_if_needed()
        box = chart.locator("svg").bounding_box()
        assert box is not None
        one.page.mouse.move(box["x"] + 0.95 * box["width"], box["y"] + 0.5 * box["height"])
        assert chart.locator(".readout").inner_text().startswith("epoch 3, train ")
        heat = one.page.locator("figure.heat[data-epochs]").first
        cells = "cells => cells.map(cell => cell.getAttribute('fill-opacity'))"
        last = heat.locator("[data-key]").evaluate_all(cells)
        heat.locator("input").fill("0")
        assert heat.locator("[data-key]").evaluate_all(cells) != last
        assert heat.locator(".slider").inner_text().strip() == "epoch 1"
        parallel = one.page.locator("figure.parallel").first
        parallel.locator("[data-axis]").first.press("Enter")
        wires = parallel.locator(".wire").count()
        assert 0 < parallel.locator(".wire.out").count() < wires
        assert one.complaints == one.requests == []


def test_a_moving_picture_has_the_colours_of_its_page_in_every_epoch(browser: Browser, run: Path) -> None:
    frames = frames_of(run)
    path = run.parent / "themes.svg"
    path.write_text(animated([one.page for one in frames], [str(one.epoch) for one in frames]), encoding="utf-8")
    ops = """() => [...document.querySelectorAll('.ops rect')].map(one => getComputedStyle(one))
      .filter(one => one.display != 'none').map(one => one.fill)"""
    for dark, theme in ((False, Theme.LIGHT), (True, Theme.DARK)):
        with opened(browser, path, dark=dark) as one:
            for place, each in enumerate(frames):
                one.page.evaluate(f"show({place})")
                (layer,) = (g for g in ET.fromstring(to_svg(each.page, theme)) if g.get("class") == "ops")
                fills = [mark.attrib["fill"] for mark in layer if mark.tag.endswith("rect")]
                wanted = [tuple(int(fill[i : i + 2], 16) for i in (1, 3, 5)) for fill in fills]
                assert [tuple(map(int, re.findall(r"\d+", fill))) for fill in one.page.evaluate(ops)] == wanted


def test_a_moving_picture_shows_the_epoch_that_is_asked_for(browser: Browser, run: Path) -> None:
    frames = frames_of(run)
    path = run.parent / "epochs.svg"
    path.write_text(animated([one.page for one in frames], [f"epoch {one.epoch}" for one in frames]), encoding="utf-8")
    seen = (
        "() => [...document.querySelectorAll('#control text')].filter(t => getComputedStyle(t).visibility == 'visible')"
    )
    with opened(browser, path) as one:
        for place in (0, 2, 1):
            one.page.evaluate(f"show({place})")
            assert one.page.evaluate(f"({seen})().map(t => t.textContent)") == [f"epoch {place + 1}"]
        one.page.keyboard.press("ArrowRight")
        assert one.page.evaluate(f"({seen})().map(t => t.textContent)") == ["epoch 3"]
        assert one.complaints == one.requests == []


def test_a_part_of_a_chart_is_drawn_alone_and_all_of_it_again(browser: Browser, page: Path) -> None:
    with opened(browser, page, 1280) as one:
        chart = one.page.locator("figure.lines").first
        svg, readout, reset = chart.locator("svg"), chart.locator(".readout"), chart.locator(".reset")
        whole = svg.inner_html()
        chart.scroll_into_view_if_needed()
        box = svg.bounding_box()
        assert box is not None and not reset.is_visible()

        def drag(first: float, last: float) -> None:
            y = box["y"] + 0.5 * box["height"]
            one.page.mouse.move(box["x"] + first * box["width"], y)
            one.page.mouse.down()
            one.page.mouse.move(box["x"] + last * box["width"], y, steps=3)
            assert chart.locator(".brush").count() == 1
            one.page.mouse.up()

        drag(0.5, 0.99)
        assert readout.inner_text() == "epoch 2 to 3"
        drawn = svg.locator("circle[data-series]")
        assert svg.inner_html() != whole and drawn.count() == 4, "two epochs of two series"
        places = drawn.evaluate_all("dots => dots.map((dot) => +dot.getAttribute('cx'))")
        assert sorted(set(places)) == [60, 342], "over the whole width"
        assert chart.locator(".brush").count() == 0
        svg.dblclick()
        one.page.mouse.move(0, 0)
        assert svg.inner_html() == whole and not reset.is_visible()
        drag(0.99, 0.5)
        reset.click()
        assert svg.locator("circle[data-series]").count() == 6
        chart.locator(".scroll").first.focus()
        one.page.keyboard.press("ArrowRight")
        one.page.keyboard.press("ArrowRight")
        assert readout.inner_text().startswith("epoch 2, train ")
        one.page.keyboard.press("ArrowRight")
        assert readout.inner_text().startswith("epoch 3, train ")
        one.page.keyboard.press("+")
        assert reset.is_visible()
        one.page.keyboard.press("Escape")
        assert not reset.is_visible() and readout.inner_text() == ""
        assert one.complaints == one.requests == []
