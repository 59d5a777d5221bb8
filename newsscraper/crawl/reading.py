"""From an answer to its outcome: what is it, is it a story, where does it lead."""

from __future__ import annotations

import dataclasses
import logging
import os
import signal
from collections.abc import Callable, Iterable, Mapping

from newsscraper import Model
from newsscraper.crawl.discovery import evidence
from newsscraper.crawl.discovery.feeds import read_feed
from newsscraper.crawl.discovery.found import Found, Kind
from newsscraper.crawl.discovery.links import PageLinks, read_links
from newsscraper.crawl.discovery.shapes import is_further_page
from newsscraper.crawl.discovery.sitemaps import dates_of, read_sitemap
from newsscraper.crawl.outcome import Answer, Outcome
from newsscraper.crawl.scope import Scope
from newsscraper.crawl.walls import name_wall, read_wall
from newsscraper.errors import NotAStory, UnreadablePage
from newsscraper.extract.core import extract_parsed
from newsscraper.extract.further_pages import FurtherPages, find_further_pages
from newsscraper.extract.page_numbers import page_number
from newsscraper.extract.reading import parse_page, read_page
from newsscraper.extract.walls import find_plain_wall
from newsscraper.sites import Profile

logger = logging.getLogger(__name__)

_HTML = frozenset({"text/html", "application/xhtml+xml", ""})
_SNIFFED = 2048
_STORIES_BELOW = 3


class Reader:
    """Reads the answers of one crawl.

    It keeps one thing of them: whether the site's stories say that they are articles. Where they do, a page that says
    it is a `website` (a section, an error page under status 200) is none; where nobody does, it means nothing.
    """

    def __init__(
        self, scope: Scope, profile_of: Callable[[str], Profile | None], model: Model, *, follow: bool = True
    ) -> None:
        self._model = model
        self._scope = scope
        self._profile_of = profile_of
        self._follow = follow
        self.articles_are_declared = False

    def read(self, answer: Answer, found: Found) -> Outcome:
        """What `answer`, which `found` led to, turned out to be; a page that breaks us is an outcome, too."""
        _die_where_told(answer.url)
        try:
            return self._read(answer, found)
        except Exception as fault:
            logger.exception("reading broke on %s", answer.url)
            return Outcome(kind="failed", reason="reader_error", detail=repr(fault))

    def _read(self, answer: Answer, found: Found) -> Outcome:
        root = sniff_root(answer.body)
        if found.kind == "sitemap" or root in {"urlset", "sitemapindex"}:
            return self._read_sitemap(answer, found)
        is_feed = found.kind == "feed" and answer.media_type not in _HTML
        if root in {"rss", "feed", "rdf"} or is_feed or answer.media_type == "application/feed+json":
            return self._read_feed(answer, found)
        if answer.media_type not in _HTML:
            return Outcome(kind="ignored", reason="content_type", detail=answer.media_type)
        return self._read_page(answer, found)

    def _read_sitemap(self, answer: Answer, found: Found) -> Outcome:
        sitemap = read_sitemap(answer.body, answer.url)
        if sitemap is None:
            wall = read_wall(answer.body, answer.url, answer.charset) if answer.media_type in _HTML else None
            if name_wall(wall, found) is not None:
                return Outcome(kind="listing", reason=wall, detail="in the place of a sitemap")
            return Outcome(kind="ignored", reason="no_sitemap", detail="no sitemap was found in it")
        urls = [(entry.url, entry.is_news and not sitemap.is_index) for entry in sitemap.entries]
        if sitemap.is_index:
            files = self._select(urls, found, kind="sitemap", depth=found.depth + 1)
            moments = {entry.url: entry.modified for entry in sitemap.entries}
            return Outcome(kind="sitemap", found=tuple(_dated(files, moments)))
        named = dict(zip((entry.url for entry in sitemap.entries), dates_of(sitemap.entries), strict=True))
        published = {entry.url: entry.published for entry in sitemap.entries}
        return Outcome(kind="sitemap", found=tuple(_dated(self._select(urls, found), named, published)))

    def _read_feed(self, answer: Answer, found: Found) -> Outcome:
        feed = read_feed(answer.body, answer.url, answer.content_type)
        if feed is None:
            return Outcome(kind="ignored", reason="no_feed", detail="no feed was found in it")
        stories = list(
            _dated(self._select([(url, True) for url in feed.entries], found), feed.modified, feed.published)
        )
        further = [(feed.next_url, False)] if feed.next_url and stories else []
        following = self._select(further, found, kind="feed", depth=found.depth + 1)
        return Outcome(kind="feed", found=(*stories, *(dataclasses.replace(each, later=True) for each in following)))

    def _read_page(self, answer: Answer, found: Found) -> Outcome:
        try:
            parsed = parse_page(answer.body, answer.charset)
        except UnreadablePage as no:
            return Outcome(kind="ignored", reason="unreadable", detail=str(no))
        links = read_links(parsed.root, answer.url)
        discovered = tuple(self._discover(links, answer, found)) if self._follow else ()
        profile = self._profile_of(answer.url)
        if not found.announced and _lists_stories(answer.url, links, discovered, profile):
            wall = (
                None if any(e.kind == "story" for e in discovered) else find_plain_wall(read_page(parsed, answer.url))
            )
            if wall is not None:
                return Outcome(kind="listing", reason=wall.reason, detail=wall.detail, found=discovered)
            return Outcome(kind="listing", reason="listing", found=discovered)
        if not found.announced and self.articles_are_declared and links.declares == "website":
            return Outcome(kind="listing", reason="declared_website", detail="its stories say so", found=discovered)
        try:
            story = extract_parsed(parsed, answer.url, profile=profile, fetched_at=answer.fetched_at, model=self._model)
        except NotAStory as no:
            return Outcome(kind="listing", reason=no.reason, detail=no.detail, found=discovered)
        except Exception as fault:
            logger.exception("extraction broke on %s", answer.url)
            return Outcome(kind="failed", reason="extractor_error", detail=repr(fault), found=discovered)
        dated = story.date is not None
        if not evidence.is_story_page(answer.url, dated=dated, announced=found.announced, profile=profile):
            return Outcome(kind="listing", reason="no_evidence", detail="a page of the site itself", found=discovered)
        self.articles_are_declared |= links.declares == "article"
        further = FurtherPages() if story.complete else find_further_pages(parsed.root, answer.url)
        if further.first_url is not None and self._scope.owns(further.first_url):
            first = Found(url=further.first_url, kind="story", depth=found.depth, announced=found.announced)
            return Outcome(kind="listing", reason="further_page", detail="of a story", found=(first, *discovered))
        if further.next_url is None:
            return Outcome(kind="story", story=story, found=discovered, fingerprint=links.fingerprint)
        own = {further.single_url, further.next_url}
        others = tuple(e for e in discovered if e.url not in own and page_number(e.url, answer.url) is None)
        return Outcome(kind="story", story=story, found=others, further=further, fingerprint=links.fingerprint)

    def _discover(self, links: PageLinks, answer: Answer, found: Found) -> Iterable[Found]:
        further = set(links.next_urls)
        yield from self._select([(url, False) for url in links.feeds], found, kind="feed", depth=found.depth + 1)
        for each in self._select([(url, False) for url in links.next_urls], found):
            yield dataclasses.replace(each, later=each.kind != "story")
        rest = [(url, False) for url in links.links if url not in further]
        for each in self._select(rest, found, depth=found.depth + 1):
            # A listing's further pages are no farther from the entrance than its first.
            is_sibling = each.kind != "story" and is_further_page(answer.url, each.url)
            yield dataclasses.replace(each, depth=found.depth, later=True) if is_sibling else each

    def _select(
        self, urls: Iterable[tuple[str, bool]], found: Found, *, kind: Kind | None = None, depth: int | None = None
    ) -> Iterable[Found]:
        if not self._follow:
            return
        for url, announced in urls:
            if not self._scope.owns(url):
                continue
            profile = self._profile_of(url)
            if kind is None and not evidence.is_worth_asking(url, profile):
                continue
            yield Found(
                url=url,
                kind=kind or ("story" if announced else expect(url, profile)),
                depth=found.depth if depth is None else depth,
                announced=announced,
            )


def _die_where_told(url: str) -> None:
    """Tests of what a run does when a process dies over a page name such a page."""
    deadly = os.environ.get("NEWSSCRAPER_TEST_KILL_ON")
    if deadly and deadly in url:
        os.kill(os.getpid(), signal.SIGKILL)


def _dated(
    discoveries: Iterable[Found], modified: Mapping[str, int | None], published: Mapping[str, int | None] | None = None
) -> Iterable[Found]:
    return (
        dataclasses.replace(each, modified=modified.get(each.url), published=(published or {}).get(each.url))
        for each in discoveries
    )


def _lists_stories(url: str, links: PageLinks, discovered: Iterable[Found], profile: Profile | None) -> bool:
    """True where `url` says so, has a next page, or is the folder that the stories it links to lie in.

    Stories have next ones, too: there `rel=next` says nothing.
    """
    if evidence.is_listing_url(url, profile) or (links.next_urls and not evidence.looks_like_story(url, profile)):
        return True
    folder = url.partition("?")[0].rstrip("/") + "/"
    below = sum(each.kind == "story" and each.url.startswith(folder) for each in discovered)
    return below >= _STORIES_BELOW and not evidence.matches_story(url, profile)


def expect(url: str, profile: Profile | None) -> Kind:
    """What `url` should hold, as far as it tells."""
    if evidence.looks_like_story(url, profile):
        return "story"
    return "listing" if evidence.is_listing_url(url, profile) else "page"


def sniff_root(body: bytes) -> str:
    """The local name of an XML document's root element, lower case; empty where the body begins otherwise."""
    head = body[:_SNIFFED].lstrip(b"\xef\xbb\xbf \t\r\n")
    while head.startswith((b"<?", b"<!")):
        end = head.find(b"-->") + 2 if head.startswith(b"<!--") else head.find(b">")
        if end < 2:
            return ""
        head = head[end + 1 :].lstrip()
    if not head.startswith(b"<"):
        return ""
    name = head[1:64].split(b">")[0].split(b"/")[0].split()
    return name[0].rpartition(b":")[2].decode("ascii", "replace").lower() if name else ""
