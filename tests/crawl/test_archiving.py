from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.settings import Settings

from newsscraper.crawl.archiving import Archiving, What, captures_of, describe_archive, read_what
from newsscraper.crawl.captures import Captures
from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.settled import Settled
from newsscraper.errors import InputError
from newsscraper.store import Entry, Lease, Ledger, Settlement, make_record
from newsscraper.store.archive import Exchange
from newsscraper.story import Story
from tests.store.ledgers import SetClock

SITE = "a.example"
HOME = f"https://{SITE}/"
URL = HOME + "news/1"
FOUND = Found(url=URL, kind="story")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path, SITE, clock=SetClock(), run_id="r1") as ledger:
        yield ledger


def archiving(what: What) -> Archiving:
    return Archiving(what, clock=SetClock(), site_of=lambda url: SITE)


def answered(own: Archiving, url: str = URL, found: Found | None = FOUND, **facts: Any) -> Response:
    request = Request(url, cb_kwargs={"found": found} if found else {})
    response = Response(url, body=b"page", request=request, **facts)
    own.capture(request, response)
    return response


def settlement_of(body: str | None = None, **facts: Any) -> Settlement:
    story = None if body is None else Story(title="The ferry", body=body)
    record = None if story is None else make_record(story, url=URL, model=None, run_id="r1")
    return Settlement(key=None, state="done", visited_at=0, record=record, **facts)


def chosen(own: Archiving, settlement: Settlement, lease: Lease | None = None) -> Settlement:
    settled = Settled(found=FOUND, site=SITE, url=URL, settlement=settlement)
    return own.choose(settled, captures_of(answered(own)), lease).settlement


def urls(settlement: Settlement) -> list[str]:
    return [each.url for each in settlement.exchanges]


def lease(story_key: str | None) -> Lease:
    return Lease(key=1, entry=Entry(url=URL), story_key=story_key)


@pytest.mark.parametrize(
    ("what", "settlement", "of", "is_archived"),
    [
        ("stories", settlement_of("The ferry ran."), None, True),
        ("stories", settlement_of(), None, False),
        ("stories", settlement_of(unchanged=True), "k", True),
        ("stories", settlement_of(unchanged=True), None, False),
        ("all", settlement_of(), None, True),
        ("none", settlement_of("The ferry ran."), None, False),
    ],
    ids=["story", "list", "known story as it was", "list as it was", "anything", "nothing"],
)
def test_what_is_archived(what: What, settlement: Settlement, of: str | None, is_archived: bool) -> None:
    assert urls(chosen(archiving(what), settlement, lease(of))) == [URL] * is_archived


def test_a_sitemap_is_not_even_kept_where_stories_are(ledger: Ledger) -> None:
    sitemap = Found(url=URL, kind="sitemap")
    assert captures_of(answered(archiving("stories"), found=sitemap)).all() == ()
    assert len(captures_of(answered(archiving("all"), found=sitemap)).all()) == 1


def test_robots_txt_comes_with_the_first_story_and_once(ledger: Ledger) -> None:
    own = archiving("stories")
    own.note_beside(answered(own, HOME + "robots.txt", found=None))
    as_it_was = own.complete(SITE, chosen(own, settlement_of(unchanged=True), lease("k")), ledger.stories)
    assert urls(as_it_was) == [URL]
    first = own.complete(SITE, chosen(own, settlement_of("The ferry ran.")), ledger.stories)
    second = own.complete(SITE, chosen(own, settlement_of("The ferry sank.")), ledger.stories)
    assert (urls(first), urls(second)) == ([HOME + "robots.txt", URL], [URL])
    assert own.archived[SITE] == 4


def test_robots_txt_comes_with_whatever_is_settled_next_where_all_is_archived(ledger: Ledger) -> None:
    own = archiving("all")
    own.note_beside(answered(own, HOME + "robots.txt", found=None))
    assert urls(own.complete(SITE, settlement_of(), ledger.stories)) == [HOME + "robots.txt"]


def test_a_page_whose_story_says_what_it_said_is_not_archived_again(ledger: Ledger) -> None:
    own = archiving("stories")
    told = settlement_of("The ferry ran.", fingerprint=7)
    ledger.settle(own.complete(SITE, chosen(own, told), ledger.stories))
    again = chosen(own, dataclasses.replace(told, fingerprint=8))
    read_otherwise = chosen(own, settlement_of("The ferry ran", fingerprint=7))
    other = chosen(own, settlement_of("The ferry sank.", fingerprint=9))
    done = [own.complete(SITE, each, ledger.stories) for each in (again, read_otherwise, other)]
    assert [urls(each) for each in done] == [[], [], [URL]]


def test_what_broke_off_is_archived_with_nothing() -> None:
    own = archiving("all")
    assert captures_of(answered(own, flags=["dataloss"])).all() == ()


def test_a_response_that_nobody_asked_for_has_no_captures() -> None:
    assert captures_of(Response(URL)).all() == ()
    assert isinstance(captures_of(Response(URL)), Captures)


@pytest.mark.parametrize("given", ["storis", "", "ALL", 1])
def test_a_choice_that_is_none(given: object) -> None:
    with pytest.raises(InputError, match="NEWSSCRAPER_ARCHIVE: expected one of stories, all, none"):
        read_what(Settings({"NEWSSCRAPER_ARCHIVE": given}))


def test_a_crawl_of_an_archive_archives_nothing() -> None:
    assert read_what(Settings({"NEWSSCRAPER_ARCHIVE": "all", "NEWSSCRAPER_OFFLINE": "x.warc.gz"})) == "none"


def test_an_archive_names_a_user_agent_of_ones_own() -> None:
    own = Settings({"USER_AGENT": "mybot (+https://b.example)", "ROBOTSTXT_OBEY": False, "NEWSSCRAPER_ARCHIVE": "all"})
    told = describe_archive(own)
    assert (told["http-header-user-agent"], told["robots"]) == ("mybot (+https://b.example)", "ignored")
    assert "operator" not in told


def test_an_exchange_is_what_the_store_takes() -> None:
    (kept,) = captures_of(answered(archiving("all"))).all()
    assert isinstance(kept, Exchange)
    assert kept.at == "2026-03-05T10:00:00Z"
