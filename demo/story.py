"""The made-up stories: what they say, where they stand on the site, and the truth an extractor is held to.

Stories are data: `stories/<language>.toml`. In a body, paragraphs stand apart by a blank line; `## ` opens a subhead,
`> ` a quotation; each line is a list item after `* `, a table row after `| ` with its cells divided by ` | `.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin
from zoneinfo import ZoneInfo

_HERE = Path(__file__).parent

LANGUAGES = ("en", "fa", "ar", "de", "ru")
TEMPLATES = ("newsstudio", "modern", "hashed", "table", "next", "microdata")
REACHES = ("everywhere", "sitemap", "feed", "pages")

_MARKS = {"## ": "subhead", "> ": "quote", "* ": "item", "| ": "row"}
_LINE_MARKS = ("* ", "| ")
_PATHS = {
    "newsstudio": "/{key}/news/{code}/{slug}",
    "modern": "/{key}/{section}/{slug}-{code}",
    "hashed": "/{key}/{day}/{slug}",
    "next": "/{key}/{section}/{slug}--{code}",
    "microdata": "/{key}/novosti/{code}/",
}

# What a template's pages do not tell, and its truth therefore leaves open.
_WITHOUT_ZONE = frozenset({"newsstudio", "table"})
_WITHOUT_CODE = frozenset({"hashed"})
_WITHOUT_PUBLISHER = frozenset({"newsstudio", "table"})
_WITHOUT_HEAD = frozenset({"table"})
_WITHOUT_MODIFIED = frozenset({"newsstudio", "table"})
_WITH_ACCESS = frozenset({"modern"})


@dataclass(frozen=True)
class Block:
    """One paragraph of a body; `kind` is `p`, `subhead`, `quote`, `item`, or `row` with its cells divided by a tab."""

    kind: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One edition of the site, under `/<key>/`."""

    key: str
    language: str
    layout: str
    zone: str
    name: str
    sections: tuple[str, ...]
    table_path: str | None = None
    table_charset: str = "utf-8"
    table_charset_in: str = "meta"

    @property
    def path(self) -> str:
        """`/en/`."""
        return f"/{self.key}/"


@dataclass(frozen=True, kw_only=True)
class DemoStory:
    """One made-up story. `date` is as precise as its page prints it, with an offset where the page gives one."""

    code: int
    edition: Edition
    language: str
    template: str
    section: str
    section_name: str
    publisher: str
    slug: str
    title: str
    date: str
    blocks: tuple[Block, ...]
    kicker: str | None = None
    lead: str | None = None
    modified: str | None = None
    caption: str | None = None
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    group: str | None = None
    """Stories of one group are translations of one another."""
    reach: str = "everywhere"
    """By what the story is found: one of `REACHES`; `pages` means page 2 and later of its section only."""
    address: str | None = None
    """Where the story lies instead of the path that its template gives it."""
    touched: datetime | None = None
    """When the site last changed the page or its address, whether the page says so or not."""
    revision: int = 0
    """How often the text was changed."""

    @cached_property
    def path(self) -> str:
        """The story's own URL path, percent-encoded, with the query where that is part of its identity."""
        if self.address:
            return self.address
        pattern = _PATHS.get(self.template) or f"/{{key}}/{self.edition.table_path}"
        day = self.date[:10].replace("-", "/")
        return pattern.format(
            key=self.edition.key, code=self.code, section=self.section, slug=quote(self.slug), day=day
        )

    @cached_property
    def published(self) -> datetime:
        """The instant of publication, aware; the edition's zone stands in where the page gives none."""
        when = datetime.fromisoformat(self.date)
        return when if when.tzinfo else when.replace(tzinfo=ZoneInfo(self.edition.zone))

    @property
    def changed(self) -> datetime:
        """The instant of the last change, which is that of publication for a story that was never touched again."""
        if self.touched:
            return self.touched
        return datetime.fromisoformat(self.modified) if self.modified else self.published

    @property
    def date_with_zone(self) -> str:
        """`date` with its offset, as a profile that knows the edition's zone makes it; a bare day stays one."""
        return self.date if len(self.date) == 10 else self.published.isoformat(timespec=self._timespec)

    @property
    def _timespec(self) -> str:
        return "seconds" if self.date[16:17] == ":" else "minutes"

    @property
    def body(self) -> str:
        """Paragraphs joined by one blank line."""
        return "\n\n".join(block.text for block in self.blocks)

    @property
    def image_path(self) -> str | None:
        """Where the story's picture lies, None for a page without one; News Studio prints one on every page."""
        return f"/media/{self.code}.png" if self.caption or self.template == "newsstudio" else None

    @property
    def description(self) -> str | None:
        """The page's meta description."""
        return None if self.template in _WITHOUT_HEAD else self.lead or self.blocks[0].text

    @property
    def says_zone(self) -> bool:
        """False where the template prints a time without its zone."""
        return self.template not in _WITHOUT_ZONE

    @property
    def says_modified(self) -> bool:
        """False where the template has no place for the date of a change."""
        return self.template not in _WITHOUT_MODIFIED

    @property
    def charset(self) -> str:
        """The encoding of the story's page."""
        return self.edition.table_charset if self.template == "table" else "utf-8"

    def url_on(self, base: str) -> str:
        """The story's own URL on the site at `base` (`http://127.0.0.1:8000/`)."""
        return urljoin(base, self.path)

    @cached_property
    def truth(self) -> dict[str, Any]:
        """The content fields that do not depend on where the site is served; keyword arguments of `Story`."""
        return {
            "title": self.title,
            "date": self.date,
            "story_code": None if self.template in _WITHOUT_CODE else str(self.code),
            "body": self.body,
            "tags": list(self.tags),
            "authors": list(self.authors),
            "lead": self.lead,
            "description": self.description,
            "section": [self.section_name],
            "language": self.language,
            "date_utc": f"{self.published.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if self.says_zone else None,
            "date_modified": self.modified,
            "genre": "story",
            "access": "free" if self.template in _WITH_ACCESS else None,
            "complete": True,
            "publisher": None if self.template in _WITHOUT_PUBLISHER else self.publisher,
        }

    def truth_on(self, base: str) -> dict[str, Any]:
        """`truth` and the fields that hold URLs, except `translations`, for the site at `base`."""
        image = self.image_path
        return self.truth | {
            "canonical_url": None if self.template in _WITHOUT_HEAD else self.url_on(base),
            "images": [{"url": urljoin(base, image), "caption": self.caption}] if image else [],
        }


def read_blocks(body: str) -> tuple[Block, ...]:
    """A body in the marks of the story files -> its blocks."""
    texts = (text.splitlines() if text.startswith(_LINE_MARKS) else [text] for text in body.strip().split("\n\n"))
    return tuple(_read_block(text) for group in texts for text in group)


def _read_block(text: str) -> Block:
    text = " ".join(text.split())
    for mark, kind in _MARKS.items():
        if text.startswith(mark):
            text = text.removeprefix(mark)
            return Block(kind, text.replace(" | ", "\t") if kind == "row" else text)
    return Block("p", text)


def read_words() -> dict[str, dict[str, Any]]:
    """Language -> its labels, furniture texts and comments, from `words/<language>.toml`."""
    return {language: _read_toml(f"words/{language}.toml") for language in LANGUAGES}


def read_editions() -> dict[str, Edition]:
    """Key -> edition, from `editions.toml`."""
    rows = _read_toml("editions.toml")["edition"]
    return {row["key"]: Edition(**{**row, "sections": tuple(row["sections"])}) for row in rows}


def read_stories(editions: dict[str, Edition], words: dict[str, dict[str, Any]]) -> list[DemoStory]:
    """Every story of every language, newest first."""
    stories = [
        _read_story(row, language, editions, words)
        for language in LANGUAGES
        for row in _read_toml(f"stories/{language}.toml")["story"]
    ]
    return sorted(stories, key=lambda s: (s.published, s.code), reverse=True)


def _read_story(
    row: dict[str, Any], language: str, editions: dict[str, Edition], words: dict[str, dict[str, Any]]
) -> DemoStory:
    edition = editions[row.pop("edition", language)]
    body = row.pop("body")
    return DemoStory(
        edition=edition,
        language=language,
        section_name=words[language]["sections"][row["section"]],
        publisher=edition.name,
        blocks=read_blocks(body),
        tags=tuple(row.pop("tags", ())),
        authors=tuple(row.pop("authors", ())),
        **row,
    )


def _read_toml(name: str) -> dict[str, Any]:
    with (_HERE / name).open("rb") as file:
        return tomllib.load(file)
