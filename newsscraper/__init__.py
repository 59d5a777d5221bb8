"""newsscraper: from news sites to clean, complete, citable corpora."""

from newsscraper.extract import extract, extract_text, trace
from newsscraper.story import Story

__version__ = "0.1.0"
__all__ = ["Story", "__version__", "extract", "extract_text", "trace"]
