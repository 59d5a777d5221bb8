"""Printed dates against the table `cases.jsonl`: one test a case.

A case gives `text` and `dates`, the ISO forms of all dates in it; any hint of `find_dates` by its name; and, where they
matter, facts of the first date: `raw`, `weekday` (does the printed one agree?), `ambiguous`, `zone_from_text` and
`calendar_read`. `alone`: two digits of a year that are believed only where nothing else stands in the text.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from newsscraper.extract.dates import find_dates, read_date

HINTS = ("language", "calendar", "zone", "day_first", "not_after")
FACTS = {
    "raw": "raw",
    "weekday": "weekday_agrees",
    "ambiguous": "ambiguous",
    "zone_from_text": "zone_from_text",
    "calendar_read": "calendar",
}
CASES = [json.loads(line) for line in (Path(__file__).parent / "cases.jsonl").read_text(encoding="utf-8").splitlines()]
WITHIN_PROSE = [case for case in CASES if len(case["dates"]) == 1 and not case.get("alone")]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case(case: dict[str, Any]) -> None:
    found = find_dates(case["text"], **hints_of(case))
    assert [date.iso for date in found] == case["dates"]
    assert all(case["text"][date.start : date.end] == date.raw for date in found)
    expected = {fact: case[key] for key, fact in FACTS.items() if key in case}
    assert {fact: getattr(found[0], fact) for fact in expected} == expected


@pytest.mark.parametrize("case", WITHIN_PROSE, ids=lambda case: case["id"])
def test_case_within_prose(case: dict[str, Any]) -> None:
    """Text around a date changes nothing."""
    found = find_dates(f"The paper wrote so; {case['text']} ; and that was all", **hints_of(case))
    assert [date.iso for date in found] == case["dates"]


def hints_of(case: dict[str, Any]) -> dict[str, Any]:
    return {hint: case[hint] for hint in HINTS if hint in case}


def test_ids_are_unique() -> None:
    assert len({case["id"] for case in CASES}) == len(CASES)


def test_read_date_prefers_a_weekday_that_agrees() -> None:
    text = "Friday 30 March 2022 is a misprint; Wednesday 30 March 2022 is right"
    date = read_date(text)
    assert date is not None
    assert (date.iso, date.weekday_agrees, date.start) == ("2022-03-30", True, text.index("Wednesday"))


def test_read_date_takes_a_doubtful_date_over_none() -> None:
    date = read_date("Friday 30 March 2022")
    assert date is not None
    assert date.weekday_agrees is False


def test_read_date_takes_the_calendar_that_prints_the_time() -> None:
    date = read_date("۱۰ فروردین ۱۴۰۱ - 30 March 2022 21:50")
    assert date is not None
    assert (date.iso, date.calendar) == ("2022-03-30T21:50", "gregorian")


def test_read_date_keeps_an_update_on_the_same_day_apart() -> None:
    date = read_date("30 March 2022, updated 30 March 2022 23:10")
    assert date is not None
    assert date.iso == "2022-03-30"


def test_read_date_of_nothing() -> None:
    assert read_date("2 hours ago") is None


def test_unknown_zone_is_an_error() -> None:
    with pytest.raises(ValueError, match="Asia/Nowhere"):
        find_dates("30 March 2022 21:50", zone="Asia/Nowhere")


def test_offsets_count_in_the_original_text() -> None:
    text = "\u200f\u200fتاریخ: چهار\u200cشنبه ۱۰ فرورد\u200cین ۱۴۰۱\u200f!"
    (date,) = find_dates(text)
    assert text[date.start : date.end] == date.raw == "چهار\u200cشنبه ۱۰ فرورد\u200cین ۱۴۰۱"
