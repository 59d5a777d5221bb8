"""What is still to be asked, in which order, and what is known of what has been asked. Nothing is kept in memory."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from newsscraper.store.clock import Clock
from newsscraper.store.faults import reach
from newsscraper.store.ledger.copies import Copies
from newsscraper.store.ledger.database import Database
from newsscraper.store.ledger.deaths import MOST_DEATHS, KeptDeaths, write_hand
from newsscraper.store.ledger.intake import LONGEST, Intake
from newsscraper.store.ledger.keys import url_host, url_key
from newsscraper.store.ledger.types import Entry, Lease, Quarantined, Settlement, State

DEATH_DELAY = 60
"""Seconds until a URL is asked again that a worker died over."""

_PROMOTED_AT_ONCE = 10_000


@dataclass(frozen=True)
class Asked:
    """A row, as a settlement needs it."""

    key: int
    url: str
    visited_at: int | None
    story: int | None


class Frontier:
    """The URLs of a site. With `schema` the table of another database that is attached."""

    def __init__(
        self, database: Database, clock: Clock, copies: Copies, hand: Path | None = None, schema: str = "main"
    ) -> None:
        self._database = database
        self._clock = clock
        self._copies = copies
        self._intake = Intake(database, clock, schema)
        self._table = f"{schema}.frontier"
        self._deaths = None if schema == "main" else KeptDeaths(database, schema)
        self._hand = None if hand is None else os.open(hand, os.O_RDWR | os.O_CREAT, 0o666)

    def add(self, entries: Iterable[Entry]) -> int:
        """Take in what somebody named; how many URLs were new. Raises `ValueError` for what is no URL.

        A known one becomes ready when its `modified` says that it changed since it was asked, or with `again`; the
        higher rank counts.
        """
        return self._intake.add(entries)

    def lease(self, count: int, hosts: Collection[str] | None = None, *, seconds: int = 600) -> list[Lease]:
        """At most `count` entries to be asked, highest rank first, from `hosts` alone (None: from any).

        They come back by themselves, as ready, when they are not settled within `seconds`.
        """
        with self._database.transaction(synced=False):
            now = self._clock.seconds()
            self._promote(now)
            keys = self._best(count, self.ready_hosts() if hosts is None else hosts)
            if keys:
                self._database.execute("UPDATE runs SET seen_at = ? WHERE ended_at IS NULL", (now,))
            leases = [self._lease_one(key, now + seconds) for key in keys]
            reach("leasing:written")
        return leases

    def ready_hosts(self) -> list[str]:
        """Hosts, with their port where that is not the scheme's own, that have something ready or due."""
        self._promote(self._clock.seconds())
        return [
            host
            for (host,) in self._database.rows(
                f"""
                WITH RECURSIVE hosts (host) AS (
                    SELECT min(host) FROM {self._table} WHERE state = 'ready'
                    UNION ALL
                    SELECT (SELECT min(host) FROM {self._table} WHERE state = 'ready' AND host > hosts.host)
                    FROM hosts WHERE hosts.host IS NOT NULL
                )
                SELECT host FROM hosts WHERE host IS NOT NULL
                """
            )
        ]

    def release(self, keys: Iterable[int]) -> None:
        """Back to ready: nothing was asked, nobody died."""
        with self._database.transaction(synced=False):
            self._database.execute_many(
                f"UPDATE {self._table} SET state = 'ready', due = NULL WHERE key = ? AND state = 'leased'",
                [(key,) for key in keys],
            )

    def release_leased(self) -> None:
        """Everything that is leased is ready again."""
        self._database.execute(f"UPDATE {self._table} SET state = 'ready', due = NULL WHERE state = 'leased'")

    def release_copies(self) -> int:
        """When nothing is under way any more: copies whose original never came are asked again, alone; how many."""
        return self._copies.release_all()

    def in_hand(self, key: int | None) -> None:
        """Which URL is being read at this moment: outlasts the process, though not a power loss."""
        if self._hand is not None:
            url = "" if key is None or self._deaths is None else self._deaths.url_of(key)
            os.lseek(self._hand, 0, os.SEEK_SET)
            os.write(self._hand, write_hand(key or 0, url))

    def note_death(self, key: int, *, delay: int = DEATH_DELAY) -> bool:
        """A process died over the URL, or had to be ended; True when that sets it aside."""
        with self._database.transaction():
            deaths = None if self._deaths is None else self._deaths.add(key, self._clock.seconds())
            self._database.execute(
                f"""
                UPDATE {self._table} SET deaths = coalesce(:deaths, deaths + 1), suspect = 1,
                    state = CASE WHEN coalesce(:deaths, deaths + 1) >= :most THEN 'quarantined' ELSE 'waiting' END,
                    due = CASE WHEN coalesce(:deaths, deaths + 1) >= :most THEN NULL ELSE :due END
                WHERE key = :key AND state NOT IN ('quarantined', 'forgotten')
                """,
                {"key": key, "deaths": deaths, "most": MOST_DEATHS, "due": self._clock.seconds() + delay},
            )
            return bool(self._database.value(f"SELECT state = 'quarantined' FROM {self._table} WHERE key = ?", (key,)))

    def retry(self, urls: Iterable[str] | None = None) -> int:
        """Out of quarantine, all or `urls`; how many. They are still read with care."""
        statement = f"UPDATE {self._table} SET state = 'ready', due = NULL, deaths = 0 WHERE state = 'quarantined'"
        with self._database.transaction():
            if urls is None:
                return self._database.execute(statement).rowcount
            return self._database.execute_many(f"{statement} AND key = ?", [(url_key(url),) for url in urls])

    def counts(self) -> dict[str, int]:
        """How many URLs are in which state; states without any are 0. Reads the whole table."""
        found = dict(self._database.rows(f"SELECT state, count(*) FROM {self._table} GROUP BY state"))
        return {state: found.get(state, 0) for state in get_args(State)}

    def next_due(self) -> int | None:
        """When the next URL becomes ready that is not, be it by an expired lease."""
        due: int | None = self._database.value(f"SELECT min(due) FROM {self._table} WHERE due IS NOT NULL")
        return due

    def oldest_ready(self) -> int | None:
        """When the ready URL was found that has been known for longest. Reads all that are ready."""
        found: int | None = self._database.value(f"SELECT min(added_at) FROM {self._table} WHERE state = 'ready'")
        return found

    def quarantined(self) -> list[Quarantined]:
        """URLs that are set aside, sorted."""
        rows = self._database.rows(
            f"""
            SELECT url, deaths, coalesce(visited_at, added_at) FROM {self._table} WHERE state = 'quarantined'
            ORDER BY url
            """
        )
        return [Quarantined(url=url, deaths=deaths, since=since) for url, deaths, since in rows]

    def known(self, url: str) -> State | None:
        """The state of `url`; None where nobody named it."""
        state: State | None = self._database.value(f"SELECT state FROM {self._table} WHERE key = ?", (url_key(url),))
        return state

    def find(self, key: int | None) -> Asked | None:
        """What is known of a key."""
        row = self._database.row(f"SELECT key, url, visited_at, story FROM {self._table} WHERE key = ?", (key,))
        return None if row is None else Asked(*row)

    def find_url(self, url: str) -> Asked | None:
        """What is known of a URL."""
        return self.find(url_key(url))

    def acknowledge(
        self, settlement: Settlement, story: int | None, others: Iterable[str] = (), *, same: bool = False
    ) -> None:
        """The lease has been answered, and with it the addresses `others`. Belongs into a transaction.

        `same`: its text is what it was at the visit before.
        """
        failed = settlement.state == "waiting"
        row = {
            "key": settlement.key,
            "state": settlement.state,
            "due": self._due_of(settlement),
            "visited_at": settlement.visited_at,
            "status": settlement.status,
            "etag": settlement.etag,
            "last_modified": settlement.last_modified,
            "digest": settlement.digest,
            "story": story,
            "failed": failed,
            "keeps": failed or settlement.unchanged,
            "same": same or settlement.unchanged,
        }
        self._database.execute(
            f"""
            UPDATE {self._table} SET state = :state, due = :due, story = coalesce(:story, story),
                visited_at = CASE WHEN :failed THEN visited_at ELSE :visited_at END,
                status = coalesce(:status, status),
                etag = CASE WHEN :keeps THEN coalesce(:etag, etag) ELSE :etag END,
                last_modified = CASE WHEN :keeps THEN coalesce(:last_modified, last_modified) ELSE :last_modified END,
                digest = CASE WHEN :keeps THEN coalesce(:digest, digest) ELSE :digest END,
                revisits = CASE WHEN :same THEN revisits + 1 WHEN :failed THEN revisits ELSE 0 END,
                deaths = CASE WHEN :failed THEN deaths ELSE 0 END, suspect = CASE WHEN :failed THEN suspect ELSE 0 END
            WHERE key = :key AND state <> 'forgotten'
            """,
            row,
        )
        if not failed and self._deaths is not None and settlement.key is not None:
            self._deaths.forget(settlement.key)
        if not failed:
            self._answer_others(settlement, story, others)

    def close(self) -> None:
        """Nothing is in hand any more."""
        if self._hand is not None:
            self.in_hand(None)
            os.close(self._hand)
            self._hand = None

    def _promote(self, now: int) -> None:
        """What has waited long enough is ready; what a lease was too long out with, too."""
        first_due = self.next_due()
        if first_due is None or first_due > now:
            return
        self._database.execute(
            f"""
            UPDATE {self._table} SET state = 'ready', due = NULL
            WHERE rowid IN (SELECT rowid FROM {self._table} WHERE due <= ? ORDER BY due LIMIT {_PROMOTED_AT_ONCE})
            """,
            (now,),
        )

    def _best(self, count: int, hosts: Iterable[str]) -> list[int]:
        candidates = [
            (-rank, row, key)
            for host in hosts
            for rank, row, key in self._database.rows(
                f"""
                SELECT rank, rowid, key FROM {self._table} WHERE state = 'ready' AND host = ?
                ORDER BY rank DESC, rowid LIMIT ?
                """,
                (host, count),
            )
        ]
        return [key for _, _, key in sorted(candidates)[:count]]

    def _lease_one(self, key: int, until: int) -> Lease:
        (row,) = self._database.rows(
            f"""
            UPDATE {self._table} SET state = 'leased', due = ? WHERE key = ?
            RETURNING url, kind, rank, modified, data, deaths, suspect, etag, last_modified, status, digest, revisits,
                (SELECT story_key FROM stories WHERE id = story AND forgotten_at IS NULL)
            """,
            (until, key),
        )
        url, kind, rank, modified, data, deaths, suspect, etag, last_modified, status, digest, revisits, story_key = row
        if self._deaths is not None:
            deaths, suspect = self._deaths.of(key)
        return Lease(
            key=key,
            entry=Entry(url=url, kind=kind, rank=rank, modified=modified, data=data),
            deaths=deaths,
            suspect=bool(suspect),
            etag=etag,
            last_modified=last_modified,
            status=status,
            digest=digest,
            revisits=revisits,
            story_key=story_key,
        )

    def _due_of(self, settlement: Settlement) -> int | None:
        now = self._clock.seconds()
        if settlement.due is None:
            # Without a due time it would wait for ever.
            return now if settlement.state == "waiting" else None
        return min(settlement.due, now + LONGEST)

    def _answer_others(self, settlement: Settlement, story: int | None, urls: Iterable[str]) -> None:
        # A redirect leads to an address that was visited by itself: one of the two is enough.
        takes_over = "due IS NOT NULL AND excluded.story = story" if settlement.due is not None else "FALSE"
        rows = {
            key: (key, url, url_host(url), settlement.visited_at, settlement.visited_at, story)
            for url in urls
            if (key := url_key(url)) != settlement.key
        }
        self._database.execute_many(
            f"""
            INSERT INTO {self._table} (key, url, host, kind, state, rank, data, added_at, visited_at, story)
            VALUES (?, ?, ?, 'page', 'done', 0, '', ?, ?, ?)
            ON CONFLICT (key) DO UPDATE SET state = 'done', due = NULL, visited_at = excluded.visited_at,
                story = coalesce(excluded.story, story)
            WHERE state IN ('ready', 'waiting', 'gone') OR (state = 'done' AND {takes_over})
            """,
            rows.values(),
        )
