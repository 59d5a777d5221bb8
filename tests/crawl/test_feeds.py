from __future__ import annotations

import json

import pytest

from newsscraper.crawl.discovery.feeds import read_feed

URL = "https://a.example/feeds/rss.xml"


def test_rss_in_its_order_with_relative_links() -> None:
    body = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>A</title>
    <item><title>One</title><link>https://a.example/1</link></item>
    <item><title>Two</title><link>/2</link></item>
    <item><title>Three</title><guid isPermaLink="true">https://a.example/3</guid></item>
    <item><title>One again</title><link>https://a.example/1</link></item>
    <item><title>None</title></item></channel></rss>"""
    feed = read_feed(body, URL, "application/rss+xml")
    assert feed is not None
    assert feed.entries == ("https://a.example/1", "https://a.example/2", "https://a.example/3")
    assert feed.next_url is None


def test_atom_with_a_next_page() -> None:
    body = """<feed xmlns="http://www.w3.org/2005/Atom"><title>خبر</title><link rel="next" href="?page=2"/>
    <entry><title>x</title><link rel="alternate" href="https://a.example/x"/><id>urn:x</id></entry></feed>""".encode()
    feed = read_feed(body, URL, "application/atom+xml")
    assert feed is not None
    assert feed.entries == ("https://a.example/x",)
    assert feed.next_url == "https://a.example/feeds/rss.xml?page=2"


def test_when_entries_appeared_and_changed() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>
    <entry><link href="https://a.example/1"/><published>2024-03-05T10:00:00Z</published>
    <updated>2024-03-06T10:00:00Z</updated></entry>
    <entry><link href="https://a.example/2"/><published>2024-03-05T10:00:00Z</published></entry>
    <entry><link href="https://a.example/3"/><updated>2024-03-06T10:00:00Z</updated></entry></feed>"""
    feed = read_feed(body, URL, "application/atom+xml")
    assert feed is not None
    day, day_after = 1709632800, 1709719200
    assert feed.published == {"https://a.example/1": day, "https://a.example/2": day}
    assert feed.modified == {
        "https://a.example/1": day_after,
        "https://a.example/2": day,
        "https://a.example/3": day_after,
    }


@pytest.mark.parametrize("version", ["https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1"])
def test_json_feed(version: str) -> None:
    items = [
        {"id": "1", "url": "/1", "title": "One", "date_published": "2024-03-05T10:00:00+00:00"},
        {"id": "https://a.example/2", "date_modified": "2024-03-06T10:00:00Z"},
        {"id": "3", "external_url": "https://b.example/3"},
        {"id": 4, "url": ["/4"]},
        "five",
        {"id": "6", "url": "/6", "date_published": "soon"},
    ]
    body = json.dumps({"version": version, "title": "A", "items": items, "next_url": "/feed.json?page=2"}).encode()
    feed = read_feed(b"\xef\xbb\xbf" + body, "https://a.example/feed.json", "application/feed+json")
    assert feed is not None
    assert feed.entries == ("https://a.example/1", "https://a.example/2", "https://a.example/6")
    assert feed.published == {"https://a.example/1": 1709632800}
    assert feed.modified == {"https://a.example/1": 1709632800, "https://a.example/2": 1709719200}
    assert feed.next_url == "https://a.example/feed.json?page=2"


def test_what_is_no_feed() -> None:
    for body in (
        b"",
        b"<html><body><p>hello</p></body></html>",
        b"\x00\x01\x02",
        b"/etc/hostname",
        b"<?xml encoding='\x00'?>",
        b'{"version": "https://jsonfeed.org/version/1.1", "items": ',
        b'{"version": "2", "items": []}',
        b'{"version": "https://jsonfeed.org/version/1", "items": {}}',
        b"{" * 100_000,
    ):
        assert read_feed(body, URL) is None, body
