"""The course of a run: what an answer leads to. No Scrapy in here.

What may be asked is told by `admission`; what is committed is made by `settlements`; `accounts` keep what happened.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from newsscraper.crawl.accounts import Accounts
from newsscraper.crawl.admission import Admission
from newsscraper.crawl.bounds import AFTER_UNTIL, BEFORE_SINCE, Limits
from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.discovery.shapes import leads_on
from newsscraper.crawl.endings import end_of_answer, end_of_failure, end_of_wall
from newsscraper.crawl.entries import make_entry
from newsscraper.crawl.failures import ALREADY_KNOWN, LEFT_SITE, NOT_ARCHIVED
from newsscraper.crawl.ledgers import Ledgers
from newsscraper.crawl.outcome import Answer, Outcome
from newsscraper.crawl.rereading import reread
from newsscraper.crawl.settled import Settled
from newsscraper.crawl.settlements import Settlements, is_teaser
from newsscraper.crawl.several_pages import SeveralPages
from newsscraper.crawl.tally import START_GONE
from newsscraper.crawl.target import Target
from newsscraper.crawl.validation import find_record_faults
from newsscraper.crawl.walls import (
    NO_ANSWER,
    TURNED_AWAY,
    Welcome,
    event_of,
    is_kept_out_for_good,
    name_wall,
    says_wall,
)
from newsscraper.errors import LedgerError
from newsscraper.extract import Model
from newsscraper.extract.further_pages import FurtherPages
from newsscraper.store import Clock, Committed, Entry, Lease, Reread, Settlement
from newsscraper.story import Story

logger = logging.getLogger(__name__)


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
        self._clock = clock
        self._target = target
        self._model = model
        self._pages_per_story = limits.pages_per_story
        self._written = 0
        self._accounts = Accounts(target)
        self.tallies = self._accounts.tallies
        self.faults = self._accounts.faults
        self.note = self._accounts.note
        self.note_fault = self._accounts.note_fault
        self.tally_of = self._accounts.tally_of
        self._admission = Admission(target, limits, ledgers=ledgers, clock=clock)
        self._welcome = Welcome(limits.refusals)
        self.refusals_in_a_row = self._welcome.in_a_row
        self.is_turned_away = self._welcome.is_over
        self._settlements = Settlements(
            target,
            run_id,
            model,
            ledgers=ledgers,
            clock=clock,
            revisit_hours=revisit_hours,
            secure=self._admission.secure,
        )

    def begin(self, discoveries: Iterable[Found], *, again: bool) -> int:
        """Add to the frontier what no answer named, with `again` also what has been asked before; how many were new.

        What cannot be written is a fault of its site.
        """
        entries: dict[str, list[Entry]] = {}
        for entry in self._admit(discoveries, again=again):
            entries.setdefault(self.ledgers.site_of(entry.url), []).append(entry)
        added = 0
        for site, own in entries.items():
            try:
                added += self.ledgers[site].frontier.add(own)
            except (LedgerError, OSError) as fault:
                self.note_fault(site, fault)
        return added

    def knows_elsewhere(self, url: str, found: Found, lease: Lease | None) -> bool:
        """Whether `url`, where `found` redirects to, needs no request of its own from here."""
        if found.entrance or found.kind in {"feed", "sitemap"} or (lease is not None and lease.story_key is not None):
            return False
        # That page may be known; that it stands in the way of this one is not.
        if says_wall(url):
            return False
        return self.ledgers.of(found.url).frontier.known(url) in {"ready", "leased", "done"}

    def settle(self, answer: Answer, found: Found, lease: Lease | None, outcome: Outcome) -> Step:
        """Count an answer that has been read as `outcome`, and say what follows."""
        wall = name_wall(outcome.reason, found) if outcome.kind == "listing" else None
        if wall is not None:
            return Step(settled=self._turn_away(answer, found, lease, outcome, wall))
        self._let_in(found)
        self._count(outcome, answer)
        news = self._admission.find_news(outcome.found) if outcome.kind in {"listing", "feed"} else frozenset()
        self._admission.learn_from_outcome(outcome, answer, brings_news=bool(news))
        trail = self._admission.trail_of(answer.url)
        # One by one: a sitemap names fifty thousand.
        refused: set[str] = set()
        entries = [
            entry
            for each in (dataclasses.replace(each, trail=trail) for each in outcome.found)
            for entry in self._admit(
                [each], again=bool(news) and each.later and leads_on(answer.url, each.url), refused=refused
            )
        ]
        ending = end_of_answer(outcome, found, lease, brings_news=bool(news), started=self.started, now=self._now)
        settled = self._settlements.of_answer(answer, found, lease, ending, discoveries=entries)
        if outcome.kind in {"listing", "feed", "sitemap"} and not refused.isdisjoint({BEFORE_SINCE, AFTER_UNTIL}):
            settled = self._to_be_read_again(settled)
        if outcome.story is None:
            return Step(settled=settled)
        if self._admission.excludes(outcome.story, found):
            return Step(settled=self._leave_out(settled, outcome.story, answer))
        if outcome.further is not None:
            return Step(settled=settled, unfinished=self._begin(outcome.story, outcome.further, answer))
        return Step(settled=self._with_story(settled, outcome.story, answer, outcome.fingerprint))

    def refusal(self, found: Found) -> str | None:
        """Why `found`, once admitted, may no longer be fetched."""
        return TURNED_AWAY if self._welcome.is_over(found.url) else self._admission.refusal(found)

    @property
    def stories_left(self) -> int | None:
        """How many more stories the run may write, None where nobody set a limit."""
        return None if self._target.limit is None else max(0, self._target.limit - self._written)

    def keep(self, answer: Answer, found: Found, lease: Lease) -> Settled:
        """The site said that a page is what it was, or sent the very same bytes."""
        self._let_in(found)
        self.note("not_modified", answer.url)
        ending = end_of_answer(None, found, lease, brings_news=False, started=self.started, now=self._now)
        due = ending.due
        if lease.story_key is not None:
            self.note("revisited", answer.url)
            due = self._settlements.next_visit(lease.entry.modified, lease.revisits + 1)
        elif found.kind in {"feed", "sitemap"}:
            self._admission.learn_of_machine_file()
        return self._settlements.of_answer(answer, found, lease, dataclasses.replace(ending, due=due), unchanged=True)

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
        if name.endswith("_redirect") and name_wall(name.partition(":")[2], found) is None:
            name = LEFT_SITE
        if not (found.guessed and name.startswith(("failed:http", "gone", NOT_ARCHIVED))):
            self.note(name, found.url, detail)
        # What is sold, or was only guessed, says nothing of how welcome we are.
        is_turned_away = event_of(name) is not None and not found.guessed and not is_kept_out_for_good(name)
        if is_turned_away or name in NO_ANSWER:
            self._note_refusal(found.url, name)
        if name == ALREADY_KNOWN:
            self._admission.learn_of_known(found.url)
        elif not name.startswith("bounded:") and name not in NO_ANSWER and name != NOT_ARCHIVED:
            self._admission.learn_from_failure(found.url)
        ending = end_of_failure(name, found, lease, status=status, started=self.started, now=self._now)
        return self._settlements.of_failure(found, lease, ending, status)

    def note_death(self, found: Found, lease: Lease, reason: str) -> None:
        """A process died over a page: it is asked again at once, or set aside when that was the third."""
        is_set_aside = self.ledgers.of(found.url).frontier.note_death(lease.key, delay=0)
        self.note("failed:quarantined" if is_set_aside else "reading_died", found.url, reason)

    def reread_of(self, settled: Settled) -> Reread:
        """What reads the story of `settled` as it was at its last version."""
        return partial(reread, self.ledgers[settled.site], settled.settlement, self._target, self._model)

    def account(self, settled: Settled, committed: Committed) -> None:
        """Count what the ledger says of a settlement."""
        verdict, url = committed.verdict, settled.url
        if settled.kept is not None:
            self.ledgers[settled.site].frontier.add([settled.kept])
        if verdict == "none" or settled.settlement.record is None:
            return
        known, content_hash = committed.record_as_known, settled.settlement.record.content_hash or ""
        own = settled.settlement.copy_of or (known.url if known is not None else None)
        self._admission.learn_from_verdict(verdict, url, settled.found, content_hash=content_hash, own=own)
        if committed.record is not None:
            self._written += 1
            if self.stories_left == 0:
                self.note("limit_reached", url)
            if is_teaser(committed.record):
                self.note("paywalled", url)
        self.note({"copy": "copies", "duplicate": "duplicates"}.get(verdict, verdict), url)
        if verdict in {"changed", "unchanged", "rebased"}:
            self.note("revisited", url)
        if verdict == "duplicate" and settled.settlement.copy_of is None:
            self._ask_own_address(settled)

    @property
    def _now(self) -> int:
        return self._clock.seconds()

    def _admit(self, discoveries: Iterable[Found], *, again: bool, refused: set[str] | None = None) -> list[Entry]:
        """Entries for those of `discoveries` that are within the run's bounds; why others are not, into `refused`."""
        admitted = []
        for each in discoveries:
            entry = self._admission.admit(each, again=again)
            if isinstance(entry, Entry):
                admitted.append(entry)
            else:
                self.note(f"bounded:{entry}", self._admission.secure(each).url)
                if refused is not None:
                    refused.add(entry)
        return admitted

    def _to_be_read_again(self, settled: Settled) -> Settled:
        """What the window left out of a list only the list can tell the next run, which may have another window."""
        due = self.started if settled.settlement.state == "done" else settled.settlement.due
        return dataclasses.replace(settled, settlement=_without_validators(settled.settlement, due=due))

    def _turn_away(self, answer: Answer, found: Found, lease: Lease | None, outcome: Outcome, wall: str) -> Settled:
        """A page that stands in the way of what was asked for: nobody knows what that is, but it was asked in vain."""
        self.note(wall, answer.url, outcome.detail or "")
        self._admission.learn_from_failure(found.url)
        entries: list[Entry] = []
        if is_kept_out_for_good(wall):
            entries = self._admit(outcome.found, again=False)
        else:
            self._note_refusal(found.url, wall)
        ending = end_of_wall(wall, now=self._now)
        settled = self._settlements.of_answer(answer, found, lease, ending, discoveries=entries)
        # Nothing of it is kept to compare the next answer with, which is to be read.
        settlement = dataclasses.replace(settled.settlement, digest=None, etag=None, last_modified=None, also=())
        return dataclasses.replace(settled, settlement=settlement)

    def _note_refusal(self, url: str, name: str) -> None:
        if self._welcome.note_refusal(url):
            self.note(TURNED_AWAY, url, f"last: {name}")
            logger.warning("%s turned us away again and again, last by %s: it is asked no more", url, name)

    def _let_in(self, found: Found) -> None:
        if found.kind not in {"feed", "sitemap"}:
            self._welcome.note_page(found.url)

    def _leave_out(self, settled: Settled, story: Story, answer: Answer) -> Settled:
        """A story outside the window: its URL waits, with the date that is known now, for a run that is after it."""
        self.note("out_of_range", answer.url, story.date or "")
        known = dataclasses.replace(settled.found, own_date=story.date)
        settlement = _without_validators(settled.settlement, state="waiting", due=self.started)
        return dataclasses.replace(settled, settlement=settlement, kept=make_entry(known, again=True))

    def _with_story(self, settled: Settled, story: Story, answer: Answer, fingerprint: int | None) -> Settled:
        """`settled` with the record; a faulty one is a failure of its URL."""
        record = self._settlements.make_record(story, answer)
        faults = find_record_faults(record)
        if faults:
            self.note("failed:faulty_record", answer.url, faults[0])
            return settled
        twin = self._admission.twin_of(answer.url, record.content_hash)
        return self._settlements.with_record(settled, story, record, answer, fingerprint, twin=twin)

    def _ask_own_address(self, settled: Settled) -> None:
        """A story of an earlier run turned up under another address: whether it has moved, its own one tells."""
        ledger = self.ledgers[settled.site]
        known = ledger.stories.find_by_name(settled.url)
        if known is None or known.url is None or known.is_at(settled.url):
            return
        asked = ledger.frontier.find_url(known.url)
        if asked is None or asked.visited_at is None or asked.visited_at < self.started:
            ledger.frontier.add([make_entry(Found(url=known.url, kind="story", announced=True), again=True)])

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

    def _count(self, outcome: Outcome, answer: Answer) -> None:
        self.note(f"{outcome.kind}s" if outcome.kind in {"listing", "feed", "sitemap"} else outcome.kind, answer.url)
        if outcome.reason is not None and outcome.kind != "story":
            prefix = {"ignored": "ignored", "failed": "failed"}.get(outcome.kind, "not_story")
            self.note(f"{prefix}:{outcome.reason}", answer.url)


def _without_validators(settlement: Settlement, **changes: Any) -> Settlement:
    """`settlement` with `changes`, and nothing to compare the next answer with: that one is to be read."""
    return dataclasses.replace(settlement, digest=None, etag=None, last_modified=None, **changes)
