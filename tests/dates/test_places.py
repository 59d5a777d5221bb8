"""The offset of a country is told only where all its zones agree."""

from __future__ import annotations

import datetime as dt

import pytest

from newsscraper.extract.dates import offset_of_country

WINTER, SUMMER = dt.datetime(2022, 1, 10, tzinfo=dt.UTC), dt.datetime(2022, 7, 10, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("code", "winter", "summer"),
    [("pl", 1, 2), ("GR", 2, 3), ("jp", 9, 9), ("uk", 0, 1), ("de", 1, 2), ("us", None, None), ("ru", None, None)],
)
def test_offset_of_country(code: str, winter: int | None, summer: int | None) -> None:
    expected = [None if hours is None else dt.timedelta(hours=hours) for hours in (winter, summer)]
    assert [offset_of_country(code, moment) for moment in (WINTER, SUMMER)] == expected


@pytest.mark.parametrize("code", ["", "com", "io", "tv", "xx", "Latn"])
def test_what_is_no_country(code: str) -> None:
    assert offset_of_country(code, WINTER) is None
