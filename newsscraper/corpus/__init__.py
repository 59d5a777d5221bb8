"""Finished records: two corpora compared, stories read anew from their archives, archives handed over."""

from newsscraper.corpus.comparing import Comparison, Counts, FieldCounts, Side, compare
from newsscraper.corpus.digests import choose_fields

__all__ = ["Comparison", "Counts", "FieldCounts", "Side", "choose_fields", "compare"]
