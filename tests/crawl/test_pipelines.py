from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scrapy.exceptions import DropItem
from scrapy.settings import Settings

from newsscraper.crawl.archiving import Archiving
from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.ledgers import Ledgers
from newsscraper.crawl.pipelines import CommitPipeline
from newsscraper.crawl.scope import Scope
from newsscraper.crawl.settled import Settled
from newsscraper.crawl.spiders.news import NewsSpider
from newsscraper.crawl.validation import find_record_faults
from newsscraper.errors import LedgerError
from newsscraper.record import Record
from newsscraper.store import Clock, Committed, Entry, Reread, Settlement, make_record
from newsscraper.story import Story

SITE = "a.example"


class FakeCourse:
    def __init__(self, ledgers: Ledgers) -> None:
        self.ledgers = ledgers
        self.faults: dict[str, str] = {}

    def reread_of(self, settled: Settled) -> Reread:
        return lambda: None

    def note_fault(self, site: str, fault: Exception) -> None:
        self.faults.setdefault(site, str(fault))


class FakeSpider(NewsSpider):
    course: Any

    def __init__(self, course: FakeCourse) -> None:
        super().__init__()
        self.course = course
        self.archiving = Archiving("none", clock=Clock(), site_of=lambda url: SITE)
        self.committed: list[Committed] = []

    def note_settled(self, settled: Settled, committed: Committed) -> None:
        self.committed.append(committed)

    def give_up(self, site: str, fault: Exception) -> None:
        self.course.note_fault(site, fault)


class FakeCrawler:
    def __init__(self, corpus: Path, spider: NewsSpider | None, **settings: Any) -> None:
        self.spider = spider
        self.settings = Settings({"NEWSSCRAPER_CORPUS": str(corpus)} | settings)


@pytest.fixture
def ledgers(tmp_path: Path) -> Iterator[Ledgers]:
    opened = Ledgers.open(tmp_path, Scope(frozenset({SITE})), follow=True, clock=Clock(), run_id="run")
    yield opened
    opened.close()


def make_pipeline(ledgers: Ledgers, corpus: Path, **settings: Any) -> CommitPipeline:
    return CommitPipeline(FakeCrawler(corpus, FakeSpider(FakeCourse(ledgers)), **settings))  # type: ignore[arg-type]


def record(path: str = "1", title: str = "Ferry runs") -> Record:
    return make_record(Story(title=title, body="Text."), url=f"https://{SITE}/{path}", model=None, run_id="run")


def settled(ledgers: Ledgers, story: Record | None, path: str = "1") -> Settled:
    url = f"https://{SITE}/{path}"
    frontier = ledgers[SITE].frontier
    frontier.add([Entry(url=url, kind="story", again=True)])
    (lease,) = frontier.lease(1)
    settlement = Settlement(key=lease.key, state="done", visited_at=Clock().seconds(), status=200, record=story)
    return Settled(found=Found(url=url, kind="story"), site=SITE, url=url, settlement=settlement)


def sealed(corpus: Path) -> list[list[dict[str, Any]]]:
    files = sorted((corpus / "stories" / SITE).glob("*.jsonl"))
    return [[json.loads(line) for line in file.read_text("utf-8").splitlines()] for file in files]


def test_a_new_story_is_handed_on_with_its_key_and_sealed_at_the_end(ledgers: Ledgers, tmp_path: Path) -> None:
    pipeline = make_pipeline(ledgers, tmp_path)
    given = pipeline.process_item(settled(ledgers, record()))
    assert isinstance(given, Record)
    assert sealed(tmp_path) == []
    pipeline.close_spider()
    assert sealed(tmp_path) == [[given.to_dict()]]


def test_what_is_no_new_story_is_dropped_without_a_line_in_the_log(ledgers: Ledgers, tmp_path: Path) -> None:
    pipeline = make_pipeline(ledgers, tmp_path)
    pipeline.process_item(settled(ledgers, record()))
    for story in (record(), None):
        with pytest.raises(DropItem) as dropped:
            pipeline.process_item(settled(ledgers, story))
        assert dropped.value.log_level == "DEBUG"


def test_without_memory_of_earlier_runs_known_stories_are_given_too(ledgers: Ledgers, tmp_path: Path) -> None:
    pipeline = make_pipeline(ledgers, tmp_path, NEWSSCRAPER_INCREMENTAL=False)
    first = pipeline.process_item(settled(ledgers, record()))
    again = pipeline.process_item(settled(ledgers, record()))
    assert (again.story_key, again.version) == (first.story_key, 1)
    pipeline.close_spider()
    assert [len(lines) for lines in sealed(tmp_path)] == [1]


def test_a_story_at_a_second_address_is_given_once(
    ledgers: Ledgers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = make_pipeline(ledgers, tmp_path, NEWSSCRAPER_INCREMENTAL=False)
    pipeline.process_item(settled(ledgers, record()))
    settle = ledgers[SITE].settle

    def call_duplicate(of: Settlement, **_: Reread) -> Committed:
        return dataclasses.replace(settle(of), verdict="duplicate")

    monkeypatch.setattr(ledgers[SITE], "settle", call_duplicate)
    with pytest.raises(DropItem):
        pipeline.process_item(settled(ledgers, record()))


def test_files_are_sealed_on_the_way(ledgers: Ledgers, tmp_path: Path) -> None:
    pipeline = make_pipeline(ledgers, tmp_path, NEWSSCRAPER_SEAL_EVERY=2)
    for number in range(5):
        pipeline.process_item(settled(ledgers, record(str(number), f"Ferry {number} runs"), str(number)))
    assert [len(lines) for lines in sealed(tmp_path)] == [2, 2]
    pipeline.close_spider()
    assert [len(lines) for lines in sealed(tmp_path)] == [2, 2, 1]


def test_after_a_fault_nothing_more_is_committed(
    ledgers: Ledgers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = make_pipeline(ledgers, tmp_path)
    first, second = settled(ledgers, record("1"), "1"), settled(ledgers, record("2"), "2")

    def fail(settlement: Settlement, **_: Reread) -> Committed:
        raise LedgerError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(ledgers[SITE], "settle", fail)
        with pytest.raises(DropItem):
            pipeline.process_item(first)
    with pytest.raises(DropItem):
        pipeline.process_item(second)
    pipeline.close_spider()
    assert sealed(tmp_path) == []


def test_items_that_are_no_outcomes_pass(tmp_path: Path) -> None:
    item = {"any": "thing"}
    pipeline = CommitPipeline(FakeCrawler(tmp_path, None))  # type: ignore[arg-type]
    pipeline.open_spider()
    assert pipeline.process_item(item) is item
    pipeline.close_spider()
    assert list(tmp_path.iterdir()) == []


def test_a_faulty_record_is_told() -> None:
    good = record()
    assert find_record_faults(good) == []
    assert "date" in find_record_faults(dataclasses.replace(good, date="yesterday"))[0]
    assert "surrogate" in find_record_faults(dataclasses.replace(good, body="broken \ud800 text"))[0]
