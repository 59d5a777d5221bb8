"""A story that its site prints on several pages, while they come in. No Scrapy in here.

The view of all on one page is asked first, where there is one; else the further pages, in order. What is asked next is
`wanted`; when nothing is, `story` is all that came, `complete` where the last page was reached.
"""

from __future__ import annotations

import dataclasses

from newsscraper import Model
from newsscraper.crawl.outcome import Answer
from newsscraper.extract.further_pages import FurtherPages, read_further_pages
from newsscraper.extract.joined import (
    FetchedPage,
    covers,
    find_new_paragraphs,
    join_pages,
    read_further,
    split_paragraphs,
)
from newsscraper.extract.page_numbers import page_number
from newsscraper.extract.signals import Signals, join_rights, merge_rights
from newsscraper.sites import Profile
from newsscraper.story import Rights, Story


class SeveralPages:
    """One story: its first page, and what has followed."""

    def __init__(  # noqa: PLR0913 (what each of the pages is read with)
        self, story: Story, answer: Answer, further: FurtherPages, *, model: Model, profile: Profile | None, most: int
    ) -> None:
        self.answer = answer
        """The first page's."""
        self._pages = [story]
        self._rights: list[Rights] = []
        self._heard = Signals()
        self._model = model
        self._profile = profile
        self._most = most
        self._single = further.single_url
        self._next = further.next_url
        self.asked = {answer.url}
        """Where its pages came from."""
        self._whole = False

    @property
    def size(self) -> int:
        """How many pages its text is of."""
        return len(self._pages)

    @property
    def wanted(self) -> str | None:
        """What is to be fetched next."""
        return self._single or self._next

    @property
    def story(self) -> Story:
        """All that came, as one story."""
        # What is behind a paywall stays there on the last page, too.
        whole = join_pages(self._pages, complete=self._whole and self._pages[0].access != "paywalled")
        return dataclasses.replace(whole, rights=join_rights(whole.rights, self._rights))

    def hear(self, signals: Signals) -> None:
        """What comes beside the page that is taken next."""
        self._heard = signals

    def take(self, answer: Answer) -> str | None:
        """Add the page that `wanted` asked for; why it was not added, in a word, or None."""
        if self._single is not None:
            self._take_single(answer)
            return None
        page, problem = self._read(answer)
        if page is None:
            self._next = None
            return problem
        self._pages.append(page)
        self._reserve(page)
        self._go_on(answer)
        return "bounded:pages_per_story" if self._next is None and not self._whole else None

    def give_up(self) -> None:
        """What `wanted` asked for cannot be had: of the view on one page, the pages are left."""
        if self._single is not None:
            self._single = None
        else:
            self._next = None

    def _take_single(self, answer: Answer) -> None:
        """The view on one page in place of the pages, where it holds what the first of them does."""
        self._single = None
        story = self._extract(answer)
        if story is not None and covers(story, self._pages[0]):
            self._pages = [self._pages[0], story]
            self._reserve(story)
            self._whole, self._next = True, None

    def _reserve(self, page: Story) -> None:
        """What `page`, and what came beside it, reserves holds for the story that it is part of."""
        self._rights.append(merge_rights(page.rights, [self._heard]))

    def _read(self, answer: Answer) -> tuple[Story | None, str | None]:
        """The page's story, or why there is none."""
        if page_number(answer.url, self.answer.url) is None:
            return None, "failed:further_page_elsewhere"
        if answer.url in self.asked:
            return None, "further_page_loops"
        self.asked.add(answer.url)
        page = self._extract(answer)
        if page is None:
            return None, "failed:further_page_unreadable"
        known = split_paragraphs(join_pages(self._pages, complete=False).body)
        if not find_new_paragraphs(page, self._pages[0], known):
            return None, "further_page_repeats"
        return page, None

    def _go_on(self, answer: Answer) -> None:
        further = read_further_pages(answer.body, answer.url, charset=answer.charset, first=self.answer.url)
        self._next = further.next_url
        if self._next is None:
            self._whole = True
        elif len(self._pages) >= self._most:
            self._next = None

    def _extract(self, answer: Answer) -> Story | None:
        page = FetchedPage(url=answer.url, body=answer.body, charset=answer.charset)
        return read_further(page, profile=self._profile, fetched_at=answer.fetched_at, model=self._model)
