from __future__ import annotations

import pytest

from newsscraper.crawl.discovery.links import MAX_LINKS, PageLinks, read_links
from newsscraper.extract.reading import parse_page

URL = "https://a.example/world/"


def links_of(body: bytes, charset: str | None = None) -> PageLinks:
    return read_links(parse_page(body, charset).root, URL)


def test_links_of_a_page() -> None:
    body = """<html><head><base href="/en/"><link rel="alternate" type="application/rss+xml" href="/rss.xml">
    <link rel="alternate" hreflang="fa" href="/fa/1"><link rel="next" href="?page=2">
    <link rel="stylesheet" href="/s.css"><meta http-equiv="refresh" content="0; url=/moved"></head><body>
    <a href="1#comments">one</a> <a href="1">one again</a> <a href="//a.example/خبر" rel="nofollow">two</a>
    <a href="mailto:a@a.example">m</a><a href="javascript:void(0)">j</a><a href="http://[broken/">b</a>
    <a href="#x">x</a>
    <a>none</a><area href=" /map "></body></html>""".encode()
    links = links_of(body, "utf-8")
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
    assert links_of(body) == PageLinks()


def test_legacy_encodings_and_deep_nesting() -> None:
    body = b"<html><body>" + b"<div>" * 1_500 + '<a href="/новость">x</a>'.encode("cp1251")
    assert links_of(body, "windows-1251").links == ("https://a.example/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D1%8C",)


def test_links_are_bounded() -> None:
    body = b"".join(b'<a href="/%d">x</a>' % number for number in range(MAX_LINKS + 50))
    assert len(links_of(body).links) == MAX_LINKS


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
    assert links_of(f"<html><body>{markup}</body></html>".encode()).declares == declares


@pytest.mark.parametrize(
    ("href", "target"),
    [
        ("/news/1", "https://a.example/news/1"),
        ("https://b.example/x?y=1&z=%20", "https://b.example/x?y=1&z=%20"),
        ("/a/../b", "https://a.example/b"),
        ("/a/./b", "https://a.example/a/b"),
        ("/..", "https://a.example/"),
        ("/.well-known", "https://a.example/.well-known"),
        ("//b.example/x", "https://b.example/x"),
        ("https://b.example", "https://b.example"),
        ("https://b.example:0/x", None),
        ("https:///x", "https://a.example/x"),
        ("/a?", "https://a.example/a"),
        ("/a b", "https://a.example/a%20b"),
        ("HTTPS://B.example/x", "https://b.example/x"),
        ("ftp://b.example/x", None),
        ("2", "https://a.example/world/2"),
        ("?page=2", "https://a.example/world/?page=2"),
        ("\n /news/1 \t", "https://a.example/news/1"),
    ],
)
def test_where_a_link_leads(href: str, target: str | None) -> None:
    links = links_of(f'<html><body><a href="{href}">x</a></body></html>'.encode()).links
    assert links == ((target,) if target else ())


def test_white_space_is_no_change_of_a_page_and_any_other_text_is() -> None:
    def fingerprint(body: str) -> int | None:
        return links_of(body.encode()).fingerprint

    page = "<html><head><script>a()</script></head><body><p>one two</p></body></html>"
    assert fingerprint(page) == fingerprint(page.replace("><p>", ">\n  <p>\n").replace("<!", "<"))
    assert fingerprint(page) != fingerprint(page.replace("two", "too"))
    assert fingerprint(page) != fingerprint(page.replace("a()", "b()"))
