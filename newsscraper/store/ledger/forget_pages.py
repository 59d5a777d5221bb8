"""Takedown in archives: all that was captured at a story's addresses is overwritten, wherever it lies.

An index loses its lines last, so that a takedown that was broken off finds again what it was about.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from newsscraper.errors import LedgerError
from newsscraper.store.archive.index import Indexed, find_regions, index_path, write_index
from newsscraper.store.archive.records import read_head
from newsscraper.store.archive.takedown import Region, write_without
from newsscraper.store.faults import reach
from newsscraper.store.ledger.database import Database
from newsscraper.store.ledger.files import digest_file
from newsscraper.store.ledger.keys import find_url_key, name_key
from newsscraper.store.ledger.place import Place
from newsscraper.store.sealed import sync_folder

_PAGES = ("response", "conversion")
_FURTHER_PAGES = "newsscraper-further-pages"


def find_further(database: Database, place: Place, story: int, urls: set[int]) -> set[int]:
    """Keys of the addresses on which the story goes on, as its archived pages tell.

    An archive that is not as it was sealed, such as one that was put back from a backup, is indexed anew. Raises
    `OSError`, `LedgerError`.
    """
    further: set[int] = set()
    for number, path in _archives(database, place):
        if digest_file(path) != database.row("SELECT bytes, sha256 FROM files WHERE id = ?", (number,)):
            index_path(path).unlink(missing_ok=True)
        for capture, _ in _find(database, story, urls, number, path):
            further.update(_read_further(path, capture.offset))
    return further


def _read_further(path: Path, offset: int) -> Iterator[int]:
    """Keys of the addresses of the further pages that the record at `offset` names."""
    head = read_head(path, offset) or {}
    for page in head.get(_FURTHER_PAGES, "").split(", "):
        place = page.partition("+")[0]
        later = read_head(path, int(place)) if place.isdecimal() else None
        key = find_url_key(later.get("warc-target-uri", "")) if later else None
        if key is not None:
            yield key


def forget_pages(database: Database, place: Place, story: int, urls: set[int]) -> Iterator[str]:
    """Overwrite what was captured of the story; the archive files that were written anew.

    Raises `OSError`, `LedgerError`.
    """
    for number, path in _archives(database, place):
        found = _find(database, story, urls, number, path)
        if not found:
            continue
        _overwrite(database, number, path, [(capture.offset, end) for capture, end in found])
        gone = {capture.offset for capture, _ in found}
        write_index(path, [capture.line for capture, _ in find_regions(path) if capture.offset not in gone])
        database.execute_many(
            "DELETE FROM captures WHERE file = ? AND offset = ?", [(number, offset) for offset in gone]
        )
        reach("forgetting:unindexed")
        yield path.relative_to(place.corpus).as_posix()


def _archives(database: Database, place: Place) -> Iterator[tuple[int, Path]]:
    for number, file in database.rows(
        "SELECT id, file FROM files WHERE stream = 'archive' AND sha256 IS NOT NULL ORDER BY id"
    ):
        path = place.corpus / file
        if path.exists():
            yield number, path


def _find(database: Database, story: int, urls: set[int], number: int, path: Path) -> list[tuple[Indexed, int]]:
    """Captures of the story, and where the next ones begin: at its addresses, or those its lines were read from."""
    own, others = _read_places(database, story, number, path)
    names = {key for (key,) in database.rows("SELECT key FROM aliases WHERE story = ? AND standing > 0", (story,))}
    return [
        (capture, end)
        for capture, end in find_regions(path)
        if any(capture.offset <= each < end for each in own)
        or (
            (find_url_key(capture.url) in urls or _name_of(capture.url) in names)
            and not any(capture.offset <= each < end for each in others)
        )
    ]


def _read_places(database: Database, story: int, number: int, path: Path) -> tuple[list[int], list[int]]:
    """Where the pages of versions lie in the file: those of the story, and those of others at addresses it had.

    What was overwritten already is left out: between two captures that are left there may be any number of those.
    """
    rows = database.rows("SELECT story = ?, archive_offset FROM versions WHERE archive = ?", (story, number))
    own = [offset for is_own, offset in rows if is_own and (read_head(path, offset) or {}).get("warc-type") in _PAGES]
    return own, [offset for is_own, offset in rows if not is_own]


def _overwrite(database: Database, number: int, path: Path, regions: list[Region]) -> None:
    try:
        part, size, digest = write_without(path, regions)
    except ValueError as fault:
        raise LedgerError(f"{path}: cannot be taken out of it, see `newsscraper ledger check`: {fault}") from fault
    reach("forgetting:overwritten")
    database.execute("UPDATE files SET bytes = ?, sha256 = ? WHERE id = ?", (size, digest, number))
    part.replace(path)
    sync_folder(path.parent)
    reach("forgetting:replaced")


def _name_of(url: str) -> int | None:
    with suppress(ValueError):
        return name_key(url)
    return None
