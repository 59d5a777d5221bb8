"""A real browser. In continuous integration it must be there; elsewhere its tests are skipped where there is none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from newsscraper.explain import explain, to_html

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}


@dataclass
class Shown:
    """An explanation in a browser, and what the browser asked for or complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def told(self) -> str:
        """What the bar says."""
        return self.page.inner_text("#told")

    def chosen(self) -> str:
        """The text of the block chosen."""
        return self.page.inner_text(".block.chosen > .x")

    def block(self, text: str) -> Any:
        return self.page.locator(".block", has_text=text).first


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Ended with the module, since its event loop would be in the way of other tests'."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(
                "no browser: continuous integration must have chromium (apt-get install chromium)", pytrace=False
            )
        pytest.skip("no browser is installed: apt-get install chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path)
        yield launched
        launched.close()


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Any]:
    """`show(html, DESKTOP)` explains a page and opens the explanation; further arguments are the context's."""
    contexts = []

    def open_page(html: str, viewport: Any = DESKTOP, *, place: str = "", **options: Any) -> Shown:
        file = tmp_path / "explained.html"
        file.write_text(to_html(explain(html, source="page.html")), encoding="utf-8")
        contexts.append(browser.new_context(viewport=viewport, **options))
        contexts[-1].set_default_timeout(5_000)
        shown = Shown(contexts[-1].new_page())
        shown.page.on("request", lambda request: shown.requests.append(request.url))
        shown.page.on("console", lambda message: shown.complaints.append(message.text))
        shown.page.on("pageerror", lambda error: shown.complaints.append(str(error)))
        shown.page.on("dialog", lambda dialog: shown.complaints.append(dialog.message))
        shown.page.goto(file.as_uri() + place)
        return shown

    yield open_page
    for context in contexts:
        context.close()
