"""Records put in order on disk: two corpora of any size, side by side, in little memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from newsscraper.corpus.temporary import open_temporary

_AT_ONCE = 1000
OLD, NEW = 0, 1


class Row(NamedTuple):
    """A record: what it is matched by, where it stands, and the digests of its fields."""

    key: str
    version: int
    side: int
    """`OLD` or `NEW`."""
    fetched_at: str
    file: int
    number: int
    site: str
    digests: bytes


class Table:
    """Rows in a temporary file: all are added first, then read in order."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        database.execute(f"CREATE TABLE lines ({', '.join(Row._fields)})")

    def add(self, rows: Iterable[Row]) -> None:
        """Add `rows`, which are made as they are needed."""
        with self._database:
            self._database.executemany(f"INSERT INTO lines VALUES ({', '.join('?' * len(Row._fields))})", rows)

    def stories(self) -> Generator[tuple[list[Row], list[Row]]]:
        """Of each story key, in order, its rows on either side, by version and `fetched_at`, then as they stand."""
        query = "SELECT * FROM lines ORDER BY key, side, version, fetched_at, file, number"
        with closing(self._database.execute(query)) as found:
            found.arraysize = _AT_ONCE
            for _, group in groupby(map(Row._make, found), key=itemgetter(0)):
                sides: tuple[list[Row], list[Row]] = ([], [])
                for row in group:
                    sides[row.side].append(row)
                yield sides


@contextmanager
def open_table() -> Iterator[Table]:
    """An empty one, which goes at the end."""
    with open_temporary() as database:
        yield Table(database)
