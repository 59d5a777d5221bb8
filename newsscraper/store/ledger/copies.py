"""Pages that say that they are a copy of another one wait for that one's answer."""

from __future__ import annotations

import json
from collections.abc import Iterable

from newsscraper.store.identity import fold_title
from newsscraper.store.ledger.database import Database
from newsscraper.store.ledger.keys import hash_key, name_key, url_key
from newsscraper.store.ledger.stories import ANSWERED, StoryStore


class Copies:
    """Those of one frontier, which lies in the database `schema`."""

    def __init__(self, database: Database, stories: StoryStore, schema: str = "main") -> None:
        self._database = database
        self._stories = stories
        self._table = f"{schema}.copies"
        self._frontier = f"{schema}.frontier"

    def hold(self, key: int, url: str, original: str, title: str) -> None:
        """The page at `url`, asked as `key`, waits for `original`. Belongs into a transaction."""
        self._database.execute(
            f"INSERT OR REPLACE INTO {self._table} (key, name, original, title) VALUES (?, ?, ?, ?)",
            (key, name_key(url), name_key(original), hash_key(fold_title(title))),
        )

    def has_answered(self, url: str) -> bool:
        """Whether there is nothing to wait for: `url` has been answered, or never will be."""
        row = self._database.row(f"SELECT state, visited_at FROM {self._frontier} WHERE key = ?", (url_key(url),))
        if row is None:
            return False
        state, visited_at = row
        return visited_at is not None or state in {"done", "gone", "refused", "bounded", "quarantined", "forgotten"}

    def release_of(self, names: Iterable[int], story: int | None, title: str | None) -> None:
        """`names` have been answered, as `story` with this headline: its copies are aliases, others are asked again."""
        same = None if title is None else hash_key(fold_title(title))
        for original in dict.fromkeys(names):
            for key, name, own in self._database.rows(
                f"SELECT key, name, title FROM {self._table} WHERE original = ?", (original,)
            ):
                self._database.execute(f"DELETE FROM {self._table} WHERE key = ?", (key,))
                if story is not None and own == same:
                    self._stories.name(story, name, ANSWERED)
                else:
                    self._ask_alone(key)

    def pass_on(self, names: Iterable[int], original: str) -> None:
        """`names` have answered as copies of `original` themselves: what waits for them waits for that."""
        for name in dict.fromkeys(names):
            self._database.execute(
                f"UPDATE {self._table} SET original = ? WHERE original = ?", (name_key(original), name)
            )

    def release_all(self) -> int:
        """Nothing is under way any more: whatever still waits is asked again; how many."""
        with self._database.transaction():
            keys = [key for (key,) in self._database.rows(f"SELECT key FROM {self._table}")]
            for key in keys:
                self._ask_alone(key)
            self._database.execute(f"DELETE FROM {self._table}")
        return len(keys)

    def _ask_alone(self, key: int) -> None:
        data = self._database.value(f"SELECT data FROM {self._frontier} WHERE key = ?", (key,))
        if data is None:
            return
        alone = json.dumps({**json.loads(data or "{}"), "alone": True}, ensure_ascii=False)
        self._database.execute(
            f"""
            UPDATE {self._frontier} SET state = 'ready', due = NULL, data = ?
            WHERE key = ? AND state NOT IN ('leased', 'quarantined', 'forgotten')
            """,
            (alone, key),
        )
