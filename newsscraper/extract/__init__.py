"""The core: a page in, a `Story` out. Pure: no I/O, no Scrapy, no global state."""

from newsscraper.extract.core import extract, extract_text, trace
from newsscraper.extract.evidence import Evidence
from newsscraper.extract.gathering import Gathering, gather_evidence

EXTRACTION = "rules/1"
"""Name and version of the method that tells body from the rest: part of every record's `extractor`."""

__all__ = ["EXTRACTION", "Evidence", "Gathering", "extract", "extract_text", "gather_evidence", "trace"]
