"""The collector of cycles rests while a page is read, and is as it was afterwards."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator

import pytest

from newsscraper.errors import NotAStory
from newsscraper.extract import core, extract, trace
from newsscraper.extract.page import Page

from .pages import page


@pytest.fixture(autouse=True)
def collecting() -> Iterator[None]:
    """Whatever the tests' own process does, here it collects."""
    before = gc.isenabled()
    gc.enable()
    yield
    (gc.enable if before else gc.disable)()


def test_a_page_is_read_without_the_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    find_story = core.find_story

    def noting(page: Page, *args: object) -> object:
        seen.append(gc.isenabled())
        return find_story(page, *args)

    monkeypatch.setattr(core, "find_story", noting)
    extract(page())
    trace(page())
    assert seen == [False, False]
    assert gc.isenabled()


def test_it_works_again_after_a_page_that_is_refused() -> None:
    with pytest.raises(NotAStory):
        extract("<p>nothing here</p>")
    assert gc.isenabled()


def test_it_stays_off_for_whoever_has_switched_it_off() -> None:
    gc.disable()
    extract(page())
    assert not gc.isenabled()


WALL = "<title>Just a moment...</title><h1>Just a moment...</h1><p>We check whether a person reads this.</p>"


@pytest.mark.parametrize("html", [page(), "<p>nothing here</p>", WALL], ids=["story", "no story", "wall"])
def test_a_page_leaves_nothing_to_it(html: str) -> None:
    """Or it would have to be waited for: pages would pile up."""
    read_quietly(html)
    gc.collect()
    gc.disable()
    for _ in range(5):
        read_quietly(html)
    assert gc.collect() == 0


def read_quietly(html: str) -> None:
    with contextlib.suppress(NotAStory):
        extract(html)
