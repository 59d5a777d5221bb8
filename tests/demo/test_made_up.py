"""Stories beyond the hand-written ones: enough, each its own, the same every time, in reach."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from time import perf_counter

import pytest
from newsscraper_demo.made_up import FIRST_CODE
from newsscraper_demo.site import DemoSite
from newsscraper_demo.story import DemoStory

from newsscraper import extract
from tests.demo.test_site import BASE, page_text, sitemap_paths

SIZE = 300


@pytest.fixture(scope="module")
def large() -> DemoSite:
    return DemoSite(stories=SIZE)


def made_up(site: DemoSite) -> list[DemoStory]:
    return [story for story in site.stories if story.code >= FIRST_CODE]


def test_the_default_site_has_none(site: DemoSite) -> None:
    assert made_up(site) == []


def test_as_many_as_asked_for_each_its_own(large: DemoSite) -> None:
    assert len(large.stories) == SIZE
    for values in ([s.code for s in large.stories], [s.path for s in large.stories], [s.body for s in large.stories]):
        assert len(set(values)) == SIZE
    assert len({s.title.casefold() for s in large.stories}) == SIZE


def test_fewer_than_are_written_are_refused() -> None:
    with pytest.raises(ValueError, match="fewer than the 75"):
        DemoSite(stories=20)


def test_the_same_every_time_and_whatever_the_size(large: DemoSite) -> None:
    larger = {story.code: story for story in DemoSite(stories=SIZE + 50).stories}
    assert all(larger[story.code] == story for story in large.stories)


def test_every_language_and_template_and_reach_takes_part(large: DemoSite, site: DemoSite) -> None:
    for part in ("language", "template", "reach", "edition"):
        assert {getattr(s, part) for s in made_up(large)} == {getattr(s, part) for s in site.stories}


def test_bodies_of_four_to_twelve_paragraphs_without_marks_of_quotation(large: DemoSite) -> None:
    for story in made_up(large):
        assert 4 <= sum(block.kind == "p" for block in story.blocks) <= 12
        assert not re.search(r"[«»“”„\"]| [,.]|  ", story.body)
        assert datetime(2022, 1, 1, tzinfo=UTC) < story.published < datetime(2025, 7, 1, tzinfo=UTC)


def test_every_story_answers_and_most_read_back_word_for_word(large: DemoSite) -> None:
    read = Counter()
    for story in made_up(large)[::7]:
        page = large.page(story.path, BASE)
        assert page.status == 200
        charset = page.headers["Content-Type"].partition("charset=")[2] or None
        read[extract(page.body, story.url_on(BASE), charset=charset).title == story.title] += 1
    assert read[True] > 25
    assert read[False] == 0


def test_sitemaps_and_sections_hold_them(large: DemoSite) -> None:
    mapped = {story.path for story in large.stories if story.reach in ("everywhere", "sitemap")}
    assert mapped <= sitemap_paths(large)
    listed = {story.path for story in large.stories if story.reach in ("everywhere", "pages")}
    for story in made_up(large)[::20]:
        section = f"/{story.edition.key}/section/{story.section}"
        pages = [page_text(large, f"{section}?page={number}") for number in range(1, 5)]
        assert any(f'"{story.path}"' in page for page in pages) is (story.path in listed)


def test_thousands_are_cheap() -> None:
    begin = perf_counter()
    site = DemoSite(stories=3000)
    site.page(site.stories[0].path, BASE)
    assert perf_counter() - begin < 20
    assert len(site.stories) == 3000
