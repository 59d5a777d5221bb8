"""Pages as fetched, in WARC files: written beside the ledger, read from anywhere."""

from newsscraper.store.archive.filters import Filters
from newsscraper.store.archive.forms import is_archive, is_archive_name
from newsscraper.store.archive.reading import read_archive, read_at
from newsscraper.store.archive.remote import is_remote, size_of
from newsscraper.store.archive.types import ArchivedPage, Exchange, PassedOver

__all__ = [
    "ArchivedPage",
    "Exchange",
    "Filters",
    "PassedOver",
    "is_archive",
    "is_archive_name",
    "is_remote",
    "read_archive",
    "read_at",
    "size_of",
]
