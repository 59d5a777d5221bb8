from __future__ import annotations

import pytest

from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.outcome import Answer, Outcome
from newsscraper.crawl.reading import Reader, sniff_root
from newsscraper.crawl.target import read_target
from newsscraper.extract.learned.model import shipped_model
from tests.crawl.small_site import list_page, story_page

SITE = "https://a.example"


def read(
    body: str | bytes,
    path: str = "/news/1001/ferry",
    *,
    content_type: str = "text/html",
    follow: bool = True,
    **facts: object,
) -> Outcome:
    target = read_target(url=SITE)
    data = body.encode() if isinstance(body, str) else body
    url = SITE + path
    answer = Answer(
        url=url, asked_url=url, status=200, body=data, content_type=content_type, fetched_at="2024-03-05T10:00:00Z"
    )
    return Reader(target.scope, target.profile_of, shipped_model(), follow=follow).read(answer, Found(url=url, **facts))


def test_a_story_and_where_it_leads() -> None:
    outcome = read(story_page("Ferry runs", more='<a href="/news/1002/x">x</a><a href="https://b.example/">b</a>'))
    assert outcome.kind == "story"
    assert outcome.story is not None
    assert outcome.story.title == "Ferry runs"
    assert [(found.url, found.kind, found.depth) for found in outcome.found] == [(f"{SITE}/news/1002/x", "story", 1)]


def test_a_page_about_the_site_is_no_story() -> None:
    outcome = read(story_page("About us", date=None), "/about")
    assert (outcome.kind, outcome.reason, outcome.story) == ("listing", "no_evidence", None)
    assert read(story_page("About us", date=None), "/about", announced=True).kind == "story"


def test_the_folder_of_its_stories_is_a_listing() -> None:
    page = story_page("World", more="".join(f'<a href="/world/{n}-ferry-boats-run-again">x</a>' for n in range(4)))
    outcome = read(page, "/world")
    assert (outcome.kind, outcome.reason, len(outcome.found)) == ("listing", "listing", 4)


def test_a_next_page_makes_a_listing_but_of_no_story() -> None:
    following = '<link rel="next" href="/news/1002/dredger">'
    assert read(story_page("Ferry runs", more=following)).kind == "story"
    assert read(story_page("World", more=following), "/world").reason == "listing"


def test_what_says_it_is_a_website_is_no_story_where_stories_say_they_are_articles() -> None:
    target = read_target(url=SITE)

    def outcomes(*declared: str) -> list[str]:
        reader = Reader(target.scope, target.profile_of, shipped_model())
        answers = []
        for number, declares in enumerate(declared):
            url = f"{SITE}/news/100{number}/ferry"
            body = story_page(f"Ferry {number} runs", more=declares).encode()
            answer = Answer(
                url=url, asked_url=url, status=200, body=body, content_type="", fetched_at="2024-03-05T10:00:00Z"
            )
            answers.append(reader.read(answer, Found(url=url)).kind)
        return answers

    website = '<meta property="og:type" content="website">'
    article = '<meta property="og:type" content="article">'
    both = website + '<script type="application/ld+json">{"@type": ["NewsArticle"]}</script>'
    assert outcomes(website, website, "") == ["story", "story", "story"]
    assert outcomes(article, website, "", both) == ["story", "listing", "story", "story"]


def test_numbered_pages_are_as_deep_as_the_first() -> None:
    outcome = read(list_page("/world?page=3", "/news/1001/x"), "/world?page=2", depth=2)
    assert [(found.url, found.depth) for found in outcome.found] == [
        (f"{SITE}/world?page=3", 2),
        (f"{SITE}/news/1001/x", 3),
    ]


def test_machine_files_are_known_by_what_they_are() -> None:
    feed = "<rss version='2.0'><channel><item><link>/x</link></item></channel></rss>"
    for content_type in ("text/html", "application/xml", "text/plain"):
        outcome = read(feed, "/any", content_type=content_type)
        assert (outcome.kind, [found.announced for found in outcome.found]) == ("feed", [True])
    sitemap = f"<?xml version='1.0'?><!-- x --><urlset><url><loc>{SITE}/x</loc></url></urlset>"
    outcome = read(sitemap, "/any", content_type="text/xml")
    assert (outcome.kind, [found.announced for found in outcome.found]) == ("sitemap", [False])


def test_what_is_neither_is_ignored() -> None:
    assert read(b"%PDF", content_type="application/pdf").reason == "content_type"
    assert read("not found", "/sitemap.xml", kind="sitemap").reason == "no_sitemap"
    assert read("{}", "/feed", kind="feed", content_type="application/json").reason == "no_feed"
    assert read(b"").reason == "unreadable"


def test_nothing_is_discovered_where_only_a_list_is_wanted() -> None:
    assert read(story_page("Ferry runs", more='<a href="/x">x</a>'), follow=False).found == ()


@pytest.mark.parametrize(
    ("body", "root"),
    [
        (b"", ""),
        (b"plain", ""),
        (b"<html>", "html"),
        (b"\xef\xbb\xbf <?xml version='1.0'?>\n<!-- a > b --><!DOCTYPE x><atom:Feed xmlns='y'>", "feed"),
        (b"<rss/>", "rss"),
        (b"<!-- never ends", ""),
        (b"<", ""),
    ],
)
def test_root(body: bytes, root: str) -> None:
    assert sniff_root(body) == root
