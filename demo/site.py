"""The made-up news site: what it answers, and how it changes when it is told to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from .answers import Answers
from .catalogue import Catalogue, Withdrawal
from .made_up import StoryMaker
from .page import Page
from .story import DemoStory, read_editions, read_stories, read_words
from .traps import read_traps

__all__ = ["DemoSite", "Page"]


class DemoSite:
    """The site. `traps` names those of `newsscraper_demo.traps.TRAPS` to set; None sets them all.

    `stories` is how many it begins with: the hand-written ones unless given, and made-up ones beyond these. It changes
    by `change`, `publish`, `remove` and `move` only, each at once and as a whole; two sites that were told the same are
    the same. No clock is read: `now` is an aware datetime that the caller moves on.
    """

    def __init__(self, traps: Iterable[str] | None = None, stories: int | None = None) -> None:
        words, editions = read_words(), read_editions()
        written = read_stories(editions, words)
        if stories is not None and stories < len(written):
            raise ValueError(f"{stories} stories are fewer than the {len(written)} hand-written ones")
        self._maker = StoryMaker(written)
        made_up = [self._maker.make_old() for _ in range((stories or len(written)) - len(written))]
        everything = _sort(written + made_up)
        self.traps = read_traps(traps)
        self._answers = Answers(Catalogue(everything, editions, words, tuple(everything)), self.traps)

    @property
    def stories(self) -> list[DemoStory]:
        """All that the site holds now, newest first."""
        return self._answers.catalogue.stories

    def page(self, path: str, base_url: str, dress: Collection[str] = ()) -> Page:
        """The answer to `path` (with its query, percent-encoded) on the site at `base_url`: 404 where nothing is.

        `dress` (of `dresses.DRESSES`) is how pages of stories are drawn, none of them being as their templates have it.
        """
        return self._answers.page(path, base_url, dress)

    def story_at(self, path: str) -> DemoStory | None:
        """The story that lies at an address now, its own or a second one."""
        return self._answers.story_at(path)

    def words_at(self, path: str) -> dict[str, Any]:
        """Labels and texts in the language of the edition that an address belongs to; `language` is among them."""
        return self._answers.words_at(path)

    def tell_story(self, code: int, base_url: str) -> dict[str, Any] | None:
        """What a page's script would draw a story from; None for an unknown one."""
        return self._answers.tell_story(code, base_url)

    def find(self, code: int) -> DemoStory:
        """The story as it stands now. Raises `KeyError`."""
        return self._answers.catalogue.by_code[code]

    def change(self, codes: Collection[int], now: datetime) -> list[DemoStory]:
        """Change the text of stories: a paragraph altered or added. They are answered as they stand then."""
        changed = {code: self._maker.change(self.find(code), now) for code in codes}
        self._put([changed.get(story.code, story) for story in self.stories])
        return list(changed.values())

    def publish(self, count: int, now: datetime) -> list[DemoStory]:
        """New stories, linked everywhere, one a second up to `now`."""
        new = [self._maker.make_new(now - timedelta(seconds=count - 1 - place)) for place in range(count)]
        self._put(self.stories + new)
        return new

    def remove(self, code: int, now: datetime | None = None) -> None:
        """Take a story down: its addresses answer 410. Without `now` that is a minute after all else on the site."""
        story = self.find(code)
        withdrawal = Withdrawal(story, now or self._next_minute())
        self._put([each for each in self.stories if each is not story], withdrawal)

    def move(self, code: int, now: datetime | None = None) -> DemoStory:
        """Give a story another address; the one before answers 301. It is answered as it stands then."""
        story, when = self.find(code), now or self._next_minute()
        moved = replace(story, address=_make_address(story), touched=when)
        self._put([moved if each is story else each for each in self.stories], Withdrawal(story, when))
        return moved

    def _put(self, stories: list[DemoStory], *withdrawals: Withdrawal) -> None:
        """What is being answered meanwhile is answered from the state before."""
        before = self._answers.catalogue
        catalogue = replace(before, stories=_sort(stories), withdrawals=(*before.withdrawals, *withdrawals))
        self._answers = Answers(catalogue, self.traps)

    def _next_minute(self) -> datetime:
        catalogue = self._answers.catalogue
        latest = catalogue.last_change(catalogue.stories, catalogue.withdrawals)
        return (latest or max(story.published for story in catalogue.founding)) + timedelta(minutes=1)


def _sort(stories: list[DemoStory]) -> list[DemoStory]:
    return sorted(stories, key=lambda story: (story.published, story.code), reverse=True)


def _make_address(story: DemoStory) -> str:
    """Another folder of the edition; what names the story in its path stays."""
    home = story.edition.path
    return f"{home}dossier/{story.path.removeprefix(home)}"
