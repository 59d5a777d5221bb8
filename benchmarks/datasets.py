"""Reading labelled pages: a folder a set, `truth.jsonl` with one page a line, pages as `html/NNNN.html.gz`."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Convention:
    """What is peculiar to the truths of a set."""

    lead_in_body: bool = False
    """The truth's body begins with the standfirst as a rule: 7 of 10 leads in `ads`, 9 in `fundus`; in `tra` 90
    leads hold a wanted snippet and 4 a forbidden one."""
    utc_dates: bool = False
    """Dates are instants in UTC, whatever the page prints."""
    snippets: str | None = None
    """What `withs` are: `anywhere` in the body, or its `opening` words."""
    machine_made: bool = False
    """Another extractor made the truths: they count for less in training."""


CONVENTIONS = {
    "ads": Convention(lead_in_body=True),
    "wcxb": Convention(),
    "fundus": Convention(lead_in_body=True),
    "tra": Convention(snippets="anywhere", lead_in_body=True),
    "postlight": Convention(utc_dates=True, snippets="opening"),
    "readability": Convention(machine_made=True),
    "dates": Convention(),
}


def find_convention(set_name: str) -> Convention:
    """That of a set; the plain one for a set that is not known here."""
    return CONVENTIONS.get(set_name, Convention())


@dataclass(frozen=True, kw_only=True)
class LabelledPage:
    """A page of a set and its truth; a field that is None has no truth and does not count."""

    set_name: str
    id: str
    file: Path
    url: str | None
    title: str | None = None
    date: str | None = None
    authors: list[str] | None = None
    tags: list[str] | None = None
    body: str | None = None
    withs: list[str] = field(default_factory=list)
    withouts: list[str] = field(default_factory=list)

    @property
    def convention(self) -> Convention:
        return find_convention(self.set_name)

    def read_bytes(self) -> bytes:
        """The page as fetched."""
        return gzip.decompress(self.file.read_bytes())


def list_sets(data: Path) -> list[str]:
    """Names of the sets below `data`: the known ones in their usual order, then others by name."""
    present = {path.parent.name for path in data.glob("*/truth.jsonl")}
    return [name for name in CONVENTIONS if name in present] + sorted(present - CONVENTIONS.keys())


def read_set(data: Path, name: str) -> list[LabelledPage]:
    """All pages of a set, in the order of the file. Raises `FileNotFoundError` where there is no such set."""
    folder = data / name
    with (folder / "truth.jsonl").open(encoding="utf-8") as lines:
        return [_read_truth(folder, json.loads(line)) for line in lines if line.strip()]


def sample_pages(pages: list[LabelledPage], size: int) -> list[LabelledPage]:
    """The same `size` pages on every run and machine, in their old order: those whose id has the smallest digest."""
    chosen = {page.id for page in sorted(pages, key=lambda page: hashlib.sha256(page.id.encode()).digest())[:size]}
    return [page for page in pages if page.id in chosen]


def _read_truth(folder: Path, row: dict[str, Any]) -> LabelledPage:
    return LabelledPage(
        set_name=folder.name,
        id=row["id"],
        file=folder / row["file"],
        url=row.get("url"),
        title=row.get("title"),
        date=row.get("date"),
        authors=row.get("authors"),
        tags=row.get("tags"),
        body=row.get("body"),
        withs=row.get("withs") or [],
        withouts=row.get("withouts") or [],
    )
