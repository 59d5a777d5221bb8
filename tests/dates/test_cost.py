"""Time is linear in the text, whatever that is; prose costs next to nothing. Bounds are ten times what is measured."""

from __future__ import annotations

import time

import pytest

from newsscraper.extract.dates import find_dates, read_machine_date

MEGABYTE = 1_000_000
UNITS = (
    "1/", "1", "12/12/12/", "2022/", "2022", "1 ", "12.12.2022 ", "2年", "1-", "1ม", "mar 3 ", "2022 mar ", "十", "a.",
    "1:", "2022 1:", "\u200c1/", "2022 3 (", "30 March 2022 21:50 ", "p.m. 2022 ", "3 March ", "'22 ", "'", " ",
    "م 2022 ",
)  # fmt: skip


@pytest.mark.parametrize("unit", ["1/", "1", "2022/"])
def test_a_megabyte_ends(unit: str) -> None:
    assert seconds_to_read(unit * (MEGABYTE // len(unit))) < 15


@pytest.mark.parametrize("unit", UNITS)
def test_repetition_ends(unit: str) -> None:
    assert seconds_to_read(unit * (MEGABYTE // 10 // len(unit))) < 3


def test_twice_the_text_takes_about_twice_the_time() -> None:
    text = "30 March 2022 21:50, 1/2/3/4/5 " * 1000
    assert seconds(text * 4) < 12 * max(seconds(text), 0.01)


def test_prose_without_figures_is_free() -> None:
    prose = "The council will look again at the plans for the old mill, which have long divided the town. " * 3
    assert seconds(prose, times=1000) < 0.2


def seconds_to_read(text: str) -> float:
    begin = time.process_time()
    find_dates(text)
    read_machine_date(text)
    return time.process_time() - begin


def seconds(text: str, times: int = 1) -> float:
    """The fastest of three."""
    find_dates(text)
    spans = []
    for _ in range(3):
        begin = time.process_time()
        for _ in range(times):
            find_dates(text)
        spans.append(time.process_time() - begin)
    return min(spans)
