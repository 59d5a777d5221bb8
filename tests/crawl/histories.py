"""Runs that have ended, made up: reports on disk, as earlier runs leave them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scrapy.settings import Settings

from newsscraper.crawl.monitors.findings import Finding
from newsscraper.crawl.monitors.quality import Quality
from newsscraper.crawl.monitors.watch import Watch
from newsscraper.crawl.settings import own_settings
from newsscraper.crawl.summary import shares_of
from newsscraper.store import RunReport, write_report
from newsscraper.story import Story

SITE = "a.example"
FRONT = "https://a.example/"


def make_stories(number: int, *, letters: int = 2_000, confidence: float = 0.9, **fields: Any) -> list[Story]:
    usual = {"date": "2024-03-05", "authors": ["Ann Moor"], "language": "en"}
    body = "".join("abcdefghi "[place % 10] for place in range(letters))
    return [Story(title="The ferry", body=body, confidence=confidence, **(usual | fields)) for _ in range(number)]


def make_report(
    day: int,
    stories: list[Story],
    *,
    no_stories: int = 0,
    links: Mapping[str, int] | None = None,
    counts: Mapping[str, int] | None = None,
    exit_code: int = 0,
    finish_reason: str = "finished",
    arguments: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
) -> RunReport:
    """The run of a day of March."""
    quality = Quality(no_stories=no_stories, starts=dict({FRONT: 40} if links is None else links))
    for story in stories:
        quality.note_story(story)
    counted = {"story": len(stories), "listings": 2} if counts is None else dict(counts)
    instant = f"2024-03-{day:02}T06:00:00Z"
    return RunReport(
        run_id=f"202403{day:02}T060000Z-aaaaaa",
        site=SITE,
        started_at=instant,
        finished_at=instant,
        finish_reason=finish_reason,
        exit_code=exit_code,
        counts=counted,
        problems=[],
        files=[],
        settings=dict(settings or {}),
        arguments={"spider": "news", "url": FRONT} if arguments is None else dict(arguments),
        quality=quality.to_dict(),
        shares=shares_of(counted),
    )


def make_settings(**changes: Any) -> Settings:
    return Settings(own_settings() | changes)


def find(corpus: Path, past: list[RunReport], now: RunReport, **settings: Any) -> list[Finding]:
    """What monitors find in `now`, once reports of `past` lie in the corpus."""
    for report in past:
        write_report(corpus, report)
    return Watch(make_settings(**settings), corpus).find(now)
