"""What has to outlast a power loss: folders, whole files, their names."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from newsscraper.store.sealed import sync_folder


def make_folder(folder: Path) -> None:
    """`folder` and those above it that are missing, each synced into the one above it. Raises `OSError`."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir()
    sync_folder(folder.parent)


def sync_file(path: Path) -> None:
    """What has been written to `path` outlasts a power loss. Raises `OSError`."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, data: bytes) -> None:
    """`data` as the file `path`, whole or not at all. Raises `OSError`; nothing half-written is left then."""
    make_folder(path.parent)
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
