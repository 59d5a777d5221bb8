"""Archive files that a ledger does not know, taken in: what they are, and what they hold that may be referred to."""

from __future__ import annotations

from pathlib import Path

from newsscraper.store.archive.index import find_captures
from newsscraper.store.archive.records import find_whole_end
from newsscraper.store.ledger.check_archives import OPEN, STREAM, SUFFIX, archive_paths, open_paths
from newsscraper.store.ledger.database import Database
from newsscraper.store.ledger.files import digest_file
from newsscraper.store.ledger.keys import find_url_key
from newsscraper.store.ledger.place import Place

_OK = 200


def restore_archives(database: Database, place: Place, only: set[Path] | None = None) -> dict[str, bool]:
    """Take in the archive files of a site that the ledger does not know (with `only`, of these).

    Which runs they are of; True where one of its files grew when it died: the next opening finishes that. A file that
    is damaged is taken as it is. Raises `OSError`.
    """
    runs: dict[str, bool] = {}
    for path in (*archive_paths(place), *open_paths(place)):
        final = path.with_name(path.name.removesuffix(OPEN))
        file = final.relative_to(place.corpus).as_posix()
        if only is not None and final not in only:
            continue
        if database.value("SELECT 1 FROM files WHERE file = ? AND stream = ?", (file, STREAM)):
            continue
        run_id = final.name.removesuffix(SUFFIX).rpartition("-")[0]
        with database.transaction():
            _restore_one(database, path, file, run_id, is_open=path != final)
        runs[run_id] = runs.get(run_id, False) or path != final
    return runs


def _restore_one(database: Database, path: Path, file: str, run_id: str, *, is_open: bool) -> None:
    facts = (0, 0, None) if is_open else (find_whole_end(path)[1], *digest_file(path))
    (number,) = database.row(
        """
        INSERT INTO files (file, run_id, stream, form, records, bytes, sha256) VALUES (?, ?, ?, 'gz', ?, ?, ?)
        ON CONFLICT (file) DO UPDATE SET stream = excluded.stream, records = excluded.records, bytes = excluded.bytes,
            sha256 = excluded.sha256
        RETURNING id
        """,
        (file, run_id, STREAM, *facts),
    ) or (0,)
    if not is_open:
        restore_captures(database, path, number)


def restore_captures(database: Database, path: Path, number: int) -> None:
    """What a sealed archive holds may be referred to; of a damaged one, what its index tells. Raises `OSError`."""
    for capture in find_captures(path):
        key = find_url_key(capture.url)
        if key is not None and capture.status == _OK and capture.mime != "warc/revisit":
            database.execute(
                "INSERT OR REPLACE INTO captures (key, file, offset, length) VALUES (?, ?, ?, ?)",
                (key, number, capture.offset, capture.length),
            )
