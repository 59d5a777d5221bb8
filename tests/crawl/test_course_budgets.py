"""What a run stops asking for: what brings nothing, what is known already, who turns it away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from newsscraper.crawl.course import Course
from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.entries import read_entry
from newsscraper.crawl.failures import ALREADY_KNOWN
from newsscraper.crawl.outcome import Outcome
from newsscraper.crawl.tally import START_GONE
from tests.crawl.courses import (
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


def test_paid_stories_and_guesses_give_no_host_up(tmp_path: Path) -> None:
    with course_over(tmp_path, refusals=3) as course:
        for number in range(6):
            course.fail(found(f"paid/{number}", kind="story"), None, "paywalled:http_402", status=402)
            course.fail(found(f"guess/{number}", kind="story", guessed=True), None, "refused:http_403", status=403)
        assert course.refusal(found("free", kind="story")) is None
        for number in range(3):
            course.fail(found(f"no/{number}", kind="story"), None, "refused:http_403", status=403)
        assert course.refusal(found("free", kind="story")) is not None


def test_addresses_that_only_meet_walls_are_asked_no_more_in_the_end(tmp_path: Path) -> None:
    with course_over(tmp_path, barren_shape=4) as course:
        for number in range(1000, 1004):
            assert course.refusal(found(f"calendar/{number}/day")) is None
            commit(course, f"calendar/{number}/day", Outcome(kind="listing", reason="consent_wall"))
        assert course.refusal(found("calendar/2000/day")) is not None


def test_failures_are_counted_and_told(tmp_path: Path) -> None:
    with course_over(tmp_path) as course:
        commit(course, "story", story_of())

        def fail(name: str, status: int | None = None, **facts: Any) -> Any:
            source = found(facts.pop("path", "x"), **facts)
            lease = lease_of(course, source)
            settled = course.fail(source, lease, name, "why", status)
            ledger_of(course).settle(settled.settlement)
            return settled.settlement

        assert fail("gone", 404, entrance=True).state == "gone"
        assert fail("gone", 404, guessed=True).events == ()
        assert fail("failed:http_503", 503, guessed=True).state == "waiting"
        assert fail("failed:timeout").due == NOW
        assert fail("bounded:depth").state == "bounded"
        (event,) = fail("gone", 410, path="story").events
        assert (event["event"], event["url"], event["status"], event["run_id"]) == ("gone", HOME + "story", 410, "r1")
        (refused,) = fail("refused:http_403", 403, path="y").events
        assert (refused["event"], refused["story_key"], refused["at"]) == ("refused", None, "2026-03-05T10:00:00Z")
        assert event["story_key"] == ledger_of(course).stories.find_by_name(HOME + "story").story_key  # type: ignore[union-attr]
        ledger_of(course).seal()
        expected = {START_GONE: 1, "failed:timeout": 1, "bounded:depth": 1, "gone": 1, "refused:http_403": 1}
        assert counts(course) == {"story": 1, "new": 1} | expected
        assert course.tallies[SITE].examples["failed:timeout"] == [f"{HOME}x (why)"]
    assert [each["event"] for each in read_events(tmp_path)] == ["gone", "refused"]


def test_addresses_that_bring_nothing_use_up_their_budget(tmp_path: Path) -> None:
    def waste(course: Course, name: str) -> str | None:
        for number in range(40):
            source = found(f"calendar/{number}/{number}")
            course.fail(source, None, name, status=404)
        return course.refusal(found("calendar/77/77"))

    with course_over(tmp_path, barren_shape=30, barren_folder=30) as course:
        assert waste(course, "bounded:depth") is None
        assert waste(course, "gone") is not None
    with course_over(tmp_path, run_id="r2", barren_shape=30, barren_folder=30) as course:
        for number in range(40):
            commit(course, f"calendar/{number}/{number}", Outcome(kind="ignored", reason="empty"))
        assert course.refusal(found("calendar/77/77")) is not None
        assert counts(course)["ignored:empty"] == 40


def test_addresses_that_lead_to_what_is_known_are_left_alone_in_the_end(tmp_path: Path) -> None:
    def refusals(course: Course) -> list[str | None]:
        return [course.refusal(found(f"print/{number}", kind="story")) for number in (986_509, 111_222)]

    with course_over(tmp_path) as course:
        for number in range(986_500, 986_510):
            commit(course, f"news/{number}/ferry", story_of(f"Ferry {number}", story_code=str(number)))
        for number in range(986_500, 986_504):
            course.fail(found(f"print/{number}", kind="story"), None, ALREADY_KNOWN)
        assert refusals(course) == ["second_address", None]  # by its number, while that is known
        for number in range(986_500, 986_520):
            course.fail(found(f"print/{number}", kind="story"), None, ALREADY_KNOWN)
        assert refusals(course) == ["second_address"] * 2
        commit(course, "print/111333", story_of("Not to be had elsewhere"))
        assert refusals(course) == [None, None]
        assert course.refusal(found("news/986999/x", kind="story")) is None


def test_stories_that_turn_up_a_second_time_are_second_addresses(tmp_path: Path) -> None:
    with course_over(tmp_path) as course:
        for number in range(986_500, 986_504):
            commit(course, f"news/{number}/ferry", story_of(f"Ferry {number}", story_code=str(number)))
            commit(course, f"print/{number}", story_of(f"Ferry {number}", story_code=str(number)))
        commit(course, "news/986509/ferry", story_of("Ferry 986509", story_code="986509"))
        assert course.refusal(found("print/986509", kind="story")) == "second_address"


def test_stories_of_another_kind_whose_numbers_are_known_ones_are_asked_for(tmp_path: Path) -> None:
    numbers = range(986_500, 986_506)
    with course_over(tmp_path) as course:
        for number in numbers:
            commit(course, f"news/{number}/ferry", story_of(f"Ferry {number}", story_code=str(number)))
        assert [course.refusal(found(f"video/{number}", kind="story")) for number in numbers] == [None] * 6


def test_only_stories_that_nobody_had_named_are_news(tmp_path: Path) -> None:
    plain = HOME.replace("https:", "http:")
    with course_over(tmp_path) as course:
        course.begin([found("a", kind="story")], again=False)
        for outcome in (
            listing("a"),
            Outcome(kind="listing", found=(Found(url=plain + "a", kind="story"),)),
            Outcome(kind="listing", found=(*listing("a").found, found("about"))),
        ):
            commit(course, "news", outcome, found("news", kind="listing"))
            assert (due_of(course, "news") or 0) > NOW
        commit(course, "news", listing("b"), found("news", kind="listing"))
        assert due_of(course, "news") == NOW


def test_pages_that_list_stories_are_as_many_as_the_bounds_allow(tmp_path: Path) -> None:
    with course_over(tmp_path, pages=3) as course:
        for number in range(3):
            assert course.refusal(found("more")) is None
            commit(course, f"section-{number}", listing(f"story-{number}"), found(f"section-{number}"))
        assert course.refusal(found("more")) == "pages"


def test_a_story_is_to_the_credit_of_its_shape_and_of_the_page_that_led_to_it(tmp_path: Path) -> None:
    def waste(course: Course, folder: str, count: int) -> None:
        for number in range(count):
            course.fail(found(f"{folder}/{number}/{number}"), None, "gone", status=404)

    with course_over(tmp_path, barren_shape=30, barren_folder=30) as course:
        for _ in range(2):
            waste(course, "calendar", 25)
            commit(course, "calendar/77/77", story_of(), found("calendar/77/77"))
        assert course.refusal(found("calendar/1/1")) is None
        waste(course, "archive", 25)
        step = course.settle(answer_of("archive/7/7"), found("archive/7/7"), None, listing("a"))
        (entry,) = step.settled.settlement.discoveries
        waste(course, "archive", 4)
        commit(course, "a", story_of("Another"), read_entry(entry))
        waste(course, "archive", 20)
        assert course.refusal(found("archive/1/1")) is None


def test_what_is_known_already_uses_up_the_budget(tmp_path: Path) -> None:
    paths = [f"archive/{number}/{number}" for number in range(30)]
    with course_over(tmp_path, barren_shape=5, barren_folder=5) as course:
        for path in paths:
            commit(course, path, story_of(path))
        assert course.refusal(found("archive/99/99", kind="story")) is None
    clock = SetClock()
    clock.move(DAY)
    with course_over(tmp_path, clock, run_id="r2", barren_shape=5, barren_folder=5) as course:
        for path in paths:
            assert commit(course, path, story_of(path)).verdict == "unchanged"
        assert course.refusal(found("archive/99/99", kind="story")) is not None
        for number in range(9):
            commit(course, f"print/{number}/{number}", story_of(paths[0], canonical_url=HOME + paths[0]), found("p"))
        assert course.refusal(found("print/99/99")) is not None
