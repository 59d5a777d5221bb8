"""How a page was read, for people and for tools: one page of our own, safe to open, and the same as JSON."""

from newsscraper.explain.document import to_html
from newsscraper.explain.explanation import Explanation, explain, explain_text

__all__ = ["Explanation", "explain", "explain_text", "to_html"]
