"""A run's name and its report: what it did, with which settings and versions, and what it wrote."""

from __future__ import annotations

import dataclasses
import json
import platform
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from newsscraper.store.durable import write_whole
from newsscraper.store.sealed import Seal
from newsscraper.store.urls import folder_of

_VERSIONS_OF = ("newsscraper", "scrapy", "twisted", "lxml", "feedparser", "tldextract", "warcio")


def read_versions() -> dict[str, str]:
    """Versions of Python and of the packages that shape a record, or its archived page."""
    return {"python": platform.python_version()} | {name: metadata.version(name) for name in _VERSIONS_OF}


@dataclass(frozen=True, kw_only=True)
class RunReport:
    """`runs/<site>/<run>.json`, keys in this order."""

    run_id: str
    site: str
    started_at: str
    """UTC, `2022-03-30T17:20:00Z`."""
    finished_at: str
    finish_reason: str
    """Scrapy's word: `finished`, `shutdown`, `closespider_itemcount`, ..."""
    exit_code: int
    counts: dict[str, int]
    """What was counted, by name."""
    problems: list[str]
    """What a person should know, a sentence each."""
    files: list[Seal]
    """Manifest: what was written, with digests."""
    settings: dict[str, Any]
    """Settings that differ from Scrapy's defaults."""
    arguments: dict[str, str]
    """The spider's arguments."""
    versions: dict[str, str] = field(default_factory=read_versions)
    quality: dict[str, Any] = field(default_factory=dict)
    """What the stories look like that were read: how many have which field, how long and how sure their text is."""
    shares: dict[str, float] = field(default_factory=dict)
    """`errors` and `refusals`, of all requests that should have brought something."""
    examples: dict[str, list[str]] = field(default_factory=dict)
    """For each name in `counts` that has any: the first few URLs, such as the paths that were stopped."""
    findings: list[dict[str, Any]] = field(default_factory=list)
    """What is no longer as in earlier runs: `what`, `before`, `now`, `exit_code`, `sentence`."""

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready dict in the order of the fields."""
        return dataclasses.asdict(self)


def new_run_id(now: datetime | None = None) -> str:
    """`20220330T172000Z-1f3a9c`: sorts by time, never the same twice."""
    moment = (now or datetime.now(UTC)).astimezone(UTC)
    return f"{moment:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def format_instant(moment: datetime) -> str:
    """An aware datetime as `2022-03-30T17:20:00Z`."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def write_report(corpus: Path, report: RunReport) -> Path:
    """Write `report` whole or not at all; the path that it has now. Raises `OSError`."""
    path = corpus / "runs" / folder_of(report.site) / f"{report.run_id}.json"
    text = json.dumps(report.to_dict(), ensure_ascii=False, indent=2, default=str)
    write_whole(path, f"{text}\n".encode())
    return path
