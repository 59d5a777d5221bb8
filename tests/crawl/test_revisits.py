"""When pages are asked again."""

from __future__ import annotations

import pytest

from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.endings import end_of_answer, end_of_failure, end_of_wall
from newsscraper.crawl.outcome import Outcome
from newsscraper.crawl.revisits import next_look, next_visit
from newsscraper.store import Entry, Lease

HOUR = 3600
NOW = 1_700_000_000
STARTED = NOW - 60
HOURS = [1, 3, 12]
STORY = Found(url="https://a.example/1", kind="story")


@pytest.mark.parametrize(
    ("age", "due"), [(0, 1), (0.5, 1), (1, 3), (2, 3), (3, 12), (11, 12), (12, None), (5_000, None), (-9, 1)]
)
def test_young_stories_come_again_at_growing_ages(age: float, due: float | None) -> None:
    since = NOW - int(age * HOUR)
    expected = None if due is None else min(since, NOW) + due * HOUR
    assert next_visit(HOURS, NOW, since=since) == expected


def test_stories_of_unknown_age_were_new_when_first_seen() -> None:
    visits = [next_visit(HOURS, NOW, since=None, revisits=number) for number in range(4)]
    assert visits == [NOW + HOUR, NOW + 2 * HOUR, NOW + 9 * HOUR, None]


def test_nobody_comes_again_without_hours() -> None:
    assert next_visit([], NOW, since=NOW) is None
    assert next_visit([], NOW, since=None) is None


def test_barren_listings_are_asked_ever_later_though_not_never() -> None:
    waits = [next_look(NOW, number) - NOW for number in (0, 1, 2, 3, 4, 50)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (12 * HOUR, 7 * 24 * HOUR)


def lease(**facts: object) -> Lease:
    return Lease(key=1, entry=Entry(url="https://a.example/x"), **facts)  # type: ignore[arg-type]


def due_after(found: Found, outcome: Outcome | None, *, news: bool, revisits: int = 0) -> int | None:
    return end_of_answer(outcome, found, lease(revisits=revisits), brings_news=news, started=STARTED, now=NOW).due


LISTING = Outcome(kind="listing", reason="listing", found=(STORY,))


def test_feeds_and_listings_that_bring_news_are_asked_by_every_run() -> None:
    page = Found(url="https://a.example/world")
    assert due_after(Found(url="https://a.example/rss", kind="feed"), Outcome(kind="feed"), news=False) == STARTED
    assert due_after(page, LISTING, news=True) == STARTED
    assert due_after(page, LISTING, news=False) == next_look(NOW, 0)
    assert due_after(page, None, news=False, revisits=2) == next_look(NOW, 3)


@pytest.mark.parametrize(
    "found",
    [
        Found(url="https://a.example/world?page=2", kind="listing", later=True),
        Found(url="https://a.example/calendar/2024/03/05", kind="listing"),
        Found(url="https://a.example/tags/ferry"),
        Found(url="https://a.example/rss?page=2", kind="feed", later=True),
        Found(url="https://a.example/map-1.xml", kind="sitemap", modified=NOW),
    ],
)
def test_later_pages_and_dated_files_are_not(found: Found) -> None:
    assert due_after(found, LISTING, news=True) is None


@pytest.mark.parametrize(
    "found",
    [
        Found(url="https://a.example/world/page/2"),
        Found(url="https://a.example/world?sort=new"),
        Found(url="https://a.example/calendar/2024/03/05"),
        Found(url="https://a.example/tags/ferry"),
    ],
)
def test_only_first_pages_of_sections_are_looked_at_again(found: Found) -> None:
    assert due_after(found, LISTING, news=False) is None
    assert due_after(Found(url="https://a.example/world"), LISTING, news=False) is not None


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(kind="listing", reason="listing"),
        Outcome(kind="listing", reason="listing", found=(Found(url="https://a.example/about"),)),
        Outcome(kind="ignored", reason="empty", found=(STORY,)),
    ],
)
def test_pages_that_list_no_story_are_not_looked_at_again(outcome: Outcome) -> None:
    assert due_after(Found(url="https://a.example/world"), outcome, news=False) is None


@pytest.mark.parametrize("fact", ["alone", "later", "guessed"])
def test_what_is_asked_for_once_is_not_asked_again(fact: str) -> None:
    for kind, outcome in (("feed", Outcome(kind="feed")), ("page", LISTING)):
        found = Found(url="https://a.example/world", kind=kind, **{fact: True})  # type: ignore[arg-type]
        assert due_after(found, outcome, news=True) is None


def test_entrances_are_asked_by_every_run_whatever_they_hold() -> None:
    found = Found(url="https://a.example/?edition=2", entrance=True)
    for outcome in (None, Outcome(kind="listing", reason="listing"), Outcome(kind="ignored", reason="empty")):
        assert due_after(found, outcome, news=False) == STARTED


@pytest.mark.parametrize(
    ("name", "event"),
    [("challenged:bot_wall", "challenged"), ("consent:consent_wall", "consent"), ("paywalled:login_wall", "paywalled")],
)
def test_a_wall_is_asked_again_the_day_after(name: str, event: str) -> None:
    ending = end_of_wall(name, now=NOW)
    assert (ending.state, ending.due, ending.event) == ("refused", NOW + 24 * HOUR, event)


@pytest.mark.parametrize("name", ["paywalled:paywall", "paywalled:http_402"])
def test_what_has_to_be_paid_for_is_not_asked_again_until_its_site_says_that_it_changed(name: str) -> None:
    ending = end_of_wall(name, now=NOW)
    assert (ending.state, ending.due, ending.event) == ("done", None, "paywalled")


def test_what_a_host_that_turned_us_away_still_has_is_for_the_next_run() -> None:
    ending = end_of_failure("bounded:turned_away", STORY, lease(), status=None, started=STARTED, now=NOW)
    assert (ending.state, ending.due, ending.event) == ("waiting", STARTED, None)


def test_a_fault_of_ours_is_tried_again_the_day_after() -> None:
    outcome = Outcome(kind="failed", reason="reader_error")
    ending = end_of_answer(outcome, STORY, lease(), brings_news=False, started=STARTED, now=NOW)
    assert (ending.state, ending.due, ending.event) == ("waiting", NOW + 24 * HOUR, None)


def test_refusals_wait_a_day_and_those_of_robots_a_week() -> None:
    days = {"refused:http_403": 1, "robots": 7}
    for name, wait in days.items():
        ending = end_of_failure(name, STORY, lease(), status=None, started=STARTED, now=NOW)
        assert ending.due == NOW + wait * 24 * HOUR


def test_sitemaps_without_a_date_are() -> None:
    assert due_after(Found(url="https://a.example/map-1.xml", kind="sitemap"), Outcome(kind="sitemap"), news=False)


@pytest.mark.parametrize(
    ("name", "status", "state"),
    [
        ("gone", 404, "gone"),
        ("refused:http_403", 403, "refused"),
        ("robots", None, "refused"),
        ("bounded:depth", None, "bounded"),
        ("failed:http_503", 503, "waiting"),
        ("failed:timeout", None, "waiting"),
        ("failed:too_large", None, "done"),
        ("offsite_redirects", None, "done"),
    ],
)
def test_failures(name: str, status: int | None, state: str) -> None:
    ending = end_of_failure(name, STORY, lease(), status=status, started=STARTED, now=NOW)
    assert ending.state == state
    assert (ending.due is not None) == (state in {"refused", "waiting"})


def test_only_known_stories_that_are_gone_are_events() -> None:
    endings = [
        end_of_failure("gone", STORY, lease(story_key=key), status=410, started=STARTED, now=NOW) for key in (None, "k")
    ]
    assert [ending.event for ending in endings] == [None, "gone"]
