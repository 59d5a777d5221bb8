"""Pages as fetched, in WARC files: written beside the ledger, read from anywhere."""

from newsscraper.store.archive.types import ArchivedPage, Exchange, PassedOver

__all__ = ["ArchivedPage", "Exchange", "PassedOver"]
