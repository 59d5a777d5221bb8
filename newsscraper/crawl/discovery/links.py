"""The links of an HTML page, and what it says that it is.

`rel=nofollow` on a link is no reason to leave it: it withholds a recommendation, and sites put it on their own pages;
robots.txt says what may be fetched. A page whose robots meta says `nofollow` asks robots not to follow its links: then
none is followed.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Literal, cast
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import etree
from w3lib.url import safe_url_string

MAX_LINKS = 5_000
"""Of one page: more are a trap."""

_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"})
_ARTICLE = re.compile(r'"@type"\s*:\s*(?:\[[^\]]{0,300}?)?"\w{0,60}(?:Article|Posting)"')
_ARTICLE_TYPE = re.compile(r"article|\w*Article|\w*Posting")
_PLAIN = re.compile(
    r"(https?://[a-z0-9][a-z0-9.-]*)?/(?![/.])[A-Za-z0-9_~/%=&+,:@!.-]*(?:\?[A-Za-z0-9_~/%=&+,:@!.-]+)?"
)
"""An address of which nothing has to be escaped, and relative to nothing but the host: most of a page's."""
_ITEM_TYPES = etree.XPath("//@itemtype", smart_strings=False)
_SPACES = b" \t\n\r\f\v"
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


def read_links(root: etree._Element, url: str) -> PageLinks:
    """The links on the page at `url`, whose tree is `root`; none where it asks not to be followed."""
    declares, fingerprint = _declaration_of(root), _fingerprint(root)
    if _asks_not_to_follow(root):
        return PageLinks(declares=declares, fingerprint=fingerprint)
    base = _Base(_base_of(root, url))
    links: list[str | None] = []
    next_urls: list[str | None] = []
    feeds: list[str | None] = []
    for element in root.iter("a", "area", "link"):
        href = element.get("href")
        if not href:
            continue
        rels = (element.get("rel") or "").lower().split()
        target = base.join(href) if element.tag != "link" or "next" in rels or "alternate" in rels else None
        if element.tag == "link" and "alternate" in rels and _is_feed(element):
            feeds.append(target)
        elif element.tag != "link" or ("alternate" in rels and element.get("hreflang")):
            links.append(target)
        if "next" in rels and element.tag != "area":
            next_urls.append(target)
    links += [base.join(target) for target in _refreshes(root)]
    return PageLinks(
        links=_once(links),
        next_urls=_once(next_urls),
        feeds=_once(feeds),
        declares=declares,
        fingerprint=fingerprint,
    )


def _fingerprint(root: etree._Element) -> int:
    text = etree.tostring(root, method="text", encoding="utf-8", with_tail=False)
    digest = hashlib.blake2b(text.translate(None, _SPACES), digest_size=8)
    return int.from_bytes(digest.digest(), "little", signed=True)


def _base_of(root: etree._Element, url: str) -> str:
    base = next((element.get("href") for element in root.iter("base") if element.get("href")), None)
    return (_Base(url).join(base) if base else None) or url


class _Base:
    """What the links of a page are relative to."""

    def __init__(self, url: str) -> None:
        self._url = url
        parts = urlsplit(url)
        self._origin = f"{parts.scheme}://{parts.netloc}"

    def join(self, href: str) -> str | None:
        """`href` as an absolute http(s) URL without fragment; None for what is none, or leads nowhere else."""
        href = href.strip()
        if _PLAIN.fullmatch(href) and "/." not in href:
            return self._origin + href if href[0] == "/" else href
        if not href or href.startswith("#"):
            return None
        try:
            url = urldefrag(urljoin(self._url, safe_url_string(href))).url
            parts = urlsplit(url)
            is_usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        except ValueError:
            return None
        return url if is_usable else None


def _is_feed(link: etree._Element) -> bool:
    return (link.get("type") or "").lower().split(";")[0].strip() in _FEED_TYPES


def _refreshes(root: etree._Element) -> list[str]:
    metas = [meta for meta in root.iter("meta") if (meta.get("http-equiv") or "").lower() == "refresh"]
    return [match[1] for meta in metas if (match := _REFRESH.match(meta.get("content") or ""))]


def _declaration_of(root: etree._Element) -> Literal["article", "website"] | None:
    types = {(meta.get("content") or "").strip() for meta in root.iter("meta") if meta.get("property") == "og:type"}
    types |= {value.rstrip("/").rpartition("/")[2] for value in cast(list[str], _ITEM_TYPES(root))}
    scripts = (script for script in root.iter("script") if "ld+json" in (script.get("type") or ""))
    if any(_ARTICLE_TYPE.fullmatch(name) for name in types) or any(
        _ARTICLE.search(each.text or "") for each in scripts
    ):
        return "article"
    return "website" if not types.isdisjoint({"website", "WebPage", "WebSite"}) else None


def _asks_not_to_follow(root: etree._Element) -> bool:
    for meta in root.iter("meta"):
        if (meta.get("name") or "").lower() in {"robots", "newsscraper"}:
            directives = {part.strip() for part in (meta.get("content") or "").lower().split(",")}
            if not directives.isdisjoint({"nofollow", "none"}):
                return True
    return False


def _once(urls: list[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(url for url in urls if url))[:MAX_LINKS]
