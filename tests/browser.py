"""The Chromium of this machine for tests of pictures and pages: started once, driven by playwright, no network.

Tests with it carry `pytestmark = BROWSER` and take the fixture `browser` of conftest.py; without Chromium they are
skipped, and the reason says so. `.ci/run` installs it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find_chromium() -> str | None:
    """The path of a Chromium; None where there is none."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason=f"no Chromium on the path (looked for {', '.join(PROGRAMS)})"),
]
"""What a module of browser tests is marked with."""


@contextmanager
def started() -> Iterator[Browser]:
    """A headless Chromium, for as long as the block lasts."""
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"])
        try:
            yield found
        finally:
            found.close()


@dataclass
class Opened:
    """A page that was opened: `complaints` are errors and what the console said, `requests` what it asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@contextmanager
def opened(
    browser: Browser, path: Path, width: int = 1600, height: int = 1000, *, dark: bool = False
) -> Iterator[Opened]:
    """A file in a window of that size, light or dark; `page.evaluate` asks it, `page.screenshot` shows it."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", offline=True
    )
    one = Opened(context.new_page())
    one.page.on("console", lambda message: one.complaints.append(f"{message.type}: {message.text}"))
    one.page.on("pageerror", lambda problem: one.complaints.append(str(problem)))
    one.page.on("request", lambda request: one.requests.append(request.url))
    one.page.goto(path.resolve().as_uri(), timeout=120_000)
    del one.requests[:1]  # the page itself
    try:
        yield one
    finally:
        context.close()
