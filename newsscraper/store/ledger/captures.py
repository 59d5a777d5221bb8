"""What is archived already: the last page of a URL, that of a story's last version, how much of a run."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from newsscraper.errors import InputError
from newsscraper.record import WarcPointer
from newsscraper.store.archive.records import read_head
from newsscraper.store.archive.types import ArchivedPage
from newsscraper.store.ledger.check_archives import STREAM, present_path
from newsscraper.store.ledger.database import Database
from newsscraper.store.ledger.keys import find_url_key
from newsscraper.store.ledger.known import KnownStory
from newsscraper.store.ledger.place import Place

if TYPE_CHECKING:
    from newsscraper.store.archive.writer import Capture


def find_capture(database: Database, place: Place, url: str) -> Capture | None:
    """The last page archived whole at `url`, where it is there still."""
    from newsscraper.store.archive.writer import FURTHER_PAGES, Capture  # noqa: PLC0415 (most commands archive nothing)

    row = database.row(
        "SELECT files.file, offset, length FROM captures JOIN files ON files.id = captures.file WHERE key = ?",
        (find_url_key(url),),
    )
    if row is None:
        return None
    file, offset, length = row
    head = read_head(present_path(place, file), offset)
    if head is None or head.get("warc-type") != "response" or "warc-payload-digest" not in head:
        return None
    return Capture(
        pointer=WarcPointer(file=file, offset=offset, length=length, record_id=head["warc-record-id"]),
        has_further=FURTHER_PAGES.lower() in head,
        url=head["warc-target-uri"],
        at=head["warc-date"],
        digest=head["warc-payload-digest"],
    )


def read_archived(database: Database, place: Place, known: KnownStory) -> ArchivedPage | None:
    """The page of the story's last version, where it is archived and can be read."""
    from newsscraper.store.archive.reading import read_at  # noqa: PLC0415 (most commands archive nothing)

    row = database.row(
        """
        SELECT files.file, archive_offset, archive_length FROM versions JOIN files ON files.id = versions.archive
        WHERE story = ? AND version = ?
        """,
        (known.id, known.base.version),
    )
    if row is None:
        return None
    file, offset, length = row
    try:
        page = read_at(str(present_path(place, file)), offset, length)
    except InputError:
        return None
    if not isinstance(page, ArchivedPage):
        return None
    return dataclasses.replace(page, warc=WarcPointer(**{**page.warc, "file": file}))


def count_archived(database: Database, run_id: str) -> dict[str, int]:
    """Records and bytes that the run has archived; empty where it has nothing."""
    row = database.row(
        "SELECT count(*), sum(records), sum(bytes) FROM files WHERE run_id = ? AND stream = ?", (run_id, STREAM)
    )
    return {"archived_records": row[1], "archived_bytes": row[2]} if row is not None and row[0] else {}
