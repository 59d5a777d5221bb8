"""What the scheduler asks, in which order, and what it does when something breaks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.core.scheduler import Scheduler

from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.scheduler import FrontierScheduler
from newsscraper.crawl.spiders.news import LEASE
from newsscraper.errors import LedgerError
from newsscraper.store import Settlement
from tests.crawl.courses import QuietSpider, scheduler_over
from tests.store.ledgers import HOME, SITE, START, SetClock, run

NOW = int(START.timestamp())


def find(spider: QuietSpider, *paths: str, **facts: Any) -> None:
    spider.course.begin([Found(url=HOME + path, **facts) for path in paths], again=False)


def asked(scheduler: FrontierScheduler) -> list[str]:
    """The paths of what comes until nothing does."""
    paths = []
    while (request := scheduler.next_request()) is not None:
        paths.append(request.url.removeprefix(HOME))
    return paths


def answer(scheduler: FrontierScheduler, spider: QuietSpider, key: int, **facts: Any) -> None:
    settlement = Settlement(key=key, **{"state": "done", "visited_at": NOW, **facts})
    spider.course.ledgers[SITE].settle(settlement)
    scheduler.settled(settlement)


def key_of(request: Request | None) -> int:
    assert request is not None
    _, lease = request.meta[LEASE]
    key: int = lease.key
    return key


def states(spider: QuietSpider) -> dict[str, int]:
    return {state: count for state, count in spider.course.ledgers[SITE].frontier.counts().items() if count}


def test_a_row_that_no_request_can_be_made_of_is_put_off_and_the_others_are_asked(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with scheduler_over(tmp_path) as (scheduler, spider):
        find(spider, "a", "b", kind="story")
        spider.course.ledgers[SITE].database.execute("UPDATE frontier SET data = '{' WHERE url = ?", (HOME + "a",))
        assert asked(scheduler) == ["b"]
        assert spider.given_up == []
        assert spider.course.tallies[SITE].counts == {"failed:not_asked": 1}
        assert spider.course.ledgers[SITE].frontier.known(HOME + "a") == "waiting"
        assert spider.course.ledgers[SITE].frontier.next_due() == NOW + 6 * 3600  # the lease on b
    assert "no request could be made for" in caplog.text
    with scheduler_over(tmp_path, SetClock(), run_id="r2") as (scheduler, spider):
        assert asked(scheduler) == ["b"]
        assert spider.course.ledgers[SITE].frontier.next_due() == NOW + 6 * 3600
        assert states(spider) == {"waiting": 1, "leased": 1}


@pytest.mark.parametrize("fault", [LedgerError("malformed"), OSError(28, "no space"), KeyError("host"), TypeError()])
@pytest.mark.parametrize("where", ["ready_hosts", "lease", "release_copies"])
def test_a_fault_of_any_kind_ends_the_run_and_loses_no_lease(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception, where: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise fault

    with scheduler_over(tmp_path) as (scheduler, spider):
        find(spider, "a", kind="story")
        assert asked(scheduler) == ["a"]
        find(spider, "b", kind="story") if where == "lease" else None
        scheduler.refresh()
        with monkeypatch.context() as patched:
            patched.setattr(spider.course.ledgers[SITE].frontier, where, fail)
            assert scheduler.next_request() is None
        (told,) = spider.given_up
        assert (told is fault) == isinstance(fault, (LedgerError, OSError))
        assert repr(fault) in str(told) or told is fault
        find(spider, "c", kind="story")
        scheduler.refresh()
        assert (scheduler.next_request(), scheduler.has_pending_requests()) == (None, False)
        scheduler.close("corpus_unwritable")
    with run(tmp_path, run_id="r2") as ledger:
        assert ledger.frontier.known(HOME + "a") == "ready"


@pytest.mark.parametrize("fault", [LedgerError("malformed"), OSError(28, "no space"), KeyError("host")])
def test_a_fault_when_the_engine_asks_whether_there_is_more_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def fail() -> None:
        raise fault

    with scheduler_over(tmp_path) as (scheduler, spider):
        monkeypatch.setattr(spider.course.ledgers[SITE].frontier, "ready_hosts", fail)
        assert not scheduler.has_pending_requests()
        assert len(spider.given_up) == 1


def test_a_closed_scheduler_gives_back_what_it_had_leased(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with scheduler_over(tmp_path) as (scheduler, spider):
        find(spider, "a", "b", "c", "d", kind="story")
        under_way = scheduler.next_request()
        retried = scheduler.next_request()
        assert retried is not None
        scheduler.enqueue_request(retried)
        assert states(spider) == {"leased": 4}
        scheduler.close("shutdown")
        assert states(spider) == {"leased": 1, "ready": 3}
        assert spider.course.ledgers[SITE].frontier.find(key_of(under_way)) is not None
        assert not scheduler.has_pending_requests()
        assert scheduler.next_request() is None

    def fail(*_: object) -> None:
        raise OSError(28, "no space")

    with scheduler_over(tmp_path, run_id="r2") as (scheduler, spider):
        scheduler.next_request()
        with monkeypatch.context() as patched:
            patched.setattr(spider.course.ledgers[SITE].frontier, "release", fail)
            scheduler.close("corpus_unwritable")


def test_what_cannot_be_committed_is_not_asked(tmp_path: Path) -> None:
    with scheduler_over(tmp_path) as (scheduler, spider):
        find(spider, "a", kind="story")
        spider.course.note_fault(SITE, OSError("no space"))
        assert scheduler.next_request() is None
        assert not scheduler.has_pending_requests()


def test_stories_come_newest_first_and_files_before_them(tmp_path: Path) -> None:
    with scheduler_over(tmp_path) as (scheduler, spider):
        for path, modified in (("old", NOW - 9), ("new", NOW), ("middle", NOW - 5)):
            find(spider, path, kind="story", modified=modified)
        find(spider, "sitemap.xml", kind="sitemap")
        find(spider, "feed", kind="feed")
        assert asked(scheduler) == ["sitemap.xml", "feed", "new", "middle", "old"]


def test_pages_wait_for_what_names_more_and_for_one_another(tmp_path: Path) -> None:
    with scheduler_over(tmp_path) as (scheduler, spider):
        find(spider, "feed", kind="feed")
        find(spider, "page/a", "page/b", "page/c")
        feed = scheduler.next_request()
        assert asked(scheduler) == []  # the feed is under way
        assert states(spider) == {"leased": 1, "ready": 3}
        answer(scheduler, spider, key_of(feed))
        first = scheduler.next_request()
        assert asked(scheduler) == ["page/b"]
        find(spider, "news", kind="story")
        scheduler.refresh()
        assert asked(scheduler) == ["news"]  # what was found meanwhile is better
        answer(scheduler, spider, key_of(first))
        assert asked(scheduler) == ["page/c"]


def test_a_lease_that_ends_without_an_outcome_keeps_nobody_waiting(tmp_path: Path) -> None:
    with scheduler_over(tmp_path) as (scheduler, spider):
        find(spider, "feed", kind="feed")
        find(spider, "page")
        feed = scheduler.next_request()
        assert asked(scheduler) == []
        assert spider.scheduler is scheduler
        spider.course.ledgers[SITE].frontier.note_death(key_of(feed), delay=60)
        scheduler.forget(key_of(feed))
        assert asked(scheduler) == ["page"]


def test_what_is_lost_keeps_nobody_waiting(tmp_path: Path) -> None:
    """Asked when nothing is under way: whatever was has no outcome."""
    with scheduler_over(tmp_path) as (scheduler, spider):
        find(spider, "feed", kind="feed")
        find(spider, "page")
        scheduler.next_request()
        assert asked(scheduler) == []
        assert scheduler.has_pending_requests()
        assert asked(scheduler) == ["page"]
        assert not scheduler.has_pending_requests()


def test_nothing_is_asked_twice_in_a_run(tmp_path: Path) -> None:
    with scheduler_over(tmp_path) as (scheduler, spider):
        find(spider, "feed", kind="feed")
        answer(scheduler, spider, key_of(scheduler.next_request()), due=NOW)
        find(spider, "a", kind="story")
        assert asked(scheduler) == ["a"]
    with scheduler_over(tmp_path, SetClock(), run_id="r2") as (scheduler, _):
        assert asked(scheduler) == ["feed", "a"]


def test_what_is_due_later_in_the_run_is_asked_again(tmp_path: Path) -> None:
    clock = SetClock()
    with scheduler_over(tmp_path, clock) as (scheduler, spider):
        find(spider, "a", kind="story")
        answer(scheduler, spider, key_of(scheduler.next_request()), due=NOW + 60)
        assert asked(scheduler) == []
        clock.move(61)
        assert scheduler.has_pending_requests()
        assert asked(scheduler) == ["a"]


def test_what_goes_on_with_a_lease_comes_first(tmp_path: Path) -> None:
    with scheduler_over(tmp_path) as (scheduler, spider):
        find(spider, "a", kind="story")
        request = scheduler.next_request()
        assert request is not None
        assert not scheduler.has_pending_requests()
        scheduler.enqueue_request(request.replace(url=HOME + "moved"))
        assert scheduler.has_pending_requests()
        find(spider, "b", kind="story")
        following = scheduler.next_request()
        assert following is not None
        assert (following.url, following.meta[LEASE]) == (HOME + "moved", request.meta[LEASE])
        assert asked(scheduler) == ["b"]


def test_only_hosts_that_have_room_are_asked(tmp_path: Path) -> None:
    with scheduler_over(tmp_path) as (scheduler, spider):
        downloader = scheduler._crawler.engine.downloader
        downloader.domain_concurrency = 1
        paths = [str(number) for number in range(20)]
        find(spider, *paths, kind="story")
        spider.course.begin([Found(url=f"https://fa.{SITE}/1", kind="story")], again=False)
        scheduler.next_request()
        assert states(spider) == {"leased": 4, "ready": 17}  # one and two in reserve, and the only one of the other


def test_copies_whose_original_never_came_are_asked_when_nothing_else_is(tmp_path: Path) -> None:
    with scheduler_over(tmp_path) as (scheduler, spider):
        find(spider, "copy", kind="story")
        ledger = spider.course.ledgers[SITE]
        key = key_of(scheduler.next_request())
        ledger._copies.hold(key, HOME + "copy", HOME + "original", "Ferry")
        ledger.frontier.release([key])
        ledger.database.execute("UPDATE frontier SET state = 'done' WHERE key = ?", (key,))
        scheduler._crawler.engine.downloader.active.add(Request(HOME))
        assert asked(scheduler) == []
        scheduler._crawler.engine.downloader.active.clear()
        assert asked(scheduler) == ["copy"]


def test_nothing_is_asked_while_pages_wait_to_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with scheduler_over(tmp_path) as (scheduler, spider):
        find(spider, "a", kind="story")
        with monkeypatch.context() as patched:
            patched.setattr(QuietSpider, "is_busy", property(lambda self: True))
            assert asked(scheduler) == []
        assert asked(scheduler) == ["a"]


def test_other_spiders_of_a_project_get_scrapys_own(monkeypatch: pytest.MonkeyPatch) -> None:
    class Crawler:
        spider = Spider(name="other")

    monkeypatch.setattr(Scheduler, "from_crawler", lambda crawler: "Scrapy's")
    assert FrontierScheduler.from_crawler(Crawler()) == "Scrapy's"  # type: ignore[arg-type, comparison-overlap]
