"""The corpus folder before a run: whether it can be written, and what dead runs left in it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from newsscraper.store.locks import lock
from newsscraper.store.urls import folder_of


def check_writable(corpus: Path, site: str) -> None:
    """Raises `OSError` where a run of `site` could not write its stories or its report. Nothing is left behind."""
    for folder in (corpus / "stories" / folder_of(site), corpus / "runs" / folder_of(site)):
        nearest = next(each for each in (folder, *folder.absolute().parents) if each.exists())
        with tempfile.TemporaryFile(dir=nearest):
            pass


def remove_leftovers(corpus: Path, site: str) -> list[Path]:
    """Remove unsealed files of `site` whose runs are dead, and say which. Raises `OSError`.

    A run holds a lock on its file while it lives; where there are no locks, nothing is removed.
    """
    removed = []
    for part in sorted((corpus / "stories" / folder_of(site)).glob(".*.jsonl.part")):
        try:
            with part.open("rb") as stream:
                if lock(stream.fileno()):
                    part.unlink()
                    removed.append(part)
        except FileNotFoundError:  # sealed or removed by its own run just now
            continue
    return removed
