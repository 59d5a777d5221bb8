from __future__ import annotations

import re

import pytest

from newsscraper.crawl.discovery import evidence
from newsscraper.sites import Profile

PROFILE = Profile(
    name="marrow",
    hosts=("marrow.example",),
    story_urls=(re.compile(r"/doc/(?P<code>\d+)"),),
    listing_urls=(re.compile(r"/folder/"),),
    ignored_urls=(re.compile(r"/poll/"),),
)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/2024/03/05/council-votes",
        "https://a.example/world/2024/mar/05/council-votes",
        "https://a.example/news/20240305-council-votes",
        "https://a.example/en/news/986527/council",
        "https://a.example/a-986527.html",
        "https://a.example/?p=1042",
        "https://a.example/article.php?id=77",
        "https://a.example/world/the-council-votes-on-harbour",
        "https://a.example/fa/%D8%B1%D9%88%D8%B2-%D8%A7%D9%88%D9%84-%D8%B3%D8%A7%D9%84-%D9%86%D9%88",
        "https://a.example/politics/archive/2024/03/what-the-council-decided/618000/",
    ],
)
def test_looks_like_a_story(url: str) -> None:
    assert evidence.looks_like_story(url, None)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/",
        "https://a.example/world/",
        "https://a.example/archive/2024/03/05",
        "https://a.example/2024/03/",
        "https://a.example/world?page=3",
        "https://a.example/world/page/12",
        "https://a.example/tag/northern-channel",
        "https://a.example/privacy-policy",
        "https://a.example/topics/the-northern-channel-and-harbour",
    ],
)
def test_does_not_look_like_a_story(url: str) -> None:
    assert not evidence.looks_like_story(url, None)


def test_the_profile_knows_better() -> None:
    assert evidence.looks_like_story("https://marrow.example/doc/7", PROFILE)
    assert evidence.is_listing_url("https://marrow.example/folder/12345", PROFILE)
    assert not evidence.looks_like_story("https://marrow.example/folder/12345", PROFILE)
    assert not evidence.is_worth_asking("https://marrow.example/poll/1", PROFILE)
    assert evidence.is_worth_asking("https://marrow.example/poll/1", None)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/p.JPG",
        "https://a.example/report.pdf",
        "https://a.example/feed.js",
        "https://a.example/login?next=/a",
        "https://a.example/print/986527",
        "https://a.example/a?print=1",
        "https://a.example/a?view=print",
        "https://a.example/a?replytocom=9",
        "https://a.example/wp-json/wp/v2",
    ],
)
def test_not_worth_asking(url: str) -> None:
    assert not evidence.is_worth_asking(url, None)


@pytest.mark.parametrize(
    "url", ["https://a.example/a.html", "https://a.example/printing-press-found", "https://a.example/v1.2"]
)
def test_worth_asking(url: str) -> None:
    assert evidence.is_worth_asking(url, None)


def test_what_makes_a_page_a_story() -> None:
    def judge(url: str, *, dated: bool = False, announced: bool = False) -> bool:
        return evidence.is_story_page(url, dated=dated, announced=announced, profile=PROFILE)

    assert judge("https://a.example/x", announced=True)
    assert judge("https://marrow.example/doc/7")
    assert judge("https://a.example/en/news/986527/council")
    assert judge("https://a.example/council-votes", dated=True)
    assert not judge("https://a.example/council-votes")
    assert not judge("https://a.example/about-the-paper-and-its-people")
    assert not judge("https://a.example/privacy", dated=True)
