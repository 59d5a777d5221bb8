"""A course over a made-up site with a ledger and no network: what its tests and those of the scheduler share."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from scrapy.settings import Settings
from scrapy.statscollectors import MemoryStatsCollector

from newsscraper.crawl.bounds import Limits
from newsscraper.crawl.course import Course
from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.ledgers import Ledgers
from newsscraper.crawl.outcome import Answer, Outcome
from newsscraper.crawl.scheduler import FrontierScheduler
from newsscraper.crawl.scope import Scope
from newsscraper.crawl.spiders.news import NewsSpider
from newsscraper.crawl.target import Target
from newsscraper.extract import choose_model
from newsscraper.store import Clock, Committed, Lease, Ledger
from newsscraper.story import Story
from tests.store.ledgers import HOME, SITE, START, SetClock

LIMITS = Limits(
    depth=9,
    pages_per_listing=9,
    barren_pages=9,
    barren_shape=99,
    barren_folder=99,
    pages=999,
    machine_files=99,
    pages_per_story=9,
)
HOURS = (1.0, 3.0, 24.0)
NOW = int(START.timestamp())
HOUR = 3600


_model = cache(choose_model)


@contextmanager
def course_over(
    corpus: Path, clock: Clock | None = None, *, run_id: str = "r1", fresh: bool = False, **limits: int
) -> Iterator[Course]:
    """One that begins at `HOME`, which is not in the frontier yet."""
    target = Target(
        start=(Found(url=HOME, entrance=True),), scope=Scope(frozenset({SITE})), profile_of=lambda url: None
    )
    clock = clock or SetClock()
    ledgers = Ledgers.open(corpus, target.scope, follow=True, clock=clock, run_id=run_id, fresh=fresh)
    try:
        yield Course(
            target,
            dataclasses.replace(LIMITS, **limits),
            run_id,
            _model(),
            ledgers=ledgers,
            clock=clock,
            revisit_hours=HOURS,
        )
    finally:
        ledgers.close()


def lease_of(course: Course, found: Found) -> Lease:
    """The lease on what was found, which is asked even if it has been before."""
    course.begin([found], again=True)
    leases = course.ledgers[SITE].frontier.lease(99)
    (lease,) = (each for each in leases if each.entry.url == found.url)
    course.ledgers[SITE].frontier.release(each.key for each in leases if each is not lease)
    return lease


def answer_of(path: str, *, asked: str | None = None, status: int = 200, **facts: Any) -> Answer:
    url = HOME + path
    passed = () if asked is None else (HOME + asked,)
    return Answer(
        url=url,
        asked_url=HOME + asked if asked is not None else url,
        status=status,
        body=b"",
        content_type="text/html",
        fetched_at="2026-03-05T10:00:00Z",
        passed=passed,
        **facts,
    )


def story_of(title: str = "The ferry is late", **facts: Any) -> Outcome:
    return Outcome(kind="story", story=Story(title=title, body="The ferry ran.", **facts))


def commit(course: Course, path: str, outcome: Outcome, found: Found | None = None, **facts: Any) -> Committed:
    """Ask for a page, read it as `outcome`, and commit what follows, as the spider and its pipeline do."""
    found = found or Found(url=HOME + path, kind="story")
    lease = lease_of(course, found)
    step = course.settle(answer_of(path, **facts), found, lease, outcome)
    committed = course.ledgers[SITE].settle(step.settled.settlement)
    course.account(step.settled, committed)
    return committed


class QuietSpider(NewsSpider):
    """Asks nobody; what it gives up for is kept."""

    def __init__(self, course: Course) -> None:
        super().__init__(url=HOME)
        self.course = course
        self.target = Target(start=(), scope=Scope(frozenset({SITE})), profile_of=lambda url: None)
        self.given_up: list[Exception] = []

    @property
    def is_busy(self) -> bool:
        return False

    def give_up(self, site: str, fault: Exception) -> None:
        self.course.note_fault(site, fault)
        self.given_up.append(fault)


@contextmanager
def scheduler_over(
    corpus: Path, clock: Clock | None = None, **options: Any
) -> Iterator[tuple[FrontierScheduler, QuietSpider]]:
    """A scheduler with an engine that has room for eight requests and has sent none."""
    with course_over(corpus, clock, **options) as course:
        spider = QuietSpider(course)
        downloader = SimpleNamespace(total_concurrency=8, domain_concurrency=8, active=set(), slots={})
        engine = SimpleNamespace(downloader=downloader, scraper=SimpleNamespace(slot=None))
        crawler = SimpleNamespace(spider=spider, engine=engine, settings=Settings(), stats=None)
        crawler.stats = MemoryStatsCollector(SimpleNamespace(settings=Settings()))  # type: ignore[arg-type]
        scheduler = FrontierScheduler(crawler)  # type: ignore[arg-type]
        scheduler.open(spider)
        yield scheduler, spider


def ledger_of(course: Course) -> Ledger:
    return course.ledgers[SITE]


def counts(course: Course) -> dict[str, int]:
    return dict(course.tallies[SITE].counts)


def due_of(course: Course, path: str) -> int | None:
    (row,) = ledger_of(course).database.rows("SELECT due FROM frontier WHERE url = ?", (HOME + path,))
    due: int | None = row[0]
    return due


def found(path: str, **facts: Any) -> Found:
    return Found(url=HOME + path, **facts)


def listing(*paths: str, kind: Any = "story", **facts: Any) -> Outcome:
    return Outcome(kind="listing", found=tuple(found(path, kind=kind, **facts) for path in paths))
