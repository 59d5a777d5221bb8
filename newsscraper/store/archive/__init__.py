"""Pages as fetched, in WARC files: written beside the ledger, read from anywhere."""

from newsscraper.store.archive.filters import Filters
from newsscraper.store.archive.forms import is_archive
from newsscraper.store.archive.reading import read_archive, read_at
from newsscraper.store.archive.types import ArchivedPage, Exchange, PassedOver

__all__ = ["ArchivedPage", "Exchange", "Filters", "PassedOver", "is_archive", "read_archive", "read_at"]
