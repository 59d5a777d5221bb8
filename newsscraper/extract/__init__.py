"""The core: a page in, a `Story` out. Pure: no I/O, no Scrapy, no global state."""

from newsscraper.extract.core import extract, extract_text, trace

__all__ = ["extract", "extract_text", "trace"]
