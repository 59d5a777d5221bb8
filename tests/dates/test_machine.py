"""Attribute values: ISO 8601 and its deviations, RFC 2822, epochs, junk."""

from __future__ import annotations

import pytest

from newsscraper.extract.dates import read_machine_date

READ = {
    "2022-03-30": "2022-03-30",
    " 2022-03-30\n": "2022-03-30",
    "2022-3-3": "2022-03-03",
    "20220330": "2022-03-30",
    "20220330T215000Z": "2022-03-30T21:50:00+00:00",
    "20220330215005": "2022-03-30T21:50:05",
    "202203302150": "2022-03-30T21:50",
    "2022-03-30T21:50": "2022-03-30T21:50",
    "2022-03-30t21:50:05z": "2022-03-30T21:50:05+00:00",
    "2022-03-30T21:50:05": "2022-03-30T21:50:05",
    "2022-03-30 21:50:05": "2022-03-30T21:50:05",
    "2022-03-30T21:50:05Z": "2022-03-30T21:50:05+00:00",
    "2022-03-30T21:50:05.123Z": "2022-03-30T21:50:05+00:00",
    "2022-03-30T21:50:05.123456789+04:30": "2022-03-30T21:50:05+04:30",
    "2022-03-30T21:50:05+0430": "2022-03-30T21:50:05+04:30",
    "2022-03-30T21:50:05-05": "2022-03-30T21:50:05-05:00",
    "2022-03-30T21:50+04:30": "2022-03-30T21:50+04:30",
    "2022-03-30 21:50:05 +0200": "2022-03-30T21:50:05+02:00",
    "2022-03-30 21:50:05 UTC": "2022-03-30T21:50:05+00:00",
    "2022-03-30T21:50:05+02:00:00": "2022-03-30T21:50:05+02:00",
    "2022-03-30T21:50:00.000+02:00[Europe/Berlin]": "2022-03-30T21:50:00+02:00",
    "2022-03-30T21:50:00[Europe/Berlin]": "2022-03-30T21:50:00+02:00",
    "2022-03-30T2150": "2022-03-30T21:50",
    "2022-03-30 21:50:05 +0000 UTC": "2022-03-30T21:50:05+00:00",
    "2022 03 30 21:50:05": "2022-03-30T21:50:05",
    '\\"2022-03-30T21:50:05-0400\\"': "2022-03-30T21:50:05-04:00",
    "Wed Mar 30 21:50:05 CET 2022": "2022-03-30T21:50:05+01:00",
    "2022-03-30T9:05:00": "2022-03-30T09:05:00",
    "2022-12-31T24:00:00": "2023-01-01T00:00:00",
    "1914-08-04": "1914-08-04",
    "1648662605": "2022-03-30T17:50:05+00:00",
    "1648662605123": "2022-03-30T17:50:05+00:00",
    "1648662605.5": "2022-03-30T17:50:05+00:00",
    "/Date(1648662605000)/": "2022-03-30T17:50:05+00:00",
    "Wed, 30 Mar 2022 21:50:05 GMT": "2022-03-30T21:50:05+00:00",
    "Wed, 30 Mar 2022 21:50:05 +0430": "2022-03-30T21:50:05+04:30",
    "30 Mar 2022 21:50:05 EST": "2022-03-30T21:50:05-05:00",
    "Wed, 30 Mar 22 21:50:05 GMT": "2022-03-30T21:50:05+00:00",
    "30 Mar 22 21:50 -0500": "2022-03-30T21:50-05:00",
    "Wed Mar 30 2022 21:50:05 GMT+0200 (Central European Summer Time)": "2022-03-30T21:50:05+02:00",
    "Wed Mar 30 21:50:05 CEST 2022": "2022-03-30T21:50:05+02:00",
    "March 30, 2022": "2022-03-30",
    "30.03.2022 21:50": "2022-03-30T21:50",
    "۱۴۰۱/۰۱/۱۰ ۲۱:۵۰": "2022-03-30T21:50",
    "1401-01-10T21:50:05+03:30": "2022-03-30T21:50:05+03:30",
}
JUNK = (
    "", " ", "0", "-1", "null", "today", "2022", "2022-03", "2022-13-01", "2022-02-30", "2022-03-30T25:00:00",
    "2022-03-30T21:61:00", "2022-03-30T21:50:00+99:00", "0001-01-01T00:00:00", "1970-01-01T00:00:00Z", "1970-01-01",
    "9999-12-31", "164866260", "99999999999", "9999999999", "20221330", "986527", "2 hours ago",
    "Published 30 March 2022", "30 March 2022 by Ann Field", "2022-03-30/2022-03-31", "PT5M",
    "x" * 100_000, "1" * 100_000, "٢٠٢٢", "2022-03-30T21:50:00[Europe/Nowhere]", "{{ post.date }}",
)  # fmt: skip


@pytest.mark.parametrize(("value", "iso"), READ.items(), ids=READ.keys())
def test_reads(value: str, iso: str) -> None:
    date = read_machine_date(value)
    assert date is not None
    assert date.iso == iso
    assert value[date.start : date.end] == date.raw


@pytest.mark.parametrize("value", JUNK, ids=lambda value: value[:30] or "empty")
def test_junk_is_none(value: str) -> None:
    assert read_machine_date(value) is None


def test_zone_is_for_times_without_offset() -> None:
    assert iso_of("2022-03-30T21:50:00", "Asia/Tehran") == ("2022-03-30T21:50:00+04:30", False)
    assert iso_of("2022-11-30T21:50:00", "Asia/Tehran") == ("2022-11-30T21:50:00+03:30", False)
    assert iso_of("2022-03-30T21:50:00Z", "Asia/Tehran") == ("2022-03-30T21:50:00+00:00", True)
    assert iso_of("30 Mar 22 21:50:05", "Asia/Tehran") == ("2022-03-30T21:50:05+04:30", False)
    assert iso_of("30 March 2022 21:50", "Asia/Tehran") == ("2022-03-30T21:50+04:30", False)
    assert iso_of("2022-03-30", "Asia/Tehran") == ("2022-03-30", False)


def test_contradicted_weekday_shows() -> None:
    date = read_machine_date("Fri, 30 Mar 2022 21:50:05 GMT")
    assert date is not None
    assert date.weekday_agrees is False


def test_unknown_zone_is_an_error() -> None:
    with pytest.raises(ValueError, match="Asia/Nowhere"):
        read_machine_date("2022-03-30", zone="Asia/Nowhere")


def iso_of(value: str, zone: str) -> tuple[str, bool]:
    date = read_machine_date(value, zone=zone)
    assert date is not None
    return date.iso, date.zone_from_text
