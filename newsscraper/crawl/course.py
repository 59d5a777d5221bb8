"""The course of a run: what has been met, what an answer leads to, what was counted. No Scrapy in here."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from newsscraper.crawl.bounds import Bounds, Limits
from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.identity import Identity
from newsscraper.crawl.outcome import Answer, Outcome
from newsscraper.crawl.reading import Reader
from newsscraper.crawl.several_pages import SeveralPages
from newsscraper.crawl.tally import BAD_LINE, START_GONE, Tally
from newsscraper.crawl.target import Target
from newsscraper.extract import Model
from newsscraper.record import Record
from newsscraper.store import make_record, normalise_url, site_of
from newsscraper.story import Story


@dataclass(frozen=True, kw_only=True)
class Step:
    """What follows from one answer: a record, a story whose further pages are to be fetched first, or neither."""

    outcome: Outcome
    record: Record | None = None
    unfinished: SeveralPages | None = None
    requests: tuple[Found, ...] = ()


class Course:
    """One run over one target; `model`: the weights that pages are read with."""

    def __init__(self, target: Target, limits: Limits, run_id: str, model: Model) -> None:
        self.run_id = run_id
        sites = [target.scope.label] if target.follow else sorted(target.scope.sites)
        self.tallies = {site: Tally(site) for site in sites}
        """What happened, by site: one where links are followed, and each site of a list by itself."""
        self._target = target
        self._model = model
        self._reader = Reader(target.scope, target.profile_of, model, follow=target.follow)
        self._bounds = Bounds(limits)
        self._pages_per_story = limits.pages_per_story
        self._identity = Identity()
        self._asked: set[str] = set()
        self._secure_hosts = {urlsplit(found.url).netloc for found in target.start if found.url.startswith("https:")}
        for line in target.bad_lines:
            self.tallies[target.scope.label].note(BAD_LINE, line)

    def admit(self, discoveries: Iterable[Found]) -> list[Found]:
        """Those of `discoveries` that are new to the run and within its bounds: to be fetched."""
        admitted = []
        for each in discoveries:
            found = self._secure(each)
            key = normalise_url(found.url)
            if not found.alone and key in self._asked:
                continue
            refusal = self._bounds.refusal(found)
            if refusal is not None:
                self.note(f"bounded:{refusal}", found.url)
                continue
            self._asked.add(key)
            admitted.append(found)
        return admitted

    def refusal(self, found: Found) -> str | None:
        """Why `found`, once admitted, may no longer be fetched."""
        return self._bounds.refusal(found)

    def settle(self, answer: Answer, found: Found) -> Step:
        """Read an answer, count it, and say what follows."""
        self._asked.add(normalise_url(answer.url))
        outcome = self._reader.read(answer, found)
        record, elsewhere = self._judge(outcome, answer, found)
        self._count(outcome, answer)
        trail = self._bounds.trail_of(answer.url)
        discoveries = [dataclasses.replace(each, trail=trail) for each in (*elsewhere, *outcome.found)]
        self._spend(outcome, answer, found, is_new=record is not None)
        requests = [*self.admit(discoveries), *self._released(found.url, answer.url)]
        unfinished = self._begin(outcome, answer) if record is not None else None
        return Step(
            outcome=outcome,
            record=record if unfinished is None else None,
            unfinished=unfinished,
            requests=tuple(requests),
        )

    def want(self, unfinished: SeveralPages) -> str | None:
        """The next page of a story to be fetched, None where there is none or it lies outside the site."""
        while (url := unfinished.wanted) is not None and not self._target.scope.owns(url):
            unfinished.give_up()
        if url is not None:
            self._asked.add(normalise_url(url))
        return url

    def take(self, unfinished: SeveralPages, answer: Answer) -> None:
        """A further page of a story came."""
        problem = unfinished.take(answer)
        self.note(problem or "further_pages", answer.url)

    def miss(self, unfinished: SeveralPages, name: str, detail: str = "") -> None:
        """A further page of a story did not come, `name` says why: the pages before it remain."""
        # Nobody minds a page that is gone, but for one that the story needs.
        self.note("failed:further_page_gone" if name == "gone" else name, unfinished.wanted or "", detail)
        unfinished.give_up()

    def finish(self, unfinished: SeveralPages) -> Record:
        """The record of a story whose further pages have come, or will not."""
        story = unfinished.story
        if not story.complete:
            self.note("unfinished", unfinished.answer.url)
        return self._make_record(story, unfinished.answer)

    def fail(self, found: Found, name: str, detail: str = "") -> list[Found]:
        """A request brought nothing, `name` says why; what is to be fetched in its place."""
        if name == "gone" and found.entrance:
            name = START_GONE
        if not (found.guessed and name.startswith(("failed:http", "gone"))):
            self.note(name, found.url, detail)
        if not name.startswith("bounded:"):
            self._bounds.note_waste(found.url)
        return self._released(found.url)

    def release_rest(self) -> list[Found]:
        """When nothing is under way any more: copies whose original never came."""
        return [self._as_itself(url) for url in self._identity.released_at_end()]

    def note(self, name: str, url: str, detail: str = "") -> None:
        """Count `name`, which happened at `url`."""
        self.tally_of(url).note(name, f"{url} ({detail})" if detail else url)

    def tally_of(self, url: str) -> Tally:
        """The account that what happens at `url` goes to."""
        own = site_of(url) if len(self.tallies) > 1 and self._target.scope.owns(url) else self._target.scope.label
        return self.tallies[own]

    def _secure(self, found: Found) -> Found:
        """A host that the crawl entered by https is asked by https, whatever old links say."""
        parts = urlsplit(found.url)
        if parts.scheme == "http" and parts.netloc in self._secure_hosts:
            return dataclasses.replace(found, url=urlunsplit(parts._replace(scheme="https")))
        return found

    def _judge(self, outcome: Outcome, answer: Answer, found: Found) -> tuple[Record | None, list[Found]]:
        if outcome.story is None:
            return None, []
        verdict, address = self._identity.judge(outcome.story, answer.url, alone=found.alone)
        if verdict == "elsewhere" and address is not None:
            self.note("copies", answer.url)
            if self._target.scope.owns(address):
                return None, [Found(url=address, kind="story", depth=found.depth, announced=found.announced)]
        if verdict != "new":
            self.note("duplicates", answer.url)
            return None, []
        return self._make_record(outcome.story, answer), []

    def _begin(self, outcome: Outcome, answer: Answer) -> SeveralPages | None:
        """The story whose further pages are to be fetched, where there are any."""
        if outcome.story is None or outcome.further is None:
            return None
        return SeveralPages(
            outcome.story,
            answer,
            outcome.further,
            model=self._model,
            profile=self._target.profile_of(answer.url),
            most=self._pages_per_story,
        )

    def _make_record(self, story: Story, answer: Answer) -> Record:
        return make_record(
            story,
            url=answer.url,
            fetched_url=answer.asked_url,
            fetched_at=answer.fetched_at,
            http_status=answer.status,
            model=self._model,
            profile=self._target.profile_of(answer.url),
            run_id=self.run_id,
        )

    def _count(self, outcome: Outcome, answer: Answer) -> None:
        self.note(f"{outcome.kind}s" if outcome.kind in {"listing", "feed", "sitemap"} else outcome.kind, answer.url)
        if outcome.reason is not None and outcome.kind != "story":
            prefix = {"ignored": "ignored", "failed": "failed"}.get(outcome.kind, "not_story")
            self.note(f"{prefix}:{outcome.reason}", answer.url)

    def _spend(self, outcome: Outcome, answer: Answer, found: Found, *, is_new: bool) -> None:
        if is_new:
            self._bounds.note_story(answer.url, found.trail)
        elif outcome.kind == "listing":
            stories = [normalise_url(each.url) for each in outcome.found if each.kind == "story"]
            self._bounds.note_page(answer.url, stories)
        elif outcome.kind in {"feed", "sitemap"}:
            self._bounds.note_machine_file()
        elif outcome.kind in {"story", "ignored", "failed"}:
            self._bounds.note_waste(answer.url)

    def _released(self, *urls: str) -> list[Found]:
        released = dict.fromkeys(copy for url in dict.fromkeys(urls) for copy in self._identity.released(url))
        return [self._as_itself(url) for url in released]

    def _as_itself(self, url: str) -> Found:
        return Found(url=url, kind="story", alone=True, announced=True)
