"""A database that lives as long as it is used: what is put in order is put there, not into memory."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

CACHE_KB = 32 * 1024
"""Memory for rows; what sorts them takes as much again."""


@contextmanager
def open_temporary() -> Iterator[sqlite3.Connection]:
    """In a folder for temporary files (`TMPDIR`), which goes with it."""
    with (
        tempfile.TemporaryDirectory(prefix="newsscraper-") as folder,
        closing(sqlite3.connect(Path(folder) / "rows.sqlite")) as database,
    ):
        database.execute(f"PRAGMA cache_size = -{CACHE_KB}")
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "temp_store = FILE"):
            database.execute(f"PRAGMA {pragma}")
        yield database
