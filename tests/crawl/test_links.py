from __future__ import annotations

import pytest

from newsscraper.crawl.discovery.links import MAX_LINKS, PageLinks, find_links

URL = "https://a.example/world/"


def test_links_of_a_page() -> None:
    body = """<html><head><base href="/en/"><link rel="alternate" type="application/rss+xml" href="/rss.xml">
    <link rel="alternate" hreflang="fa" href="/fa/1"><link rel="next" href="?page=2">
    <link rel="stylesheet" href="/s.css"><meta http-equiv="refresh" content="0; url=/moved"></head><body>
    <a href="1#comments">one</a> <a href="1">one again</a> <a href="//a.example/خبر" rel="nofollow">two</a>
    <a href="mailto:a@a.example">m</a><a href="javascript:void(0)">j</a><a href="http://[broken/">b</a>
    <a href="#x">x</a>
    <a>none</a><area href=" /map "></body></html>""".encode()
    links = find_links(body, URL, "text/html; charset=utf-8")
    assert links.links == (
        "https://a.example/fa/1",
        "https://a.example/en/1",
        "https://a.example/%D8%AE%D8%A8%D8%B1",
        "https://a.example/map",
        "https://a.example/moved",
    )
    assert links.next_urls == ("https://a.example/en/?page=2",)
    assert links.feeds == ("https://a.example/rss.xml",)


def test_a_page_may_ask_not_to_be_followed() -> None:
    body = b'<html><head><meta name="Robots" content="index, NoFollow"></head><body><a href="/1">x</a></body></html>'
    assert find_links(body, URL) == PageLinks()


def test_legacy_encodings_and_deep_nesting() -> None:
    body = b"<html><body>" + b"<div>" * 1_500 + '<a href="/новость">x</a>'.encode("cp1251")
    assert find_links(body, URL, "text/html; charset=windows-1251").links == (
        "https://a.example/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D1%8C",
    )


def test_nothing_to_parse() -> None:
    assert find_links(b"", URL) == PageLinks()
    assert find_links(b"\x00", URL) == PageLinks()


def test_links_are_bounded() -> None:
    body = b"".join(b'<a href="/%d">x</a>' % number for number in range(MAX_LINKS + 50))
    assert len(find_links(body, URL).links) == MAX_LINKS


@pytest.mark.parametrize(
    ("markup", "declares"),
    [
        ("", None),
        ('<meta property="og:type" content="article">', "article"),
        ('<meta property="og:type" content="website">', "website"),
        ('<meta property="og:type" content="video.movie">', None),
        ('<div itemscope itemtype="https://schema.org/WebPage"></div>', "website"),
        (
            '<div itemscope itemtype="https://schema.org/WebPage"><p itemtype="http://schema.org/NewsArticle">',
            "article",
        ),
        (
            '<script type="application/ld+json">{"@graph":[{"@type":"WebPage"},{"@type":["NewsArticle"]}]}</script>',
            "article",
        ),
        ('<script type="application/ld+json">{"@type":"WebSite","name":"Article"}</script>', None),
        ('<script>{"@type":"NewsArticle"}</script>', None),
    ],
)
def test_what_a_page_says_it_is(markup: str, declares: str | None) -> None:
    assert find_links(f"<html><body>{markup}</body></html>".encode(), URL).declares == declares
