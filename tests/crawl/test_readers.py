"""When reading moves to workers, and when nothing more is asked because they have enough to do."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import Future
from types import SimpleNamespace

import pytest

from newsscraper.crawl import readers
from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.outcome import Answer
from newsscraper.crawl.readers import Readers, Workers
from newsscraper.crawl.target import read_target
from newsscraper.extract import choose_model
from tests.crawl.small_site import story_page

URL = "https://a.example/news/1001/ferry"
FOUND = Found(url=URL, kind="story")
ANSWER = Answer(
    url=URL,
    asked_url=URL,
    status=200,
    body=story_page("The ferry is late").encode(),
    content_type="text/html; charset=utf-8",
    fetched_at="2024-03-05T10:00:00Z",
)


def make_readers(workers: Workers) -> Readers:
    return Readers(read_target(url="https://a.example/"), choose_model(None), "", workers=workers, seconds=60)


def test_reading_moves_to_workers_when_it_takes_much_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    automatic, never = make_readers("auto"), make_readers(0)
    for each in (automatic, never):
        each.read_here(ANSWER, FOUND)
        assert each.reads_here(is_suspect=False)
        assert not each.reads_here(is_suspect=True)
    monkeypatch.setattr(readers, "_MEASURED", 0.0)
    for each in (automatic, never):
        for _ in range(3):
            each.read_here(ANSWER, FOUND)
    try:
        assert automatic.reads_here(is_suspect=False), "before a worker has started, nobody else can"
        while automatic.reads_here(is_suspect=False):
            time.sleep(0.05)
        assert asyncio.run(automatic.read_apart(ANSWER, FOUND)).kind == "story"
        assert never.reads_here(is_suspect=False)
    finally:
        automatic.close()


def test_where_no_worker_can_be_started_reading_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    automatic = Readers(read_target(url="https://a.example/"), choose_model(None), "", workers="auto", seconds=60)
    monkeypatch.setattr(readers, "_MEASURED", 0.0)
    failed: Future[None] = Future()
    failed.set_exception(OSError("no more processes"))
    monkeypatch.setattr(readers, "ProcessPool", lambda **_: SimpleNamespace(active=True, schedule=lambda _: failed))
    for _ in range(3):
        automatic.read_here(ANSWER, FOUND)
        assert automatic.reads_here(is_suspect=False)


def test_nothing_more_is_asked_while_workers_have_enough_to_do() -> None:
    apart = make_readers(1)

    async def read(number: int) -> list[bool]:
        pages = [asyncio.create_task(apart.read_apart(ANSWER, FOUND)) for _ in range(number)]
        await asyncio.sleep(0)
        busy = [apart.is_busy]
        outcomes = await asyncio.gather(*pages)
        assert [outcome.kind for outcome in outcomes] == ["story"] * number
        return [*busy, apart.is_busy]

    try:
        assert asyncio.run(read(4)) == [True, False]
        assert asyncio.run(read(3)) == [False, False]
    finally:
        apart.close()
