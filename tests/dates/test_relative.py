"""Dates told from the moment of reading, in the languages of the field, and never without that moment."""

from __future__ import annotations

import pytest

from newsscraper.extract.dates import read_relative

FETCHED = "2022-03-30T14:20:00Z"


@pytest.mark.parametrize(
    "text",
    [
        "3 days ago", "vor 3 Tagen", "il y a 3 jours", "hace 3 días", "há 3 dias", "3 giorni fa", "3 dagen geleden",
        "för 3 dagar sedan", "3 dagar sedan", "for 3 dage siden", "for 3 dager siden", "3 päivää sitten", "3 dni temu",
        "před 3 dny", "3 napja", "3 nappal ezelőtt", "acum 3 zile", "πριν από 3 ημέρες", "3 дня назад", "3 дні тому",
        "לפני 3 ימים", "منذ 3 أيام", "۳ روز پیش", "۳ دن پہلے", "3 दिन पहले", "৩ দিন আগে", "3 gün önce",
        "3 hari yang lalu", "3 ngày trước", "3天前", "3日前", "3일 전", "3 วันที่แล้ว",
    ],
)  # fmt: skip
def test_days_ago_give_a_day(text: str) -> None:
    date = read_relative(text, FETCHED)
    assert date is not None
    assert (date.iso, date.raw) == ("2022-03-27", text)


@pytest.mark.parametrize(
    "text",
    [
        "15 hours ago", "vor 15 Stunden", "il y a 15 heures", "hace 15 horas", "15 ore fa", "15 uur geleden",
        "för 15 timmar sedan", "for 15 timer siden", "15 tuntia sitten", "15 godzin temu", "před 15 hodinami",
        "15 órája", "acum 15 ore", "πριν από 15 ώρες", "15 часов назад", "15 годин тому", "לפני 15 שעות",
        "منذ 15 ساعات", "۱۵ ساعت پیش", "۱۵ گھنٹے پہلے", "15 घंटे पहले", "১৫ ঘণ্টা আগে", "15 saat önce", "15 jam yang lalu",
        "15 giờ trước", "15小时前", "15時間前", "15시간 전", "15 ชั่วโมงที่แล้ว",
    ],
)  # fmt: skip
def test_hours_ago_give_a_day_and_no_time(text: str) -> None:
    date = read_relative(f"By Ann Field, {text}", FETCHED)
    assert date is not None
    assert (date.iso, date.raw) == ("2022-03-29", text)


@pytest.mark.parametrize("text", ["5 minutes ago", "vor 5 Minuten", "5 минут назад", "5分前", "5분 전", "٥ دقائق قبل"])
def test_minutes_ago_give_a_time_with_the_offset_of_the_fetch(text: str) -> None:
    date = read_relative(text, FETCHED)
    assert date is not None
    assert date.iso == "2022-03-30T14:15+00:00"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Yesterday at 2:30 pm", "2022-03-29T14:30"),
        ("gestern, 14:30 Uhr", "2022-03-29T14:30"),
        ("Hier à 14:30", "2022-03-29T14:30"),
        ("i går 14.30", "2022-03-29T14:30"),
        ("Вчора, 14:30", "2022-03-29T14:30"),
        ("昨天 14:30", "2022-03-29T14:30"),
        ("어제 14:30", "2022-03-29T14:30"),
        ("Today", "2022-03-30"),
        ("dnes 07:05", "2022-03-30T07:05"),
        ("วันนี้", "2022-03-30"),
        ("Just now", "2022-03-30T14:20+00:00"),
    ],
)
def test_named_days(text: str, iso: str) -> None:
    date = read_relative(text, FETCHED)
    assert date is not None
    assert date.iso == iso


@pytest.mark.parametrize(
    "text",
    [
        "4 min read", "3 minutes", "a day in the life", "2 weeks ago", "3 months ago", "5,000 hours ago",
        "900 hours ago", "hier klicken", "ma non troppo", "vor Ort", "for 3 friends", "", "3 hours ago " * 20,
    ],
)  # fmt: skip
def test_what_names_no_day(text: str) -> None:
    assert read_relative(text, FETCHED) is None


def test_before_the_first_day_there_is_none() -> None:
    assert read_relative("3 days ago", "0001-01-02T00:00:00Z") is None
