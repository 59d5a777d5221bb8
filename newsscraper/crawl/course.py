"""The course of a run: what an answer leads to, and what was counted. No Scrapy in here."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from newsscraper.crawl.bounds import Bounds, Limits, SecondAddresses
from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.discovery.shapes import leads_on, numbers_in
from newsscraper.crawl.endings import Ending, end_of_answer, end_of_failure
from newsscraper.crawl.entries import make_entry
from newsscraper.crawl.failures import ALREADY_KNOWN
from newsscraper.crawl.ledgers import Ledgers
from newsscraper.crawl.outcome import Answer, Outcome
from newsscraper.crawl.revisits import next_visit
from newsscraper.crawl.settled import Settled
from newsscraper.crawl.several_pages import SeveralPages
from newsscraper.crawl.tally import BAD_LINE, START_GONE, Tally
from newsscraper.crawl.target import Target
from newsscraper.crawl.validation import find_record_faults, published_at
from newsscraper.extract import Model
from newsscraper.extract.further_pages import FurtherPages
from newsscraper.record import Record
from newsscraper.store import (
    Clock,
    Committed,
    Entry,
    Lease,
    Settlement,
    canonical_url,
    code_keys,
    format_instant,
    make_record,
    normalise_url,
    site_of,
)
from newsscraper.story import Story

logger = logging.getLogger(__name__)

_DAY = 86_400


@dataclass(frozen=True, kw_only=True)
class Step:
    """What follows from one answer: it is settled, or it is a story whose further pages are to be fetched first."""

    settled: Settled
    unfinished: SeveralPages | None = None


class Course:
    """One run over one target; `model`: the weights that pages are read with; `revisit_hours`: see `revisits`."""

    def __init__(  # noqa: PLR0913 (a run's conditions)
        self,
        target: Target,
        limits: Limits,
        run_id: str,
        model: Model,
        *,
        ledgers: Ledgers,
        clock: Clock,
        revisit_hours: Sequence[float],
    ) -> None:
        self.run_id = run_id
        self.ledgers = ledgers
        self.started = clock.seconds()
        sites = [target.scope.label] if target.follow else sorted(target.scope.sites)
        self.tallies = {site: Tally(site) for site in sites}
        """What happened, by site: one where links are followed, and each site of a list by itself."""
        self.faults: dict[str, str] = {}
        """Why not everything was written, by site."""
        self._clock = clock
        self._target = target
        self._model = model
        self._revisit_hours = revisit_hours
        self._bounds = Bounds(limits)
        self._seconds = SecondAddresses()
        self._pages_per_story = limits.pages_per_story
        self._secure_hosts = {urlsplit(found.url).netloc for found in target.start if found.url.startswith("https:")}
        for line in target.bad_lines:
            self.tallies[target.scope.label].note(BAD_LINE, line)

    def begin(self, discoveries: Iterable[Found], *, again: bool) -> int:
        """Add to the frontier what no answer named, with `again` also what has been asked before; how many were new."""
        entries: dict[str, list[Entry]] = {}
        for entry in self._admit(discoveries, again=again):
            entries.setdefault(self.ledgers.site_of(entry.url), []).append(entry)
        return sum(self.ledgers[site].frontier.add(own) for site, own in entries.items())

    def refusal(self, found: Found) -> str | None:
        """Why `found`, once admitted, may no longer be fetched."""
        refusal = self._bounds.refusal(found)
        if refusal is not None:
            return refusal
        is_second = self._seconds.covers(found) or (
            self._seconds.suspects(found) and self._is_known_by_number(found.url)
        )
        return "second_address" if is_second else None

    def _is_known_by_number(self, url: str) -> bool:
        stories = self.ledgers.of(url).stories
        return any(stories.find_by_name(f"{site_of(url)} #{number}") for number in numbers_in(url))

    def knows_elsewhere(self, url: str, found: Found, lease: Lease | None) -> bool:
        """Whether `url`, where `found` redirects to, needs no request of its own from here."""
        if found.entrance or found.kind in {"feed", "sitemap"} or (lease is not None and lease.story_key is not None):
            return False
        return self.ledgers.of(found.url).frontier.known(url) in {"ready", "leased", "done"}

    def settle(self, answer: Answer, found: Found, lease: Lease | None, outcome: Outcome) -> Step:
        """Count an answer that has been read as `outcome`, and say what follows."""
        self._count(outcome, answer)
        news = self._find_news(outcome, found)
        self._spend(outcome, answer, brings_news=bool(news))
        trail = self._bounds.trail_of(answer.url)
        discoveries = [dataclasses.replace(each, trail=trail) for each in outcome.found]
        entries = [
            entry
            for each in discoveries
            for entry in self._admit([each], again=bool(news) and each.later and leads_on(answer.url, each.url))
        ]
        ending = end_of_answer(outcome, found, lease, brings_news=bool(news), started=self.started, now=self._now)
        settled = self._settle(answer, found, lease, ending, discoveries=entries)
        if outcome.story is None:
            return Step(settled=settled)
        if outcome.further is not None:
            return Step(settled=settled, unfinished=self._begin(outcome.story, outcome.further, answer))
        return Step(settled=self._with_story(settled, outcome.story, answer, outcome.fingerprint))

    def keep(self, answer: Answer, found: Found, lease: Lease) -> Settled:
        """The site said that a page is what it was, or sent the very same bytes."""
        self.note("not_modified", answer.url)
        ending = end_of_answer(None, found, lease, brings_news=False, started=self.started, now=self._now)
        due = ending.due
        if lease.story_key is not None:
            self.note("revisited", answer.url)
            due = self._next_visit(lease.entry.modified, lease.revisits + 1)
        elif found.kind in {"feed", "sitemap"}:
            self._bounds.note_machine_file()
        return self._settle(answer, found, lease, dataclasses.replace(ending, due=due), unchanged=True)

    def want(self, unfinished: SeveralPages) -> str | None:
        """The next page of a story to be fetched, None where there is none or it lies outside the site."""
        while (url := unfinished.wanted) is not None and not self._target.scope.owns(url):
            unfinished.give_up()
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

    def finish(self, settled: Settled, unfinished: SeveralPages, outcome: Outcome) -> Settled:
        """The outcome of a story whose further pages have come, or will not."""
        story = unfinished.story
        if not story.complete:
            self.note("unfinished", unfinished.answer.url)
        also = tuple(dict.fromkeys((*settled.settlement.also, *unfinished.asked)))
        settlement = dataclasses.replace(settled.settlement, also=also, digest=None, etag=None, last_modified=None)
        return self._with_story(
            dataclasses.replace(settled, settlement=settlement), story, unfinished.answer, outcome.fingerprint
        )

    def fail(
        self, found: Found, lease: Lease | None, name: str, detail: str = "", status: int | None = None
    ) -> Settled:
        """A request brought nothing, `name` says why."""
        if name == "gone" and found.entrance:
            name = START_GONE
        if not (found.guessed and name.startswith(("failed:http", "gone"))):
            self.note(name, found.url, detail)
        if name == ALREADY_KNOWN:
            self._seconds.note(found.url, is_second=True)
        elif not name.startswith("bounded:"):
            self._bounds.note_waste(found.url)
        ending = end_of_failure(name, found, lease, status=status, started=self.started, now=self._now)
        return Settled(
            found=found,
            site=self.ledgers.site_of(found.url),
            url=found.url,
            settlement=Settlement(
                key=lease.key if lease else None,
                state=ending.state,
                due=ending.due,
                visited_at=self._now,
                status=status,
                events=self._events(ending, found.url, lease, status),
            ),
        )

    def note_death(self, found: Found, lease: Lease, reason: str) -> None:
        """A process died over a page: it is asked again at once, or set aside when that was the third."""
        is_set_aside = self.ledgers.of(found.url).frontier.note_death(lease.key, delay=0)
        self.note("failed:quarantined" if is_set_aside else "reading_died", found.url, reason)

    def account(self, settled: Settled, committed: Committed) -> None:
        """Count what the ledger says of a settlement."""
        verdict, url = committed.verdict, settled.url
        if verdict == "none":
            return
        self._seconds.note(settled.found.url, is_second=verdict in {"copy", "duplicate"})
        if verdict in {"new", "changed"}:
            self._bounds.note_story(url, settled.found.trail)
        elif settled.found.kind == "story" or verdict in {"copy", "duplicate"}:
            self._bounds.note_waste(url)
        self.note({"copy": "copies", "duplicate": "duplicates"}.get(verdict, verdict), url)
        if verdict in {"changed", "unchanged", "rebased"}:
            self.note("revisited", url)
        if verdict == "duplicate" and settled.settlement.copy_of is None:
            self._ask_own_address(settled)

    def note(self, name: str, url: str, detail: str = "") -> None:
        """Count `name`, which happened at `url`."""
        self.tally_of(url).note(name, f"{url} ({detail})" if detail else url)

    def note_fault(self, site: str, fault: Exception) -> None:
        """What came of `site` could not be written; the first fault is the one that is told."""
        if site not in self.faults:
            self.faults[site] = f"the stories of {site} could not be written: {fault}"
            logger.error("%s", self.faults[site])

    def tally_of(self, url: str) -> Tally:
        """The account that what happens at `url` goes to."""
        own = site_of(url) if len(self.tallies) > 1 and self._target.scope.owns(url) else self._target.scope.label
        return self.tallies[own]

    @property
    def _now(self) -> int:
        return self._clock.seconds()

    def _admit(self, discoveries: Iterable[Found], *, again: bool) -> list[Entry]:
        """Entries for those of `discoveries` that are within the run's bounds."""
        admitted = []
        for each in discoveries:
            found = self._secure(each)
            refusal = self._bounds.refusal(found)
            if refusal is not None:
                self.note(f"bounded:{refusal}", found.url)
                continue
            if found.modified is not None and found.modified > self._now + _DAY:
                found = dataclasses.replace(found, modified=None)
            admitted.append(make_entry(found, again=again))
        return admitted

    def _secure(self, found: Found) -> Found:
        """A host that the crawl entered by https is asked by https, whatever old links say."""
        parts = urlsplit(found.url)
        if parts.scheme == "http" and parts.netloc in self._secure_hosts:
            return dataclasses.replace(found, url=urlunsplit(parts._replace(scheme="https")))
        return found

    def _find_news(self, outcome: Outcome, found: Found) -> frozenset[str]:
        """The stories that a listing or feed names and that nobody had named before."""
        if outcome.kind not in {"listing", "feed"}:
            return frozenset()
        urls = {self._secure(each).url for each in outcome.found if each.kind == "story"}
        return frozenset(url for url in urls if self.ledgers.of(url).frontier.known(url) is None)

    def _with_story(self, settled: Settled, story: Story, answer: Answer, fingerprint: int | None) -> Settled:
        """`settled` with the record; a faulty one is a failure of its URL."""
        record = self._make_record(story, answer)
        faults = find_record_faults(record)
        if faults:
            self.note("failed:faulty_record", answer.url, faults[0])
            return settled
        claimed = canonical_url(story.canonical_url, answer.url)
        names = code_keys(story, answer.url)
        copy_of = None
        discoveries = settled.settlement.discoveries
        if claimed is not None and self._target.scope.owns(claimed):
            names = [claimed, *names]
            if not settled.found.alone:
                copy_of = claimed
                original = Found(
                    url=claimed, kind="story", depth=settled.found.depth, announced=settled.found.announced
                )
                discoveries = (*discoveries, make_entry(self._secure(original)))
        is_second = self._is_second_address(settled.site, record)
        since = published_at(record) or settled.found.modified
        settlement = dataclasses.replace(
            settled.settlement,
            record=record,
            fingerprint=fingerprint,
            aliases=tuple(names),
            copy_of=copy_of,
            discoveries=discoveries,
            due=None if is_second else self._next_visit(since, 0),
        )
        return dataclasses.replace(settled, settlement=settlement)

    def _ask_own_address(self, settled: Settled) -> None:
        """A story of an earlier run turned up under another address: whether it has moved, its own one tells."""
        ledger = self.ledgers[settled.site]
        known = ledger.stories.find_by_name(settled.url)
        if known is None or known.url is None or known.url == normalise_url(settled.url):
            return
        asked = ledger.frontier.find_url(known.url)
        if asked is None or asked.visited_at is None or asked.visited_at < self.started:
            ledger.frontier.add([make_entry(Found(url=known.url, kind="story", announced=True), again=True)])

    def _is_second_address(self, site: str, record: Record) -> bool:
        """Whether the story has another address already, which is the one to be visited."""
        known = self.ledgers[site].stories.find_by_name(record.url or "")
        return known is not None and known.url != record.url

    def _next_visit(self, since: int | None, revisits: int) -> int | None:
        return next_visit(self._revisit_hours, self._now, since=since, revisits=revisits)

    def _settle(  # noqa: PLR0913 (an answer, what it was for, and how it ends)
        self,
        answer: Answer,
        found: Found,
        lease: Lease | None,
        ending: Ending,
        *,
        discoveries: Sequence[Entry] = (),
        unchanged: bool = False,
    ) -> Settled:
        own = normalise_url(found.url)
        also = [url for url in dict.fromkeys((*answer.passed, answer.url)) if normalise_url(url) != own]
        return Settled(
            found=found,
            site=self.ledgers.site_of(found.url),
            url=answer.url,
            settlement=Settlement(
                key=lease.key if lease else None,
                state=ending.state,
                due=ending.due,
                visited_at=self._now,
                status=answer.status,
                etag=answer.etag,
                last_modified=answer.last_modified,
                digest=answer.digest,
                unchanged=unchanged,
                discoveries=tuple(discoveries),
                also=tuple(also),
                events=self._events(ending, found.url, lease, answer.status),
            ),
        )

    def _events(self, ending: Ending, url: str, lease: Lease | None, status: int | None) -> tuple[dict[str, Any], ...]:
        if ending.event is None:
            return ()
        facts = {
            "event": ending.event,
            "url": normalise_url(url),
            "story_key": lease.story_key if lease else None,
            "status": status,
            "at": format_instant(self._clock.now()),
            "run_id": self.run_id,
        }
        return (facts,)

    def _begin(self, story: Story, further: FurtherPages, answer: Answer) -> SeveralPages:
        """The story whose further pages are to be fetched."""
        return SeveralPages(
            story,
            answer,
            further,
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

    def _spend(self, outcome: Outcome, answer: Answer, *, brings_news: bool) -> None:
        if outcome.kind == "listing":
            following = next((each.url for each in outcome.found if each.later), None)
            self._bounds.note_page(answer.url, brings_news=brings_news, following=following)
        elif outcome.kind in {"feed", "sitemap"}:
            self._bounds.note_machine_file()
        elif outcome.kind in {"ignored", "failed"}:
            self._bounds.note_waste(answer.url)
