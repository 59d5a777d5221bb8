"""A run against the reports of those before it: each monitor finds what it is for, and nothing where nothing is."""

from __future__ import annotations

import random
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from newsscraper.crawl.checks import check_settings
from newsscraper.crawl.monitors.bounds import MonitorBounds
from newsscraper.crawl.monitors.findings import find_lost_fields
from newsscraper.crawl.monitors.history import read_figures
from newsscraper.crawl.monitors.samples import Sample, chance_of_so_few, compare
from newsscraper.errors import InputError
from newsscraper.store import RunReport, write_report
from tests.crawl.histories import FRONT, SITE, find, make_report, make_settings, make_stories


def well(*days: int) -> list[RunReport]:
    return [make_report(day, make_stories(12)) for day in days]


def told(found: list[Any]) -> list[tuple[str, int]]:
    return [(each.what, each.exit_code) for each in found]


def test_a_site_that_is_as_it_was(tmp_path: Path) -> None:
    assert find(tmp_path, well(1, 2, 3), make_report(4, make_stories(12))) == []


def test_a_field_that_vanished_is_named_with_what_it_was(tmp_path: Path) -> None:
    (lost,) = find(tmp_path, well(1, 2, 3), make_report(4, make_stories(12, date=None)))
    assert (lost.what, lost.before, lost.now, lost.exit_code) == ("date", 1.0, 0.0, 3)
    assert lost.sentence == "date: the share of stories that have it fell from 100% (median of 3 runs) to 0% (0 of 12)"


def test_one_run_before_is_history_enough(tmp_path: Path) -> None:
    (lost,) = find(tmp_path, well(1), make_report(2, make_stories(8, authors=[])))
    assert lost.sentence == "authors: the share of stories that have it fell from 100% (the run before) to 0% (0 of 8)"


def test_more_history_may_be_asked_for(tmp_path: Path) -> None:
    broken = make_report(4, make_stories(12, date=None))
    assert find(tmp_path, well(1, 2), broken, NEWSSCRAPER_MONITOR_MIN_RUNS=3) == []
    assert told(find(tmp_path, well(3), broken, NEWSSCRAPER_MONITOR_MIN_RUNS=3)) == [("date", 3)]


def test_a_fall_within_its_bound_is_none(tmp_path: Path) -> None:
    stories = make_stories(60) + make_stories(40, authors=[])
    past = [make_report(day, make_stories(100)) for day in (1, 2)]
    assert told(find(tmp_path, past, make_report(3, stories))) == [("authors", 3)]
    assert find(tmp_path, [], make_report(3, stories), NEWSSCRAPER_MONITOR_FALL=0.5) == []


def test_few_stories_tell_nothing(tmp_path: Path) -> None:
    assert find(tmp_path, [make_report(1, make_stories(4))], make_report(2, make_stories(4, date=None))) == []


def test_a_site_of_few_stories_a_run_is_seen_to_break_after_some_runs(tmp_path: Path) -> None:
    days = count(1)
    for _ in range(12):
        write_report(tmp_path, make_report(next(days), make_stories(2)))
    found: list[list[tuple[str, int]]] = []
    for _ in range(3):
        report = make_report(next(days), make_stories(2, date=None))
        found.append(told(find(tmp_path, [], report)))
        write_report(tmp_path, report)
    assert found[0] == []
    assert found[-1] == [("date", 3)]


def test_chance_is_no_finding() -> None:
    """A field that two stories in three have, in runs of six: hundreds of them, and nearly nobody is woken."""
    lots = random.Random(20)
    runs = [read_figures(make_report(1, mixed(lots, 6)).to_dict()) for _ in range(300)]
    known = [run for run in runs if run is not None]
    newest_first = [known[place::-1] for place in range(10, len(known))]
    alarms = [find_lost_fields(run, past, MonitorBounds()) for run, *past in newest_first]
    assert sum(map(bool, alarms)) <= 3


def mixed(lots: random.Random, number: int) -> list[Any]:
    return [
        story
        for _ in range(number)
        for story in make_stories(1, letters=9, authors=["A"] if lots.random() < 2 / 3 else [])
    ]


def test_pages_that_should_be_stories_and_are_none(tmp_path: Path) -> None:
    (lost,) = find(tmp_path, well(1, 2), make_report(3, [], no_stories=9))
    assert (lost.what, lost.before, lost.now, lost.exit_code) == ("story_pages", 1.0, 0.0, 3)
    assert "fell from 100% (median of 2 runs) to 0% (0 of 9)" in lost.sentence


def test_nothing_new_is_no_fault(tmp_path: Path) -> None:
    quiet = make_report(4, [], counts={"not_modified": 3}, links={})
    assert find(tmp_path, well(1, 2, 3), quiet) == []
    assert find(tmp_path, [quiet], make_report(5, [], counts={"listings": 1})) == []


def test_fronts_and_feeds_that_name_no_story_any_more(tmp_path: Path) -> None:
    past = [make_report(day, make_stories(12), links={FRONT: 40, f"{FRONT}rss": 20}) for day in (1, 2)]
    (lost,) = find(tmp_path, past, make_report(3, [], links={FRONT: 0, f"{FRONT}rss": 1, f"{FRONT}new": 0}))
    assert (lost.what, lost.before, lost.now, lost.exit_code) == ("story_links", 60, 1, 3)
    assert f"{FRONT} fell from 40 to 0" in lost.sentence
    assert find(tmp_path, [], make_report(3, [], links={FRONT: 0, f"{FRONT}rss": 20})) == []
    assert find(tmp_path, [], make_report(3, [], links={f"{FRONT}new": 0})) == []


@pytest.mark.parametrize(("letters", "verb"), [(300, "fell from 2000 to 300"), (9_000, "rose from 2000 to 9000")])
def test_bodies_of_another_length(tmp_path: Path, letters: int, verb: str) -> None:
    (other,) = find(tmp_path, well(1, 2), make_report(3, make_stories(12, letters=letters)))
    assert (other.what, other.exit_code) == ("letters", 3)
    assert verb in other.sentence


def test_one_long_story_is_no_other_length(tmp_path: Path) -> None:
    assert find(tmp_path, well(1, 2), make_report(3, make_stories(11) + make_stories(1, letters=90_000))) == []


def test_confidence_that_fell(tmp_path: Path) -> None:
    (less,) = find(tmp_path, well(1, 2), make_report(3, make_stories(12, confidence=0.6)))
    assert (less.what, less.before, less.now, less.exit_code) == ("confidence", 0.9, 0.6, 3)


def test_two_doubtful_stories_of_twenty_may_be_chance(tmp_path: Path) -> None:
    past = [make_report(day, make_stories(20, confidence=0.9)) for day in (1, 2)]
    assert find(tmp_path, past, make_report(3, make_stories(18) + make_stories(2, confidence=0.3))) == []


def test_a_tenth_of_the_stories_that_nobody_is_sure_of(tmp_path: Path) -> None:
    past = [make_report(day, make_stories(40)) for day in (1, 2)]
    (less,) = find(tmp_path, past, make_report(3, make_stories(35) + make_stories(5, confidence=0.3)))
    assert (less.what, less.before, less.now) == ("confidence", 0.95, 0.35)


@pytest.mark.parametrize(
    ("name", "what", "exit_code"), [("failed:timeout", "errors", 1), ("refused:http_403", "refusals", 4)]
)
def test_answers_that_no_longer_come(tmp_path: Path, name: str, what: str, exit_code: int) -> None:
    counts = {"story": 12, "listings": 2, name: 10}
    (more,) = find(tmp_path, well(1, 2), make_report(3, make_stories(12), counts=counts))
    assert (more.what, more.before, more.exit_code) == (what, 0.0, exit_code)
    assert "rose from 0% (median of 2 runs) to 42% (10 of 24)" in more.sentence


def test_an_ending_that_was_never_seen(tmp_path: Path) -> None:
    (other,) = find(tmp_path, well(1, 2), make_report(3, make_stories(12), finish_reason="closespider_timeout"))
    assert (other.what, other.before, other.exit_code) == ("finish_reason", "finished", 1)
    assert find(tmp_path, [], make_report(3, make_stories(12), finish_reason="shutdown")) == []
    write_report(tmp_path, make_report(3, make_stories(12), finish_reason="closespider_timeout"))
    assert find(tmp_path, [], make_report(4, make_stories(12), finish_reason="closespider_timeout")) == []


def test_a_limit_that_was_asked_for_is_no_other_ending(tmp_path: Path) -> None:
    """The same ending is a finding where the run before had the same limit and did not come to it."""
    limited = {"CLOSESPIDER_TIMEOUT": "3600"}
    now = make_report(4, make_stories(12), finish_reason="closespider_timeout", settings=limited)
    assert find(tmp_path, well(1, 2), now) == []
    assert told(find(tmp_path, [make_report(3, make_stories(12), settings=limited)], now)) == [("finish_reason", 1)]


def test_a_broken_run_is_no_measure_for_the_next(tmp_path: Path) -> None:
    broken = [make_report(day, make_stories(12, date=None), exit_code=3) for day in range(3, 9)]
    assert told(find(tmp_path, [*well(1, 2), *broken], make_report(9, make_stories(12, date=None)))) == [("date", 3)]


def test_the_part_of_a_site_that_came_before_a_run_was_cut_short_is_no_measure(tmp_path: Path) -> None:
    part = make_report(1, make_stories(12), exit_code=1, finish_reason="shutdown")
    assert find(tmp_path, [part], make_report(2, make_stories(12, authors=[]))) == []


def test_another_place_is_no_measure(tmp_path: Path) -> None:
    listed = make_report(1, make_stories(12), arguments={"spider": "news", "urls": "list.txt"})
    assert find(tmp_path, [listed], make_report(2, make_stories(12, date=None))) == []


def test_a_run_over_codes_is_measured_by_runs_over_the_same_codes(tmp_path: Path) -> None:
    """Most numbers of a range may lead to no story: that is no fall against a crawl that follows links."""
    arguments = {"spider": "news", "url": FRONT, "codes": "1000-1200"}
    ranged = make_report(3, make_stories(12, date=None), arguments=arguments)
    assert find(tmp_path, well(1, 2), ranged) == []
    past = [make_report(4, make_stories(12), arguments=arguments)]
    assert told(find(tmp_path, past, make_report(5, make_stories(12, date=None), arguments=arguments))) == [("date", 3)]


def test_the_part_of_a_site_that_a_bounded_run_had_is_no_measure_for_the_whole(tmp_path: Path) -> None:
    bounded = {"spider": "news", "url": FRONT, "limit": "20"}
    part = make_report(1, make_stories(12), arguments=bounded)
    assert find(tmp_path, [part], make_report(2, make_stories(12, date=None))) == []
    same = make_report(3, make_stories(12, date=None), arguments=bounded)
    assert told(find(tmp_path, [], same)) == [("date", 3)]


def test_bounds_of_a_crawl_do_not_make_it_another(tmp_path: Path) -> None:
    arguments = {"spider": "news", "url": FRONT, "since": "2024-03-03", "limit": "20"}
    broken = make_report(3, make_stories(12, date=None), arguments=arguments)
    assert told(find(tmp_path, well(1), broken)) == [("date", 3)]


def test_a_site_that_was_rebuilt_is_measured_anew(tmp_path: Path) -> None:
    rebuilt = make_report(4, make_stories(12, date=None))
    since = {"NEWSSCRAPER_MONITOR_SINCE": "2024-03-04T06:00:00Z"}
    assert find(tmp_path, well(1, 2, 3), rebuilt, **since) == []
    write_report(tmp_path, rebuilt)
    assert told(find(tmp_path, [], make_report(5, make_stories(12, date=None, authors=[])), **since)) == [
        ("authors", 3)
    ]


def test_monitors_can_be_switched_off(tmp_path: Path) -> None:
    broken = make_report(4, make_stories(12, date=None))
    assert find(tmp_path, well(1, 2, 3), broken, NEWSSCRAPER_MONITORS=False) == []


def test_reports_that_cannot_be_read_are_passed_over(tmp_path: Path) -> None:
    folder = write_report(tmp_path, well(1)[0]).parent
    (folder / "20240302T060000Z-aaaaaa.json").write_text('{"files": [], "quality": {"stories": "many"}}')
    (folder / "20240303T060000Z-aaaaaa.json").write_text('{"run_id": "old", "files": [], "started_at": "2024-03-03"}')
    (folder / "20240304T060000Z-aaaaaa.json").write_text("torn")
    assert told(find(tmp_path, [], make_report(5, make_stories(12, date=None)))) == [("date", 3)]


def test_a_monitor_that_breaks_is_told_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("no way")

    monkeypatch.setattr("newsscraper.crawl.monitors.findings.find_other_lengths", broken)
    assert told(find(tmp_path, well(1), make_report(2, make_stories(12, date=None)))) == [("date", 3)]
    assert f"a monitor of {SITE} broke: BodyMonitor/test_length: ZeroDivisionError: no way" in caplog.text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NEWSSCRAPER_MONITOR_FALL", "much"),
        ("NEWSSCRAPER_MONITOR_RUNS", "-1"),
        ("NEWSSCRAPER_MONITOR_SINCE", "yesterday"),
        ("NEWSSCRAPER_NOTIFY", "pigeon"),
        ("NEWSSCRAPER_NOTIFY", "no.such.Action"),
        ("NEWSSCRAPER_NOTIFY", "webhook"),
        ("NEWSSCRAPER_NOTIFY", "mail"),
        ("NEWSSCRAPER_NOTIFY", "[mail"),
    ],
)
def test_a_wrong_setting_is_told_before_anything_starts(name: str, value: str) -> None:
    with pytest.raises(InputError, match=r"NEWSSCRAPER_(MONITOR|NOTIFY|WEBHOOK)|SPIDERMON_"):
        check_settings(make_settings(**{name: value}))


def test_chance_is_fishers() -> None:
    """Against values from the table of the hypergeometric distribution, counted by hand."""
    assert chance_of_so_few(0, 5, 5, 5) == pytest.approx(1 / 252)
    assert chance_of_so_few(3, 5, 5, 5) == pytest.approx(56 / 252)
    assert chance_of_so_few(5, 5, 5, 5) == pytest.approx(1)


def test_small_runs_are_taken_together() -> None:
    samples = [Sample.of_share(hits, 2) for hits in (0, 0, 1, 2, 2, 2)]
    change = compare(samples, least=4, runs=10, least_runs=1)
    assert change is not None
    assert (change.now.mean, change.now.size, change.before, change.runs) == (0, 4, 0.875, 4)
    assert compare([Sample.of_share(0, 0), *samples], least=4, runs=10, least_runs=1) is None
