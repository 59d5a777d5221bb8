"""How far a batch is: pages a second, and the time that is left."""

from __future__ import annotations

import pytest

from newsscraper.cli import batch_progress
from newsscraper.cli.batch_progress import BatchReporter, LineBatchReporter, format_seconds, reporting_batch


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(batch_progress, "time", clock)
    return clock


def test_the_time_left_is_told_by_the_bytes_of_all_parts(clock: Clock) -> None:
    reporter = BatchReporter(1000)
    for number in range(1, 11):
        clock.now += 1
        reporter.page("story" if number % 2 else "not_story", number * 10)
    assert reporter.state == "10 pages, 5 stories, 1 pages/s, 1:30 left"
    reporter.page("passed_over", 0)
    assert reporter.state.startswith("10 pages, 5 stories")
    reporter.end_part(400)
    assert reporter.state.endswith("0:15 left")
    reporter.page("story", 100)
    reporter.end_part(600)
    assert reporter.state.endswith("0:00 left")


def test_records_that_are_no_pages_do_not_make_it_faster(clock: Clock) -> None:
    reporter = BatchReporter(10)
    for kind in ("story", "passed_over", "passed_over", "error"):
        reporter.page(kind, 1)
    clock.now += 2
    assert reporter.pages_a_second == 1.0


def test_a_log_gets_a_line_every_ten_seconds(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    reporter = LineBatchReporter(1000)
    for number in range(1, 35):
        clock.now += 1
        reporter.page("story", number)
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(",")[0] for line in lines] == ["10 pages", "20 pages", "30 pages"]


def test_no_speed_is_told_from_a_moment(clock: Clock) -> None:
    reporter = BatchReporter(1000)
    clock.now += 0.01
    reporter.page("story", 1)
    assert reporter.state == "1 page, 1 story"


def test_quiet_means_no_progress(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    with reporting_batch(10, quiet=True) as reporter:
        clock.now += 100
        reporter.page("story", 5)
        reporter.end_part(10)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("seconds", "told"), [(0, "0:00"), (9.4, "0:09"), (725, "12:05"), (93_780, "26:03:00")])
def test_time_is_told_as_clocks_do(seconds: float, told: str) -> None:
    assert format_seconds(seconds) == told
