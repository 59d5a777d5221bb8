"""The site at one moment as a pure function: a path and the base it is asked on -> a page. No sockets, no clock."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from . import archives, dresses, feeds, listing_pages, robots
from .catalogue import Catalogue
from .listing_pages import Listing
from .markup import Markup
from .page import PLAIN, Page, make_file, make_html, make_redirect
from .story import DemoStory, Edition
from .story_page import draw_print_page, draw_story_page
from .traps import FORBIDDEN_PATH, GONE_PATH, SOFT_404_FOLDER, SOFT_404_PATH
from .view import View, alias_path, code_path, old_path, print_path, tracked_path, tracked_target

_PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)
_PATH_SESSION = re.compile(r";jsessionid=\w+")
_XML = "application/xml; charset=utf-8"


@dataclass(frozen=True)
class Answers:
    """What the site answers as long as nothing on it changes."""

    catalogue: Catalogue
    traps: frozenset[str]

    def page(self, path: str, base_url: str, dress: Collection[str] = ()) -> Page:
        """The answer to `path` (with its query, percent-encoded) on the site at `base_url`: 404 where nothing is.

        `dress` (of `dresses.DRESSES`) is for the pages of stories.
        """
        if page := self._answer_story(path, base_url, dress):
            return page
        for answer in (self._answer_machine_file, self._answer_trap, self._answer_listing):
            if page := answer(path, base_url):
                return page
        view = self._view(path, base_url, self._edition_of(path))
        return make_html(listing_pages.draw_not_found(view), status=404)

    def story_at(self, path: str) -> DemoStory | None:
        """The story that a page of its own or a second address shows, or leads to."""
        plain, by_query = _read_address(path)
        by_path = self.catalogue.by_path
        return by_path.get(plain) or by_path.get(by_query) or self._second_addresses.get(plain, ("", None))[1]

    def words_at(self, path: str) -> dict[str, Any]:
        """The words of the edition that an address belongs to, with `language`."""
        language = self._edition_of(path).language
        return self.catalogue.words[language] | {"language": language}

    def tell_story(self, code: int, base: str) -> dict[str, Any] | None:
        """What a script draws a story from; None for an unknown one."""
        story = self.catalogue.by_code.get(code)
        return dresses.tell_story(self._view(story.path, base, story.edition, story), story) if story else None

    def _answer_story(self, path: str, base: str, dress: Collection[str]) -> Page | None:
        """A story under its own, a former or a second address, whatever further parameters the address carries."""
        plain, by_query = _read_address(path)
        by_path, former = self.catalogue.by_path, self._former_addresses
        if story := by_path.get(plain) or by_path.get(by_query):
            return self._make_story_page(story, story.path, base, dress)
        if story := former.get(plain) or former.get(by_query):
            return self._answer_withdrawn(story, path, base)
        kind, story = self._second_addresses.get(plain, ("", None))
        if story is None:
            return None
        if kind == "redirect":
            return make_redirect(urljoin(base, story.path))
        if kind == "tracked":
            return make_redirect(urljoin(base, tracked_target(story)), 302)
        if kind == "print":
            view = self._view(path, base, story.edition, story)
            return make_html(draw_print_page(view, story))
        return self._make_story_page(story, story.path if kind == "code" else path, base, dress)

    def _answer_withdrawn(self, story: DemoStory, path: str, base: str) -> Page:
        if moved := self.catalogue.by_code.get(story.code):
            return make_redirect(urljoin(base, moved.path))
        return make_html(listing_pages.draw_gone(self._view(path, base, story.edition)), status=410)

    def _make_story_page(self, story: DemoStory, here: str, base: str, dress: Collection[str]) -> Page:
        view = self._view(here, base, story.edition, story)
        if dresses.is_script(dress):
            return make_html(dresses.draw_dressed(view, story, dress))
        says_charset = story.template != "table" or story.edition.table_charset_in == "header"
        html = dresses.draw_dressed(view, story, dress) if dress else draw_story_page(view, story)
        changed = None if dress else story.changed
        return make_html(html, charset=story.charset, says_charset=says_charset, changed=changed)

    def _answer_machine_file(self, path: str, base: str) -> Page | None:
        name = urlsplit(path).path
        if name == "/robots.txt":
            return make_file(PLAIN, robots.make_robots(base, feeds.sitemap_path(self.traps)).encode())
        if name == feeds.sitemap_path(self.traps):
            return _make_feed(_XML, feeds.make_sitemap_index(base, self.catalogue, self.traps))
        if name == "/atom.xml":
            return _make_feed("application/atom+xml; charset=utf-8", feeds.make_atom(base, self.catalogue))
        if name.endswith("/rss.xml") and (edition := self._find_edition(name)):
            return _make_feed("application/rss+xml; charset=utf-8", feeds.make_rss(base, edition, self.catalogue))
        if name.endswith("/feed.json") and "json_feed" in self.traps and (edition := self._find_edition(name)):
            return _make_feed(
                "application/feed+json; charset=utf-8", feeds.make_json_feed(base, edition, self.catalogue)
            )
        if name.startswith("/media/") and name.endswith(".png"):
            return make_file("image/png", _PICTURE)
        if name.startswith("/_next/static/"):
            return make_file("text/javascript; charset=utf-8", b"/* the demo needs no script */\n")
        if sitemap := feeds.make_sitemap(name.removeprefix("/"), base, self.catalogue, self.traps):
            return _make_feed("application/gzip" if name.endswith(".gz") else _XML, sitemap)
        return None

    def _answer_trap(self, path: str, base: str) -> Page | None:
        plain = urlsplit(path).path
        view = self._view(path, base, self._edition_of(path))
        draw: Callable[[View], Markup] | None = None
        if plain == "/login" and "login" in self.traps:
            draw = listing_pages.draw_login
        elif self._is_soft_404(plain, view.edition):
            draw = listing_pages.draw_not_found
        elif plain == FORBIDDEN_PATH and "disallowed" in self.traps:
            draw = listing_pages.draw_forbidden
        return make_html(draw(view)) if draw else None

    def _is_soft_404(self, path: str, edition: Edition) -> bool:
        """Whether 'not found' is said with status 200: of one address, or of all that look like stories in a folder."""
        if path == SOFT_404_PATH.format(key=edition.key):
            return "soft_404" in self.traps or "soft_404_folder" in self.traps
        folder = SOFT_404_FOLDER.format(key=edition.key)
        is_inside = path.startswith(folder) and path != GONE_PATH.format(key=edition.key)
        if "soft_404_folder" not in self.traps or not is_inside:
            return False
        return path.removeprefix(folder).partition("/")[0].isdecimal()

    def _answer_listing(self, path: str, base: str) -> Page | None:
        parts = urlsplit(path)
        if parts.path == "/":
            return _make_listing(listing_pages.draw_site_front(self._view(path, base, self._edition_of(path))))
        if listing := archives.draw_archive(self._view(path, base, self._edition_of(path)), parts.path):
            return _make_listing(listing)
        edition = self._find_edition(parts.path)
        if edition is None:
            return None
        view = self._view(path, base, edition)
        drawn = self._draw_edition_page(view, parts.path, parts.query)
        return make_html(drawn) if isinstance(drawn, Markup) else _make_listing(drawn)

    def _draw_edition_page(self, view: View, path: str, query: str) -> Listing | Markup | None:
        """Front page, section, tag or text page of an edition; `path` begins with the edition's own."""
        match path.removeprefix(view.edition.path).rstrip("/").split("/"):
            case [""]:
                return listing_pages.draw_edition_front(view)
            case ["section", section] if section in view.edition.sections:
                number = parse_qs(query).get("page", ["1"])[0]
                return listing_pages.draw_section(view, section, int(number) if number.isdecimal() else 1)
            case ["section", section, "page", number] if section in view.edition.sections and number.isdecimal():
                has_paths = "endless_paths" in view.traps
                return listing_pages.draw_section(view, section, int(number), by_path=True) if has_paths else None
            case ["tags", tag] if "tags" in self.traps:
                return listing_pages.draw_tag(view, unquote(tag))
            case ["about" | "contact" | "privacy" as name] if "text_pages" in self.traps:
                return listing_pages.draw_text_page(view, name)
        return None

    @cached_property
    def _second_addresses(self) -> dict[str, tuple[str, DemoStory]]:
        return {
            address: (kind, story)
            for story in self.catalogue.stories
            for kind, address in _list_second_addresses(story, self.traps)
        }

    @cached_property
    def _former_addresses(self) -> dict[str, DemoStory]:
        """Where stories lay that were moved or removed; of a removed one all its addresses."""
        former = {}
        for withdrawn in self.catalogue.withdrawals:
            story = withdrawn.story
            former[story.path] = story
            if story.code not in self.catalogue.by_code:
                former |= {address: story for _, address in _list_second_addresses(story, self.traps)}
        return former

    def _find_edition(self, path: str) -> Edition | None:
        return self.catalogue.editions.get(path.split("/")[1])

    def _edition_of(self, path: str) -> Edition:
        return self._find_edition(path) or self.catalogue.editions["intl"]

    def _view(self, here: str, base: str, edition: Edition, story: DemoStory | None = None) -> View:
        return View(
            catalogue=self.catalogue,
            traps=self.traps,
            base=base,
            here=here,
            edition=edition,
            language=story.language if story else edition.language,
            template=story.template if story else edition.layout,
        )


def _list_second_addresses(story: DemoStory, traps: frozenset[str]) -> list[tuple[str, str]]:
    """(kind, path) of each."""
    addresses = [("code", code_path(story))]
    if "tracking_redirects" in traps:
        addresses.append(("tracked", tracked_path(story)))
    if "alias" in traps and story.template == "newsstudio":
        addresses.append(("alias", alias_path(story)))
    if "redirect" in traps:
        addresses.append(("redirect", old_path(story)))
    if "print" in traps:
        addresses.append(("print", print_path(story)))
    return addresses


def _read_address(path: str) -> tuple[str, str]:
    """The path without query and session, and the same with the one parameter that can be part of a story's address."""
    parts = urlsplit(path)
    plain = _PATH_SESSION.sub("", parts.path)
    return plain, f"{plain}?id={parse_qs(parts.query).get('id', [''])[0]}"


def _make_listing(listing: Listing | None) -> Page | None:
    return make_html(listing.html, changed=listing.changed) if listing else None


def _make_feed(content_type: str, file: feeds.File) -> Page:
    return make_file(content_type, file.body, file.changed)
