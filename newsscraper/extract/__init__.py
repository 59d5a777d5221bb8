"""The core: a page in, a `Story` out. Pure: no I/O, no Scrapy, no global state."""

from newsscraper.extract.choosing import choose_model
from newsscraper.extract.core import extract, extract_text, trace
from newsscraper.extract.evidence import Evidence
from newsscraper.extract.gathering import Gathering, gather_evidence
from newsscraper.extract.learned.model import Model, load_model

EXTRACTION = "body/2"
"""Name and version of the method that tells body from the rest: part of every record's `extractor`."""
TEXT_EXTRACTION = "text/1"
"""The same for pages flattened to text, where no weights are used."""

__all__ = [
    "EXTRACTION",
    "TEXT_EXTRACTION",
    "Evidence",
    "Gathering",
    "Model",
    "choose_model",
    "extract",
    "extract_text",
    "gather_evidence",
    "load_model",
    "trace",
]
