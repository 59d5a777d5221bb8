"""What the ledger is to commit: how a URL ends, and the record of the story that was on it. No Scrapy in here."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.endings import Ending
from newsscraper.crawl.entries import make_entry
from newsscraper.crawl.ledgers import Ledgers
from newsscraper.crawl.outcome import Answer
from newsscraper.crawl.revisits import next_visit
from newsscraper.crawl.settled import Settled
from newsscraper.crawl.target import Target
from newsscraper.crawl.validation import published_at
from newsscraper.crawl.walls import ADVICE
from newsscraper.extract import Model
from newsscraper.record import Record
from newsscraper.store import (
    Clock,
    Entry,
    Lease,
    Settlement,
    canonical_url,
    code_keys,
    format_instant,
    make_record,
    normalise_url,
)
from newsscraper.story import Story


class Settlements:
    """Of one run over one target; `secure`: which address is asked for what was found."""

    def __init__(  # noqa: PLR0913 (a run's conditions)
        self,
        target: Target,
        run_id: str,
        model: Model,
        *,
        ledgers: Ledgers,
        clock: Clock,
        revisit_hours: Sequence[float],
        secure: Callable[[Found], Found],
    ) -> None:
        self._target = target
        self._run_id = run_id
        self._model = model
        self._ledgers = ledgers
        self._clock = clock
        self._revisit_hours = revisit_hours
        self._secure = secure

    def of_answer(  # noqa: PLR0913 (an answer, what it was for, and how it ends)
        self,
        answer: Answer,
        found: Found,
        lease: Lease | None,
        ending: Ending,
        *,
        discoveries: Sequence[Entry] = (),
        unchanged: bool = False,
    ) -> Settled:
        """Something came; a story's record is added by `with_record`."""
        own = normalise_url(found.url)
        also = [url for url in dict.fromkeys((*answer.passed, answer.url)) if normalise_url(url) != own]
        return Settled(
            found=found,
            site=self._ledgers.site_of(found.url),
            url=answer.url,
            settlement=Settlement(
                key=lease.key if lease else None,
                state=ending.state,
                due=ending.due,
                visited_at=self._clock.seconds(),
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

    def of_failure(self, found: Found, lease: Lease | None, ending: Ending, status: int | None) -> Settled:
        """Nothing came."""
        return Settled(
            found=found,
            site=self._ledgers.site_of(found.url),
            url=found.url,
            settlement=Settlement(
                key=lease.key if lease else None,
                state=ending.state,
                due=ending.due,
                visited_at=self._clock.seconds(),
                status=status,
                events=self._events(ending, found.url, lease, status),
            ),
        )

    def make_record(self, story: Story, answer: Answer) -> Record:
        """The line of `story`, but for what only the ledger knows."""
        record = make_record(
            story,
            url=answer.url,
            fetched_url=answer.asked_url,
            fetched_at=answer.fetched_at,
            http_status=answer.status,
            model=self._model,
            profile=self._target.profile_of(answer.url),
            run_id=self._run_id,
        )
        return dataclasses.replace(record, warc=answer.warc)

    def with_record(  # noqa: PLR0913 (a story, what it was on, and what is known of both)
        self,
        settled: Settled,
        story: Story,
        record: Record,
        answer: Answer,
        fingerprint: int | None,
        *,
        twin: str | None = None,
    ) -> Settled:
        """`settled` with the record, the names that lead to it, and when the story is visited again.

        `twin` is where the very same text has come from, where the page itself names no such address.
        """
        claimed = canonical_url(story.canonical_url, answer.url) or twin
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
        events = settled.settlement.events
        if is_teaser(record) and self._is_new_text(record, names):
            lacking = Ending(state="done", event="paywalled", reason="teaser")
            events = (*events, *self._events(lacking, answer.url, None, answer.status))
        since = published_at(record) or settled.found.modified
        settlement = dataclasses.replace(
            settled.settlement,
            record=record,
            fingerprint=fingerprint,
            aliases=tuple(names),
            copy_of=copy_of,
            discoveries=discoveries,
            events=events,
            due=self.next_visit(since, 0),
        )
        return dataclasses.replace(settled, settlement=settlement)

    def next_visit(self, since: int | None, revisits: int) -> int | None:
        """When a story is due again that appeared at `since`, Unix seconds."""
        return next_visit(self._revisit_hours, self._clock.seconds(), since=since, revisits=revisits)

    def _events(self, ending: Ending, url: str, lease: Lease | None, status: int | None) -> tuple[dict[str, Any], ...]:
        if ending.event is None:
            return ()
        facts = {
            "event": ending.event,
            "url": normalise_url(url),
            "story_key": lease.story_key if lease else None,
            "status": status,
            "at": format_instant(self._clock.now()),
            "run_id": self._run_id,
        }
        if ending.reason is not None:
            facts |= {"reason": ending.reason, "advice": ADVICE[ending.event]}
        return (facts,)

    def _is_new_text(self, record: Record, names: Sequence[str]) -> bool:
        """Whether no story that goes by one of its names has this text, or another one by another extractor."""
        stories = self._ledgers.of(record.url or "").stories
        known = [story for name in (record.url, *names) if name and (story := stories.find_by_name(name)) is not None]
        return all(
            story.base.content_hash != record.content_hash and story.base.extractor == record.extractor
            for story in known
        )


def is_teaser(record: Record) -> bool:
    """Whether it is what a paywall lets everybody read of a story."""
    return record.access == "paywalled" and not record.complete
