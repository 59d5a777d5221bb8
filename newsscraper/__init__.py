"""newsscraper: from news sites to clean, complete, citable corpora."""

from newsscraper.extract import Evidence, extract, extract_text, gather_evidence, trace
from newsscraper.story import Story

__version__ = "0.1.0"
__all__ = ["Evidence", "Story", "__version__", "extract", "extract_text", "gather_evidence", "trace"]
