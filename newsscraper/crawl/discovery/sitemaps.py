"""Sitemaps (https://www.sitemaps.org/protocol.html): indexes, URL sets, news titles and dates, gz, plain text.

Read in a stream on lxml with entities left alone and sizes bounded, so that neither an entity bomb nor a zip bomb costs
more than the bytes that came.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from newsscraper.crawl.discovery.joining import join

MAX_BYTES = 64 * 1024 * 1024
"""Of a sitemap unpacked; the protocol allows 50 MB."""
MAX_ENTRIES = 50_000
"""Of one sitemap, as the protocol has it."""

_GZIP = b"\x1f\x8b"
_MANY = 10


@dataclass(frozen=True, kw_only=True)
class SitemapEntry:
    """One `<url>` or `<sitemap>`."""

    url: str
    lastmod: str | None = None
    """As written: W3C datetime, where the site keeps to the protocol."""
    title: str | None = None
    """Of the news extension."""
    date: str | None = None
    """`publication_date` of the news extension, as written."""
    language: str | None = None
    """Of the news extension."""

    @property
    def is_news(self) -> bool:
        """The news extension names it: a story."""
        return self.title is not None or self.date is not None

    @property
    def published(self) -> int | None:
        """When it appeared, as the news extension says: Unix seconds."""
        return _seconds_of(self.date)

    @property
    def modified(self) -> int | None:
        """The later of both times, in Unix seconds; a day without a time is its beginning, without a zone UTC."""
        return max(filter(None, (_seconds_of(self.lastmod), _seconds_of(self.date))), default=None)


@dataclass(frozen=True, kw_only=True)
class Sitemap:
    """What a sitemap says; newest entries first, those without a time last, in its own order."""

    is_index: bool
    entries: tuple[SitemapEntry, ...]


def read_sitemap(body: bytes, url: str) -> Sitemap | None:
    """The sitemap in `body` (XML or text, gzipped or not), or None when it holds none. `url` is where it came from."""
    body = unpack(body)
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _read_text(body)
    root, entries = "", []
    for event, element in _walk(body):
        name = _local(element)
        if event == "start":
            root = root or name
            if root not in {"urlset", "sitemapindex"}:
                return None
        elif name in {"url", "sitemap"}:
            entry = _entry_of(element, url)
            element.clear()
            if entry is not None:
                entries.append(entry)
            if len(entries) >= MAX_ENTRIES:
                break
    if not root:
        return None
    entries.sort(key=lambda entry: entry.lastmod or entry.date or "", reverse=True)
    return Sitemap(is_index=root == "sitemapindex", entries=tuple(entries))


def dates_of(entries: Sequence[SitemapEntry]) -> list[int | None]:
    """When each entry changed; of nobody known where many all bear one and the same time: that of the file's making."""
    dates = [entry.modified for entry in entries]
    return [None] * len(dates) if len(dates) >= _MANY and len(set(dates)) == 1 else dates


def _seconds_of(text: str | None) -> int | None:
    try:
        moment = datetime.fromisoformat((text or "").strip())
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None


def unpack(body: bytes, limit: int = MAX_BYTES) -> bytes:
    """`body` without its gzip wrapping, cut at `limit` bytes; what is broken after a good beginning is left out."""
    if not body.startswith(_GZIP):
        return body
    inflate = zlib.decompressobj(wbits=31)
    try:
        return inflate.decompress(body, limit)
    except zlib.error:
        return b""


def _walk(body: bytes) -> Iterator[tuple[str, etree._Element]]:
    parser = etree.iterparse(
        io.BytesIO(body),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for event, element in parser:
            if isinstance(element.tag, str):
                yield event, element
    except etree.XMLSyntaxError:
        return


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname.lower()


def _entry_of(element: etree._Element, base: str) -> SitemapEntry | None:
    texts: dict[str, str] = {}
    for child in element.iter():
        if isinstance(child.tag, str) and child.text and child.text.strip():
            # `image:loc` and `video:title` are other things' names: only children of our own namespaces count.
            namespace = etree.QName(child).namespace or ""
            key = _local(child) if "image" not in namespace and "video" not in namespace else ""
            texts.setdefault(key, child.text.strip())
    url = join(base, texts.get("loc"))
    if url is None:
        return None
    return SitemapEntry(
        url=url,
        lastmod=texts.get("lastmod"),
        title=texts.get("title"),
        date=texts.get("publication_date"),
        language=texts.get("language"),
    )


def _read_text(body: bytes) -> Sitemap | None:
    lines = [line.strip() for line in body.decode("utf-8-sig", "replace").splitlines()[:MAX_ENTRIES]]
    urls = [line for line in lines if line]
    if not urls or not all(url.startswith(("http://", "https://")) for url in urls):
        return None
    return Sitemap(is_index=False, entries=tuple(SitemapEntry(url=url) for url in urls))
