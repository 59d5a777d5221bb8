"""A page, parsed once: what every resolver and the classifier read. Nobody changes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urljoin, urlsplit

from lxml import etree

from newsscraper.extract.blocks import Blocks
from newsscraper.extract.decode import Decoded
from newsscraper.extract.groups import find_comments, find_repeated, find_teasers
from newsscraper.extract.structured import Structured
from newsscraper.extract.text import fix_line, fold
from newsscraper.extract.tree import Elements, text_of
from newsscraper.sites.profile import Profile


@dataclass(frozen=True)
class Page:
    """One page as the core sees it."""

    root: etree._Element
    elements: Elements
    decoded: Decoded
    blocks: Blocks
    structured: Structured
    url: str | None
    profile: Profile
    """A profile without facts where none was given."""
    fetched_at: str | None
    source: str = "tree"
    """Where the blocks come from: `tree`, `template` (kept for a script to show), `script_state` or `json_ld`."""
    notes: list[str] = field(default_factory=list)
    """What was noticed on the way, for the trace."""

    @cached_property
    def base_url(self) -> str | None:
        """What relative links are relative to."""
        href = next((href for base in self.elements.of("base") if (href := base.get("href")) is not None), None)
        if href:
            return absolute(href, self.url)
        return self.url

    @cached_property
    def relations(self) -> list[tuple[list[str], etree._Element]]:
        """The `a` elements that have a `rel`, each behind its words in lower case."""
        anchors = [(anchor.get("rel"), anchor) for anchor in self.elements.of("a")]
        return [(relations.lower().split(), anchor) for relations, anchor in anchors if relations]

    @cached_property
    def repeated(self) -> list[bool]:
        """For each container: member of, or inside, a group of containers built alike."""
        return find_repeated(self.blocks)

    @cached_property
    def teasers(self) -> list[bool]:
        """For each container: member of, or inside, a group of teasers."""
        return find_teasers(self.blocks)

    @cached_property
    def comments(self) -> list[bool]:
        """For each container: one of several comments, or inside one; none on a page that says it is a live blog."""
        if any(self.structured.of_type("LiveBlogPosting")):
            return [False] * len(self.blocks.containers)
        return find_comments(self.blocks)

    @cached_property
    def document_title(self) -> str:
        """The text of `<title>`, cleaned."""
        titles = self.elements.of("title")
        chosen = next((title for title in titles if _stands_in(title, "head")), None)
        if chosen is None:
            chosen = next((title for title in titles if not _stands_in(title, "svg")), None)
        return fix_line(text_of(chosen)) if chosen is not None else ""

    @cached_property
    def site_names(self) -> list[str]:
        """What the site calls itself, folded: og:site_name, publisher, the host's own word."""
        named = self.structured.all_meta(
            "og:site_name", "application-name", "apple-mobile-web-app-title", "al:android:app_name"
        )
        publisher = self.structured.story.get("publisher")
        if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
            named.append(publisher["name"])
        for node in self.structured.of_type("WebSite", "NewsMediaOrganization", "Organization"):
            if isinstance(node.get("name"), str):
                named.append(node["name"])
        if self.profile.publisher:
            named.append(self.profile.publisher)
        named += self.host_names
        return [name for name in dict.fromkeys(map(fold, named)) if name]

    @cached_property
    def host_names(self) -> list[str]:
        """The page's host as words: `www.example.co.uk` gives `example.co.uk` and `example`."""
        url = self.url or self.structured.first_meta("og:url") or ""
        try:
            host = urlsplit(url).hostname or ""
        except ValueError:
            return []
        host = host.removeprefix("www.").removeprefix("m.")
        labels = host.split(".")
        main = max(labels[:-1], key=len, default="") if len(labels) > 1 else ""
        return [name for name in (host, main) if len(name) > 2]


def _stands_in(title: etree._Element, tag: str) -> bool:
    """Right in an element of that tag: the head, or a drawing, whose title is not the page's."""
    parent = title.getparent()
    return parent is not None and parent.tag == tag


def absolute(href: str | None, base: str | None) -> str | None:
    """`href` as an absolute http(s) URL where that can be told; None for what is no link."""
    href = fix_line(href or "")
    if not href or href.startswith(("#", "javascript:", "data:", "mailto:", "about:", "blob:")):
        return None
    try:
        joined = urljoin(base or "", href)
        scheme = urlsplit(joined).scheme
    except ValueError:
        return None
    return joined if joined and scheme in ("http", "https", "") else None
