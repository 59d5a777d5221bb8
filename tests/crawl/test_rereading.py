"""A new extractor is no new version, and hides none: the archived page tells what the site had."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.rereading import reread
from newsscraper.crawl.scope import Scope
from newsscraper.crawl.target import Target
from newsscraper.extract import choose_model, extract
from newsscraper.store import Ledger, Settlement, Verdict, make_record
from newsscraper.store.archive import Exchange
from tests.crawl.small_site import story_page
from tests.crawl.test_several_pages import pages_of
from tests.store.ledgers import SetClock

SITE = "a.example"
URL = f"https://{SITE}/news/1001/ferry"
AT = "2026-03-05T10:00:00Z"
MODEL = choose_model()
TARGET = Target(start=(Found(url=URL),), scope=Scope(frozenset({SITE})), profile_of=lambda url: None)


def exchange(url: str, body: str, *, page_of: str | None = None) -> Exchange:
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return Exchange(url=url, at=AT, status=200, reason="OK", headers=headers, body=body.encode(), page_of=page_of)


def settlement(html: str, *exchanges: Exchange, was_read_otherwise: bool = False) -> Settlement:
    """Of the story as today's extractor reads it, or as another one did, which lost its last paragraph."""
    story = extract(html.encode(), URL, model=MODEL)
    record = make_record(story, url=URL, fetched_at=AT, http_status=200, model=MODEL, run_id="r1")
    if was_read_otherwise:
        other = dataclasses.replace(story, body=story.body.rpartition("\n\n")[0])
        digest = make_record(other, url=URL, model=MODEL).content_hash
        record = dataclasses.replace(record, body=other.body, content_hash=digest, extractor="newsscraper/0.0.1")
    return Settlement(key=None, state="done", visited_at=SetClock().seconds(), record=record, exchanges=exchanges)


@pytest.mark.parametrize(
    ("today", "verdict"), [("The ferry is late", "unchanged"), ("The ferry is lost", "changed")], ids=["same", "other"]
)
def test_a_version_is_the_sites_doing(tmp_path: Path, today: str, verdict: Verdict) -> None:
    before = story_page("The ferry is late")
    after = settlement(story_page(today))
    with Ledger.open(tmp_path, SITE, clock=SetClock(), run_id="r1") as ledger:
        ledger.settle(settlement(before, exchange(URL, before), was_read_otherwise=True))
        committed = ledger.settle(after, reread=lambda: reread(ledger, after, TARGET, MODEL))
    assert committed.verdict == verdict


def test_without_an_archive_nobody_knows(tmp_path: Path) -> None:
    after = settlement(story_page("The ferry is lost"))
    with Ledger.open(tmp_path, SITE, clock=SetClock(), run_id="r1") as ledger:
        ledger.settle(settlement(story_page("The ferry is late"), was_read_otherwise=True))
        committed = ledger.settle(after, reread=lambda: reread(ledger, after, TARGET, MODEL))
    assert committed.verdict == "rebased"


def test_a_story_on_several_pages_is_read_from_all_of_them(tmp_path: Path) -> None:
    pages = {f"https://{SITE}{path}": html for path, html in pages_of(3).items()}
    first, *further = pages
    whole = settlement(
        pages[first], exchange(first, pages[first]), *(exchange(u, pages[u], page_of=first) for u in further)
    )
    with Ledger.open(tmp_path, SITE, clock=SetClock(), run_id="r1") as ledger:
        ledger.settle(whole)
        story = reread(ledger, whole, TARGET, MODEL)
    assert story is not None
    assert story.complete
    assert [f"On page {number}, in part 3" in story.body for number in (1, 2, 3)] == [True, True, True]


def test_a_further_page_that_cannot_be_read_does_not_cost_the_story(tmp_path: Path) -> None:
    first, *further = pages = {f"https://{SITE}{path}": html for path, html in pages_of(3).items()}
    pages[further[1]] = "\x00\x01PNG\x02" * 200
    whole = settlement(
        pages[first], exchange(first, pages[first]), *(exchange(u, pages[u], page_of=first) for u in further)
    )
    with Ledger.open(tmp_path, SITE, clock=SetClock(), run_id="r1") as ledger:
        ledger.settle(whole)
        story = reread(ledger, whole, TARGET, MODEL)
    assert story is not None
    assert not story.complete
    assert [f"On page {number}, in part 3" in story.body for number in (1, 2, 3)] == [True, True, False]


def test_a_page_that_is_no_story_any_more_tells_nothing(tmp_path: Path) -> None:
    page = story_page("The ferry is late")
    broken = settlement(page, exchange(URL, "<html><body><p>nothing"))
    with Ledger.open(tmp_path, SITE, clock=SetClock(), run_id="r1") as ledger:
        ledger.settle(broken)
        assert reread(ledger, broken, TARGET, MODEL) is None
