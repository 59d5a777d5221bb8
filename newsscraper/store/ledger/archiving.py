"""The archive of a run: its files are reserved, grown, synced before each commit, sealed; and finished after a death.

`archive/<site>/<run>-00000.warc.gz` ends in `.open` while it grows. The ledger knows how much of it is committed: what
lies behind that is whole records that no line names, or a torn one, which is cut off.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from newsscraper.errors import LedgerError
from newsscraper.store.archive.index import walk_archive, write_index
from newsscraper.store.archive.records import find_whole_end
from newsscraper.store.archive.types import Exchange
from newsscraper.store.durable import make_folder, sync_file
from newsscraper.store.faults import reach
from newsscraper.store.ledger.captures import find_capture
from newsscraper.store.ledger.check_archives import OPEN, STREAM, SUFFIX, present_path
from newsscraper.store.ledger.database import Database
from newsscraper.store.ledger.files import digest_file
from newsscraper.store.ledger.keys import find_url_key
from newsscraper.store.ledger.place import Place
from newsscraper.store.ledger.restoring_archives import restore_captures
from newsscraper.store.records import package_version
from newsscraper.store.sealed import Seal, sync_folder

if TYPE_CHECKING:
    from newsscraper.store.archive.appending import Appended
    from newsscraper.store.archive.writer import ArchiveWriter, Capture

DEFAULT_BYTES = 10**9
_CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"


class Archiving:
    """What a run archives. There is no file before there is something to be put into it."""

    def __init__(
        self, database: Database, place: Place, run_id: str, *, most_bytes: int, info: Mapping[str, str]
    ) -> None:
        self._database = database
        self._place = place
        self._run_id = run_id
        self._most_bytes = most_bytes
        self._info = info
        self._file = 0
        self._writer: ArchiveWriter | None = None
        self._is_broken = False

    def append(self, exchanges: Sequence[Exchange]) -> Appended:
        """Write and sync `exchanges`, all into one file. Raises `OSError`, `LedgerError`: nothing more is written then.

        They count once `enter` is committed.
        """
        from newsscraper.store.archive.appending import append_exchanges  # noqa: PLC0415 (most commands archive nothing)

        if self._is_broken:
            raise LedgerError(f"{self._place.ledger}: the archive could not be written: the next opening mends it")
        self._is_broken = True
        if self._writer is not None and self._writer.size >= self._most_bytes:
            self._seal()
        writer = self._writer or self._begin()
        mark = writer.mark()
        try:
            appended = append_exchanges(writer, exchanges, self._find_capture)
        except (ValueError, TypeError, AttributeError, LookupError):
            # Of an exchange that cannot be told: what was written of it is taken back, and the next one goes on there.
            writer.rewind(mark)
            self._is_broken = False
            raise
        reach("archiving:written")
        writer.sync()
        reach("archiving:synced")
        self._is_broken = False
        return appended

    def enter(self, appended: Appended) -> None:
        """What was appended is there to be referred to. Belongs into a transaction."""
        assert self._writer is not None
        rows = [
            (find_url_key(url), self._file, record["offset"], record["length"]) for url, record in appended.captures
        ]
        self._database.execute_many(
            "INSERT OR REPLACE INTO captures (key, file, offset, length) VALUES (?, ?, ?, ?)",
            [row for row in rows if row[0] is not None],
        )
        self._database.execute(
            "UPDATE files SET records = ?, bytes = ? WHERE id = ?",
            (self._writer.records, self._writer.size, self._file),
        )

    def seal(self) -> list[Seal]:
        """The file that grows is whole: named, indexed, entered. Raises `OSError`, `LedgerError`; see `append`."""
        if self._writer is None or self._is_broken:
            return []
        self._is_broken = True
        seal = self._seal()
        self._is_broken = False
        return [seal]

    def close(self) -> bool:
        """Nothing more is written; whether all that was is sealed."""
        writer, self._writer = self._writer, None
        if writer is not None:
            with suppress(OSError):
                writer.close()
        return writer is None and not self._is_broken

    def _seal(self) -> Seal:
        writer = self._writer
        assert writer is not None
        writer.sync()
        writer.close()
        seal = _finish(self._database, self._place, self._file, writer.file, records=writer.records, index=writer.index)
        self._writer = None
        return seal

    def _begin(self) -> ArchiveWriter:
        """The next file, with a name that the ledger knows before it is there."""
        from newsscraper.store.archive.writer import ArchiveWriter  # noqa: PLC0415 (most commands archive nothing)

        number = self._database.value(
            "SELECT count(*) FROM files WHERE run_id = ? AND stream = ?", (self._run_id, STREAM)
        )
        file = f"{STREAM}/{self._place.folder}/{self._run_id}-{number:05}{SUFFIX}"
        self._file = reserve(self._database, file, self._run_id)
        reach("archiving:reserved")
        path = self._place.corpus / f"{file}{OPEN}"
        make_folder(path.parent)
        self._writer = ArchiveWriter(path, file, self._info)
        sync_folder(path.parent)
        reach("archiving:begun")
        return self._writer

    def _find_capture(self, url: str) -> Capture | None:
        return find_capture(self._database, self._place, url)


def describe_software(run_id: str) -> dict[str, str]:
    """What every archive file's `warcinfo` says."""
    return {
        "software": f"newsscraper/{package_version()}",
        "format": "WARC File Format 1.1",
        "conformsTo": _CONFORMS_TO,
        "isPartOf": run_id,
    }


def reserve(database: Database, file: str, run_id: str) -> int:
    """Enter an archive file that is to grow, or to be finished; its number."""
    with database.transaction():
        return int(
            database.execute(
                "INSERT INTO files (file, run_id, stream, form, records, bytes) VALUES (?, ?, ?, 'gz', 0, 0)",
                (file, run_id, STREAM),
            ).lastrowid
            or 0
        )


def finish_archives(database: Database, place: Place) -> list[Seal]:
    """Bring every archive file that dead runs began to its end. Raises `OSError`, `LedgerError`."""
    seals = []
    for number, file, *committed in database.rows(
        "SELECT id, file, records, bytes FROM files WHERE stream = ? AND sha256 IS NULL ORDER BY id", (STREAM,)
    ):
        path = present_path(place, file)
        records = _cut(path, *committed) if path.exists() else 0
        if path.exists():
            index = walk_archive(path, Path(file).name)
            seals.append(_finish(database, place, number, file, records=records, index=index))
            with database.transaction():
                restore_captures(database, place.corpus / file, number)
        else:
            _drop(database, number)
    return seals


def _cut(path: Path, records: int, committed: int) -> int:
    """Cut off a torn record, and remove what is no file then; how many records there are."""
    size = path.stat().st_size
    if size < committed:
        records = committed = 0
    end, more = find_whole_end(path, committed)
    if not end:
        path.unlink()
        sync_folder(path.parent)
    elif end < size:
        os.truncate(path, end)
        sync_file(path)
    reach("archiving:cut")
    return records + more


def _finish(  # noqa: PLR0913 (what a seal is made of)
    database: Database, place: Place, number: int, file: str, *, records: int, index: Iterable[str]
) -> Seal:
    """Index, name and enter a file that is whole and synced."""
    path, present = place.corpus / file, present_path(place, file)
    write_index(path, index)
    reach("archiving:indexed")
    if present != path:
        present.replace(path)
    sync_folder(path.parent)
    reach("archiving:renamed")
    size, digest = digest_file(path)
    database.execute(
        "UPDATE files SET records = ?, bytes = ?, sha256 = ? WHERE id = ?", (records, size, digest, number)
    )
    reach("archiving:sealed")
    return Seal(file=file, records=records, bytes=size, sha256=digest)


def _drop(database: Database, number: int) -> None:
    """A file that never was, or is gone: nothing may lead to its number, which another file may get."""
    with database.transaction():
        database.execute(
            "UPDATE versions SET archive = NULL, archive_offset = NULL, archive_length = NULL WHERE archive = ?",
            (number,),
        )
        database.execute("DELETE FROM captures WHERE file = ?", (number,))
        database.execute("DELETE FROM files WHERE id = ?", (number,))
