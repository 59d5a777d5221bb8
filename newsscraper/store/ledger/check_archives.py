"""Whether the lines of sealed files lead to their pages, and each archive has its index."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from newsscraper.record import WarcPointer
from newsscraper.store.archive.index import agrees, index_path, read_index
from newsscraper.store.archive.members import read_members
from newsscraper.store.archive.records import read_head
from newsscraper.store.ledger.database import Database
from newsscraper.store.ledger.files import read_lines
from newsscraper.store.ledger.place import Place

STREAM, LOST = "archive", "lost"
"""What the table of files says of an archive, and of one that is gone for good: lines may still name it."""
SUFFIX = ".warc.gz"
OPEN = ".open"
"""What a file's name ends in while it grows."""
_NO_POINTER = '"warc": null'


def archive_paths(place: Place) -> list[Path]:
    """The sealed archive files of a site as they lie on the disk, in order."""
    return sorted((place.corpus / STREAM / place.folder).glob(f"[!.]*{SUFFIX}"))


def open_paths(place: Place) -> list[Path]:
    """Those that grow, or grew when their run died."""
    return sorted((place.corpus / STREAM / place.folder).glob(f"[!.]*{SUFFIX}{OPEN}"))


def present_path(place: Place, file: str) -> Path:
    """Where an archive file lies at the moment: it may still grow."""
    path = place.corpus / file
    return path if path.exists() else place.corpus / f"{file}{OPEN}"


def find_unindexed(place: Place) -> Iterator[tuple[Path, str]]:
    """Archives whose index is gone, or none, or not theirs: the index, and what is wrong.

    That of a damaged archive is left alone where there is one: it may be all that tells what lay in the damage.
    """
    for path in archive_paths(place):
        members = read_members(path)
        try:
            index = list(read_index(path))
        except (OSError, ValueError, KeyError):
            yield index_path(path), "the index of an archive is missing, or none"
            continue
        if not members.gaps and not agrees(index, members):
            yield index_path(path), "does not tell what lies in its archive"


def find_lost_pages(place: Place, database: Database, lines: Iterator[Path]) -> Iterator[tuple[str, int, str]]:
    """Archives that do not hold what lines of the sealed files `lines` say: how many lines, and one that does.

    Those that are not there at all, and are known to be gone, are left out.
    """
    known = dict(database.rows("SELECT file, stream FROM files WHERE stream IN (?, ?)", (STREAM, LOST)))
    wrong: dict[str, list[str]] = defaultdict(list)
    for line in (line for path in lines for line in read_lines(path) if _NO_POINTER not in line):
        content = json.loads(line)
        pointer = content.get("warc")
        if pointer and not _leads_to_page(place, known, pointer):
            wrong[pointer["file"]].append(f"{content['story_key']} version {content['version']}")
    for file, stories in sorted(wrong.items()):
        yield file, len(stories), stories[0]


def _leads_to_page(place: Place, known: dict[str, str], pointer: WarcPointer) -> bool:
    file = pointer["file"]
    path = present_path(place, file)
    if file in known and not path.exists():
        return True
    # A run at work may give it its name in between.
    head = read_head(path, pointer["offset"]) or read_head(present_path(place, file), pointer["offset"])
    return head is not None and head.get("warc-record-id") == pointer["record_id"]
