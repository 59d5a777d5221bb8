"""Home pages and sitemaps in the shape of real ones: which of their links are taken for stories before any is asked.

`pages/*/labels.tsv` says of every link whether a reader finds a story there. What is taken for one wrongly costs a
request earlier than it should, what is missed is asked later, as a page that may be anything.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from newsscraper.crawl.discovery.found import Found, Kind
from newsscraper.crawl.outcome import Answer
from newsscraper.crawl.reading import Reader
from newsscraper.crawl.scope import Scope
from newsscraper.extract import choose_model

PAGES = Path(__file__).parent / "pages"
LEAST_PRECISION, LEAST_RECALL = 0.89, 1.0
HOSTS = {
    "agency-fa": "www.bandarpress.example",
    "broadcaster-en": "www.marrowbroadcast.example",
    "regional-de": "www.kuestenbote.example",
}


def stories_found(name: str) -> set[str]:
    """What the home page and the sitemap name as stories."""
    home = f"https://{HOSTS[name]}/"
    reader = Reader(Scope.of([home]), lambda _: None, choose_model(None))
    found: list[Found] = []
    files: list[tuple[str, str, Kind, str]] = [
        ("home.html", home, "listing", "text/html; charset=utf-8"),
        ("sitemap.xml", f"{home}sitemap.xml", "sitemap", "application/xml"),
    ]
    for file, url, kind, media_type in files:
        answer = Answer(
            url=url,
            asked_url=url,
            status=200,
            body=(PAGES / name / file).read_bytes(),
            content_type=media_type,
            fetched_at="2026-03-14T12:00:00Z",
        )
        found += reader.read(answer, Found(url=url, kind=kind)).found
    return {each.url for each in found if each.kind == "story"}


@pytest.mark.parametrize("name", sorted(HOSTS))
def test_story_links_are_told_from_others(name: str) -> None:
    rows = [line.split("\t") for line in (PAGES / name / "labels.tsv").read_text(encoding="utf-8").splitlines()]
    stories = {url for label, url in rows if label == "story"}
    assert 15 <= len(stories) < len(rows) - 15
    found = stories_found(name)
    assert len(found & stories) / len(found) >= LEAST_PRECISION, sorted(found - stories)
    assert len(found & stories) / len(stories) >= LEAST_RECALL, sorted(stories - found)


def test_pages_that_count_on_are_as_near_as_the_first() -> None:
    url = "https://www.marrow.example/world/2"
    hrefs = ("/world/1", "/world/3", "/world/4", "/sport/3", "/news/986527/the-ferry-is-late")
    body = "".join(f'<a href="{href}">{href}</a>' for href in hrefs).encode()
    answer = Answer(
        url=url, asked_url=url, status=200, body=body, content_type="text/html", fetched_at="2026-03-14T12:00:00Z"
    )
    found = Reader(Scope.of([url]), lambda _: None, choose_model(None)).read(answer, Found(url=url, depth=2)).found
    assert {each.url.removeprefix("https://www.marrow.example"): (each.depth, each.later) for each in found} == {
        "/world/1": (3, False),
        "/world/3": (2, True),
        "/world/4": (2, True),
        "/sport/3": (3, False),
        "/news/986527/the-ferry-is-late": (3, False),
    }
