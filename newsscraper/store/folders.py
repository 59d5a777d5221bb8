"""The corpus folder before a run: whether it can be written."""

from __future__ import annotations

import tempfile
from pathlib import Path

from newsscraper.store.urls import folder_of


def check_writable(corpus: Path, site: str) -> None:
    """Raises `OSError` where a run of `site` could not write its stories or its report. Nothing is left behind."""
    for folder in (corpus / "stories" / folder_of(site), corpus / "runs" / folder_of(site)):
        nearest = next(each for each in (folder, *folder.absolute().parents) if each.exists())
        with tempfile.TemporaryFile(dir=nearest):
            pass
