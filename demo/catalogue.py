"""Which stories stand where: by path, in listings, in sitemaps, in feeds, in sidebars."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from .story import DemoStory, Edition

FEED_LENGTH = 12
_POOL_FROM = 6
_SMALL_SITE = 100


@dataclass(frozen=True)
class Withdrawal:
    """A story that no longer lies where it lay: moved when another of its code is there, else gone."""

    story: DemoStory
    when: datetime


@dataclass(frozen=True)
class Catalogue:
    """All that the site holds at a moment; every answer is newest first."""

    stories: list[DemoStory]
    editions: dict[str, Edition]
    words: dict[str, dict[str, Any]]
    founding: tuple[DemoStory, ...]
    """The stories that the site began with. Sidebars hold no others, so that a new story does not change old pages."""
    withdrawals: tuple[Withdrawal, ...] = ()

    @property
    def per_page(self) -> int:
        """Stories on a page of a section: few on a small site, so that it has further pages at all."""
        return 3 if len(self.founding) <= _SMALL_SITE else 20

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
        newest = {s.code for s in [s for s in own if s.reach == "everywhere"][:FEED_LENGTH]}
        return [s for s in own if s.reach == "feed" or s.code in newest]

    def in_sitemap(self) -> list[DemoStory]:
        """Linked stories and those that only the sitemap knows."""
        return [s for s in self.stories if s.reach in ("everywhere", "sitemap")]

    @cached_property
    def _old_half(self) -> frozenset[int]:
        codes = [s.code for s in self.founding if s.reach in ("everywhere", "sitemap")]
        return frozenset(codes[len(codes) // 2 :])

    def is_old(self, story: DemoStory) -> bool:
        """Whether the story stands in the sitemap of the older half of the founding ones, whatever came since."""
        return story.code in self._old_half

    def last_change(self, shown: Iterable[DemoStory], withdrawn: Iterable[Withdrawal] = ()) -> datetime | None:
        """When a list last changed that shows some stories and may have shown the `withdrawn` ones; None if empty."""
        return max((*(s.changed for s in shown), *(w.when for w in withdrawn)), default=None)

    def withdrawn_from(self, editions: Sequence[Edition]) -> list[Withdrawal]:
        """What may have stood in the lists of some editions."""
        return [w for w in self.withdrawals if w.story.edition in editions]

    def others(self, near: Edition, language: str, start: int, count: int, but: DemoStory | None) -> list[DemoStory]:
        """Some stories in a language for a sidebar: a window that `start` moves along the linked ones.

        They come from the edition `near`, or from all editions where that one has too few.
        """
        everywhere, own = self._pools.get(language, {}), self._pools.get((language, near.key), {})
        has_enough = len(own) - (but is not None and but.code in own) >= _POOL_FROM
        pool = own if has_enough else everywhere
        left_out = pool[but.code] if but is not None and but.code in pool else len(pool)
        stories = self._pool_stories[(language, near.key) if has_enough else language] if pool else []
        size = len(stories) - (left_out < len(stories))
        places = ((start + step) % size for step in range(min(count, size)))
        return [stories[place + (place >= left_out)] for place in places]

    @cached_property
    def _pool_stories(self) -> dict[str | tuple[str, str], list[DemoStory]]:
        """Language, and language with an edition's key -> the stories that sidebars take from."""
        pools: dict[str | tuple[str, str], list[DemoStory]] = {}
        present = [self.by_code[s.code] for s in self.founding if s.reach == "everywhere" and s.code in self.by_code]
        for story in present:
            pools.setdefault(story.language, []).append(story)
            pools.setdefault((story.language, story.edition.key), []).append(story)
        return pools

    @cached_property
    def _pools(self) -> dict[str | tuple[str, str], dict[int, int]]:
        """The same -> story code -> place."""
        return {key: {s.code: place for place, s in enumerate(pool)} for key, pool in self._pool_stories.items()}

    def translations(self, story: DemoStory) -> list[DemoStory]:
        """The stories of its group, itself left out."""
        return [s for s in self.stories if story.group and s.group == story.group and s.code != story.code]
