from __future__ import annotations

import gzip
import time
import zlib

from newsscraper.crawl.discovery import sitemaps
from newsscraper.crawl.discovery.sitemaps import read_sitemap, unpack

URL = "https://a.example/sitemap.xml"
NEWS = b"""<?xml version="1.0"?>
<!-- made by hand -->
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><image:image><image:loc>https://a.example/p.jpg</image:loc><image:title>Boats</image:title></image:image>
<loc> https://a.example/1?a=1&amp;b=2 </loc><lastmod>2024-03-04</lastmod></url>
<url><loc>/2</loc><news:news><news:publication><news:name>A</news:name><news:language>fa</news:language>
</news:publication><news:publication_date>2024-03-05T10:00:00Z</news:publication_date><news:title>Two</news:title>
</news:news></url>
<url><lastmod>2024-01-01</lastmod></url></urlset>"""


def test_urls_with_news_newest_first() -> None:
    sitemap = read_sitemap(NEWS, URL)
    assert sitemap is not None
    assert not sitemap.is_index
    two, one = sitemap.entries
    assert (two.url, two.title, two.date, two.language) == ("https://a.example/2", "Two", "2024-03-05T10:00:00Z", "fa")
    assert two.is_news
    assert (two.published, one.published) == (1709632800, None)
    assert (one.url, one.lastmod, one.title) == ("https://a.example/1?a=1&b=2", "2024-03-04", None)
    assert not one.is_news


def test_index_and_gzip() -> None:
    index = b"<sitemapindex><sitemap><loc>https://a.example/s1.xml.gz</loc></sitemap></sitemapindex>"
    sitemap = read_sitemap(gzip.compress(index), URL)
    assert sitemap is not None
    assert sitemap.is_index
    assert [entry.url for entry in sitemap.entries] == ["https://a.example/s1.xml.gz"]


def test_plain_text() -> None:
    sitemap = read_sitemap(b"\xef\xbb\xbfhttps://a.example/1\r\n\r\nhttps://a.example/2\n", URL)
    assert sitemap is not None
    assert [entry.url for entry in sitemap.entries] == ["https://a.example/1", "https://a.example/2"]


def test_a_broken_end_keeps_the_beginning() -> None:
    sitemap = read_sitemap(NEWS[: NEWS.index(b"<url><lastmod>")] + b"<url><loc>https://a.ex", URL)
    assert sitemap is not None
    assert {"https://a.example/2", "https://a.example/1?a=1&b=2"} <= {entry.url for entry in sitemap.entries}


def test_what_is_no_sitemap() -> None:
    for body in (b"", b"<html><body>no</body></html>", b"not found", b"\x1f\x8bbroken", b"<rss><channel/></rss>"):
        assert read_sitemap(body, URL) is None, body


def test_an_entity_bomb_stays_small() -> None:
    layers = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = (
        f'<!DOCTYPE urlset [<!ENTITY e0 "boom">{layers}]><urlset><url><loc>https://a.example/&e11;</loc></url></urlset>'
    )
    start = time.perf_counter()
    sitemap = read_sitemap(bomb.encode(), URL)
    assert time.perf_counter() - start < 2
    assert sitemap is None or all(len(entry.url) < 100 for entry in sitemap.entries)


def test_an_entity_reads_no_file() -> None:
    body = b'<!DOCTYPE u [<!ENTITY f SYSTEM "file:///etc/hostname">]><urlset><url><loc>http://a.example/&f;</loc></url></urlset>'
    sitemap = read_sitemap(body, URL)
    assert sitemap is None or [entry.url for entry in sitemap.entries] in ([], ["http://a.example/"])


def test_a_zip_bomb_is_cut() -> None:
    packer = zlib.compressobj(wbits=31)
    body = b"".join([packer.compress(b" " * 1_000_000) for _ in range(20)] + [packer.flush()])
    assert len(body) < 100_000
    assert len(unpack(body, limit=2_000_000)) == 2_000_000


def test_entries_are_bounded(monkeypatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_ENTRIES", 3)
    body = b"<urlset>" + b"".join(b"<url><loc>https://a.example/%d</loc></url>" % n for n in range(9)) + b"</urlset>"
    sitemap = read_sitemap(body, URL)
    assert sitemap is not None
    assert len(sitemap.entries) == 3
