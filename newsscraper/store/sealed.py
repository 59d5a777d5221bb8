"""Sealed files: JSON lines that are complete when they appear and never change after."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Seal:
    """What a sealed file holds, for the manifest."""

    file: str
    """Path below the corpus folder, with `/`."""
    records: int
    bytes: int
    sha256: str
    """Hexadecimal digest of the whole file."""


def sync_folder(folder: Path) -> None:
    """Make renames in `folder` outlast a power loss, where the system lets folders be synced."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
