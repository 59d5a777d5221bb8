"""newsscraper: from news sites to clean, complete, citable corpora."""

from newsscraper.errors import ModelError
from newsscraper.extract import Evidence, Model, extract, extract_text, gather_evidence, load_model, trace
from newsscraper.story import Story

__version__ = "0.1.0"
__all__ = [
    "Evidence",
    "Model",
    "ModelError",
    "Story",
    "__version__",
    "extract",
    "extract_text",
    "gather_evidence",
    "load_model",
    "trace",
]
