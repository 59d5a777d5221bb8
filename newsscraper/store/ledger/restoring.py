"""What a ledger knows, read back out of sealed files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newsscraper.record import Record
from newsscraper.store.identity import code_keys
from newsscraper.store.ledger.check import sealed_paths
from newsscraper.store.ledger.database import Database
from newsscraper.store.ledger.files import Form, digest_file, form_of, read_lines
from newsscraper.store.ledger.forget import FORGOTTEN
from newsscraper.store.ledger.keys import name_key, story_id, url_host, url_key
from newsscraper.store.ledger.place import Place
from newsscraper.store.ledger.restoring_archives import restore_archives
from newsscraper.store.ledger.spool import Stream
from newsscraper.store.ledger.stories import CLAIMED, OWN, StoryStore

_YOUNG = 30 * 86_400
"""Seconds for which a story is asked again at once when nothing is known of its revisits any more."""


def restore_files(database: Database, place: Place, now: int, only: set[Path] | None = None) -> int:
    """Take in the sealed files of a site that the ledger does not know (with `only`, of these); how many.

    Raises `OSError`, `ValueError`, `TypeError` for a file that is damaged; nothing of that file is taken in then.
    """
    # Before the lines, whose pages are looked up in them.
    archived = restore_archives(database, place, only)
    for run_id, is_open in archived.items():
        _restore_run(database, run_id, "plain", now, has_ended=not is_open)
    restored = len(archived)
    for stream in ("stories", "events"):
        for path in sealed_paths(place, stream):
            if only is not None and path not in only:
                continue
            with database.transaction():
                restored += _restore_file(database, place, path, "stories" if stream == "stories" else "events", now)
    return restored


def restore_line(database: Database, line: str, file: int | None, now: int) -> None:
    """Take in one line of `stories/`. Raises `ValueError`, `TypeError` for what is none."""
    record = Record.from_dict(json.loads(line))
    stories = StoryStore(database)
    story, at = story_id(record.story_key), _seconds(record.fetched_at) or now
    stories.restore(record, file, at)
    for name in code_keys(record, record.url or ""):
        stories.name(story, name_key(name), CLAIMED)
    for url in {record.url, record.fetched_url} - {None}:
        database.execute(
            """
            INSERT INTO frontier (key, url, host, kind, state, rank, due, data, added_at, visited_at, story)
            VALUES (?, ?, ?, 'story', 'done', 0, ?, '', ?, ?, ?) ON CONFLICT (key) DO NOTHING
            """,
            (url_key(str(url)), url, url_host(str(url)), now if now - at < _YOUNG else None, at, at, story),
        )


def _restore_file(database: Database, place: Place, path: Path, stream: Stream, now: int) -> int:
    name = path.relative_to(place.corpus).as_posix()
    if database.value("SELECT 1 FROM files WHERE file = ?", (name,)):
        return 0
    run_id = path.name.partition(".jsonl")[0].rpartition("-")[0]
    size, digest = digest_file(path)
    number = database.execute(
        "INSERT INTO files (file, run_id, stream, form, bytes, sha256) VALUES (?, ?, ?, ?, ?, ?)",
        (name, run_id, stream, form_of(path), size, digest),
    ).lastrowid
    records = 0
    for records, line in enumerate(read_lines(path), start=1):  # noqa: B007 (counted here)
        if stream == "stories":
            restore_line(database, line, number, now)
        else:
            _restore_event(database, json.loads(line))
    database.execute("UPDATE files SET records = ? WHERE id = ?", (records, number))
    _restore_run(database, run_id, form_of(path), now, has_ended=True)
    return 1


def _restore_run(database: Database, run_id: str, form: Form, now: int, *, has_ended: bool) -> None:
    began, seen, ended = _span_of(run_id, now)
    database.execute(
        """
        INSERT INTO runs (run_id, started_at, seen_at, ended_at, form) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (run_id) DO UPDATE SET ended_at = CASE WHEN excluded.ended_at IS NULL THEN NULL ELSE ended_at END
        """,
        (run_id, began, seen, ended if has_ended else None, form),
    )


def _restore_event(database: Database, event: dict[str, Any]) -> None:
    story = story_id(str(event.get("story_key")))
    if event.get("event") == FORGOTTEN:
        at = _seconds(event.get("at")) or 0
        database.execute(
            """
            INSERT INTO stories (id, story_key, version, versioned_at, forgotten_at, why) VALUES (?, ?, 0, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET forgotten_at = excluded.forgotten_at, why = excluded.why
            """,
            (story, event["story_key"], at, at, event.get("why")),
        )
        for name in event["names"]:
            StoryStore(database).name(story, name, OWN)
        database.execute_many(
            """
            INSERT INTO frontier (key, url, host, kind, state, rank, data, added_at, story)
            VALUES (?, '', '', 'story', 'forgotten', 0, '', ?, ?)
            ON CONFLICT (key) DO UPDATE SET state = 'forgotten', due = NULL
            """,
            [(key, at, story) for key in event["urls"]],
        )
    elif event.get("event") == "moved":
        StoryStore(database).move(story, str(event["url"]))


def _span_of(run_id: str, now: int) -> Iterator[int]:
    """When the run began, by its name: nothing else is known of it here."""
    try:
        began = int(datetime.strptime(run_id[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp())
    except ValueError:
        began = now
    return iter((began, began, began))


def _seconds(instant: object) -> int | None:
    try:
        return int(datetime.fromisoformat(str(instant)).timestamp())
    except ValueError:
        return None
