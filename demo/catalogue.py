"""Which stories stand where: by path, in listings, in sitemaps, in feeds, in sidebars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from .story import DemoStory, Edition

PER_PAGE = 3
FEED_LENGTH = 12
_POOL_FROM = 6


@dataclass(frozen=True)
class Catalogue:
    """All that the site holds; every answer is newest first."""

    stories: list[DemoStory]
    editions: dict[str, Edition]
    words: dict[str, dict[str, Any]]

    @cached_property
    def by_path(self) -> dict[str, DemoStory]:
        """Path (with the query where it is part of it) -> story."""
        return {story.path: story for story in self.stories}

    @cached_property
    def by_code(self) -> dict[int, DemoStory]:
        """Story code -> story."""
        return {story.code: story for story in self.stories}

    @cached_property
    def open_stories(self) -> list[DemoStory]:
        """Stories that any page may link."""
        return [story for story in self.stories if story.reach == "everywhere"]

    def listed(self, edition: Edition, section: str) -> list[DemoStory]:
        """The stories of a section's listing, all pages of it; those meant for later pages stand at its end."""
        stories = [
            s
            for s in self.stories
            if s.edition == edition and s.section == section and s.reach in ("everywhere", "pages")
        ]
        return sorted(stories, key=lambda s: s.reach == "pages")

    def newest(self, edition: Edition, count: int) -> list[DemoStory]:
        """For an edition's front page."""
        return [s for s in self.open_stories if s.edition == edition][:count]

    def tagged(self, edition: Edition, tag: str) -> list[DemoStory]:
        """The edition's linked stories that carry a tag."""
        return [s for s in self.open_stories if s.edition == edition and tag in s.tags]

    def of_day(self, day: date) -> list[DemoStory]:
        """Linked stories of all editions that appeared on a day."""
        return [s for s in self.open_stories if s.date[:10] == day.isoformat()]

    def in_feed(self, editions: Sequence[Edition]) -> list[DemoStory]:
        """The newest stories of some editions, and those that only the feed knows."""
        own = [s for s in self.stories if s.edition in editions]
        newest = [s for s in own if s.reach == "everywhere"][:FEED_LENGTH]
        return [s for s in own if s.reach == "feed" or s in newest]

    def in_sitemap(self) -> list[DemoStory]:
        """Linked stories and those that only the sitemap knows."""
        return [s for s in self.stories if s.reach in ("everywhere", "sitemap")]

    def others(self, near: Edition, language: str, start: int, count: int, but: DemoStory | None) -> list[DemoStory]:
        """Some stories in a language for a sidebar: a window that `start` moves along the linked ones.

        They come from the edition `near`, or from all editions where that one has too few.
        """
        pool = [s for s in self.open_stories if s.language == language and s is not but]
        own = [s for s in pool if s.edition == near]
        pool = own if len(own) >= _POOL_FROM else pool
        return [pool[(start + step) % len(pool)] for step in range(min(count, len(pool)))]

    def translations(self, story: DemoStory) -> list[DemoStory]:
        """The stories of its group, itself left out."""
        return [s for s in self.stories if story.group and s.group == story.group and s is not story]
