"""What is asked, when, in which order, and what comes of it when runs die."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from newsscraper.store import Entry, Ledger
from newsscraper.store.ledger.intake import LONGEST
from tests.store.ledgers import DAY, HOME, SITE, START, SetClock, done, lease_one, record_of, run

NOW = int(START.timestamp())


def entries(*paths: str, **facts: object) -> list[Entry]:
    return [Entry(url=HOME + path, **facts) for path in paths]  # type: ignore[arg-type]


def leased(ledger: Ledger, count: int = 100) -> list[str]:
    return [lease.entry.url.removeprefix(HOME) for lease in ledger.frontier.lease(count)]


def test_a_url_is_taken_in_once(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        assert ledger.frontier.add(entries("a", "b", "a", "a?utm_source=feed")) == 2
        assert ledger.frontier.add(entries("b", "c")) == 1
        assert ledger.frontier.counts()["ready"] == 3
        assert ledger.frontier.known(HOME + "a#part") == "ready"
        assert ledger.frontier.known(HOME + "d") is None
        with pytest.raises(ValueError, match="expected an absolute"):
            ledger.frontier.add([Entry(url="mailto:a@b")])


def test_the_highest_rank_is_leased_first_and_only_once(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        ledger.frontier.add([Entry(url=f"{HOME}{rank}", rank=rank) for rank in (3, 9, 1, 7, 5)])
        assert leased(ledger, 2) == ["9", "7"]
        assert leased(ledger) == ["5", "3", "1"]
        assert leased(ledger) == []


def test_of_equals_the_one_that_was_found_first(tmp_path: Path) -> None:
    paths = [f"news/{number}" for number in range(20)]
    with run(tmp_path) as ledger:
        ledger.frontier.add(entries(*paths))
        assert leased(ledger, 5) + leased(ledger) == paths


def test_the_best_of_all_hosts(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        ledger.frontier.add([Entry(url=f"https://fa.{SITE}/{rank}", rank=rank) for rank in (9, 1)])
        ledger.frontier.add([Entry(url=f"{HOME}{rank}", rank=rank) for rank in (5, 3)])
        assert [lease.entry.rank for lease in ledger.frontier.lease(3)] == [9, 5, 3]


def test_a_higher_rank_is_taken_over_with_what_it_tells(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        ledger.frontier.add([*entries("a", rank=1), *entries("b", rank=2)])
        ledger.frontier.add(entries("a", rank=3, kind="story", data='{"announced": true}'))
        ledger.frontier.add(entries("a", rank=0, kind="listing"))
        first, second = ledger.frontier.lease(5)
        assert (first.entry.url, first.entry.kind, first.entry.rank) == (HOME + "a", "story", 3)
        assert first.entry.data == '{"announced": true}'
        assert second.entry.url == HOME + "b"


def test_only_hosts_that_are_ready(tmp_path: Path) -> None:
    other = f"https://fa.{SITE}:8443/a"
    with run(tmp_path) as ledger:
        ledger.frontier.add([*entries("a", "b"), Entry(url=other, rank=9)])
        assert ledger.frontier.ready_hosts() == [f"fa.{SITE}:8443", SITE]
        assert [lease.entry.url for lease in ledger.frontier.lease(1, [SITE])] != [other]
        assert [lease.entry.url for lease in ledger.frontier.lease(9, [f"fa.{SITE}:8443"])] == [other]
        assert ledger.frontier.ready_hosts() == [SITE]
        assert ledger.frontier.lease(9, ["elsewhere.example"]) == []


def test_not_before_its_time(tmp_path: Path) -> None:
    clock = SetClock()
    with run(tmp_path, clock) as ledger:
        ledger.frontier.add(entries("late", due=NOW + 60))
        assert ledger.frontier.known(HOME + "late") == "waiting"
        assert leased(ledger) == []
        assert ledger.frontier.next_due() == NOW + 60
        clock.move(60)
        assert ledger.frontier.ready_hosts() == [SITE]
        assert leased(ledger) == ["late"]


def test_an_answer_ends_it_until_it_is_due_again(tmp_path: Path) -> None:
    clock = SetClock()
    with run(tmp_path, clock) as ledger:
        lease = lease_one(ledger, "a")
        ledger.settle(done(lease, due=NOW + DAY, status=200, etag='"x"', last_modified="Thu", digest="d"))
        ledger.frontier.add(entries("a"))
        assert leased(ledger) == []
        clock.move(DAY)
        (again,) = ledger.frontier.lease(5)
        assert (again.etag, again.last_modified, again.status, again.digest) == ('"x"', "Thu", 200, "d")
        ledger.settle(done(again, status=304, unchanged=True, due=NOW + 2 * DAY))
        clock.move(DAY)
        (third,) = ledger.frontier.lease(5)
        assert (third.etag, third.digest, third.status, third.revisits) == ('"x"', "d", 304, 1)
        ledger.settle(done(third, status=200))
        assert lease_one(ledger, "a").etag is None
        assert ledger.frontier.next_due() is not None


def test_revisits_begin_anew_when_the_text_changes(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        for body, revisits in (("one", 0), ("one", 0), ("one", 1), ("two", 2), ("two", 0)):
            lease = lease_one(ledger, "a")
            assert lease.revisits == revisits
            ledger.settle(done(lease, record=record_of("a", body=body)))


def test_a_failure_is_tried_again_and_forgets_nothing(tmp_path: Path) -> None:
    clock = SetClock()
    with run(tmp_path, clock) as ledger:
        ledger.settle(done(lease_one(ledger, "a"), etag='"x"', unchanged=False))
        ledger.settle(done(lease_one(ledger, "a"), state="waiting", due=NOW + 60, status=503))
        assert (ledger.frontier.known(HOME + "a"), leased(ledger)) == ("waiting", [])
        clock.move(60)
        (lease,) = ledger.frontier.lease(1)
        assert (lease.status, lease.etag) == (503, '"x"')
        ledger.settle(done(lease, state="waiting"))
        assert leased(ledger) == ["a"]


@pytest.mark.parametrize(
    ("first", "later", "asked"),
    [
        (None, NOW - DAY, False),  # our visit came after it
        (None, NOW + 100, True),
        (NOW - 10 * DAY, NOW - 5 * DAY, False),
        (NOW - 10 * DAY, NOW + 100, True),
        (NOW + 100, NOW + 100, False),
        (NOW - 10 * DAY, NOW - 1001, True),  # the site's clock is behind
        (NOW - 10 * DAY, NOW // DAY * DAY, True),  # a mere day: that of our visit
        (NOW - 10 * DAY, NOW // DAY * DAY - DAY, False),
    ],
)
def test_a_change_that_the_site_tells_makes_it_ready(
    tmp_path: Path, first: int | None, later: int, asked: bool
) -> None:
    with run(tmp_path) as ledger:
        ledger.settle(done(lease_one(ledger, "a", modified=first)))
        ledger.frontier.add(entries("a", modified=later))
        assert leased(ledger) == (["a"] if asked else [])


def test_a_change_is_told_once(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        ledger.settle(done(lease_one(ledger, "a", modified=NOW - DAY)))
        ledger.frontier.add(entries("a", modified=NOW - 1001))
        ledger.settle(done(ledger.frontier.lease(1)[0]))
        ledger.frontier.add(entries("a", modified=NOW - 1001))
        assert leased(ledger) == []


def test_a_failure_is_no_visit(tmp_path: Path) -> None:
    clock = SetClock()
    with run(tmp_path, clock) as ledger:
        ledger.settle(done(lease_one(ledger, "a")))
        clock.move(1000)
        ledger.settle(done(lease_one(ledger, "a"), state="waiting", visited_at=NOW + 1000, due=NOW + DAY))
        ledger.frontier.add(entries("a", modified=NOW + 500))
        assert leased(ledger) == ["a"]


def test_again_means_again_but_not_twice_at_once(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        ledger.settle(done(lease_one(ledger, "a")))
        ledger.frontier.add(entries("a"))
        assert leased(ledger) == []
        ledger.frontier.add(entries("a", again=True))
        assert leased(ledger) == ["a"]
        ledger.frontier.add(entries("a", again=True))
        assert leased(ledger) == []


def test_what_a_redirect_led_to_is_not_asked_again(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        ledger.frontier.add(entries("new"))
        ledger.settle(done(lease_one(ledger, "old"), record=record_of("new", asked="old"), also=(HOME + "hop",)))
        assert leased(ledger) == []
        assert ledger.frontier.add(entries("hop", "new", "old")) == 0
        ledger.settle(done(lease_one(ledger, "lost"), state="waiting", due=NOW + 9, also=(HOME + "elsewhere",)))
        assert ledger.frontier.known(HOME + "elsewhere") is None


def test_what_a_redirect_led_to_keeps_its_own_visits(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        ledger.settle(done(lease_one(ledger, "new"), due=NOW + DAY))
        key = lease_one(ledger, "deadly").key
        while not ledger.frontier.note_death(key):
            pass
        ledger.settle(done(lease_one(ledger, "old"), also=(HOME + "new", HOME + "deadly")))
        assert ledger.frontier.next_due() == NOW + DAY
        assert ledger.frontier.known(HOME + "deadly") == "quarantined"


def test_no_visit_lies_too_far_ahead(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        ledger.settle(done(lease_one(ledger, "a"), due=NOW + 100 * LONGEST))
        assert ledger.frontier.next_due() == NOW + LONGEST


def test_a_lease_runs_out_or_is_given_back(tmp_path: Path) -> None:
    clock = SetClock()
    with run(tmp_path, clock) as ledger:
        ledger.frontier.add(entries("a"))
        (lease,) = ledger.frontier.lease(1, seconds=30)
        clock.move(29)
        assert leased(ledger) == []
        clock.move(1)
        (again,) = ledger.frontier.lease(1)
        assert (again.key, again.deaths, again.suspect) == (lease.key, 0, False)
        ledger.frontier.release([again.key])
        assert leased(ledger) == ["a"]
        ledger.settle(done(again))
        ledger.frontier.release([again.key])
        assert ledger.frontier.known(HOME + "a") == "done"


def test_a_clean_end_gives_everything_back(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        ledger.frontier.add(entries("a", "b"))
        for lease in ledger.frontier.lease(2):
            ledger.frontier.in_hand(lease.key)
    with Ledger.read(tmp_path, SITE) as ledger:
        assert ledger.frontier.counts()["ready"] == 2
    with run(tmp_path, run_id="r2") as ledger:
        assert ledger.recovered == ()
        assert [(lease.deaths, lease.suspect) for lease in ledger.frontier.lease(5)] == [(0, False)] * 2


def test_three_deaths_and_a_url_is_set_aside(tmp_path: Path) -> None:
    clock = SetClock()
    with run(tmp_path, clock) as ledger:
        key = lease_one(ledger, "deadly").key
        for deaths in (1, 2):
            assert not ledger.frontier.note_death(key)
            assert leased(ledger) == []
            clock.move(3600)
            (lease,) = ledger.frontier.lease(1)
            assert (lease.deaths, lease.suspect) == (deaths, True)
        assert ledger.frontier.note_death(key)
        clock.move(10 * LONGEST)
        ledger.frontier.add(entries("deadly", again=True, modified=NOW + DAY))
        assert leased(ledger) == []
        assert [(each.url, each.deaths) for each in ledger.frontier.quarantined()] == [(HOME + "deadly", 3)]
        assert ledger.frontier.retry([HOME + "other"]) == 0
        assert ledger.frontier.retry() == 1
        (lease,) = ledger.frontier.lease(1)
        assert (lease.deaths, lease.suspect) == (0, True)
        ledger.settle(done(lease))
        assert not lease_one(ledger, "deadly").suspect


def test_an_answer_clears_the_deaths(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        key = lease_one(ledger, "a").key
        ledger.frontier.note_death(key)
        ledger.frontier.note_death(key)
        ledger.settle(done(lease_one(ledger, "a")))
        assert not ledger.frontier.note_death(key)


def test_a_clock_that_was_ahead_starves_nothing(tmp_path: Path) -> None:
    wrong = SetClock(START + timedelta(days=2000))
    ahead = int(wrong.moment.timestamp())
    with run(tmp_path, wrong) as ledger:
        ledger.settle(done(lease_one(ledger, "a"), visited_at=ahead, due=ahead + DAY))
        ledger.frontier.add(entries("far", due=NOW + 100 * LONGEST))
        assert ledger.frontier.next_due() == ahead + DAY
    clock = SetClock()
    with run(tmp_path, clock, "r2") as ledger:
        assert ledger.frontier.next_due() == NOW + DAY
        ledger.frontier.add(entries("a", modified=NOW + 100))
        assert leased(ledger) == ["a"]
        clock.move(LONGEST)
        assert set(leased(ledger)) == {"a", "far"}


def test_a_fresh_frontier_asks_everything_again_and_ends_with_its_run(tmp_path: Path) -> None:
    with run(tmp_path) as ledger:
        assert ledger.settle(done(lease_one(ledger, "a"), record=record_of("a"))).verdict == "new"
        key = lease_one(ledger, "deadly").key
        while not ledger.frontier.note_death(key):
            pass
    with run(tmp_path, run_id="r2", fresh_frontier=True) as ledger:
        assert ledger.frontier.add(entries("a", "b", "deadly")) == 2
        lease = lease_one(ledger, "a")
        assert lease.etag is None
        committed = ledger.settle(done(lease, record=record_of("a")))
        assert (committed.verdict, committed.record) == ("unchanged", None)
        assert committed.record_as_known is not None
        assert leased(ledger) == ["b"]
    with run(tmp_path, run_id="r3") as ledger:
        assert ledger.frontier.known(HOME + "a") == "done"
        assert ledger.frontier.known(HOME + "b") is None


def test_counts_and_age(tmp_path: Path) -> None:
    clock = SetClock()
    with run(tmp_path, clock) as ledger:
        assert ledger.frontier.oldest_ready() is None
        ledger.frontier.add(entries("a"))
        clock.move(50)
        ledger.frontier.add(entries("b", "c"))
        ledger.settle(done(lease_one(ledger, "c"), state="refused", status=403))
        counts = ledger.frontier.counts()
        assert (counts["ready"], counts["refused"], counts["quarantined"]) == (2, 1, 0)
        assert ledger.frontier.oldest_ready() == NOW
