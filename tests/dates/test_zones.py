"""Offsets: zone history, UTC, what has none."""

from __future__ import annotations

import pytest

from newsscraper.extract.dates import to_utc, with_zone


@pytest.mark.parametrize(
    ("iso", "zone", "expected"),
    [
        ("2022-03-30T21:50", "Asia/Tehran", "2022-03-30T21:50+04:30"),
        ("2022-09-20T21:50", "Asia/Tehran", "2022-09-20T21:50+04:30"),
        ("2022-09-22T21:50", "Asia/Tehran", "2022-09-22T21:50+03:30"),
        ("2023-07-01T21:50:05", "Asia/Tehran", "2023-07-01T21:50:05+03:30"),
        ("2022-03-30T21:50", "Asia/Kabul", "2022-03-30T21:50+04:30"),
        ("2022-01-05T08:00", "Europe/Berlin", "2022-01-05T08:00+01:00"),
        ("2022-10-30T02:30", "Europe/Berlin", "2022-10-30T02:30+02:00"),
        ("2015-07-01T08:00", "Europe/Istanbul", "2015-07-01T08:00+03:00"),
        ("2015-01-01T08:00", "Europe/Istanbul", "2015-01-01T08:00+02:00"),
        ("2022-03-30", "Asia/Tehran", "2022-03-30"),
        ("2022-03-30T21:50-05:00", "Asia/Tehran", "2022-03-30T21:50-05:00"),
        ("2022-03-30T21:50+00:00", "Asia/Tehran", "2022-03-30T21:50+00:00"),
    ],
)
def test_with_zone(iso: str, zone: str, expected: str) -> None:
    assert with_zone(iso, zone) == expected


@pytest.mark.parametrize("zone", ["Asia/Nowhere", "", "../etc/passwd", "Asia"])
def test_no_such_zone(zone: str) -> None:
    with pytest.raises(ValueError, match="zone"):
        with_zone("2022-03-30T21:50", zone)


@pytest.mark.parametrize(
    ("iso", "expected"),
    [
        ("2022-03-30T21:50+04:30", "2022-03-30T17:20:00Z"),
        ("2022-03-30T21:50:05+00:00", "2022-03-30T21:50:05Z"),
        ("2022-03-30T21:50:05Z", "2022-03-30T21:50:05Z"),
        ("2022-12-31T21:50-05:00", "2023-01-01T02:50:00Z"),
        ("2022-03-30T21:50", None),
        ("2022-03-30", None),
        ("no date", None),
        ("0001-01-01T00:00+14:00", None),
    ],
)
def test_to_utc(iso: str, expected: str | None) -> None:
    assert to_utc(iso) == expected
