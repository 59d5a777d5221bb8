"""What discoveries do to the frontier: new URLs are taken in, known ones become ready where their site says so."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from newsscraper.store.clock import Clock
from newsscraper.store.ledger.database import Database
from newsscraper.store.ledger.keys import name_key, url_host, url_key
from newsscraper.store.ledger.types import Entry

LONGEST = 366 * 86_400
"""No due time lies farther ahead: a clock that was wrong must not put anything off for ever."""

_AT_ONCE = 5_000
"""Entries taken in together: a sitemap names fifty thousand, and a row takes half a kilobyte until it is written."""

_NEVER_ASKED = "('leased', 'quarantined', 'forgotten')"
"""States that no discovery changes."""

# A page that has answered is asked again when its site dates the change after our visit. Dates of whole quarters of an
# hour may be mere days in some zone, and sites' clocks differ from ours: both are allowed for where the date has moved.
_IS_NEWS = """
    :modified IS NOT NULL AND state IN ('done', 'gone', 'refused', 'bounded', 'waiting') AND visited_at IS NOT NULL
    AND CASE WHEN modified IS NULL THEN :modified > visited_at
        ELSE :modified > modified
             AND :modified > visited_at - CASE WHEN :modified % 900 = 0 THEN 86400 ELSE 3600 END END
"""
_BECOMES_READY = f"(state NOT IN {_NEVER_ASKED} AND (:again OR ({_IS_NEWS})))"
_IS_BETTER_TOLD = f"({_BECOMES_READY} OR (visited_at IS NULL AND :rank > rank))"


class Intake:
    """Into the frontier of the database `schema`."""

    def __init__(self, database: Database, clock: Clock, schema: str) -> None:
        self._database = database
        self._clock = clock
        self._table = f"{schema}.frontier"

    def add(self, entries: Iterable[Entry]) -> int:
        """How many URLs were new. Raises `ValueError` for what is no URL."""
        new = 0
        with self._database.transaction():
            rest = iter(entries)
            while some := list(islice(rest, _AT_ONCE)):
                new += self._add_some(some)
        return new

    def _add_some(self, entries: Iterable[Entry]) -> int:
        rows = self._merge(entries)
        with self._database.transaction():
            known = self._find_known(rows)
            self._database.execute_many(
                f"""
                INSERT INTO {self._table} (key, url, host, kind, state, rank, due, modified, data, added_at)
                VALUES (:key, :url, :host, :kind, :state, :rank, :due, :modified, :data, :now)
                """,
                [row for row in rows.values() if row["key"] not in known],
            )
            if known:
                self._update_known([rows[key] for key in known])
        return len(rows) - len(known)

    def _merge(self, entries: Iterable[Entry]) -> dict[int, dict[str, Any]]:
        """Key -> row, one for each URL."""
        now = self._clock.seconds()
        rows: dict[int, dict[str, Any]] = {}
        for entry in entries:
            key = url_key(entry.url)
            before = rows.get(key)
            if before is not None and before["rank"] >= entry.rank:
                before["again"] |= entry.again
                before["modified"] = max(before["modified"] or 0, entry.modified or 0) or None
                continue
            waits = entry.due is not None and entry.due > now
            rows[key] = {
                "key": key,
                "url": entry.url,
                "host": url_host(entry.url),
                "kind": entry.kind,
                "state": "waiting" if waits else "ready",
                "rank": entry.rank,
                "due": min(entry.due, now + LONGEST) if waits and entry.due is not None else None,
                "modified": max(entry.modified or 0, before["modified"] or 0) or None if before else entry.modified,
                "data": entry.data,
                "again": entry.again or bool(before and before["again"]),
                "now": now,
            }
        return rows

    def _find_known(self, rows: dict[int, dict[str, Any]]) -> set[int]:
        """Those of the keys that the table has. A page that has been taken down is none that could be asked."""
        found = self._database.rows(
            f"SELECT key FROM {self._table} WHERE key IN (SELECT value FROM json_each(?))", (json.dumps(list(rows)),)
        )
        known = {key for (key,) in found}
        new = rows.keys() - known
        if new and self._database.value("SELECT 1 FROM stories WHERE forgotten_at IS NOT NULL LIMIT 1"):
            self._mark_forgotten([rows[key] for key in new])
        return known

    def _mark_forgotten(self, rows: Iterable[dict[str, Any]]) -> None:
        for row in rows:
            is_forgotten = self._database.value(
                """
                SELECT 1 FROM aliases JOIN stories ON stories.id = aliases.story
                WHERE aliases.key = ? AND aliases.standing > 0 AND stories.forgotten_at IS NOT NULL
                """,
                (name_key(row["url"]),),
            )
            if is_forgotten:
                row.update(state="forgotten", due=None)

    def _update_known(self, rows: Sequence[dict[str, Any]]) -> None:
        self._database.execute_many(
            f"""
            UPDATE {self._table} SET
                state = CASE WHEN {_BECOMES_READY} THEN :state ELSE state END,
                due = CASE WHEN {_BECOMES_READY} THEN :due ELSE due END,
                url = CASE WHEN {_IS_BETTER_TOLD} THEN :url ELSE url END,
                kind = CASE WHEN {_IS_BETTER_TOLD} THEN :kind ELSE kind END,
                data = CASE WHEN {_IS_BETTER_TOLD} THEN :data ELSE data END,
                rank = max(rank, :rank),
                modified = nullif(max(coalesce(modified, -1), coalesce(:modified, -1)), -1)
            WHERE key = :key
                AND ({_IS_BETTER_TOLD} OR :rank > rank OR :modified > coalesce(modified, -1))
            """,
            rows,
        )
