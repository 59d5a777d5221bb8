"""One response, one outcome: story, discoveries, acknowledgement and events, all that one transaction holds."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from newsscraper.store.faults import reach
from newsscraper.store.ledger.archiving import Archiving
from newsscraper.store.ledger.copies import Copies
from newsscraper.store.ledger.database import Database
from newsscraper.store.ledger.frontier import Frontier
from newsscraper.store.ledger.keys import name_key
from newsscraper.store.ledger.spool import Spool
from newsscraper.store.ledger.stories import StoryStore, Written
from newsscraper.store.ledger.types import Committed, Settlement
from newsscraper.store.ledger.versions import Reread
from newsscraper.store.runs import format_instant

if TYPE_CHECKING:
    from newsscraper.store.archive.appending import Appended

_NOTHING = Written(verdict="none")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settling:
    """The parts that a settlement touches, of the run `run_id`, which began at `started_at`."""

    database: Database
    frontier: Frontier
    stories: StoryStore
    copies: Copies
    spool: Spool
    archiving: Archiving
    run_id: str
    started_at: int

    def settle(self, settlement: Settlement, reread: Reread | None) -> Committed:
        """Commit `settlement`, whole or not at all."""
        settlement, appended = self._archive(settlement)
        with self.database.transaction():
            if appended is not None:
                self.archiving.enter(appended)
            discovered = self.frontier.add(settlement.discoveries)
            asked = self.frontier.find(settlement.key)
            written = self._write(settlement, reread)
            if settlement.state == "gone" and asked is not None and asked.story is not None:
                self.stories.note_gone(asked.story, asked.url, settlement.visited_at)
            self._release_copies(settlement, written, asked.url if asked else None)
            self._acknowledge(settlement, written)
            self._spool(settlement, written)
            reach("settling:written")
        reach("settling:committed")
        return Committed(
            verdict=written.verdict,
            record=written.record,
            record_as_known=written.as_known,
            changed=written.changed,
            discovered=discovered,
        )

    def _archive(self, settlement: Settlement) -> tuple[Settlement, Appended | None]:
        """Write what is to be archived; nothing of what was taken down."""
        kept = [each for each in settlement.exchanges if not self.stories.is_forgotten(each.url)]
        record = settlement.record
        if not kept or (record is not None and self.stories.is_of_forgotten(record, settlement)):
            return settlement, None
        appended = self.archiving.append(kept)
        if record is not None and appended.page is not None:
            record = dataclasses.replace(record, warc=appended.page)
        return dataclasses.replace(settlement, record=record), appended

    def _write(self, settlement: Settlement, reread: Reread | None) -> Written:
        record = settlement.record
        if record is None or settlement.unchanged:
            return _NOTHING
        if self._has_to_wait(settlement):
            self.copies.hold(settlement.key or 0, record.url or "", settlement.copy_of or "", record.title)
            return Written(verdict="copy")
        return self.stories.commit(record, settlement, reread, lambda url: self._has_answered(url, settlement.key))

    def _has_to_wait(self, settlement: Settlement) -> bool:
        record = settlement.record
        if settlement.copy_of is None or settlement.key is None or record is None or record.url is None:
            return False
        if self.copies.has_answered(settlement.copy_of):
            return False
        return not self.stories.is_known(record, settlement)

    def _has_answered(self, url: str, key: int | None) -> bool:
        """Whether `url` has been answered in this run, under another key than `key`."""
        own = self.frontier.find_url(url)
        if own is None or own.key == key or own.visited_at is None:
            return False
        return own.visited_at >= self.started_at

    def _release_copies(self, settlement: Settlement, written: Written, asked_url: str | None) -> None:
        if settlement.state == "waiting":
            return
        record = settlement.record
        urls = [asked_url, *settlement.also, *((record.url, record.fetched_url) if record is not None else ())]
        names = [name_key(url) for url in urls if url is not None]
        if written.verdict == "copy" and settlement.copy_of is not None:
            self.copies.pass_on(names, settlement.copy_of)
            return
        title = record.title if record is not None and written.verdict != "none" else None
        self.copies.release_of(names, written.story, title)

    def _acknowledge(self, settlement: Settlement, written: Written) -> None:
        is_forgotten = written.verdict == "none" and written.story is not None
        if is_forgotten:
            settlement = dataclasses.replace(settlement, state="forgotten", due=None)
        if written.verdict in {"duplicate", "copy"}:
            # It is the story's own address that is visited again.
            settlement = dataclasses.replace(settlement, due=None)
        if written.held_until is not None:
            # Asked on a condition, a blog that says nothing more would never answer with what was held back.
            due = settlement.due or written.held_until
            settlement = dataclasses.replace(settlement, due=due, etag=None, last_modified=None, digest=None)
        record = settlement.record
        pages = (record.url, record.fetched_url) if record is not None and written.verdict != "copy" else ()
        others = dict.fromkeys(url for url in (*settlement.also, *pages) if url is not None)
        same = written.verdict in {"unchanged", "rebased", "duplicate"}
        self.frontier.acknowledge(settlement, written.story, others, same=same)

    def _spool(self, settlement: Settlement, written: Written) -> None:
        if written.record is not None and written.story is not None:
            self.spool.add_record(self.run_id, written.story, written.record)
            counter = "new" if written.verdict == "new" else "changed"
            self.database.execute(f"UPDATE runs SET {counter} = {counter} + 1 WHERE run_id = ?", (self.run_id,))
        for event in (*self._events_of(settlement, written), *settlement.events):
            self.spool.add_event(self.run_id, event, written.story)

    def _events_of(self, settlement: Settlement, written: Written) -> list[dict[str, Any]]:
        known = written.as_known
        if known is None:
            return []
        facts = {
            "url": known.url,
            "story_key": known.story_key,
            "version": known.version,
            "at": format_instant(datetime.fromtimestamp(settlement.visited_at, UTC)),
            "run_id": self.run_id,
        }
        events: list[dict[str, Any]] = []
        if written.moved_from is not None and written.moved_from != known.url:
            events.append({"event": "moved", **facts, "from": written.moved_from})
        if written.verdict == "changed":
            events.append({"event": "changed", **facts, "changed": list(written.changed)})
        return events
