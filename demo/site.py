"""The made-up news site as a pure function: a path and the base it is asked on -> a page. No sockets, no clock."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date
from email.utils import format_datetime
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from . import feeds, listing_pages
from .catalogue import Catalogue
from .markup import Markup
from .story import DemoStory, Edition, read_editions, read_stories, read_words
from .story_page import draw_print_page, draw_story_page
from .traps import FORBIDDEN_PATH, SOFT_404_PATH, read_traps
from .view import View, alias_path, old_path, print_path

_PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)
_HTML = "text/html; charset=utf-8"
_XML = "application/xml; charset=utf-8"


@dataclass(frozen=True)
class Page:
    """An answer: `status`, `headers` (without length and encoding, which are the server's), `body`."""

    status: int
    headers: dict[str, str]
    body: bytes


class DemoSite:
    """The site. `traps` names those of `newsscraper_demo.traps.TRAPS` to set; None sets them all."""

    def __init__(self, traps: Iterable[str] | None = None) -> None:
        words, editions = read_words(), read_editions()
        self.stories: list[DemoStory] = read_stories(editions, words)
        self.traps = read_traps(traps)
        self._catalogue = Catalogue(self.stories, editions, words)
        self._second_addresses = self._map_second_addresses()

    def page(self, path: str, base_url: str) -> Page:
        """The answer to `path` (with its query, percent-encoded) on the site at `base_url`: 404 where nothing is."""
        for answer in (self._answer_story, self._answer_machine_file, self._answer_trap, self._answer_listing):
            if page := answer(path, base_url):
                return page
        view = self._view(path, base_url, self._edition_of(path))
        return _make_page(listing_pages.draw_not_found(view), status=404)

    def _answer_story(self, path: str, base: str) -> Page | None:
        """A story under its own or a second address, whatever further parameters the address carries."""
        parts = urlsplit(path)
        number = parse_qs(parts.query).get("id", [""])[0]
        by_path = self._catalogue.by_path
        story = by_path.get(parts.path) or by_path.get(f"{parts.path}?id={number}")
        if story:
            return self._make_story_page(story, story.path, base)
        kind, story = self._second_addresses.get(parts.path, ("", None))
        if story is None:
            return None
        if kind == "redirect":
            return Page(301, {"Location": urljoin(base, story.path), "Content-Type": _HTML}, b"")
        if kind == "print":
            view = self._view(path, base, story.edition, story)
            return _make_page(draw_print_page(view, story))
        return self._make_story_page(story, path, base)

    def _make_story_page(self, story: DemoStory, here: str, base: str) -> Page:
        view = self._view(here, base, story.edition, story)
        says_charset = story.template != "table" or story.edition.table_charset_in == "header"
        return _make_page(draw_story_page(view, story), charset=story.charset, says_charset=says_charset, story=story)

    def _answer_machine_file(self, path: str, base: str) -> Page | None:
        name = urlsplit(path).path
        if name == "/robots.txt":
            return _make_file("text/plain; charset=utf-8", feeds.make_robots(base).encode())
        if name == "/sitemap.xml":
            return _make_file(_XML, feeds.make_sitemap_index(base, self._catalogue).encode())
        if name == "/atom.xml":
            return _make_file("application/atom+xml; charset=utf-8", feeds.make_atom(base, self._catalogue).encode())
        if name.endswith("/rss.xml") and (edition := self._find_edition(name)):
            return _make_file(
                "application/rss+xml; charset=utf-8", feeds.make_rss(base, edition, self._catalogue).encode()
            )
        if name.startswith("/media/") and name.endswith(".png"):
            return _make_file("image/png", _PICTURE)
        if name.startswith("/_next/static/"):
            return _make_file("text/javascript; charset=utf-8", b"/* the demo needs no script */\n")
        if sitemap := feeds.make_sitemap(name.removeprefix("/"), base, self._catalogue):
            return _make_file("application/gzip" if name.endswith(".gz") else _XML, sitemap)
        return None

    def _answer_trap(self, path: str, base: str) -> Page | None:
        plain = urlsplit(path).path
        view = self._view(path, base, self._edition_of(path))
        draw: Callable[[View], Markup] | None = None
        if plain == "/login" and "login" in self.traps:
            draw = listing_pages.draw_login
        elif plain == SOFT_404_PATH.format(key=view.edition.key) and "soft_404" in self.traps:
            draw = listing_pages.draw_not_found
        elif plain == FORBIDDEN_PATH and "disallowed" in self.traps:
            draw = listing_pages.draw_forbidden
        return _make_page(draw(view)) if draw else None

    def _answer_listing(self, path: str, base: str) -> Page | None:
        parts = urlsplit(path)
        if parts.path == "/":
            return _make_page(listing_pages.draw_site_front(self._view(path, base, self._edition_of(path))))
        if (day := _read_calendar_day(parts.path)) and "calendar" in self.traps:
            view = self._view(path, base, self._edition_of(path))
            return _make_page(listing_pages.draw_calendar_day(view, day))
        edition = self._find_edition(parts.path)
        if edition is None:
            return None
        drawn = self._draw_edition_page(self._view(path, base, edition), parts.path, parts.query)
        return _make_page(drawn) if drawn else None

    def _draw_edition_page(self, view: View, path: str, query: str) -> Markup | None:
        """Front page, section, tag or text page of an edition; `path` begins with the edition's own."""
        match path.removeprefix(view.edition.path).rstrip("/").split("/"):
            case [""]:
                return listing_pages.draw_edition_front(view)
            case ["section", section] if section in view.edition.sections:
                number = parse_qs(query).get("page", ["1"])[0]
                return listing_pages.draw_section(view, section, int(number) if number.isdecimal() else 1)
            case ["tags", tag] if "tags" in self.traps:
                return listing_pages.draw_tag(view, unquote(tag))
            case ["about" | "contact" | "privacy" as name] if "text_pages" in self.traps:
                return listing_pages.draw_text_page(view, name)
        return None

    def _map_second_addresses(self) -> dict[str, tuple[str, DemoStory]]:
        addresses: dict[str, tuple[str, DemoStory]] = {}
        for story in self.stories:
            if "alias" in self.traps and story.template == "newsstudio":
                addresses[alias_path(story)] = ("alias", story)
            if "redirect" in self.traps:
                addresses[old_path(story)] = ("redirect", story)
            if "print" in self.traps:
                addresses[print_path(story)] = ("print", story)
        return addresses

    def _find_edition(self, path: str) -> Edition | None:
        return self._catalogue.editions.get(path.split("/")[1])

    def _edition_of(self, path: str) -> Edition:
        return self._find_edition(path) or self._catalogue.editions["intl"]

    def _view(self, here: str, base: str, edition: Edition, story: DemoStory | None = None) -> View:
        return View(
            catalogue=self._catalogue,
            traps=self.traps,
            base=base,
            here=here,
            edition=edition,
            language=story.language if story else edition.language,
            template=story.template if story else edition.layout,
        )


def _read_calendar_day(path: str) -> date | None:
    match = re.fullmatch(r"/archive/([1-8]\d{3})/(\d\d)/(\d\d)", path)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _make_page(
    html: Markup,
    *,
    status: int = 200,
    charset: str = "utf-8",
    says_charset: bool = True,
    story: DemoStory | None = None,
) -> Page:
    """HTML -> page; characters that the charset lacks become references, as old systems wrote them."""
    page = _make_file(
        f"text/html; charset={charset}" if says_charset else "text/html", html.encode(charset, "xmlcharrefreplace")
    )
    headers = dict(page.headers)
    if story:
        headers["Last-Modified"] = format_datetime(story.changed.astimezone(UTC), usegmt=True)
    return Page(status, headers, page.body)


def _make_file(content_type: str, body: bytes) -> Page:
    return Page(200, {"Content-Type": content_type, "ETag": f'"{hashlib.sha256(body).hexdigest()[:20]}"'}, body)
