"""Lines that are committed but in no sealed file yet, and how they get into one.

Sealing takes three steps: a name is reserved for lines, the file is written whole and renamed, its digest is committed
and the lines are dropped. Whoever dies in between leaves a reserved name, and the next opening writes that file again:
of the same lines the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal

from newsscraper.record import Record
from newsscraper.store.faults import reach
from newsscraper.store.ledger.database import Database
from newsscraper.store.ledger.files import Form, write_lines
from newsscraper.store.ledger.place import Place
from newsscraper.store.sealed import Seal

Stream = Literal["stories", "events"]
STREAMS: tuple[Stream, ...] = ("stories", "events")
SUFFIXES: dict[Form, str] = {"plain": "", "gz": ".gz", "zst": ".zst"}


class Spool:
    """The lines of a site."""

    def __init__(self, database: Database, place: Place) -> None:
        self._database = database
        self._place = place

    def add_record(self, run_id: str, story: int, record: Record) -> None:
        """One line of `stories/`. Belongs into a transaction."""
        self._add(run_id, "stories", record.to_dict(), story, record.version)

    def add_event(self, run_id: str, event: dict[str, Any], story: int | None = None) -> None:
        """One line of `events/`. Belongs into a transaction."""
        self._add(run_id, "events", event, story, None)

    def _add(self, run_id: str, stream: Stream, line: dict[str, Any], story: int | None, version: int | None) -> None:
        self._database.execute(
            "INSERT INTO spool (run_id, stream, story, version, line) VALUES (?, ?, ?, ?, ?)",
            (run_id, stream, story, version, json.dumps(line, ensure_ascii=False)),
        )

    def count(self, run_id: str) -> int:
        """Lines of `run_id` that no sealed file holds."""
        return int(self._database.value("SELECT count(*) FROM spool WHERE run_id = ?", (run_id,)))

    def drop_story(self, story: int) -> None:
        """Drop the lines of a story that no file has a name for. Belongs into a transaction."""
        self._database.execute("DELETE FROM spool WHERE story = ?", (story,))

    def seal(self, run_id: str, form: Form, at_most: int | None = None) -> list[Seal]:
        """Put all lines of `run_id` into sealed files, of at most `at_most` lines each.

        Raises `OSError`, `LedgerError`.
        """
        seals = self.finish_reserved()
        for stream in STREAMS:
            while self._reserve(run_id, stream, form, at_most):
                reach("sealing:reserved")
                seals += self.finish_reserved()
        return seals

    def finish_reserved(self) -> list[Seal]:
        """Write every file that has a name and no digest. Raises `OSError`, `LedgerError`."""
        rows = self._database.rows(
            "SELECT id, file, form FROM files WHERE sha256 IS NULL AND stream IN ('stories', 'events') ORDER BY id"
        )
        return [self._finish(number, file, form) for number, file, form in rows]

    def _reserve(self, run_id: str, stream: Stream, form: Form, at_most: int | None) -> bool:
        """Reserve the next name for lines that have none; False where there are no such lines."""
        with self._database.transaction():
            lines = self._database.rows(
                "SELECT id FROM spool WHERE file IS NULL AND run_id = ? AND stream = ? ORDER BY id LIMIT ?",
                (run_id, stream, -1 if at_most is None else at_most),
            )
            if not lines:
                return False
            number = self._database.value(
                "SELECT count(*) FROM files WHERE run_id = ? AND stream = ?", (run_id, stream)
            )
            name = f"{stream}/{self._place.folder}/{run_id}-{number:05}.jsonl{SUFFIXES[form]}"
            reserved = self._database.execute(
                "INSERT INTO files (file, run_id, stream, form) VALUES (?, ?, ?, ?)", (name, run_id, stream, form)
            ).lastrowid
            self._database.execute_many(
                "UPDATE spool SET file = ? WHERE id = ?", [(reserved, each) for (each,) in lines]
            )
        return True

    def _finish(self, number: int, file: str, form: Form) -> Seal:
        records, size, digest = write_lines(self._place.corpus / file, self._lines(number), form)
        reach("sealing:renamed")
        with self._database.transaction():
            self._database.execute(
                "UPDATE files SET records = ?, bytes = ?, sha256 = ? WHERE id = ?", (records, size, digest, number)
            )
            self._database.execute(
                """
                UPDATE versions SET file = :file WHERE (story, version) IN (
                    SELECT story, version FROM spool WHERE file = :file AND stream = 'stories')
                """,
                {"file": number},
            )
            self._database.execute("DELETE FROM spool WHERE file = ?", (number,))
        reach("sealing:done")
        return Seal(file=file, records=records, bytes=size, sha256=digest)

    def _lines(self, number: int) -> Iterator[str]:
        for (line,) in self._database.iterate("SELECT line FROM spool WHERE file = ? ORDER BY id", (number,)):
            yield line
