"""Which of what was found may be asked: by https where that is known, within bounds, no second address. No Scrapy."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit

from newsscraper.crawl.bounds import Bounds, Limits, SecondAddresses
from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.discovery.habits import Parameters, Shapes
from newsscraper.crawl.discovery.shapes import numbers_in
from newsscraper.crawl.entries import make_entry
from newsscraper.crawl.ledgers import Ledgers
from newsscraper.crawl.outcome import Answer, Outcome
from newsscraper.crawl.target import Target
from newsscraper.store import Clock, Entry, normalise_url, site_of
from newsscraper.story import Story

_DAY = 86_400
_ASKED = frozenset({"ready", "leased", "done"})


class Admission:
    """To one run over one target; it learns from what each answer brought."""

    def __init__(self, target: Target, limits: Limits, *, ledgers: Ledgers, clock: Clock) -> None:
        self._ledgers = ledgers
        self._clock = clock
        self._window = target.window
        self._bounds = Bounds(limits, target.window)
        self._seconds = SecondAddresses()
        self._shapes = Shapes()
        self._parameters = Parameters()
        self._secure_hosts = {urlsplit(found.url).netloc for found in target.start if found.url.startswith("https:")}

    def admit(self, found: Found, *, again: bool) -> Entry | str:
        """An entry for the frontier, or why there is none; with `again` what has been asked before is asked again."""
        found = self.recognise(found)
        refusal = self._bounds.refusal(found)
        if refusal is not None:
            return refusal
        if found.modified is not None and found.modified > self._clock.seconds() + _DAY:
            found = dataclasses.replace(found, modified=None)
        return make_entry(found, again=again)

    def refusal(self, found: Found) -> str | None:
        """Why `found`, once admitted, may no longer be fetched."""
        refusal = self._bounds.refusal(found)
        if refusal is not None:
            return refusal
        is_second = (
            self._seconds.covers(found)
            or (self._seconds.suspects(found) and self._is_known_by_number(found.url))
            or self._is_known_by_another(found)
        )
        return "second_address" if is_second else None

    def recognise(self, found: Found) -> Found:
        """`found` at the address that is asked for it, and as what such addresses have turned out to be."""
        found = self.secure(found)
        if found.alone or found.entrance:
            return found
        return self._shapes.judge(dataclasses.replace(found, url=self._parameters.own_address(found.url)))

    def twin_of(self, url: str, content_hash: str | None) -> str | None:
        """Where the very same story has come from, when it is `url` with other parameters."""
        return self._parameters.twin_of(url, content_hash) if content_hash else None

    def excludes(self, story: Story, found: Found) -> bool:
        """Whether a story lies outside the window by its own date; the page that led to it is judged by that, too."""
        side = self._window.side_of_story(story.date, story.date_utc)
        if self._window.since is not None:
            self._bounds.note_age(found.trail, is_old=side == "before")
        return side is not None

    def _is_known_by_another(self, found: Found) -> bool:
        if found.alone or found.announced or found.kind in {"feed", "sitemap"}:
            return False
        own = self._parameters.own_address(found.url)
        if self._parameters.has_come(normalise_url(found.url)):
            return True
        return own != found.url and self._ledgers.of(own).frontier.known(own) in _ASKED

    def _is_known_by_number(self, url: str) -> bool:
        """Whether a story bears a number in `url`, and has not come from there."""
        stories = self._ledgers.of(url).stories
        if stories.find_by_name(normalise_url(url)) is not None:
            return False
        return any(stories.find_by_name(f"{site_of(url)} #{number}") for number in numbers_in(url))

    def secure(self, found: Found) -> Found:
        """A host that the crawl entered by https is asked by https, whatever old links say."""
        parts = urlsplit(found.url)
        if parts.scheme == "http" and parts.netloc in self._secure_hosts:
            return dataclasses.replace(found, url=urlunsplit(parts._replace(scheme="https")))
        return found

    def find_news(self, discoveries: Iterable[Found]) -> frozenset[str]:
        """The stories among `discoveries` that nobody had named before."""
        # What lies outside the window is in no frontier: a list of it would be news for ever.
        urls = {
            each.url
            for each in map(self.recognise, discoveries)
            if each.kind == "story" and self._window.side_of_found(each) is None
        }
        return frozenset(url for url in urls if self._ledgers.of(url).frontier.known(url) is None)

    def trail_of(self, url: str) -> tuple[str, ...]:
        """The budget keys that what was found at `url` is charged to as well."""
        return self._bounds.trail_of(url)

    def learn_from_outcome(self, outcome: Outcome, answer: Answer, *, brings_news: bool) -> None:
        """An answer was read as `outcome`."""
        if outcome.kind == "listing":
            following = next((each.url for each in outcome.found if each.later), None)
            self._bounds.note_page(answer.url, brings_news=brings_news, following=following)
            self._shapes.note(answer.url, is_story=False)
        elif outcome.kind in {"feed", "sitemap"}:
            self._bounds.note_machine_file()
        elif outcome.kind in {"ignored", "failed"}:
            self._bounds.note_waste(answer.url)

    def learn_of_machine_file(self) -> None:
        """A feed or sitemap was asked that is what it was."""
        self._bounds.note_machine_file()

    def learn_from_failure(self, url: str) -> None:
        """Asking `url` brought nothing."""
        self._bounds.note_waste(url)

    def learn_of_known(self, url: str) -> None:
        """`url` redirected to a page that is known."""
        self._seconds.note(url, is_second=True)

    def learn_from_verdict(
        self, verdict: str, url: str, found: Found, *, content_hash: str = "", own: str | None = None
    ) -> None:
        """The ledger compared the story at `url`, where `found` led to, with what it has; `own`: its address."""
        is_second = verdict in {"copy", "duplicate"}
        if is_second and own is not None:
            self._parameters.note(url, content_hash, own)
        elif verdict == "new":
            self._parameters.note(url, content_hash)
            self._shapes.note(url, is_story=True)
        self._seconds.note(found.url, is_second=is_second)
        if verdict in {"new", "changed"}:
            self._bounds.note_story(url, found.trail)
        elif found.kind == "story" or is_second:
            self._bounds.note_waste(url)
