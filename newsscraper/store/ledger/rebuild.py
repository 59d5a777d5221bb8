"""A ledger made anew out of sealed files, with what can still be read of the one before."""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from newsscraper.errors import LedgerError
from newsscraper.store.clock import Clock
from newsscraper.store.durable import make_folder, sync_file
from newsscraper.store.ledger.database import Database
from newsscraper.store.ledger.place import Place
from newsscraper.store.ledger.restoring import restore_files, restore_line
from newsscraper.store.ledger.schema import MIGRATIONS
from newsscraper.store.ledger.stories import StoryStore
from newsscraper.store.sealed import sync_folder

_SIDES = ("", "-wal", "-shm")


@dataclass(frozen=True, kw_only=True)
class Rebuilt:
    """What the new ledger was made of."""

    files: int
    stories: int
    versions: int
    urls: int
    """That the old ledger still told of."""
    lines: int
    """That the old ledger had committed, and no sealed file held."""
    kept: str | None
    """Where the old ledger lies now, below the corpus folder."""


def rebuild_locked(place: Place, clock: Clock) -> Rebuilt:
    """A new ledger for `place`, whose lock is held; the old one is kept beside it.

    Raises `OSError`, `LedgerError`; the old ledger is where it was then.
    """
    make_folder(place.ledger.parent)
    part = place.ledger.with_name(f".{place.ledger.name}.part")
    _remove(part)
    try:
        files, lines, urls, totals = _fill(part, place, clock)
    except BaseException:
        _remove(part)
        raise
    kept = _put_aside(place)
    part.replace(place.ledger)
    sync_folder(place.ledger.parent)
    return Rebuilt(
        files=files,
        stories=totals["stories"],
        versions=totals["versions"],
        urls=urls,
        lines=lines,
        kept=None if kept is None else kept.relative_to(place.corpus).as_posix(),
    )


def _fill(part: Path, place: Place, clock: Clock) -> tuple[int, int, int, dict[str, int]]:
    """Make the ledger `part`, synced: how many files, lines and URLs went into it, and what it holds."""
    with closing(Database.open(part, cache_mb=64)) as database:
        try:
            files = restore_files(database, place, clock.seconds())
        except (ValueError, TypeError, EOFError) as fault:
            raise LedgerError(
                f"{place.ledger}: a sealed file is damaged, see `newsscraper ledger check`: {fault}"
            ) from fault
        lines, urls = _salvage(database, place, clock.seconds())
        totals = StoryStore(database).totals()
    sync_file(part)
    return files, lines, urls, totals


def _remove(path: Path) -> None:
    for side in _SIDES:
        _side(path, side).unlink(missing_ok=True)


def _put_aside(place: Place) -> Path | None:
    if not place.ledger.exists():
        return None
    number = 1
    while (kept := place.ledger.with_name(f"{place.ledger.name}.broken-{number}")).exists():
        number += 1
    for side in reversed(_SIDES):
        with suppress(FileNotFoundError):
            _side(place.ledger, side).replace(_side(kept, side))
    return kept


def _side(path: Path, side: str) -> Path:
    return path.with_name(path.name + side)


def _salvage(database: Database, place: Place, now: int) -> tuple[int, int]:
    """Lines and URLs that can still be read of the old ledger."""
    if not place.ledger.exists():
        return 0, 0
    try:
        old = Database.inspect(place.ledger)
    except LedgerError:
        return 0, 0
    with closing(old):
        try:
            if not 1 <= old.version <= len(MIGRATIONS):
                return 0, 0
        except LedgerError:
            return 0, 0
        lines = _salvage_lines(database, old, place, now)
        with suppress(LedgerError):
            _salvage_stories(database, old)
        return lines, _salvage_urls(database, old)


def _salvage_lines(database: Database, old: Database, place: Place, now: int) -> int:
    """Committed lines that are in no file; those with a name are where their file has been renamed."""
    lines = 0
    with suppress(LedgerError), database.transaction():
        for run_id, stream, story, version, line, file in old.iterate(
            """
            SELECT spool.run_id, stream, story, version, line, (SELECT file FROM files WHERE id = spool.file)
            FROM spool ORDER BY id
            """
        ):
            if file is not None and (place.corpus / file).exists():
                continue
            if stream == "stories":
                with suppress(ValueError, TypeError):
                    restore_line(database, line, None, now)
            database.execute(
                "INSERT INTO spool (run_id, stream, story, version, line) VALUES (?, ?, ?, ?, ?)",
                (run_id, stream, story, version, line),
            )
            database.execute(
                """
                INSERT INTO runs (run_id, started_at, seen_at, form) VALUES (?, ?, ?, 'plain')
                ON CONFLICT (run_id) DO UPDATE SET ended_at = NULL
                """,
                (run_id, now, now),
            )
            lines += 1
    return lines


def _salvage_stories(database: Database, old: Database) -> None:
    """What the next visit is compared with, of the versions that there are lines of; and all that was taken down."""
    with database.transaction():
        for row in old.iterate(
            """
            SELECT title, content_hash, fields, fingerprint, extractor, genre, url, name, gone_at, id, version
            FROM stories WHERE forgotten_at IS NULL
            """
        ):
            database.execute(
                """
                UPDATE stories SET title = ?, content_hash = ?, fields = ?, fingerprint = ?, extractor = ?, genre = ?,
                    url = ?, name = ?, gone_at = ? WHERE id = ? AND version = ? AND forgotten_at IS NULL
                """,
                row,
            )
        for row in old.iterate(
            "SELECT id, story_key, version, versioned_at, forgotten_at, why FROM stories WHERE forgotten_at IS NOT NULL"
        ):
            database.execute(
                """
                INSERT INTO stories (id, story_key, version, versioned_at, forgotten_at, why) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO NOTHING
                """,
                row,
            )
        for row in old.iterate("SELECT key, story, standing FROM aliases"):
            database.execute(
                """
                INSERT INTO aliases (key, story, standing) SELECT ?1, ?2, ?3 WHERE EXISTS (
                    SELECT 1 FROM stories WHERE id = ?2)
                ON CONFLICT (key) DO UPDATE SET story = excluded.story, standing = excluded.standing
                """,
                row,
            )


def _salvage_urls(database: Database, old: Database) -> int:
    names = [name for _, name, *_ in database.rows("PRAGMA main.table_info(frontier)")]
    columns = ", ".join(names)
    urls = 0
    with suppress(LedgerError), database.transaction():
        for row in old.iterate(f"SELECT {columns} FROM frontier"):
            database.execute(f"INSERT OR REPLACE INTO frontier ({columns}) VALUES ({', '.join('?' * len(names))})", row)
            urls += 1
    return urls
