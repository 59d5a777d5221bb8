"""What an answer leads to: what is counted, committed, asked next and asked again."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from newsscraper.crawl.accounts import Accounts
from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.outcome import Outcome
from newsscraper.crawl.scope import Scope
from newsscraper.crawl.target import Target
from newsscraper.crawl.walls import ADVICE
from newsscraper.errors import LedgerError
from tests.crawl.courses import (
    HOUR,
    NOW,
    answer_of,
    commit,
    counts,
    course_over,
    due_of,
    found,
    lease_of,
    ledger_of,
    listing,
    story_of,
)
from tests.store.ledgers import DAY, HOME, SITE, SetClock, read_events


def test_what_has_been_asked_is_begun_with_only_again(tmp_path: Path) -> None:
    with course_over(tmp_path) as course:
        commit(course, "a", story_of())
        assert course.begin([found("a", kind="story"), found("b", kind="story")], again=False) == 1
        assert [ledger_of(course).frontier.known(HOME + path) for path in "ab"] == ["done", "ready"]
        assert course.begin([found("a", kind="story")], again=True) == 0
        assert ledger_of(course).frontier.known(HOME + "a") == "ready"


@pytest.mark.parametrize("fault", [LedgerError("malformed"), OSError(28, "No space left on device")])
def test_a_beginning_that_cannot_be_written_is_a_fault_of_its_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def fail(entries: object) -> int:
        raise fault

    with course_over(tmp_path) as course:
        monkeypatch.setattr(ledger_of(course).frontier, "add", fail)
        assert course.begin([found("a")], again=True) == 0
        course.note_fault(SITE, OSError("what came of it"))
        assert course.faults == {SITE: f"the stories of {SITE} could not be written: {fault}"}


def test_a_host_that_was_entered_by_https_is_asked_by_https(tmp_path: Path) -> None:
    plain = HOME.replace("https:", "http:")
    with course_over(tmp_path) as course:
        course.begin([Found(url=plain + "a"), Found(url="http://fa.marrow.example/b")], again=False)
        commit(course, "list", Outcome(kind="listing", found=(Found(url=plain + "c", kind="story"),)))
        commit(course, "copy", story_of(canonical_url=plain + "original"))
        urls = {url for (url,) in ledger_of(course).database.rows("SELECT url FROM frontier")}
    assert {HOME + "a", "http://fa.marrow.example/b", HOME + "c", HOME + "original"} <= urls
    assert not {plain + "a", plain + "c", plain + "original"} & urls


def test_a_date_in_the_future_is_nobodys_word(tmp_path: Path) -> None:
    with course_over(tmp_path) as course:
        course.begin([found("soon", modified=NOW + DAY // 2), found("late", modified=NOW + 9 * DAY)], again=False)
        rows = dict(ledger_of(course).database.rows("SELECT url, modified FROM frontier"))
    assert rows == {HOME + "soon": NOW + DAY // 2, HOME + "late": None}


def test_what_lies_beyond_the_bounds_is_counted_and_not_asked(tmp_path: Path) -> None:
    with course_over(tmp_path, depth=2) as course:
        assert course.begin([found("a", depth=3), found("b", depth=2)], again=False) == 1
        commit(course, "list", listing("c", kind="page", depth=3))
        assert [name.partition(":")[0] for name in counts(course)] == ["bounded", "listings"]
        assert sum(number for name, number in counts(course).items() if name.startswith("bounded:")) == 2
        assert ledger_of(course).frontier.known(HOME + "c") is None


def test_a_listing_that_brings_news_is_asked_by_the_next_run_and_its_further_pages_again(tmp_path: Path) -> None:
    following = found("news?page=2", kind="listing", later=True)
    front = found("news", kind="listing")
    with course_over(tmp_path) as course:
        commit(course, "news?page=2", listing("old"), following)
        outcome = Outcome(kind="listing", found=(*listing("a", "b").found, following))
        commit(course, "news", outcome, front)
        assert due_of(course, "news") == NOW
        assert ledger_of(course).frontier.known(following.url) == "ready"
        ledger_of(course).database.execute("UPDATE frontier SET state = 'done' WHERE url = ?", (following.url,))
        commit(course, "news", outcome, front)
        assert (due_of(course, "news") or 0) > NOW
        assert ledger_of(course).frontier.known(following.url) == "done"
        assert counts(course)["listings"] == 3


def test_news_on_a_page_asks_only_what_leads_on_from_it_again(tmp_path: Path) -> None:
    before, own, after = (found(f"news?page={number}", kind="listing", later=True) for number in (2, 3, 4))
    beside = found("sport", kind="page")
    with course_over(tmp_path) as course:
        for each in (before, after, beside):
            commit(course, each.url.removeprefix(HOME), Outcome(kind="ignored", reason="empty"), each)
        outcome = Outcome(kind="listing", found=(*listing("a").found, before, after, beside))
        commit(course, "news?page=3", outcome, own)
        states = [ledger_of(course).frontier.known(each.url) for each in (before, after, beside)]
        assert states == ["done", "ready", "done"]


def test_a_feed_is_asked_by_every_run_and_counted_against_its_bound(tmp_path: Path) -> None:
    feed = found("feed", kind="feed")
    with course_over(tmp_path, machine_files=2) as course:
        commit(course, "feed", Outcome(kind="feed", found=listing("a").found), feed)
        assert due_of(course, "feed") == NOW
        lease = lease_of(course, feed)
        settled = course.keep(answer_of("feed", status=304), feed, lease)
        assert (settled.settlement.due, settled.settlement.unchanged) == (NOW, True)
        assert course.refusal(found("other", kind="feed")) is not None
    assert counts(course)["not_modified"] == 1
    with course_over(tmp_path, run_id="r2", machine_files=2) as course:
        assert course.refusal(found("other", kind="feed")) is None


def test_a_story_comes_again_when_it_has_aged(tmp_path: Path) -> None:
    clock = SetClock()
    with course_over(tmp_path, clock) as course:
        commit(course, "a", story_of(date_utc="2026-03-05T09:30:00Z"))
        assert due_of(course, "a") == NOW + HOUR // 2
        commit(course, "b", story_of("Another"), found("b", kind="story", modified=NOW - 2 * HOUR - 60))
        assert due_of(course, "b") == NOW + HOUR - 60
        commit(course, "c", story_of("A third"))
        assert due_of(course, "c") == NOW + HOUR
        commit(course, "d", story_of("An old one", date_utc="2025-03-05T09:30:00Z"))
        assert due_of(course, "d") is None


def test_a_story_that_is_what_it_was_comes_again_ever_later(tmp_path: Path) -> None:
    with course_over(tmp_path) as course:
        dues = []
        commit(course, "c", story_of())
        for _ in range(3):
            story = found("c", kind="story")
            lease = lease_of(course, story)
            settled = course.keep(answer_of("c", status=304), story, lease)
            ledger_of(course).settle(settled.settlement)
            dues.append(due_of(course, "c"))
        assert dues == [NOW + 2 * HOUR, NOW + 21 * HOUR, None]
        assert (counts(course)["not_modified"], counts(course)["revisited"]) == (3, 3)


def test_a_copy_waits_for_its_original_which_is_asked(tmp_path: Path) -> None:
    with course_over(tmp_path) as course:
        copy = commit(course, "copy", story_of(canonical_url=HOME + "original"))
        assert copy.verdict == "copy"
        assert ledger_of(course).frontier.known(HOME + "original") == "ready"
        alone = commit(course, "x", story_of("X", canonical_url=HOME + "y"), found("x", kind="story", alone=True))
        assert (alone.verdict, ledger_of(course).frontier.known(HOME + "y")) == ("new", None)
        other = commit(course, "z", story_of("Z", canonical_url="https://other.example/z"))
        assert other.verdict == "new"
        assert ledger_of(course).frontier.known("https://other.example/z") is None
        assert ledger_of(course).stories.find_by_name(HOME + "y") is not None
        assert ledger_of(course).stories.find_by_name("https://other.example/z") is None
    assert (counts(course)["copies"], counts(course)["new"]) == (1, 2)


def test_a_story_is_known_by_its_code(tmp_path: Path) -> None:
    with course_over(tmp_path) as course:
        first = commit(course, "news/986527/ferry", story_of(story_code="986527"))
        second = commit(course, "print/986527", story_of(story_code="986527"))
        assert (second.verdict, first.record is not None) == ("duplicate", True)
    assert counts(course)["duplicates"] == 1


def test_whether_a_story_has_moved_its_own_address_tells(tmp_path: Path) -> None:
    facts = {"story_code": "986527", "date_utc": "2025-03-05T09:30:00Z"}  # too old to be due by itself
    with course_over(tmp_path) as course:
        commit(course, "news/986527/ferry", story_of(**facts))
    clock = SetClock()
    clock.move(DAY)
    with course_over(tmp_path, clock, run_id="r2") as course:
        commit(course, "dossier/986527", story_of(**facts))
        assert ledger_of(course).frontier.known(HOME + "news/986527/ferry") == "ready"
        commit(course, "news/986527/ferry", story_of(**facts))
        commit(course, "print/986527", story_of(**facts))
        assert ledger_of(course).frontier.known(HOME + "news/986527/ferry") == "done"  # it has been asked in this run
        assert counts(course) == {"story": 3, "duplicates": 2, "unchanged": 1, "revisited": 1}


def test_a_copy_of_a_story_is_no_reason_to_ask_for_that(tmp_path: Path) -> None:
    old = {"date_utc": "2025-03-05T09:30:00Z"}
    with course_over(tmp_path) as course:
        commit(course, "a", story_of(**old))
    clock = SetClock()
    clock.move(DAY)
    with course_over(tmp_path, clock, run_id="r2") as course:
        assert commit(course, "b", story_of(canonical_url=HOME + "a", **old)).verdict == "duplicate"
        assert ledger_of(course).frontier.known(HOME + "a") == "done"


def test_a_faulty_record_is_a_failure_of_its_url(tmp_path: Path) -> None:
    with course_over(tmp_path) as course:
        committed = commit(course, "a", story_of(date="yesterday"))
        assert (committed.verdict, ledger_of(course).frontier.known(HOME + "a")) == ("none", "done")
        assert ledger_of(course).stories.totals()["stories"] == 0
    assert counts(course) == {"story": 1, "failed:faulty_record": 1}


def test_where_a_page_redirects_counts_as_asked(tmp_path: Path) -> None:
    with course_over(tmp_path) as course:
        commit(course, "new", story_of(), found("old", kind="story"), asked="old")
        states = [ledger_of(course).frontier.known(HOME + path) for path in ("old", "new")]
        assert states == ["done", "done"]
        known = ledger_of(course).stories.find_by_name(HOME + "old")
        assert known is not None
        assert known.is_at(HOME + "new")


def test_all_addresses_of_a_redirect_count_as_asked(tmp_path: Path) -> None:
    with course_over(tmp_path) as course:
        old = found("old")
        lease = lease_of(course, old)
        answer = dataclasses.replace(answer_of("new", asked="old"), passed=(HOME + "old", HOME + "middle"))
        step = course.settle(answer, old, lease, listing("a"))
        ledger_of(course).settle(step.settled.settlement)
        states = [ledger_of(course).frontier.known(HOME + path) for path in ("old", "middle", "new", "a")]
        assert states == ["done", "done", "done", "ready"]


def test_what_a_page_is_asked_with_the_next_time(tmp_path: Path) -> None:
    with course_over(tmp_path) as course:
        commit(course, "a", story_of(), etag='"1"', last_modified="then")
        lease = lease_of(course, found("a", kind="story"))
        assert (lease.etag, lease.last_modified, lease.status) == ('"1"', "then", 200)
        assert lease.digest == answer_of("a").digest


def test_a_wall_is_an_event(tmp_path: Path) -> None:
    with course_over(tmp_path) as course:
        commit(course, "a", Outcome(kind="listing", reason="bot_wall"))
        ledger_of(course).seal()
        assert counts(course) == {"challenged:bot_wall": 1}
    (event,) = read_events(tmp_path)
    assert (event["event"], event["url"], event["status"]) == ("challenged", HOME + "a", 200)
    assert (event["reason"], event["advice"]) == ("bot_wall", ADVICE["challenged"])


@pytest.mark.parametrize(
    ("target", "source", "expected"),
    [
        ("known", {"kind": "story"}, True),
        ("unknown", {"kind": "story"}, False),
        ("known", {"kind": "story", "entrance": True}, False),
        ("known", {"kind": "feed"}, False),
        ("known", {"kind": "sitemap"}, False),
    ],
)
def test_a_redirect_to_what_is_known_needs_no_request(
    tmp_path: Path, target: str, source: dict[str, Any], expected: bool
) -> None:
    with course_over(tmp_path) as course:
        course.begin([found("known", kind="story")], again=False)
        asked = found("asked", **source)
        assert course.knows_elsewhere(HOME + target, asked, lease_of(course, asked)) == expected


def test_a_known_storys_redirect_is_followed(tmp_path: Path) -> None:
    with course_over(tmp_path) as course:
        story = found("a", kind="story")
        commit(course, "a", story_of())
        course.begin([found("b", kind="story")], again=False)
        assert not course.knows_elsewhere(HOME + "b", story, lease_of(course, story))


def test_deaths_set_a_page_aside(tmp_path: Path) -> None:
    with course_over(tmp_path) as course:
        story = found("a", kind="story")
        course.note_death(story, lease_of(course, story), "it took 9 seconds")
        assert due_of(course, "a") == NOW  # asked again at once
        for _ in range(2):
            course.note_death(story, lease_of(course, story), "it took 9 seconds")
        assert ledger_of(course).frontier.known(HOME + "a") == "quarantined"
    assert counts(course) == {"reading_died": 2, "failed:quarantined": 1}


class Pages:
    """A story of several pages that stands for one."""

    def __init__(self, *wanted: str, complete: bool = True) -> None:
        self._wanted = list(wanted)
        self.answer = answer_of("a", etag='"1"', last_modified="then")
        self.asked = {HOME + "a", HOME + "a?page=2"}
        self.story = story_of(complete=complete).story

    @property
    def wanted(self) -> str | None:
        return self._wanted[0] if self._wanted else None

    def give_up(self) -> None:
        del self._wanted[0]

    def take(self, answer: object) -> str | None:
        self.give_up()
        return None if self._wanted else "further_page_unread"


def test_further_pages_of_other_sites_are_not_asked(tmp_path: Path) -> None:
    with course_over(tmp_path) as course:
        pages: Any = Pages("https://other.example/2", HOME + "a?page=2")
        assert course.want(pages) == HOME + "a?page=2"
        assert course.want(Pages("https://other.example/2")) is None  # type: ignore[arg-type]


def test_further_pages_that_come_and_that_do_not(tmp_path: Path) -> None:
    with course_over(tmp_path) as course:
        pages: Any = Pages("1", "2", "3", "4")
        course.take(pages, answer_of("2"))
        course.miss(pages, "gone")
        course.miss(pages, "failed:timeout", "slow")
        course.take(pages, answer_of("4"))
        assert pages.wanted is None
    expected = ("further_pages", "failed:further_page_gone", "failed:timeout", "further_page_unread")
    assert counts(course) == dict.fromkeys(expected, 1)


@pytest.mark.parametrize("complete", [True, False])
def test_a_story_of_several_pages_is_committed_as_one_and_asked_whole_the_next_time(
    tmp_path: Path, complete: bool
) -> None:
    with course_over(tmp_path) as course:
        story = found("a", kind="story")
        outcome = Outcome(kind="story", story=story_of().story, further=None, fingerprint=7)
        step = course.settle(answer_of("a", etag='"1"'), story, lease_of(course, story), outcome)
        settled = course.finish(step.settled, Pages(complete=complete), outcome)  # type: ignore[arg-type]
        given = settled.settlement
        assert (given.etag, given.last_modified, given.digest, given.fingerprint) == (None, None, None, 7)
        assert set(given.also) == {HOME + "a", HOME + "a?page=2"}
        assert ledger_of(course).settle(given).verdict == "new"
        assert ledger_of(course).frontier.known(HOME + "a?page=2") == "done"
    assert counts(course).get("unfinished", 0) == (not complete)


def test_what_goes_on_is_settled_when_its_pages_have_come(tmp_path: Path) -> None:
    further: Any = SimpleNamespace(single_url=None, next_url=HOME + "a?page=2")
    with course_over(tmp_path) as course:
        story = found("a", kind="story")
        outcome = Outcome(kind="story", story=story_of().story, further=further)
        step = course.settle(answer_of("a"), story, lease_of(course, story), outcome)
        assert step.settled.settlement.record is None
        assert step.unfinished is not None
        assert step.unfinished.wanted == HOME + "a?page=2"


def test_each_site_of_a_list_has_an_account(tmp_path: Path) -> None:
    start = tuple(Found(url=f"https://{site}/a", kind="story", alone=True) for site in ("a.example", "bb.example"))
    scope = Scope(frozenset({"a.example", "bb.example"}))
    target = Target(
        start=start, scope=scope, profile_of=lambda url: None, follow=False, bad_lines=("urls.txt:4: 'no url'",)
    )
    accounts = Accounts(target)
    accounts.note("story", "https://bb.example/a")
    accounts.note("story", "https://elsewhere.example/a")
    assert {site: dict(tally.counts) for site, tally in accounts.tallies.items()} == {
        "a.example": {"failed:bad_line": 1, "story": 1},
        "bb.example": {"story": 1},
    }
