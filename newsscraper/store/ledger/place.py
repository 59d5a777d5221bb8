"""Where a site's ledger and files lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from newsscraper.store.urls import folder_of


@dataclass(frozen=True)
class Place:
    """A site's share of a corpus folder."""

    corpus: Path
    site: str

    @property
    def folder(self) -> str:
        """The site's name in paths."""
        return folder_of(self.site)

    @property
    def ledger(self) -> Path:
        """The ledger's file."""
        return self.corpus / "ledger" / f"{self.folder}.sqlite"

    @property
    def lock(self) -> Path:
        """The file that a run of the site locks."""
        return self.corpus / "ledger" / f"{self.folder}.lock"

    @property
    def hand(self) -> Path:
        """The URL that is being read, see `deaths.write_hand`."""
        return self.corpus / "ledger" / f"{self.folder}.hand"

    def manifest(self, run_id: str) -> Path:
        """Where a run's report lies."""
        return self.corpus / "runs" / self.folder / f"{run_id}.json"
