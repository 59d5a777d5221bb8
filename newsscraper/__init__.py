"""newsscraper: from news sites to clean, complete, citable corpora."""

from newsscraper.errors import InputError, ModelError, NewsscraperError, NotAStory, ProfileError, UnreadablePage
from newsscraper.extract import Evidence, Model, extract, extract_text, gather_evidence, load_model, trace
from newsscraper.story import Story

__version__ = "0.1.0"
__all__ = [
    "Evidence",
    "InputError",
    "Model",
    "ModelError",
    "NewsscraperError",
    "NotAStory",
    "ProfileError",
    "Story",
    "UnreadablePage",
    "__version__",
    "extract",
    "extract_text",
    "gather_evidence",
    "load_model",
    "trace",
]
