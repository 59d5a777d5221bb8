"""The printed local time gives an instant in UTC its offset, but only where nothing else explains it."""

from __future__ import annotations

import pytest

from newsscraper import extract
from newsscraper.extract.dates import ReadDate, read_date, read_machine_date
from newsscraper.extract.fields.local_time import localise

PROSE = "<p>The harbour board met on Monday and talked for three hours about the old crane and its paint.</p>" * 3


def machine(text: str) -> ReadDate:
    date = read_machine_date(text)
    assert date is not None
    return date


def printed(*texts: str) -> list[ReadDate]:
    dates = [read_date(text, language="en-GB") for text in texts]
    return [date for date in dates if date is not None]


@pytest.mark.parametrize(
    ("instant", "local", "iso"),
    [
        ("2023-11-09T03:28:35Z", "8 November 2023 at 22:28", "2023-11-08T22:28:35-05:00"),
        ("2023-12-22T18:30:00+00:00", "23 December 2023, 05:30", "2023-12-23T05:30:00+11:00"),
        ("2022-03-30T17:20Z", "30 March 2022 - 21:50", "2022-03-30T21:50+04:30"),
    ],
)
def test_offset_is_told(instant: str, local: str, iso: str) -> None:
    found = localise(machine(instant), printed(local), None)
    assert found is not None
    assert found.iso == iso


@pytest.mark.parametrize(
    ("instant", "locals_", "modified"),
    [
        ("2023-11-09T03:28:35Z", ["8 November 2023 at 22:29"], None),  # another minute
        ("2023-11-09T03:28:35Z", ["8 November 2023"], None),  # no time
        ("2023-11-09T03:28:35Z", [], None),
        ("2023-11-09T03:28:35Z", ["8 November 2023 at 22:28", "9 November 2023 at 01:28"], None),  # two times
        ("2023-11-09T03:28:35-05:00", ["8 November 2023 at 22:28"], None),  # an offset of its own
        ("2023-11-09T03:28:35Z", ["5 November 2023 at 22:28"], None),  # no zone is that far
        ("2023-11-09T13:00:00Z", ["9 November 2023 at 15:00"], "2023-11-09T14:00:00Z"),  # of the change, perhaps
    ],
)
def test_offset_is_not_told(instant: str, locals_: list[str], modified: str | None) -> None:
    assert localise(machine(instant), printed(*locals_), machine(modified) if modified else None) is None


def test_on_a_page() -> None:
    page = f"""<html lang="en-US"><head><title>Crane stays</title>
        <meta property="article:published_time" content="2023-11-09T03:28:35+00:00"></head>
        <body><article><h1>Crane stays where it is</h1><p class="when">November 8, 2023, 10:28 PM</p>
        {PROSE}</article></body></html>"""
    story = extract(page)
    assert story.date == "2023-11-08T22:28:35-05:00"
    assert story.date_utc == "2023-11-09T03:28:35Z"
    assert story.date_raw == "2023-11-09T03:28:35+00:00"
