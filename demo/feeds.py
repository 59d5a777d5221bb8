"""What machines read first: robots.txt, sitemaps, RSS, Atom."""

from __future__ import annotations

import gzip
from email.utils import format_datetime
from html import escape
from urllib.parse import urljoin

from .catalogue import Catalogue
from .furniture import make_teaser
from .story import DemoStory, Edition

_SITEMAPS = ("sitemap-stories-1.xml", "sitemap-stories-2.xml.gz", "sitemap-news.xml", "sitemap-pages.xml")
_SITEMAP_NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_NEWS_NS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
_NEWS_LENGTH = 20
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'

FORBIDDEN = ("/internal/", "/comment", "/newsletter")


def make_robots(base: str) -> str:
    """robots.txt with its Sitemap line."""
    rules = "".join(f"Disallow: {path}\n" for path in FORBIDDEN)
    return f"User-agent: *\n{rules}\nSitemap: {urljoin(base, '/sitemap.xml')}\n"


def make_sitemap_index(base: str, catalogue: Catalogue) -> str:
    """The index of `_SITEMAPS`."""
    newest = catalogue.stories[0].published.isoformat()
    items = "".join(
        f"<sitemap><loc>{urljoin(base, '/' + name)}</loc><lastmod>{newest}</lastmod></sitemap>\n" for name in _SITEMAPS
    )
    return f"{_XML}<sitemapindex {_SITEMAP_NS}>\n{items}</sitemapindex>\n"


def make_sitemap(name: str, base: str, catalogue: Catalogue) -> bytes | None:
    """One of the sitemaps by its file name, gzipped where the name says so; None for an unknown one."""
    stories = catalogue.in_sitemap()
    half = len(stories) // 2
    match name:
        case "sitemap-stories-1.xml":
            return _make_urlset(base, stories[:half]).encode()
        case "sitemap-stories-2.xml.gz":
            return gzip.compress(_make_urlset(base, stories[half:]).encode(), mtime=0)
        case "sitemap-news.xml":
            newest = [s for s in stories if s.reach == "everywhere"][:_NEWS_LENGTH]
            return _make_news_urlset(base, newest).encode()
        case "sitemap-pages.xml":
            return _make_pages_urlset(base, catalogue).encode()
    return None


def make_rss(base: str, edition: Edition, catalogue: Catalogue) -> str:
    """RSS 2.0 of one edition."""
    items = "".join(_make_rss_item(base, story) for story in catalogue.in_feed([edition]))
    return (
        f'{_XML}<rss version="2.0"><channel><title>{escape(edition.name)}</title>'
        f"<link>{urljoin(base, edition.path)}</link><description>{escape(edition.name)}</description>"
        f"<language>{edition.language}</language>\n{items}</channel></rss>\n"
    )


def make_atom(base: str, catalogue: Catalogue) -> str:
    """Atom 1.0 of all editions."""
    stories = [s for s in catalogue.open_stories if s.says_zone][:_NEWS_LENGTH]
    entries = "".join(_make_atom_entry(base, story) for story in stories)
    return (
        f'{_XML}<feed xmlns="http://www.w3.org/2005/Atom"><title>Halden, all editions</title><id>{base}</id>'
        f'<link rel="self" href="{urljoin(base, "/atom.xml")}"/>'
        f"<updated>{stories[0].published.isoformat()}</updated>\n{entries}</feed>\n"
    )


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
