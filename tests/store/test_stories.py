"""Which story a page is: keys, other addresses, copies."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta
from pathlib import Path

from newsscraper.store import Entry, Ledger
from tests.store.ledgers import (
    DAY,
    HOME,
    START,
    SetClock,
    done,
    lease_one,
    read_events,
    read_stories,
    record_of,
    run,
    settle,
)

NOW = int(START.timestamp())
COPY = {"title": "Ferry runs again"}


def test_the_first_address_mints_the_key_and_the_line_is_what_was_committed(tmp_path: Path) -> None:
    record = record_of("a")
    with run(tmp_path) as ledger:
        committed = settle(ledger, "a", record)
        assert (committed.verdict, committed.record, committed.record_as_known) == ("new", record, record)
        ledger.seal()
    assert read_stories(tmp_path) == [record.to_dict()]
    with run(tmp_path / "other") as ledger:
        assert settle(ledger, "a", record_of("a", title="Else", body="else")).record.story_key == record.story_key


def test_a_story_is_known_whatever_profile_reads_it(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        key = settle(ledger, "a").record.story_key
        lease = lease_one(ledger, "a")
        assert lease.story_key == key
        again = ledger.settle(done(lease, record=record_of("a", extractor="newsscraper/9 body/9 marrow@1234")))
        assert (again.verdict, again.record, again.record_as_known.story_key) == ("unchanged", None, key)


def test_another_spelling_of_the_address_is_the_same_story_once_a_run(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        key = settle(ledger, "a").record.story_key
        committed = settle(ledger, "a/", record_of("a/", body="Read once more, with a counter: 7."))
        assert (committed.verdict, committed.record_as_known.story_key) == ("duplicate", key)
        itself = settle(ledger, "a", record_of("a/", asked="a", body="Asked by its own address, it says more."))
        assert (itself.verdict, itself.record.version) == ("changed", 2)
    clock = SetClock()
    clock.move(DAY)
    with run(tmp_path, clock, "r2") as ledger:
        changed = settle(ledger, "a", record_of("a", body="Another text."), visited_at=NOW + DAY)
        assert (changed.verdict, changed.record.story_key, changed.record.version) == ("changed", key, 3)


def test_a_name_counts_where_the_title_bears_it_out(tmp_path: Path) -> None:
    code = ("marrow.example #986527",)
    with run(tmp_path) as ledger:
        first = settle(ledger, "a", record_of("a", **COPY), aliases=code).record
        same = settle(ledger, "b", record_of("b", title="FERRY runs again!"), aliases=code)
        assert (same.verdict, same.record, same.record_as_known.story_key) == ("duplicate", None, first.story_key)
        other = settle(ledger, "c", record_of("c", title="Budget passed"), aliases=code)
        assert other.verdict == "new"
        assert other.record.story_key != first.story_key


def test_an_address_that_has_answered_as_a_story_stays_that_story(tmp_path: Path) -> None:
    code = ("marrow.example #986527",)
    with run(tmp_path) as ledger:
        settle(ledger, "a", record_of("a", **COPY), aliases=code)
        settle(ledger, "b", record_of("b", **COPY), aliases=code)
        edited = settle(ledger, "b", record_of("b", title="Ferry runs again, and again", body="More."))
        assert edited.verdict == "duplicate"


def test_a_story_at_an_address_that_another_one_claims_is_its_own(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        first = settle(ledger, "a", record_of("a", **COPY), aliases=(HOME + "c",)).record
        own = settle(ledger, "c", record_of("c", title="Quite another story")).record
        assert own.story_key != first.story_key
        assert ledger.stories.find_by_name(HOME + "c").story_key == own.story_key
        assert settle(ledger, "c", record_of("c", title="Changed", body="Changed")).record.version == 2
        settle(ledger, "d", record_of("d", title="A third one"), aliases=(HOME + "a", HOME + "c"))
        assert settle(ledger, "a", record_of("a", title="New", body="New")).record.story_key == first.story_key


def test_a_page_that_redirects_has_moved(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        key = settle(ledger, "old", record_of("old", **COPY)).record.story_key
        moved = settle(ledger, "old", record_of("new", asked="old", **COPY))
        assert (moved.verdict, moved.record, moved.record_as_known.story_key) == ("unchanged", None, key)
        changed = settle(ledger, "new", record_of("new", title="Ferry sinks", body="It sank."))
        assert (changed.verdict, changed.record.story_key, changed.record.version) == ("changed", key, 2)
        reused = settle(ledger, "old", record_of("old", title="The old address has another story"))
        assert reused.verdict == "new"
        assert reused.record.story_key != key
        ledger.seal()
    events = read_events(tmp_path)
    assert [(event["event"], event["story_key"]) for event in events] == [("moved", key), ("changed", key)]
    assert (events[0]["from"], events[0]["url"]) == (HOME + "old", HOME + "new")


def test_of_a_storys_addresses_one_is_visited_again(tmp_path: Path) -> None:
    def dues(ledger: Ledger) -> dict[str, int | None]:
        return dict(ledger.database.rows("SELECT url, due FROM frontier"))  # type: ignore[arg-type]

    secure = HOME + "a"
    with run(tmp_path) as ledger:
        settle(ledger, "a", due=NOW + DAY)
        settle(ledger, "a?page=1", record_of("a?page=1", title="Ferry a"), aliases=(secure,), due=NOW + DAY)
        settle(ledger, "a/", due=NOW + DAY)
        assert dues(ledger) == {secure: NOW + DAY, HOME + "a?page=1": None, HOME + "a/": None}


def test_a_copy_that_waits_is_not_visited_again_by_itself(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        assert settle(ledger, "b", record_of("b", **COPY), copy_of=HOME + "a", due=NOW + DAY).verdict == "copy"
        assert ledger.frontier.next_due() is None


def test_a_copy_of_a_story_that_is_known_need_not_wait(tmp_path: Path) -> None:
    code = ("marrow.example #986527",)
    with run(tmp_path) as ledger:
        settle(ledger, "a", record_of("a", **COPY), aliases=code)
        assert settle(ledger, "b", record_of("b", **COPY), aliases=code, copy_of=HOME + "x").verdict == "duplicate"


def test_only_a_story_that_is_visited_again_itself_takes_over_from_its_other_address(tmp_path: Path) -> None:
    def due_of(ledger: Ledger, path: str) -> int | None:
        return ledger.database.value("SELECT due FROM frontier WHERE url = ?", (HOME + path,))  # type: ignore[no-any-return]

    with run(tmp_path) as ledger:
        settle(ledger, "new", due=NOW + DAY)
        settle(ledger, "old", record_of("new", asked="old"))
        assert due_of(ledger, "new") == NOW + DAY
        settle(ledger, "old", record_of("new", asked="old"), due=NOW + 2 * DAY)
        assert (due_of(ledger, "new"), due_of(ledger, "old")) == (None, NOW + 2 * DAY)
        ledger.settle(done(lease_one(ledger, "news"), due=NOW + DAY))
        ledger.settle(done(lease_one(ledger, "world"), due=NOW + 2 * DAY, also=(HOME + "news",)))
        assert due_of(ledger, "news") == NOW + DAY


def test_a_site_that_moves_to_https_is_still_visited(tmp_path: Path) -> None:
    secure, plain = HOME + "a", HOME.replace("https:", "http:") + "a"
    facts = {"due": NOW + 2 * DAY, "visited_at": NOW + DAY}
    with run(tmp_path) as ledger:
        ledger.frontier.add([Entry(url=plain)])
        (lease,) = ledger.frontier.lease(1)
        old = dataclasses.replace(record_of("a"), url=plain, fetched_url=plain)
        assert ledger.settle(done(lease, record=old, due=NOW + DAY)).verdict == "new"
    with run(tmp_path, SetClock(START + timedelta(days=1)), "r2") as ledger:
        redirected = dataclasses.replace(record_of("a"), fetched_url=plain)
        (lease,) = ledger.frontier.lease(1)
        assert ledger.settle(done(lease, record=redirected, **facts)).verdict == "unchanged"
        due = dict(ledger.database.rows("SELECT url, due FROM frontier"))
        assert due == {plain: NOW + 2 * DAY, secure: None}
    with run(tmp_path, SetClock(START + timedelta(days=3)), "r3") as ledger:
        settle(ledger, "a", due=NOW + 9 * DAY, visited_at=NOW + 3 * DAY)
        (lease,) = ledger.frontier.lease(1)
        assert lease.entry.url == plain
        ledger.settle(done(lease, record=redirected, due=NOW + 8 * DAY, visited_at=NOW + 3 * DAY))
        due = dict(ledger.database.rows("SELECT url, due FROM frontier"))
        assert due == {plain: NOW + 8 * DAY, secure: None}
        known = ledger.stories.find_by_name(plain)
        assert known is not None
        assert known.is_at(secure)
        assert known.is_at(plain)
        assert not known.is_at(HOME + "b")


def test_an_alias_becomes_the_address_when_that_is_gone(tmp_path: Path) -> None:
    code = ("marrow.example #986527",)
    with run(tmp_path) as ledger:
        key = settle(ledger, "a", record_of("a", **COPY), aliases=code).record.story_key
        settle(ledger, "b", record_of("b", **COPY), aliases=code)
        ledger.settle(done(lease_one(ledger, "a"), state="gone", status=410))
        assert ledger.stories.totals()["gone"] == 1
        text = settle(ledger, "b", record_of("b", body="It ran on.", **COPY))
        assert (text.verdict, text.record.story_key, text.record.version) == ("changed", key, 2)
        assert ledger.stories.find(key).url == HOME + "b"
        assert ledger.stories.totals()["gone"] == 0
        ledger.seal()
    assert [event["event"] for event in read_events(tmp_path)] == ["moved", "changed"]


def test_a_story_that_comes_back_is_no_longer_gone(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        settle(ledger, "a")
        ledger.settle(done(lease_one(ledger, "a"), state="gone", status=404))
        assert settle(ledger, "a").verdict == "unchanged"
        assert ledger.stories.totals() == {"stories": 1, "versions": 1, "gone": 0, "forgotten": 0}


def test_a_copy_waits_for_its_original_and_is_one(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        found = (Entry(url=HOME + "a", rank=5),)
        waits = settle(ledger, "b", record_of("b", **COPY), copy_of=HOME + "a", discoveries=found)
        assert (waits.verdict, waits.record, waits.discovered) == ("copy", None, 1)
        original = settle(ledger, "a", record_of("a", **COPY))
        assert original.verdict == "new"
        assert ledger.frontier.lease(9) == []
        assert settle(ledger, "b", record_of("b", **COPY), copy_of=HOME + "a").verdict == "duplicate"
        ledger.seal()
    assert [line["url"] for line in read_stories(tmp_path)] == [HOME + "a"]


def test_what_is_no_copy_after_all_is_asked_alone(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        waiting = lease_one(ledger, "b", data='{"depth": 2}')
        found = (Entry(url=HOME + "a"),)
        ledger.settle(done(waiting, record=record_of("b", **COPY), copy_of=HOME + "a", discoveries=found))
        ledger.settle(done(lease_one(ledger, "a"), state="waiting", due=NOW))
        assert ledger.frontier.known(HOME + "b") == "done"
        settle(ledger, "a", record_of("a", title="Something else"))
        (lease,) = ledger.frontier.lease(9)
        assert (lease.entry.url, json.loads(lease.entry.data)) == (HOME + "b", {"depth": 2, "alone": True})
        assert ledger.settle(done(lease, record=record_of("b", **COPY))).verdict == "new"


def test_an_original_that_fails_or_never_comes_releases_its_copies(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        settle(ledger, "b", record_of("b", **COPY), copy_of=HOME + "a")
        ledger.settle(done(lease_one(ledger, "a"), state="gone", status=404))
        assert ledger.frontier.known(HOME + "b") == "ready"
        settle(ledger, "d", record_of("d", **COPY), copy_of=HOME + "c")
        assert ledger.frontier.known(HOME + "d") == "done"
        assert ledger.frontier.release_copies() == 1
        assert ledger.frontier.known(HOME + "d") == "ready"
        assert ledger.frontier.release_copies() == 0


def test_an_original_that_has_answered_keeps_nobody_waiting(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        settle(ledger, "a", record_of("a", title="A page that all claim to be"))
        assert settle(ledger, "b", record_of("b", **COPY), copy_of=HOME + "a").verdict == "new"
        assert settle(ledger, "c", record_of("c", title="Third"), copy_of=HOME + "a").verdict == "new"
        lease_one(ledger, "a")
        assert settle(ledger, "d", record_of("d", title="Fourth"), copy_of=HOME + "a").verdict == "new"


def test_copies_of_copies_wait_for_the_last(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        settle(ledger, "c", record_of("c", **COPY), copy_of=HOME + "b")
        settle(ledger, "b", record_of("b", **COPY), copy_of=HOME + "a")
        assert ledger.frontier.lease(9) == []
        assert settle(ledger, "a", record_of("a", **COPY)).verdict == "new"
        assert ledger.frontier.lease(9) == []
        assert settle(ledger, "c", record_of("c", **COPY)).verdict == "duplicate"


def test_two_that_claim_to_be_each_others_copy_are_one(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        settle(ledger, "b", record_of("b", **COPY), copy_of=HOME + "a")
        assert settle(ledger, "a", record_of("a", **COPY), copy_of=HOME + "b").verdict == "new"
        assert ledger.frontier.lease(9) == []


def test_a_key_that_is_taken_is_not_given_again(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        first = settle(ledger, "a", record_of("a", **COPY)).record.story_key
        settle(ledger, "a", record_of("b", asked="a", **COPY))
        second = settle(ledger, "a", record_of("a", title="Another")).record.story_key
        settle(ledger, "a", record_of("c", asked="a", title="Another"))
        third = settle(ledger, "a", record_of("a", title="A third")).record.story_key
        assert len({first, second, third}) == 3
