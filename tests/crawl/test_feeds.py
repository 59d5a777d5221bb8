from __future__ import annotations

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


def test_what_is_no_feed() -> None:
    for body in (
        b"",
        b"<html><body><p>hello</p></body></html>",
        b"\x00\x01\x02",
        b"/etc/hostname",
        b"<?xml encoding='\x00'?>",
    ):
        assert read_feed(body, URL) is None, body
