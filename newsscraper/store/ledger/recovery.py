"""What a run that died left behind is brought to its end before the next one begins."""

from __future__ import annotations

from newsscraper.store.clock import Clock
from newsscraper.store.ledger.archiving import finish_archives
from newsscraper.store.ledger.captures import count_archived
from newsscraper.store.ledger.database import Database
from newsscraper.store.ledger.deaths import MOST_DEATHS, note_death, read_hand
from newsscraper.store.ledger.manifests import EndedRun, complete_manifest, replace_seal
from newsscraper.store.ledger.place import Place
from newsscraper.store.ledger.spool import Spool
from newsscraper.store.sealed import Seal

_TOLERATED = 60
"""Seconds that clocks are set back by in passing."""


def recover(database: Database, spool: Spool, place: Place, clock: Clock) -> list[str]:
    """Seal what dead runs committed, write their manifests, free their leases; the ids of the runs.

    The lock is held: whoever has not ended is dead. Can be broken off anywhere, and begun again.
    """
    _follow_clock(database, clock)
    for seal in spool.finish_reserved():
        run_id = database.value("SELECT run_id FROM files WHERE file = ?", (seal.file,))
        replace_seal(place, run_id, seal, f"{seal.file} was written anew")
    finish_archives(database, place)
    dead = database.rows(
        "SELECT run_id, form, started_at, seen_at, new, changed FROM runs WHERE ended_at IS NULL ORDER BY run_id"
    )
    for run_id, form, started_at, seen_at, new, changed in dead:
        spool.seal(run_id, form)
        counts = {"new": new, "changed": changed} | count_archived(database, run_id)
        run = EndedRun(run_id=run_id, started_at=started_at, seen_at=seen_at, counts=counts)
        complete_manifest(place, run, read_seals(database, run_id))
    in_hand = read_hand(place.hand) if dead else (0, "")
    _free_leases(database, [run_id for run_id, *_ in dead], in_hand, clock.seconds())
    place.hand.unlink(missing_ok=True)
    return [run_id for run_id, *_ in dead]


def read_seals(database: Database, run_id: str) -> list[Seal]:
    """The sealed files of a run, in order."""
    rows = database.rows(
        """
        SELECT file, records, bytes, sha256 FROM files WHERE run_id = ? AND sha256 IS NOT NULL AND stream <> 'lost'
        ORDER BY file
        """,
        (run_id,),
    )
    return [Seal(file=file, records=records, bytes=size, sha256=digest) for file, records, size, digest in rows]


def _free_leases(database: Database, runs: list[str], in_hand: tuple[int, str], now: int) -> None:
    key, url = in_hand
    with database.transaction():
        database.execute("UPDATE frontier SET state = 'ready', due = NULL WHERE state = 'leased'")
        if url:
            note_death(database, key, url, now)
        elif key:
            database.execute(
                """
                UPDATE frontier SET deaths = deaths + 1, suspect = 1,
                    state = CASE WHEN deaths + 1 >= ? THEN 'quarantined' ELSE state END
                WHERE key = ? AND state = 'ready'
                """,
                (MOST_DEATHS, key),
            )
        # Later than it was last seen, also where the clock stands still: so is told who ended it.
        database.execute_many(
            "UPDATE runs SET ended_at = max(?, seen_at + 1) WHERE run_id = ?", [(now, run_id) for run_id in runs]
        )


def _follow_clock(database: Database, clock: Clock) -> None:
    """Where the clock has been set back, what it had put off comes earlier by as much."""
    last = database.value("SELECT max(coalesce(ended_at, seen_at)) FROM runs")
    ahead = 0 if last is None else last - clock.seconds()
    if ahead > _TOLERATED:
        with database.transaction():
            database.execute("UPDATE frontier SET due = due - ? WHERE due IS NOT NULL", (ahead,))
            database.execute(
                "UPDATE frontier SET visited_at = visited_at - ? WHERE visited_at > ?", (ahead, last - ahead)
            )
            database.execute(
                """
                UPDATE runs SET seen_at = min(seen_at, :now - coalesce(ended_at > seen_at, 0)),
                    ended_at = min(ended_at, :now)
                """,
                {"now": clock.seconds()},
            )
