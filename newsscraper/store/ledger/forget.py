"""Takedown: a story leaves sealed files, spool and ledger; its key remains, and those of its names.

It is entered as under way before the first file is touched, and the next opening takes it up where it was broken off.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from newsscraper.store.faults import reach
from newsscraper.store.ledger.database import Database
from newsscraper.store.ledger.files import digest_file, form_of, read_lines, write_lines
from newsscraper.store.ledger.forget_pages import find_further, forget_pages
from newsscraper.store.ledger.keys import url_key
from newsscraper.store.ledger.known import KnownStory
from newsscraper.store.ledger.manifests import replace_seal
from newsscraper.store.ledger.place import Place
from newsscraper.store.sealed import Seal, sync_folder

FORGOTTEN = "forgotten"
"""The event, and how a run ended that did nothing else."""
FORGOTTEN_IN_PART = "forgotten_in_part"
"""The event that tells what could not be taken out."""
_NOTE = "{file} was written anew without a story that was taken down"


@dataclass(frozen=True, kw_only=True)
class Forgotten:
    """What a takedown came to."""

    story_key: str
    files: tuple[str, ...]
    """Sealed files and indexes that were written anew, below the corpus folder; also when the ledger was opened."""
    left: tuple[str, ...] = ()
    """What of it could not be taken out, or not for good, a sentence each: the next opening tries again."""
    was_forgotten: bool = False
    """Whether it had been taken down before."""


@dataclass(kw_only=True)
class Finished:
    """What the takedowns under way came to."""

    files: list[str] = field(default_factory=list)
    left: dict[str, list[str]] = field(default_factory=dict)
    """By `story_key`, what could not be taken out; such a takedown stays under way."""


def find_urls(database: Database, place: Place, known: KnownStory) -> set[int]:
    """Keys of all that the story was read at, its further pages included. Raises `OSError`, `LedgerError`."""
    urls = {key for (key,) in database.rows("SELECT key FROM frontier WHERE story = ?", (known.id,))}
    if known.url is not None:
        urls.add(url_key(known.url))
    return urls | find_further(database, place, known.id, urls)


def enter(database: Database, known: KnownStory, urls: set[int], why: str, now: int) -> dict[str, Any]:
    """Make the story a tombstone and its takedown a thing to be finished; what its event tells.

    Belongs into a transaction. `urls` as `find_urls` found them.
    """
    story = known.id
    database.execute_many(
        """
        INSERT INTO frontier (key, url, host, kind, state, rank, data, added_at, story)
        VALUES (?, '', '', 'story', 'forgotten', 0, '', ?, ?)
        ON CONFLICT (key) DO UPDATE SET url = '', host = '', data = '', state = 'forgotten', due = NULL, etag = NULL,
            last_modified = NULL, digest = NULL, story = excluded.story
        """,
        [(key, now, story) for key in urls],
    )
    database.execute(
        """
        UPDATE stories SET url = NULL, title = NULL, content_hash = NULL, fields = NULL, fingerprint = NULL,
            extractor = NULL, genre = NULL, forgotten_at = coalesce(forgotten_at, ?), why = ? WHERE id = ?
        """,
        (now, why, story),
    )
    database.execute("DELETE FROM spool WHERE story = ?", (story,))
    database.execute("INSERT OR REPLACE INTO forgetting (story, why, at) VALUES (?, ?, ?)", (story, why, now))
    names = [key for (key,) in database.rows("SELECT key FROM aliases WHERE story = ? AND standing > 0", (story,))]
    return {"event": FORGOTTEN, "story_key": known.story_key, "why": why, "urls": sorted(urls), "names": sorted(names)}


def enter_again(database: Database, known: KnownStory, now: int) -> None:
    """A takedown that was made already is under way once more, such as for a file that was put back from a backup."""
    database.execute(
        "INSERT OR IGNORE INTO forgetting (story, why, at) SELECT id, coalesce(why, ''), ? FROM stories WHERE id = ?",
        (now, known.id),
    )


def finish_forgetting(database: Database, place: Place) -> Finished:
    """Bring the takedowns under way to their end, as far as that can be. Raises `OSError`, `LedgerError`."""
    finished = Finished()
    for story, story_key in database.rows(
        "SELECT forgetting.story, stories.story_key FROM forgetting JOIN stories ON stories.id = forgetting.story"
    ):
        urls = {key for (key,) in database.rows("SELECT key FROM frontier WHERE story = ?", (story,))}
        finished.files += _rewrite_files(database, place, story_key, urls)
        overwritten = forget_pages(database, place, story, urls)
        finished.files += [*overwritten.files, *_name_archives_anew(database, place)]
        if overwritten.left:
            finished.left[story_key] = overwritten.left
            continue
        with database.transaction():
            database.execute("DELETE FROM versions WHERE story = ?", (story,))
            database.execute("DELETE FROM forgetting WHERE story = ?", (story,))
        reach("forgetting:done")
    if finished.files or database.value("SELECT 1 FROM stories WHERE forgotten_at IS NOT NULL LIMIT 1"):
        _drop_copies(place)
    return finished


def _rewrite_files(database: Database, place: Place, story_key: str, urls: set[int]) -> Iterator[str]:
    for number, run_id, *facts in database.rows(
        "SELECT id, run_id, file, records, bytes, sha256 FROM files "
        "WHERE sha256 IS NOT NULL AND stream IN ('stories', 'events') ORDER BY id"
    ):
        known = Seal(file=facts[0], records=facts[1], bytes=facts[2], sha256=facts[3])
        seal = _rewrite(place.corpus / known.file, known, story_key, urls)
        if seal != known:
            database.execute(
                "UPDATE files SET records = ?, bytes = ?, sha256 = ? WHERE id = ?",
                (seal.records, seal.bytes, seal.sha256, number),
            )
        # Also where nothing is left to be done: the run may have been broken off right here.
        if replace_seal(place, run_id, seal, _NOTE.format(file=seal.file)) or seal != known:
            yield seal.file


def _name_archives_anew(database: Database, place: Place) -> Iterator[str]:
    """In manifests, also where nothing is left to be done: the run may have been broken off right here."""
    for run_id, *facts in database.rows(
        "SELECT run_id, file, records, bytes, sha256 FROM files WHERE stream = 'archive' AND sha256 IS NOT NULL"
    ):
        seal = Seal(file=facts[0], records=facts[1], bytes=facts[2], sha256=facts[3])
        if replace_seal(place, run_id, seal, _NOTE.format(file=seal.file)):
            yield seal.file


def _rewrite(path: Path, known: Seal, story_key: str, urls: set[int]) -> Seal:
    """The file without what tells of the story; as it is where nothing does."""
    if not path.exists():
        return known
    lines = list(read_lines(path))
    kept = [line for line in lines if not _tells_of(line, story_key, urls)]
    if len(kept) < len(lines):
        records, size, digest = write_lines(path, kept, form_of(path))
        reach("forgetting:rewritten")
    else:
        records, (size, digest) = len(kept), digest_file(path)
    return Seal(file=known.file, records=records, bytes=size, sha256=digest)


def _tells_of(line: str, story_key: str, urls: set[int]) -> bool:
    """Whether a line is the story's, or an event at one of its URLs."""
    if story_key not in line and '"event"' not in line:
        return False
    content = json.loads(line)
    if content.get("event") in (FORGOTTEN, FORGOTTEN_IN_PART):
        return False
    return content.get("story_key") == story_key or ("event" in content and _key_of(content.get("url")) in urls)


def _key_of(url: object) -> int | None:
    with suppress(ValueError):
        return url_key(url) if isinstance(url, str) else None
    return None


def _drop_copies(place: Place) -> None:
    """Copies of the ledger from before a migration or a rebuilding may still hold what was taken down."""
    folder = place.ledger.parent
    copies = [path for mark in ("before", "broken") for path in folder.glob(f"{place.ledger.name}.{mark}-*")]
    for copy in copies:
        copy.unlink(missing_ok=True)
    if copies:
        sync_folder(folder)
