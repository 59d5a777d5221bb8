"""A site's ledger: what is to be asked, what is known, and what has been committed but not yet sealed."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from newsscraper.errors import InputError, LedgerError
from newsscraper.store.archive.types import ArchivedPage
from newsscraper.store.clock import Clock
from newsscraper.store.durable import make_folder
from newsscraper.store.faults import reach
from newsscraper.store.ledger.archiving import DEFAULT_BYTES, Archiving, describe_software
from newsscraper.store.ledger.captures import count_archived, read_archived
from newsscraper.store.ledger.check import has_files
from newsscraper.store.ledger.copies import Copies
from newsscraper.store.ledger.database import Database
from newsscraper.store.ledger.files import Form, check_form
from newsscraper.store.ledger.filesystems import refuse_unsafe
from newsscraper.store.ledger.forget import (
    FORGOTTEN,
    FORGOTTEN_IN_PART,
    Forgotten,
    enter,
    enter_again,
    find_urls,
    finish_forgetting,
)
from newsscraper.store.ledger.frontier import Frontier
from newsscraper.store.ledger.known import KnownStory
from newsscraper.store.ledger.lock import RunLock
from newsscraper.store.ledger.manifests import EndedRun, complete_manifest
from newsscraper.store.ledger.place import Place
from newsscraper.store.ledger.rebuild import rebuild_locked
from newsscraper.store.ledger.recovery import read_seals, recover
from newsscraper.store.ledger.settling import Settling
from newsscraper.store.ledger.spool import Spool
from newsscraper.store.ledger.stories import StoryStore
from newsscraper.store.ledger.types import Committed, Settlement
from newsscraper.store.ledger.versions import Reread
from newsscraper.store.runs import format_instant
from newsscraper.store.sealed import Seal


class Ledger:
    """Use `Ledger.open` in a run, `Ledger.read` beside one. One thread uses it."""

    def __init__(self, place: Place, database: Database, clock: Clock, *, schema: str, is_open: bool) -> None:
        self.place = place
        self.run_id: str | None = None
        self.recovered: tuple[str, ...] = ()
        """Runs that had died, and were brought to their end when this one opened the ledger."""
        self.database = database
        self.stories = StoryStore(database)
        self.spool = Spool(database, place)
        self._copies = Copies(database, self.stories, schema)
        self.frontier = Frontier(database, clock, self._copies, place.hand if is_open else None, schema)
        self.clock = clock
        self._written_anew: list[str] = []
        """Files out of which the opening took what a takedown had left that was broken off."""
        self._lock: RunLock | None = None
        self._form: Form = "plain"
        self._settling: Settling | None = None
        self._archiving: Archiving | None = None

    @classmethod
    def open(  # noqa: PLR0913 (what a run decides)
        cls,
        corpus: Path,
        site: str,
        *,
        clock: Clock,
        run_id: str | None = None,
        cache_mb: int = 32,
        form: Form = "plain",
        fresh_frontier: bool = False,
        any_file_system: bool = False,
        archive_bytes: int = DEFAULT_BYTES,
        archive_info: Mapping[str, str] | None = None,
    ) -> Self:
        """For writing: locked, migrated, and all that dead runs left brought to its end.

        Without `run_id` nothing can be settled. `form` is that of sealed files; with `fresh_frontier` the run begins
        with an empty frontier of its own, which ends with it; with `any_file_system` the ledger may lie where its
        promises may not hold. An archive file that has come to `archive_bytes` is sealed before the next page is
        written, to another one; `archive_info` are fields of the `warcinfo` that each begins with, beside those which
        every run has. Raises `LedgerLocked`, `LedgerError`, `InputError`, `OSError`.
        """
        check_form(form)
        place = Place(corpus, site)
        if not any_file_system:
            refuse_unsafe(place.ledger.parent)
        make_folder(place.ledger.parent)
        with ExitStack() as undo:
            lock = RunLock(place.lock, run_id=run_id, started=format_instant(clock.now()))
            undo.callback(lock.release)
            if not place.ledger.exists() and has_files(place):
                rebuild_locked(place, clock)
            database = Database.open(place.ledger, cache_mb=cache_mb)
            undo.callback(database.close)
            dead = recover(database, Spool(database, place), place, clock)
            finished = finish_forgetting(database, place)
            if finished.files:
                database.wipe()
            schema = database.attach_fresh_frontier() if fresh_frontier else "main"
            self = cls(place, database, clock, schema=schema, is_open=True)
            undo.callback(self.frontier.close)
            self.recovered, self._lock, self._form = tuple(dead), lock, form
            self._written_anew = finished.files
            if run_id is not None:
                self._start_run(run_id, archive_bytes, archive_info or {})
            undo.pop_all()
        return self

    def _start_run(self, run_id: str, archive_bytes: int, archive_info: Mapping[str, str]) -> None:
        now = self.clock.seconds()
        info = describe_software(run_id) | dict(archive_info)
        self._archiving = Archiving(self.database, self.place, run_id, most_bytes=archive_bytes, info=info)
        self.database.execute(
            "INSERT INTO runs (run_id, started_at, seen_at, form) VALUES (?, ?, ?, ?)", (run_id, now, now, self._form)
        )
        self.run_id = run_id
        self._settling = Settling(
            database=self.database,
            frontier=self.frontier,
            stories=self.stories,
            copies=self._copies,
            spool=self.spool,
            archiving=self._archiving,
            run_id=run_id,
            started_at=now,
        )

    @classmethod
    def read(cls, corpus: Path, site: str) -> Self:
        """For reading only, without a lock: a run may be at work meanwhile. Raises `LedgerError`."""
        place = Place(corpus, site)
        return cls(place, Database.read(place.ledger), Clock(), schema="main", is_open=False)

    def settle(self, settlement: Settlement, *, reread: Reread | None = None) -> Committed:
        """Commit what became of one response: story, discoveries, events and acknowledgement, in one transaction.

        `reread` gives the page as it was at the last version, read by today's extractor; it is called only where the
        extractor changed and the text differs. Raises `LedgerError`, `OSError`: nothing of it is committed then.
        """
        if self._settling is None:
            raise LedgerError(f"{self.database.path}: opened without a run: nothing can be settled")
        return self._settling.settle(settlement, reread)

    def seal(
        self, run_id: str | None = None, *, form: Form | None = None, at_most: int | None = None, archive: bool = False
    ) -> list[Seal]:
        """Put all lines committed so far into sealed files, of at most `at_most` lines each; the new files.

        With `archive`, at the run's end, the archive file that grows is sealed, too. Raises `OSError`, `LedgerError`:
        the lines stay in the ledger then, and the next opening seals them, and the archive.
        """
        run = run_id or self.run_id
        if run is None:
            raise LedgerError(f"{self.database.path}: opened without a run: nothing can be sealed")
        seals = self.spool.seal(run, form or self._form, at_most)
        return seals + (self._archiving.seal() if archive and self._archiving is not None else [])

    def forget(self, story: str, *, why: str) -> Forgotten:
        """Take a story down, by its key or by a URL that leads to it: out of every sealed file, never fetched again.

        Seals the event that tells of it, and writes this run's manifest. Raises `InputError` where no story is known by
        that name, `LedgerError`, `OSError`; once begun, the next opening finishes it.
        """
        if self.run_id is None:
            raise LedgerError(f"{self.place.ledger}: opened without a run: nothing can be forgotten")
        is_url = story.startswith(("http://", "https://"))
        known = self.stories.find_by_name(story) if is_url else self.stories.find(story)
        if known is None:
            raise InputError(f"no story of {self.place.site} is known by {story!r}: give its story_key or its URL")
        now = self.clock.seconds()
        if self._archiving is not None:
            self._archiving.seal()
        was_forgotten = self.database.value("SELECT forgotten_at FROM stories WHERE id = ?", (known.id,)) is not None
        urls = find_urls(self.database, self.place, known)
        with self.database.transaction():
            if was_forgotten:
                enter_again(self.database, known, now)
            else:
                self._add_event(enter(self.database, known, urls, why, now))
        reach("forgetting:entered")
        finished = finish_forgetting(self.database, self.place)
        left = tuple(finished.left.get(known.story_key, ()))
        if left:
            self._add_event({"event": FORGOTTEN_IN_PART, "story_key": known.story_key, "left": left})
        self.database.wipe()
        self.seal()
        counts = {FORGOTTEN: int(not was_forgotten)}
        run = EndedRun(run_id=self.run_id, started_at=now, seen_at=now, counts=counts, reason=FORGOTTEN)
        complete_manifest(self.place, run, self.seals())
        files = tuple(dict.fromkeys([*self._written_anew, *finished.files]))
        return Forgotten(story_key=known.story_key, files=files, left=left, was_forgotten=was_forgotten)

    def _add_event(self, event: Mapping[str, object]) -> None:
        assert self.run_id is not None
        at = format_instant(self.clock.now())
        self.spool.add_event(self.run_id, {**event, "at": at, "run_id": self.run_id})

    def archived(self, known: KnownStory) -> ArchivedPage | None:
        """The page of a story's last version, where it is archived and can be read: what a `Reread` reads.

        Raises `LedgerError`.
        """
        return read_archived(self.database, self.place, known)

    def archive_counts(self, run_id: str | None = None) -> dict[str, int]:
        """What the run has archived so far, for its report: `archived_records` and `archived_bytes`; empty for none."""
        return count_archived(self.database, run_id or self.run_id or "")

    def seals(self, run_id: str | None = None) -> list[Seal]:
        """All sealed files of the run, for its manifest."""
        return read_seals(self.database, run_id or self.run_id or "")

    def close(self) -> None:
        """The run has ended: what was leased is ready again; lines that are not sealed are left to the next opening."""
        if self._lock is None:
            self.database.close()
            return
        try:
            if self.run_id is not None:
                self._end_run(self.run_id)
            self.frontier.close()
        finally:
            self.database.close()
            self._lock.release()

    def _end_run(self, run_id: str) -> None:
        is_archived = self._archiving is None or self._archiving.close()
        with self.database.transaction():
            self.frontier.release_leased()
            now = self.clock.seconds()
            is_sealed = is_archived and not self.spool.count(run_id)
            self.database.execute(
                "UPDATE runs SET seen_at = ?, ended_at = ? WHERE run_id = ?", (now, now if is_sealed else None, run_id)
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
