"""What one page is drawn from, and where its links lead."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from .catalogue import Catalogue
from .markup import Markup, fill
from .story import DemoStory, Edition
from .traps import (
    FORBIDDEN_PATH,
    GONE_PATH,
    INSIDE_URLS,
    OFFSITE_HOST,
    OFFSITE_PATH,
    SOFT_404_FOLDER,
    SOFT_404_PATH,
    alias_host,
)


@dataclass(frozen=True)
class View:
    """A request for `here` (path and query) on the site at `base`, as `template` will answer it."""

    catalogue: Catalogue
    traps: frozenset[str]
    base: str
    here: str
    edition: Edition
    language: str
    template: str

    @property
    def words(self) -> dict[str, Any]:
        """Labels and furniture texts in the page's language."""
        return self.catalogue.words[self.language]

    @cached_property
    def labels(self) -> dict[str, str]:
        """What every template may name: the language's labels as `w_<name>`, and what the page is part of."""
        return make_labels(self.words) | {
            "language": self.language,
            "key": self.edition.key,
            "site_name": self.edition.name,
        }

    def part(self, part: str, /, **values: object) -> Markup:
        """A part of the page's template, filled; the language's labels stand ready as `w_<name>`."""
        return fill(self.template, part, **{**self.labels, **values})

    def url(self, path: str) -> str:
        """An absolute URL on this site."""
        return urljoin(self.base, path)

    @cached_property
    def _token(self) -> str:
        return hashlib.sha256(self.here.encode()).hexdigest()

    @property
    def number(self) -> int:
        """A number that differs from page to page and never changes: it varies the furniture."""
        return int(self._token[:8], 16)

    def others(self, start: int, count: int, but: DemoStory | None = None) -> list[DemoStory]:
        """Stories for a sidebar or a promo on this page."""
        return self.catalogue.others(self.edition, self.language, start, count, but)

    def sidebar_href(self, story: DemoStory) -> str:
        """A story's link in a sidebar: every third carries a session id of one of three kinds."""
        match story.code % 3:
            case 0 if "session_ids" in self.traps:
                return _with_parameter(story.path, f"sid={self.number:08x}")
            case 1 if "path_session_ids" in self.traps:
                path, mark, query = story.path.partition("?")
                return f"{path};jsessionid={self._token[:32].upper()}{mark}{query}"
            case 2 if "php_session_ids" in self.traps:
                return _with_parameter(story.path, f"PHPSESSID={self._token[:26]}")
        return story.path

    def most_read_href(self, story: DemoStory) -> str:
        """A story's link in a most-read list: tracked, or by the second address of the old platform."""
        if "alias" in self.traps and story.template == "newsstudio" and story.code % 3 == 1:
            return alias_path(story)
        if "tracking" in self.traps and story.code % 3 == 2:
            return _with_parameter(story.path, "utm_source=most-read&utm_medium=box")
        return story.path

    def section_path(self, section: str, page: int = 1, *, by_path: bool = False) -> str:
        """A listing of the edition; `by_path` numbers its pages in the path."""
        number = (f"/page/{page}/" if by_path else f"?page={page}") if page > 1 else ""
        return f"{self.edition.path}section/{section}{number}"

    def mirrors(self, story: DemoStory) -> list[str]:
        """Where else the very page of a story lies."""
        links = []
        if "mirror_parameters" in self.traps:
            links += [_with_parameter(story.path, more) for more in ("view=mobile", "output=text&from=share")]
        if "mirror_host" in self.traps:
            parts = urlsplit(self.base)
            links.append(urljoin(f"{parts.scheme}://{alias_host(parts.netloc)}/", story.path))
        return links

    def tag_path(self, tag: str) -> str:
        """Where a tag leads: its listing, or the front page where tags have none."""
        return f"{self.edition.path}tags/{quote(tag)}" if "tags" in self.traps else f"{self.edition.path}#{quote(tag)}"

    def menu(self) -> list[tuple[str, str]]:
        """(path, text) of the menu, home first."""
        sections = [(self.section_path(s), self.words["sections"][s]) for s in self.edition.sections]
        archive = [("/archive/2022/03/31", self.words["archive"])] if "calendar" in self.traps else []
        months = [("/archive/2022/03/", self.words["months_archive"])] if "calendar_months" in self.traps else []
        return [(self.edition.path, self.words["home"]), *sections, *archive, *months]

    @property
    def _lost_code(self) -> int:
        """A number that no story has, another one on most pages."""
        return 940_000 + self.number % 5_000

    def footer_links(self) -> list[tuple[str, str]]:
        """(URL, text) at the foot of every page, most of the traps among them."""
        key, words = self.edition.key, self.words
        links = {
            "text_pages": [(f"/{key}/{name}", words[name]) for name in ("about", "contact", "privacy")],
            "login": [(f"/login?next={quote(self.here, safe='')}", words["login"])],
            "disallowed": [(FORBIDDEN_PATH, words["press_review"])],
            "offsite": [(f"http://{OFFSITE_HOST}{OFFSITE_PATH}", words["partner"])],
            "gone": [(GONE_PATH.format(key=key), words["withdrawn"])],
            "soft_404": [(SOFT_404_PATH.format(key=key), words["moved"])],
            "soft_404_folder": [(f"{SOFT_404_FOLDER.format(key=key)}{self._lost_code}/notice", words["moved"])],
            "inside_links": [(url, words["partner"]) for url in INSIDE_URLS],
        }
        return [link for trap, found in links.items() if trap in self.traps for link in found]


def make_labels(words: dict[str, Any]) -> dict[str, str]:
    """The labels of a language as templates name them, escaped once for all the parts of a page."""
    labels = {f"w_{key}": Markup(escape(value)) for key, value in words.items() if isinstance(value, str)}
    return {**labels, "dir": words["dir"]}


def alias_path(story: DemoStory) -> str:
    """The second URL of a News Studio story."""
    return f"{story.edition.path}doc/news/{story.code}/"


def old_path(story: DemoStory) -> str:
    """The address that redirects to a story."""
    return f"{story.edition.path}old/{story.code}.html"


def code_path(story: DemoStory) -> str:
    """A story by nothing but its number, for whoever counts them up."""
    return f"{story.edition.path}news/{story.code}"


def tracked_path(story: DemoStory) -> str:
    """The address that redirects to a story and adds where one came from."""
    return f"{story.edition.path}go/{story.code}"


def tracked_target(story: DemoStory) -> str:
    """Where that leads."""
    return _with_parameter(story.path, "utm_source=letter&utm_medium=mail&utm_campaign=morning")


def print_path(story: DemoStory) -> str:
    """A story's print view."""
    return f"/print/{story.code}"


def _with_parameter(path: str, parameter: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{parameter}"
