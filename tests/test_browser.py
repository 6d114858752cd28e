"""The browser driver itself: it measures text, sees light and dark, reports requests and complaints."""

from __future__ import annotations

from pathlib import Path

from browser import BROWSER, opened
from playwright.sync_api import Browser

pytestmark = BROWSER

PAGE = """<!doctype html><title>t</title>
<style>p { width: max-content } @media (prefers-color-scheme: dark) { p { color: rgb(1, 2, 3) } }</style>
<p>iiii</p><p>WWWW</p>"""


def test_it_measures_text_and_sees_the_theme(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(PAGE, encoding="utf-8")
    for dark in (False, True):
        with opened(browser, path, 390, dark=dark) as one:
            narrow, wide = one.page.evaluate(
                "[...document.querySelectorAll('p')].map(p => p.getBoundingClientRect().width)"
            )
            colour = one.page.evaluate("getComputedStyle(document.querySelector('p')).color")
            assert narrow < wide / 2
            assert (colour == "rgb(1, 2, 3)") == dark
            assert one.page.viewport_size == {"width": 390, "height": 1000}
            assert one.complaints == one.requests == []


def test_it_reports_requests_and_complaints(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "b.html"
    path.write_text(PAGE + "<script src='missing.js'></script><script>nothing()</script>", encoding="utf-8")
    with opened(browser, path) as one:
        assert [url.rpartition("/")[2] for url in one.requests] == ["missing.js"]
        assert any("nothing is not defined" in text for text in one.complaints)
