"""What one page is drawn from, and where its links lead."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote, urljoin

from .catalogue import Catalogue
from .markup import Markup, fill
from .story import DemoStory, Edition
from .traps import FORBIDDEN_PATH, GONE_PATH, OFFSITE_HOST, OFFSITE_PATH, SOFT_404_PATH


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
    def number(self) -> int:
        """A number that differs from page to page and never changes: it varies the furniture."""
        return int(hashlib.sha256(self.here.encode()).hexdigest()[:8], 16)

    def others(self, start: int, count: int, but: DemoStory | None = None) -> list[DemoStory]:
        """Stories for a sidebar or a promo on this page."""
        return self.catalogue.others(self.edition, self.language, start, count, but)

    def sidebar_href(self, story: DemoStory) -> str:
        """A story's link in a sidebar: every third carries a session id."""
        if "session_ids" in self.traps and story.code % 3 == 0:
            return _with_parameter(story.path, f"sid={self.number:08x}")
        return story.path

    def most_read_href(self, story: DemoStory) -> str:
        """A story's link in a most-read list: tracked, or by the second address of the old platform."""
        if "alias" in self.traps and story.template == "newsstudio" and story.code % 3 == 1:
            return alias_path(story)
        if "tracking" in self.traps and story.code % 3 == 2:
            return _with_parameter(story.path, "utm_source=most-read&utm_medium=box")
        return story.path

    def section_path(self, section: str, page: int = 1) -> str:
        """A listing of the edition."""
        return f"{self.edition.path}section/{section}" + (f"?page={page}" if page > 1 else "")

    def tag_path(self, tag: str) -> str:
        """Where a tag leads: its listing, or the front page where tags have none."""
        return f"{self.edition.path}tags/{quote(tag)}" if "tags" in self.traps else f"{self.edition.path}#{quote(tag)}"

    def menu(self) -> list[tuple[str, str]]:
        """(path, text) of the menu, home first."""
        sections = [(self.section_path(s), self.words["sections"][s]) for s in self.edition.sections]
        archive = [("/archive/2022/03/31", self.words["archive"])] if "calendar" in self.traps else []
        return [(self.edition.path, self.words["home"]), *sections, *archive]

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
        }
        return [link for trap, found in links.items() if trap in self.traps for link in found]


def make_labels(words: dict[str, Any]) -> dict[str, str]:
    """The labels of a language as templates name them."""
    return {f"w_{key}": value for key, value in words.items() if isinstance(value, str)} | {"dir": words["dir"]}


def alias_path(story: DemoStory) -> str:
    """The second URL of a News Studio story."""
    return f"{story.edition.path}doc/news/{story.code}/"


def old_path(story: DemoStory) -> str:
    """The address that redirects to a story."""
    return f"{story.edition.path}old/{story.code}.html"


def print_path(story: DemoStory) -> str:
    """A story's print view."""
    return f"/print/{story.code}"


def _with_parameter(path: str, parameter: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{parameter}"
