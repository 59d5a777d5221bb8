"""Sealed files: JSON lines that are complete when they appear and never change after."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any

from newsscraper.store.locks import lock
from newsscraper.store.urls import folder_of


@dataclass(frozen=True, kw_only=True)
class Seal:
    """What a sealed file holds, for the manifest."""

    file: str
    """Path below the corpus folder, with `/`."""
    records: int
    bytes: int
    sha256: str
    """Hexadecimal digest of the whole file."""


class SealedFile:
    """One file of JSON lines below a corpus folder: written under a temporary name, renamed when sealed.

    Nothing is created before the first line, and a file without lines never appears.
    """

    def __init__(self, corpus: Path, file: str) -> None:
        self._path = corpus / file
        self._part = self._path.with_name(f".{self._path.name}.part")
        self._file = file
        self._stream: FileIO | None = None
        self._digest = hashlib.sha256()
        self._records = 0
        self._bytes = 0

    def write(self, line: dict[str, Any]) -> None:
        """Add one line, whole or not at all: UTF-8, keys in the order given. Raises `OSError`."""
        data = (json.dumps(line, ensure_ascii=False) + "\n").encode("utf-8")
        if self._stream is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = _open_locked(self._part)
        try:
            _write_all(self._stream, data)
        except OSError:
            self._stream.truncate(self._bytes)
            self._stream.seek(self._bytes)
            raise
        self._digest.update(data)
        self._records += 1
        self._bytes += len(data)

    def seal(self) -> Seal | None:
        """Sync, rename, sync the folder; None when no line was written. Raises `OSError`."""
        if self._stream is None:
            return None
        with self._stream as stream:
            os.fsync(stream.fileno())
            if os.name == "nt":  # no open file can be renamed there; elsewhere its lock is kept until it has its name
                stream.close()
            if not self._records:
                self._part.unlink()
                return None
            self._part.replace(self._path)
        self._stream = None
        sync_folder(self._path.parent)
        return Seal(file=self._file, records=self._records, bytes=self._bytes, sha256=self._digest.hexdigest())


def _open_locked(path: Path) -> FileIO:
    """A new file that nobody takes for a dead run's: locked, and still there once it is."""
    while True:
        stream = FileIO(path, "w")
        lock(stream.fileno(), wait=True)
        if path.exists() and os.path.samestat(path.stat(), os.fstat(stream.fileno())):
            return stream
        stream.close()


def _write_all(stream: FileIO, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[stream.write(rest) :]


def stories_file(site: str, run_id: str, number: int = 0) -> str:
    """Where a run's stories of `site` lie below the corpus folder."""
    return f"stories/{folder_of(site)}/{run_id}-{number:05}.jsonl"


def sync_folder(folder: Path) -> None:
    """Make renames in `folder` outlast a power loss, where the system lets folders be synced."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
