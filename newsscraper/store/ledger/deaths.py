"""Deaths of processes over a URL, which are remembered whatever else a run forgets.

A run with a frontier of its own (`fresh_frontier`) takes that with it when it ends. What it learns of deaths goes into
the frontier that stays, and is looked up there.
"""

from __future__ import annotations

from pathlib import Path

from newsscraper.store.ledger.database import Database
from newsscraper.store.ledger.keys import url_host

MOST_DEATHS = 3
"""So often may a process die over a URL before it is set aside."""
_KEY_BYTES = 8
_LENGTH_BYTES = 4


class KeptDeaths:
    """Of a run whose frontier lies in the database `schema`."""

    def __init__(self, database: Database, schema: str) -> None:
        self._database = database
        self._own = f"{schema}.frontier"

    def url_of(self, key: int) -> str:
        """The URL of a key in the run's own frontier; empty where there is none."""
        return self._database.value(f"SELECT url FROM {self._own} WHERE key = ?", (key,)) or ""

    def of(self, key: int) -> tuple[int, bool]:
        """How often a process died over it, and whether the last one that had it in hand did."""
        deaths, suspect = self._database.row("SELECT deaths, suspect FROM main.frontier WHERE key = ?", (key,)) or (
            0,
            0,
        )
        return deaths, bool(suspect)

    def add(self, key: int, now: int) -> int:
        """One more; how many there are now. Belongs into a transaction."""
        note_death(self._database, key, self.url_of(key), now)
        return self.of(key)[0]

    def forget(self, key: int) -> None:
        """It was read."""
        self._database.execute(
            "UPDATE main.frontier SET deaths = 0, suspect = 0 WHERE key = ? AND deaths > 0 AND state <> 'quarantined'",
            (key,),
        )


def note_death(database: Database, key: int, url: str, now: int) -> None:
    """A process of a run with a frontier of its own died over `url`. Belongs into a transaction."""
    if not url:
        return
    database.execute(
        """
        INSERT INTO main.frontier (key, url, host, kind, state, rank, data, added_at, deaths, suspect)
        VALUES (:key, :url, :host, 'page', 'ready', 0, '', :now, 1, 1)
        ON CONFLICT (key) DO UPDATE SET deaths = deaths + 1, suspect = 1,
            state = CASE WHEN deaths + 1 >= :most THEN 'quarantined' ELSE state END,
            due = CASE WHEN deaths + 1 >= :most THEN NULL ELSE due END
        WHERE state NOT IN ('quarantined', 'forgotten')
        """,
        {"key": key, "url": url, "host": url_host(url), "now": now, "most": MOST_DEATHS},
    )


def write_hand(key: int, url: str) -> bytes:
    """What the file holds that says which URL is in hand: its key (0: none), and itself where only the run knows it."""
    data = url.encode("utf-8", "surrogatepass")
    return key.to_bytes(_KEY_BYTES, "little", signed=True) + len(data).to_bytes(_LENGTH_BYTES, "little") + data


def read_hand(path: Path) -> tuple[int, str]:
    """Key and URL of what was in hand; 0 for nothing."""
    try:
        data = path.read_bytes()
    except OSError:
        return 0, ""
    end = _KEY_BYTES + _LENGTH_BYTES
    length = int.from_bytes(data[_KEY_BYTES:end], "little")
    return (
        int.from_bytes(data[:_KEY_BYTES], "little", signed=True),
        data[end : end + length].decode("utf-8", "surrogatepass"),
    )
