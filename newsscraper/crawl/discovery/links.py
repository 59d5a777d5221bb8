"""The links of an HTML page, and what it says that it is.

`rel=nofollow` on a link is no reason to leave it: it withholds a recommendation, and sites put it on their own pages;
robots.txt says what may be fetched. A page whose robots meta says `nofollow` asks robots not to follow its links: then
none is followed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import html as lxml_html
from w3lib.encoding import html_to_unicode
from w3lib.url import safe_url_string

MAX_LINKS = 5_000
"""Of one page: more are a trap."""

_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"})
_ARTICLE = re.compile(r'"@type"\s*:\s*(?:\[[^\]]{0,300}?)?"\w{0,60}(?:Article|Posting)"')
_ARTICLE_TYPE = re.compile(r"article|\w*Article|\w*Posting")
_REFRESH = re.compile(r"^\s*[\d.]+\s*[;,]\s*url\s*=\s*['\"]?([^'\"]+)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class PageLinks:
    """What a page leads to: absolute http(s) URLs without fragment, page order, none twice."""

    links: tuple[str, ...] = ()
    next_urls: tuple[str, ...] = ()
    """`rel=next`."""
    feeds: tuple[str, ...] = ()
    """`rel=alternate` of a feed type."""
    fingerprint: int | None = field(default=None, compare=False)
    """Of all text in the tree, scripts included, since some sites' stories lie there: 64 bits, signed."""
    declares: Literal["article", "website"] | None = None
    """What the page says in so many words: og:type, microdata, JSON-LD; an article in any of them is an article."""


def find_links(body: bytes, url: str, content_type: str = "") -> PageLinks:
    """The links on the page in `body`; none where the page cannot be parsed or asks not to be followed."""
    _, text = html_to_unicode(content_type or None, body)
    try:
        tree = lxml_html.document_fromstring(
            text.replace("\0", "").encode("utf-8", "replace"),
            parser=lxml_html.HTMLParser(huge_tree=True, encoding="utf-8"),
        )
    except (ValueError, lxml_html.etree.LxmlError):
        return PageLinks()
    base = _base_of(tree, url)
    declares = _declaration_of(tree)
    fingerprint = _fingerprint(tree)
    if _asks_not_to_follow(tree):
        return PageLinks(declares=declares, fingerprint=fingerprint)
    anchors = [anchor for anchor in tree.iter("a", "area", "link") if _is_way_on(anchor)]
    links = [*(_absolute(base, a.get("href")) for a in anchors), *_refreshes(tree, base)]
    return PageLinks(
        links=_once(links),
        next_urls=_once(list(_targets(tree.iter("a", "link"), base, "next"))),
        feeds=_once([_absolute(base, link.get("href")) for link in tree.iter("link") if _is_feed(link)]),
        declares=declares,
        fingerprint=fingerprint,
    )


def _fingerprint(tree: lxml_html.HtmlElement) -> int:
    digest = hashlib.blake2b(digest_size=8)
    for element in tree.iter():
        if isinstance(element.tag, str) and element.text:
            digest.update(element.text.strip().encode("utf-8", "surrogatepass"))
        if element.tail:
            digest.update(element.tail.strip().encode("utf-8", "surrogatepass"))
    return int.from_bytes(digest.digest(), "little", signed=True)


def _base_of(tree: lxml_html.HtmlElement, url: str) -> str:
    base = next((element.get("href") for element in tree.iter("base") if element.get("href")), None)
    return _absolute(url, base) or url


def _rels(element: lxml_html.HtmlElement) -> set[str]:
    return set((element.get("rel") or "").lower().split())


def _targets(elements: Iterator[lxml_html.HtmlElement], base: str, rel: str) -> Iterator[str]:
    for element in elements:
        target = _absolute(base, element.get("href")) if rel in _rels(element) else None
        if target:
            yield target


def _is_feed(link: lxml_html.HtmlElement) -> bool:
    return "alternate" in _rels(link) and (link.get("type") or "").lower().split(";")[0].strip() in _FEED_TYPES


def _is_way_on(element: lxml_html.HtmlElement) -> bool:
    if element.tag != "link":
        return True
    return "alternate" in _rels(element) and bool(element.get("hreflang")) and not _is_feed(element)


def _refreshes(tree: lxml_html.HtmlElement, base: str) -> Iterator[str | None]:
    for meta in tree.iter("meta"):
        match = (
            _REFRESH.match(meta.get("content") or "") if (meta.get("http-equiv") or "").lower() == "refresh" else None
        )
        if match:
            yield _absolute(base, match[1])


def _declaration_of(tree: lxml_html.HtmlElement) -> Literal["article", "website"] | None:
    types = {(meta.get("content") or "").strip() for meta in tree.iter("meta") if meta.get("property") == "og:type"}
    types |= {value.rstrip("/").rpartition("/")[2] for value in tree.xpath("//@itemtype")}
    scripts = (script for script in tree.iter("script") if "ld+json" in (script.get("type") or ""))
    if any(_ARTICLE_TYPE.fullmatch(name) for name in types) or any(
        _ARTICLE.search(each.text or "") for each in scripts
    ):
        return "article"
    return "website" if not types.isdisjoint({"website", "WebPage", "WebSite"}) else None


def _asks_not_to_follow(tree: lxml_html.HtmlElement) -> bool:
    for meta in tree.iter("meta"):
        if (meta.get("name") or "").lower() in {"robots", "newsscraper"}:
            directives = {part.strip() for part in (meta.get("content") or "").lower().split(",")}
            if not directives.isdisjoint({"nofollow", "none"}):
                return True
    return False


def _absolute(base: str, href: str | None) -> str | None:
    if not href or not (href := href.strip()) or href.startswith("#"):
        return None
    try:
        url = urldefrag(urljoin(base, safe_url_string(href))).url
        parts = urlsplit(url)
        is_usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return url if is_usable else None


def _once(urls: list[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(url for url in urls if url))[:MAX_LINKS]
