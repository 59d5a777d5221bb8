"""Lines by where their pages lie: file by file, in the order of the archive, on disk however many there are."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, TypeGuard

from newsscraper.corpus.lines import Line, Unreadable, read_records
from newsscraper.corpus.temporary import open_temporary
from newsscraper.record import WarcPointer

_LARGEST = 1 << 62


class Pointed(NamedTuple):
    """A line of the corpus, and the record that it says its page lies in."""

    file: str
    """Below the corpus folder, with `/`."""
    offset: int
    length: int
    record_id: str
    line_file: str
    line_number: int
    facts: str
    """What was to be kept of the line, as JSON."""

    @property
    def place(self) -> str:
        """Where the line stands."""
        return f"{self.line_file}:{self.line_number}"

    def read_facts(self) -> dict[str, Any]:
        """The same as an object."""
        facts: dict[str, Any] = json.loads(self.facts)
        return facts


class Pointers:
    """Those of a corpus, in a temporary file: all are added first, then read in order."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        database.execute(f"CREATE TABLE pointed ({', '.join(Pointed._fields)})")

    def add(self, pointed: Iterable[Pointed]) -> None:
        """Add `pointed`, which are made as they are needed."""
        with self._database:
            self._database.executemany(f"INSERT INTO pointed VALUES ({', '.join('?' * len(Pointed._fields))})", pointed)

    def files(self) -> list[str]:
        """The archives that any line leads to, sorted."""
        return [file for (file,) in self._database.execute("SELECT DISTINCT file FROM pointed ORDER BY file")]

    def count(self, file: str | None = None) -> int:
        """How many there are, or how many lead into an archive."""
        query = "SELECT count(*) FROM pointed WHERE ? IS NULL OR file = ?"
        return int(self._database.execute(query, (file, file)).fetchone()[0])

    def of_file(self, file: str) -> Generator[Pointed]:
        """Those that lead into an archive, in its order."""
        query = "SELECT * FROM pointed WHERE file = ? ORDER BY offset, length, line_file, line_number"
        with closing(self._database.execute(query, (file,))) as found:
            yield from map(Pointed._make, found)


@contextmanager
def open_pointers() -> Iterator[Pointers]:
    """None yet; they go at the end."""
    with open_temporary() as database:
        yield Pointers(database)


def read_pointed(
    corpus: Path,
    files: Iterable[Path],
    *,
    keep: Callable[[dict[str, Any]], dict[str, Any]],
    leave: Callable[[Line | Unreadable, str], None],
) -> Iterator[Pointed]:
    """The lines of `files` that lead to an archive, with what `keep` keeps of each.

    The others go to `leave`, with why: `unreadable`, `not_archived`, `broken_pointer`.
    """
    for file in files:
        for found in read_records(file):
            if isinstance(found, Unreadable):
                leave(found, "unreadable")
                continue
            pointer = found.data.get("warc")
            if pointer is None:
                leave(found, "not_archived")
            elif not is_pointer(pointer):
                leave(found, "broken_pointer")
            else:
                yield Pointed(
                    file=pointer["file"],
                    offset=pointer["offset"],
                    length=pointer["length"],
                    record_id=pointer["record_id"],
                    line_file=file.relative_to(corpus).as_posix() if file.is_relative_to(corpus) else str(file),
                    line_number=found.number,
                    facts=json.dumps(keep(found.data)),
                )


def is_pointer(value: Any) -> TypeGuard[WarcPointer]:
    """True for what a record's `warc` should be: a place below its corpus, or an absolute one, as of offline crawls."""
    if not isinstance(value, dict):
        return False
    file, record_id = value.get("file"), value.get("record_id")
    numbers = (value.get("offset"), value.get("length"))
    return (
        isinstance(file, str)
        and isinstance(record_id, str)
        and all(isinstance(each, int) and not isinstance(each, bool) and 0 <= each < _LARGEST for each in numbers)
        and bool(file)
        and ".." not in PurePosixPath(file).parts
        and (file + record_id).isprintable()
    )
