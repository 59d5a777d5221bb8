"""A ledger's file: opened with the pragmas its promises rest on, brought to today's schema, changed in transactions."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from newsscraper.errors import LedgerError
from newsscraper.store.durable import sync_file
from newsscraper.store.ledger.schema import FRONTIER, MIGRATIONS
from newsscraper.store.sealed import sync_folder

Parameters = Sequence[Any] | Mapping[str, Any]

_BUSY_MS = 30_000
_DISK_FAULTS = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_IOERR_WRITE: errno.EIO,
    sqlite3.SQLITE_IOERR_FSYNC: errno.EIO,
}
"""What SQLite says of a disk that is full, or beyond a quota, or that fails."""
_CHECKPOINT_PAGES = 4000
"""Pages of the log, 16 MB, after which they go into the file: each page once, however often it was written."""


class Database:
    """A connection, used by one thread.

    Every fault of SQLite comes out as `LedgerError`, but for a disk that takes nothing more: that is an `OSError`, as
    it is for every other file.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._depth = 0

    @classmethod
    def open(cls, path: Path, *, cache_mb: int) -> Database:
        """For writing: made where there is none, migrated where it is older. Raises `LedgerError`, `OSError`."""
        is_new = not path.exists()
        database = cls._connect(path, f"{path.absolute().as_uri()}?mode=rwc")
        try:
            database._prepare(cache_mb)
            database._migrate()
            if is_new:
                sync_folder(path.parent)
        except BaseException:
            database.close()
            raise
        return database

    @classmethod
    def read(cls, path: Path) -> Database:
        """For reading only, beside a run that writes. Raises `LedgerError`."""
        if not path.exists():
            raise LedgerError(f"{path}: there is no ledger")
        database = cls.inspect(path)
        try:
            version = database.version
            if version != len(MIGRATIONS):
                database._refuse_newer(version)
                raise LedgerError(f"{path}: of an older newsscraper: the next crawl of the site brings it up to date")
        except BaseException:
            database.close()
            raise
        return database

    @classmethod
    def inspect(cls, path: Path) -> Database:
        """For reading what can be read, in whatever state it is. Raises `LedgerError`."""
        uri = path.absolute().as_uri()
        database = cls._connect(path, f"{uri}?mode=ro")
        if os.access(path.parent, os.W_OK):
            return database
        # Beside the file SQLite keeps a log and its index, also for reading, and cannot make them here.
        try:
            database.version  # noqa: B018 (the file is opened by the first reading)
        except LedgerError:
            database.close()
            _refuse_unseen_log(path)
            return cls._connect(path, f"{uri}?mode=ro&immutable=1")
        return database

    @classmethod
    def _connect(cls, path: Path, uri: str) -> Database:
        with _translated(path):
            connection = sqlite3.connect(
                uri, uri=True, isolation_level=None, timeout=_BUSY_MS / 1000, cached_statements=256
            )
        return cls(path, connection)

    def _prepare(self, cache_mb: int) -> None:
        mode = self.value("PRAGMA journal_mode = WAL")
        if mode != "wal":
            raise LedgerError(
                f"{self.path}: SQLite cannot keep a write-ahead log there: put the corpus on a local disk"
            )
        for pragma in (
            "synchronous = FULL",
            "foreign_keys = ON",
            f"cache_size = {-1024 * cache_mb}",
            f"wal_autocheckpoint = {_CHECKPOINT_PAGES}",
            "secure_delete = FAST",
        ):
            self.execute(f"PRAGMA {pragma}")

    @property
    def version(self) -> int:
        """How many migrations the file has been through."""
        return int(self.value("PRAGMA user_version"))

    def _migrate(self) -> None:
        version = self.version
        self._refuse_newer(version)
        if version == len(MIGRATIONS):
            return
        if version:
            self.copy_to(self.path.with_name(f"{self.path.name}.before-{len(MIGRATIONS)}"))
        for number, migration in enumerate(MIGRATIONS[version:], start=version + 1):
            with self.transaction():
                for statement in migration.statements:
                    self.execute(statement.format(schema="main"))
                self.execute(f"PRAGMA user_version = {number}")

    def _refuse_newer(self, version: int) -> None:
        if version > len(MIGRATIONS):
            raise LedgerError(
                f"{self.path}: of a newer newsscraper (schema {version}, here {len(MIGRATIONS)}): update newsscraper"
            )

    def attach_fresh_frontier(self) -> str:
        """An empty frontier in a file of its own, which goes with the connection; the name of its database.

        What is set aside stays so.
        """
        self.execute("ATTACH '' AS fresh")
        for statement in FRONTIER:
            self.execute(statement.format(schema="fresh"))
        self.execute("INSERT INTO fresh.frontier SELECT * FROM main.frontier WHERE state = 'quarantined'")
        return "fresh"

    def copy_to(self, path: Path) -> None:
        """A copy of the file as it is, whole or not at all. Raises `LedgerError`, `OSError`."""
        part = path.with_name(f".{path.name}.part")
        part.unlink(missing_ok=True)
        with _translated(self.path):
            self._connection.execute("VACUUM INTO ?", (str(part),))
        sync_file(part)
        part.replace(path)
        sync_folder(path.parent)

    def wipe(self) -> None:
        """Leave no trace of deleted rows in the file or its log."""
        self.execute("VACUUM main")
        self.execute("PRAGMA main.wal_checkpoint(TRUNCATE)")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that is read inside is of one moment."""
        self.execute("BEGIN")
        try:
            self.version  # noqa: B018 (the moment is that of the first reading)
            yield
        finally:
            self.execute("ROLLBACK")

    @contextmanager
    def transaction(self, *, synced: bool = True) -> Iterator[None]:
        """All that happens inside is committed as one; within another transaction it belongs to that.

        A commit that is not `synced` outlasts the process, and may be lost with the machine's power, though never
        without all that were committed after it.
        """
        if self._depth:
            yield
            return
        if not synced:
            self.execute("PRAGMA synchronous = NORMAL")
        self._depth += 1
        try:
            self.execute("BEGIN IMMEDIATE")
            yield
            self.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise
        finally:
            self._depth -= 1
            if not synced:
                with suppress(LedgerError):
                    self.execute("PRAGMA synchronous = FULL")

    def execute(self, statement: str, parameters: Parameters = ()) -> sqlite3.Cursor:
        """Run one statement."""
        with _translated(self.path):
            return self._connection.execute(statement, parameters)

    def execute_many(self, statement: str, rows: Iterable[Parameters]) -> int:
        """Run one statement for each of `rows`; how many rows were changed."""
        with _translated(self.path):
            return max(0, self._connection.executemany(statement, rows).rowcount)

    def rows(self, statement: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with _translated(self.path):
            return self._connection.execute(statement, parameters).fetchall()

    def iterate(self, statement: str, parameters: Parameters = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query one by one."""
        cursor = self.execute(statement, parameters)
        while True:
            with _translated(self.path):
                row = cursor.fetchone()
            if row is None:
                return
            yield row

    def row(self, statement: str, parameters: Parameters = ()) -> tuple[Any, ...] | None:
        """The first row of a query."""
        with _translated(self.path):
            found: tuple[Any, ...] | None = self._connection.execute(statement, parameters).fetchone()
        return found

    def value(self, statement: str, parameters: Parameters = ()) -> Any:
        """The first value of the first row; None where there is none."""
        row = self.row(statement, parameters)
        return row[0] if row else None

    def close(self) -> None:
        """Whatever is under way is undone."""
        with _translated(self.path):
            self._connection.close()


def _refuse_unseen_log(path: Path) -> None:
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        raise LedgerError(
            f"{path}: has a log, which only those can read who may write in {path.parent}: a run is at work, or died"
        )


class _translated:  # noqa: N801 (reads as a statement; a class costs a third of a generator, and this is on every call)
    __slots__ = ("_path",)

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, fault: BaseException | None, trace: object) -> None:
        if isinstance(fault, sqlite3.Error):
            number = _DISK_FAULTS.get(getattr(fault, "sqlite_errorcode", 0))
            if number is not None:
                raise OSError(number, _advise(fault), str(self._path)) from fault
            raise LedgerError(f"{self._path}: {_advise(fault)}") from fault


def _advise(fault: sqlite3.Error) -> str:
    text = str(fault)
    if fault.sqlite_errorcode in _DISK_FAULTS:
        return f"{text}: nothing of the last step is kept; free some space, and the next run goes on from there"
    if "malformed" in text or "not a database" in text:
        return f"{text}: `newsscraper ledger check` tells what is damaged, `newsscraper ledger rebuild` makes it anew"
    return text
