"""What holds for any text, and dates of every language and calendar written and read back."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import random
from importlib.resources import files

import pytest
from babel.dates import format_date, format_datetime
from convertdate import persian
from hijridate import Gregorian
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsscraper.extract.dates import ReadDate, find_dates, read_date, read_machine_date, to_utc

LOCALES = sorted(json.loads((files("newsscraper.extract.dates") / "names.json").read_text(encoding="utf-8")))
# Mongolian spells the month's number in words ("the third month").
LONG_LOCALES = [locale for locale in LOCALES if locale != "mn"]
# CLDR puts the zone between date and time (zh), spells out minutes (th), or has halves of the day we do not know (sq).
TIME_LOCALES = [locale for locale in LONG_LOCALES if locale not in ("zh", "th", "sq")]
# 14. 1. 22 stands between dots that need not be a date's; Nepal puts the year first.
SHORT_LOCALES = [locale for locale in LONG_LOCALES if locale not in ("sl", "ko", "ne")]
JALALI = (
    "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
)  # fmt: skip
WEEKDAYS = ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه")
HIJRI = (
    "محرم", "صفر", "ربيع الأول", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة", "رجب", "شعبان", "رمضان", "شوال",
    "ذو القعدة", "ذو الحجة",
)  # fmt: skip
FIRST_DAY, LAST_DAY = dt.date(1990, 1, 1), dt.date(2049, 12, 31)
DAYS = st.dates(FIRST_DAY, LAST_DAY)
MOMENTS = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2049, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0)
)
PIECES = st.sampled_from(
    [*"0123456789۰۱۴٣๕年月日.,/-:()' \n\u200c\u200f\u0301|•@+§$", "2022", "1401", "2565", "30", "03", "12", "March",
     "مارس", "شعبان", "فروردین", "30.03.2022", "21:50", "Uhr", "PM", "p.m.", "GMT+3", "Wed", "mar", "of", "de", "ساعت",
     "三十", "令和", "上午", "ม.ค.", "tháng"]
)  # fmt: skip


@settings(max_examples=300)
@given(st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join)))
@example("\ud800 30 March 2022 \udfff")
@example("30\u0660.0٣.2022")
@example("十十年十十月十十日")
def test_any_text(text: str) -> None:
    found = find_dates(text)
    for date in found:
        assert text[date.start : date.end] == date.raw != ""
        dt.datetime.fromisoformat(date.iso)
    assert all(former.end <= latter.start for former, latter in itertools.pairwise(found))
    assert (read_date(text) is None) == (not found)


@given(
    st.lists(PIECES, max_size=30).map("".join),
    st.sampled_from([None, "", "en-US", "fa", "ar", "zh-Hant", "x-nonsense", "th", "ko"]),
    st.sampled_from([None, "gregorian", "jalali", "hijri", "buddhist"]),
    st.sampled_from([None, "Asia/Tehran", "America/New_York"]),
    st.sampled_from([None, True, False]),
)
def test_any_hints(
    text: str, language: str | None, calendar: str | None, zone: str | None, day_first: bool | None
) -> None:
    for date in find_dates(text, language=language, calendar=calendar, zone=zone, day_first=day_first):
        moment = dt.datetime.fromisoformat(date.iso)
        assert 1900 <= moment.year <= 2100
        assert moment.tzinfo is not None or "T" not in date.iso or zone is None


@given(st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join)))
def test_any_attribute(value: str) -> None:
    date = read_machine_date(value)
    assert date is None or value[date.start : date.end] == date.raw


@given(MOMENTS, st.sampled_from(["", "Z", "+04:30", "-0500", "+02"]), st.sampled_from(["T", " "]))
def test_machine_round_trip(moment: dt.datetime, offset: str, between: str) -> None:
    date = read_machine_date(moment.isoformat(sep=between) + offset)
    assert date is not None
    assert dt.datetime.fromisoformat(date.iso) == dt.datetime.fromisoformat(moment.isoformat() + offset)


@given(st.integers(631152000, 4102444799), st.sampled_from([1, 1000]))
def test_epoch_round_trip(seconds: int, factor: int) -> None:
    date = read_machine_date(str(seconds * factor))
    if len(str(seconds)) < 10:
        assert date is None
        return
    assert date is not None
    assert to_utc(date.iso) == dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sample_days(seed: str, count: int) -> list[dt.date]:
    """The first and the last day, a leap day, and others that every seed has of its own."""
    dice, span = random.Random(seed), (LAST_DAY - FIRST_DAY).days
    days = [FIRST_DAY + dt.timedelta(days=dice.randint(0, span)) for _ in range(count - 3)]
    return [FIRST_DAY, LAST_DAY, dt.date(2024, 2, 29), *days]


@pytest.mark.parametrize("width", ["full", "long", "medium"])
@pytest.mark.parametrize("locale", LONG_LOCALES)
def test_cldr_round_trip(locale: str, width: str) -> None:
    # 2022 m. sausio 14 d., penktadienis: "d." parts the weekday from the date
    names_weekday = width == "full" and locale != "lt"
    for day in sample_days(f"{locale} {width}", 28):
        date = only(format_date(day, width, locale.replace("-", "_")), language=locale)
        assert date.iso == day.isoformat()
        assert date.weekday_agrees is True or not names_weekday


@pytest.mark.parametrize("locale", SHORT_LOCALES)
def test_cldr_short_round_trip(locale: str) -> None:
    for day in sample_days(locale, 18):
        date = only(format_date(day, "short", locale.replace("-", "_")), language=locale)
        assert day.isoformat() == date.iso


@pytest.mark.parametrize("locale", TIME_LOCALES)
def test_cldr_time_round_trip(locale: str) -> None:
    dice = random.Random(locale)
    for day in sample_days(locale, 18):
        moment = dt.datetime.combine(day, dt.time(dice.randrange(24), dice.randrange(60), dice.randrange(60)))
        date = only(format_datetime(moment, "medium", locale=locale.replace("-", "_")), language=locale)
        assert date.iso == moment.isoformat()


@given(DAYS, st.booleans())
@example(dt.date(2021, 3, 20), True)
@example(dt.date(2025, 3, 20), True)
def test_jalali_round_trip(day: dt.date, persian_figures: bool) -> None:
    year, month, month_day = persian.from_gregorian(day.year, day.month, day.day)
    text = f"{WEEKDAYS[day.weekday()]} {month_day} {JALALI[month - 1]} {year}"
    date = only(text.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")) if persian_figures else text)
    assert (date.iso, date.calendar, date.weekday_agrees) == (day.isoformat(), "jalali", True)


@given(DAYS)
def test_jalali_numeric_round_trip(day: dt.date) -> None:
    date = only("{}/{:02}/{:02}".format(*persian.from_gregorian(day.year, day.month, day.day)))
    assert (date.iso, date.calendar) == (day.isoformat(), "jalali")


@pytest.mark.parametrize("month", range(1, 13))
def test_every_jalali_month_ends_where_the_calendar_says(month: int) -> None:
    for year in (1399, 1400, 1403):
        length = persian.month_length(year, month)
        last = dt.date(*persian.to_gregorian(year, month, length))
        assert only(f"{length} {JALALI[month - 1]} {year}").iso == last.isoformat()
        assert find_dates(f"{length + 1} {JALALI[month - 1]} {year}") == []


@given(DAYS)
def test_hijri_round_trip(day: dt.date) -> None:
    hijri = Gregorian(day.year, day.month, day.day).to_hijri()
    date = only(f"{hijri.day} {HIJRI[hijri.month - 1]} {hijri.year} هـ")
    assert (date.iso, date.calendar) == (day.isoformat(), "hijri")


def only(text: str, language: str | None = None) -> ReadDate:
    """The one date in `text`."""
    found = find_dates(text, language=language)
    assert len(found) == 1, (text, found)
    return found[0]
