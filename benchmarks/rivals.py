"""The extractors that are compared, behind one shape: bytes and URL in, a `Prediction` out."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.folds import read_weights
from newsscraper import extract


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """What an extractor says of a page; the default is what a page counts for on which it raised."""

    title: str | None = None
    date: str | None = None
    authors: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    lead: str | None = None
    body: str = ""
    confidence: float | None = None


Extractor = Callable[[bytes, str | None], Prediction]


def extract_with_newsscraper(html: bytes, url: str | None, weights: Path | None = None) -> Prediction:
    """With the weights that come with the package, or with others."""
    story = extract(html, url, model=read_weights(weights) if weights else None)
    return Prediction(
        title=story.title,
        date=story.date,
        authors=story.authors,
        tags=story.tags,
        lead=story.lead,
        body=story.body,
        confidence=story.confidence,
    )


def extract_with_trafilatura(html: bytes, url: str | None) -> Prediction:
    """Its default settings, with metadata."""
    trafilatura = importlib.import_module("trafilatura")
    document = trafilatura.bare_extraction(html, url=url, with_metadata=True)
    if document is None:
        return Prediction()
    return Prediction(
        title=document.title,
        date=document.date,
        authors=_split(document.author, ";"),
        tags=[tag for group in document.tags or [] for tag in _split(group, ",")],
        body=document.text or "",
    )


EXTRACTORS: dict[str, Extractor] = {
    "newsscraper": extract_with_newsscraper,
    "trafilatura": extract_with_trafilatura,
}


def is_installed(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def _split(joined: str | None, separator: str) -> list[str]:
    return [part.strip() for part in (joined or "").split(separator) if part.strip()]
