"""What became of one response, on its way to the ledger."""

from __future__ import annotations

from dataclasses import dataclass

from newsscraper.crawl.discovery.found import Found
from newsscraper.store import Entry, Settlement


@dataclass(frozen=True, kw_only=True)
class Settled:
    """The one item that a callback yields: to be committed, and turned into the record for whoever comes after."""

    found: Found
    """What the request was for."""
    site: str
    """Whose ledger it belongs to."""
    url: str
    """Where the answer came from, or the address that brought none."""
    settlement: Settlement
    kept: Entry | None = None
    """What the frontier is to know of the URL afterwards: a story outside the run's window waits for another run."""
