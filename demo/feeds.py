"""What machines read first: sitemaps, RSS, Atom, JSON Feed."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Any
from urllib.parse import urljoin

from .catalogue import Catalogue
from .furniture import make_teaser
from .story import DemoStory, Edition

_SITEMAPS = ("sitemap-stories-1.xml", "sitemap-stories-2.xml.gz", "sitemap-news.xml", "sitemap-pages.xml")
_HIDDEN_INDEX = "/maps/2f6c/index.xml"
_ARCHIVE_INDEX = "sitemap-archive.xml.gz"
_MONTH_MAP = re.compile(r"sitemap-(\d{4}-\d\d)\.xml\.gz")
_SITEMAP_NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_NEWS_NS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
_NEWS_LENGTH = 20
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True)
class File:
    """A file's bytes, and when they last changed, where anything says so."""

    body: bytes
    changed: datetime | None


def sitemap_path(traps: Collection[str]) -> str:
    """Where the index of all sitemaps lies."""
    return _HIDDEN_INDEX if "robots_sitemap" in traps else "/sitemap.xml"


def make_sitemap_index(base: str, catalogue: Catalogue, traps: Collection[str]) -> File:
    """The index of all sitemaps; the date of each is that of the last change in it."""
    newer, older, *others = _SITEMAPS
    names = (newer, _ARCHIVE_INDEX, *others) if "nested_sitemaps" in traps else (newer, older, *others)
    return _make_index(base, {name: _choose(name, catalogue)[1] for name in names})


def make_sitemap(name: str, base: str, catalogue: Catalogue, traps: Collection[str]) -> File | None:
    """One of the sitemaps by its file name, gzipped where the name says so; None for an unknown one."""
    is_nested = name == _ARCHIVE_INDEX or _MONTH_MAP.fullmatch(name) is not None
    if name not in _SITEMAPS and not (is_nested and "nested_sitemaps" in traps):
        return None
    stories, changed = _choose(name, catalogue)
    match name:
        case "sitemap-news.xml":
            text = _make_news_urlset(base, stories)
        case "sitemap-pages.xml":
            text = _make_pages_urlset(base, catalogue)
        case "sitemap-archive.xml.gz":
            text = _make_archive_index(base, catalogue, stories)
        case _ if stories or not is_nested:
            text = _make_urlset(base, stories)
        case _:
            return None
    return File(gzip.compress(text.encode(), mtime=0) if name.endswith(".gz") else text.encode(), changed)


def _make_archive_index(base: str, catalogue: Catalogue, stories: list[DemoStory]) -> str:
    months = dict.fromkeys(story.date[:7] for story in stories)
    names = [f"sitemap-{month}.xml.gz" for month in months]
    return _make_index(base, {name: _choose(name, catalogue)[1] for name in names}).body.decode()


def _make_index(base: str, changes: dict[str, datetime | None]) -> File:
    """An index of sitemaps: file name -> when the last change in it was."""
    items = "".join(
        f"<sitemap><loc>{urljoin(base, '/' + name)}</loc><lastmod>{changed.isoformat()}</lastmod></sitemap>\n"
        for name, changed in changes.items()
        if changed
    )
    text = f"{_XML}<sitemapindex {_SITEMAP_NS}>\n{items}</sitemapindex>\n"
    return File(text.encode(), max((changed for changed in changes.values() if changed), default=None))


def _choose(name: str, catalogue: Catalogue) -> tuple[list[DemoStory], datetime | None]:
    """What a sitemap holds, and when that last changed: new stories are among the newer half for ever."""
    stories = catalogue.in_sitemap()
    match name:
        case "sitemap-pages.xml":
            return [], max(story.published for story in catalogue.founding)
        case "sitemap-news.xml":
            newest = [s for s in stories if s.reach == "everywhere"][:_NEWS_LENGTH]
            shown = [w for w in catalogue.withdrawals if newest and w.story.published >= newest[-1].published]
            return newest, catalogue.last_change(newest, shown)
    is_old = name != "sitemap-stories-1.xml"
    half = [s for s in stories if catalogue.is_old(s) is is_old]
    withdrawn = [w for w in catalogue.withdrawals if catalogue.is_old(w.story) is is_old]
    if month := _MONTH_MAP.fullmatch(name):
        half = [s for s in half if s.date.startswith(month[1])]
        withdrawn = [w for w in withdrawn if w.story.date.startswith(month[1])]
    return half, catalogue.last_change(half, withdrawn)


def make_rss(base: str, edition: Edition, catalogue: Catalogue) -> File:
    """RSS 2.0 of one edition."""
    stories = catalogue.in_feed([edition])
    items = "".join(_make_rss_item(base, story) for story in stories)
    text = (
        f'{_XML}<rss version="2.0"><channel><title>{escape(edition.name)}</title>'
        f"<link>{urljoin(base, edition.path)}</link><description>{escape(edition.name)}</description>"
        f"<language>{edition.language}</language>\n{items}</channel></rss>\n"
    )
    return File(text.encode(), catalogue.last_change(stories, catalogue.withdrawn_from([edition])))


def make_json_feed(base: str, edition: Edition, catalogue: Catalogue) -> File:
    """JSON Feed 1.1 of one edition."""
    stories = catalogue.in_feed([edition])
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": edition.name,
        "home_page_url": urljoin(base, edition.path),
        "feed_url": urljoin(base, f"{edition.path}feed.json"),
        "language": edition.language,
        "items": [_make_json_item(base, story) for story in stories],
    }
    changed = catalogue.last_change(stories, catalogue.withdrawn_from([edition]))
    return File(json.dumps(feed, ensure_ascii=False, indent=1).encode(), changed)


def _make_json_item(base: str, story: DemoStory) -> dict[str, Any]:
    url = story.url_on(base)
    item = {
        "id": url,
        "url": url,
        "title": story.title,
        "summary": make_teaser(story),
        "date_published": story.published.isoformat(),
        "tags": list(story.tags),
        "authors": [{"name": name} for name in story.authors],
        "language": story.language,
    }
    changed = {"date_modified": story.changed.isoformat()} if story.changed != story.published else {}
    return {key: value for key, value in (item | changed).items() if value}


def make_atom(base: str, catalogue: Catalogue) -> File:
    """Atom 1.0 of all editions."""
    stories = [s for s in catalogue.open_stories if s.says_zone][:_NEWS_LENGTH]
    entries = "".join(_make_atom_entry(base, story) for story in stories)
    changed = catalogue.last_change(stories, catalogue.withdrawals)
    text = (
        f'{_XML}<feed xmlns="http://www.w3.org/2005/Atom"><title>Halden, all editions</title><id>{base}</id>'
        f'<link rel="self" href="{urljoin(base, "/atom.xml")}"/>'
        f"<updated>{stories[0].published.isoformat()}</updated>\n{entries}</feed>\n"
    )
    return File(text.encode(), changed)


def _make_urlset(base: str, stories: list[DemoStory]) -> str:
    items = "".join(
        f"<url><loc>{escape(s.url_on(base))}</loc><lastmod>{s.changed.isoformat()}</lastmod></url>\n" for s in stories
    )
    return f"{_XML}<urlset {_SITEMAP_NS}>\n{items}</urlset>\n"


def _make_news_urlset(base: str, stories: list[DemoStory]) -> str:
    items = "".join(
        f"<url><loc>{escape(s.url_on(base))}</loc><news:news><news:publication><news:name>{escape(s.edition.name)}"
        f"</news:name><news:language>{s.language}</news:language></news:publication><news:publication_date>"
        f"{s.published.isoformat()}</news:publication_date><news:title>{escape(s.title)}</news:title>"
        "</news:news></url>\n"
        for s in stories
    )
    return f"{_XML}<urlset {_SITEMAP_NS} {_NEWS_NS}>\n{items}</urlset>\n"


def _make_pages_urlset(base: str, catalogue: Catalogue) -> str:
    paths = ["/"]
    for edition in catalogue.editions.values():
        paths += [edition.path, *(f"{edition.path}section/{section}" for section in edition.sections)]
    items = "".join(f"<url><loc>{urljoin(base, path)}</loc></url>\n" for path in paths)
    return f"{_XML}<urlset {_SITEMAP_NS}>\n{items}</urlset>\n"


def _make_rss_item(base: str, story: DemoStory) -> str:
    url = escape(story.url_on(base))
    return (
        f'<item><title>{escape(story.title)}</title><link>{url}</link><guid isPermaLink="true">{url}</guid>'
        f"<pubDate>{format_datetime(story.published)}</pubDate>"
        f"<description>{escape(make_teaser(story))}</description></item>\n"
    )


def _make_atom_entry(base: str, story: DemoStory) -> str:
    url, when = escape(story.url_on(base)), story.published.isoformat()
    return (
        f'<entry xml:lang="{story.language}"><title>{escape(story.title)}</title><link href="{url}"/><id>{url}</id>'
        f"<published>{when}</published><updated>{story.changed.isoformat()}</updated>"
        f"<summary>{escape(make_teaser(story))}</summary></entry>\n"
    )
