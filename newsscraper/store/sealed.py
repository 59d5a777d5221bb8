"""Sealed files: JSON lines that are complete when they appear and never change after."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

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
        self._stream: BinaryIO | None = None
        self._digest = hashlib.sha256()
        self._records = 0
        self._bytes = 0

    def write(self, line: dict[str, Any]) -> None:
        """Add one line: UTF-8, keys in the order given. Raises `OSError`."""
        data = (json.dumps(line, ensure_ascii=False) + "\n").encode("utf-8")
        if self._stream is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = self._part.open("wb")
        self._stream.write(data)
        self._digest.update(data)
        self._records += 1
        self._bytes += len(data)

    def seal(self) -> Seal | None:
        """Sync, rename, sync the folder; None when no line was written. Raises `OSError`."""
        if self._stream is None:
            return None
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()
        self._stream = None
        self._part.replace(self._path)
        sync_folder(self._path.parent)
        return Seal(file=self._file, records=self._records, bytes=self._bytes, sha256=self._digest.hexdigest())


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
