"""Dates as each language and template prints them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import jdatetime

from .story import DemoStory

_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def print_date(story: DemoStory, words: dict[str, Any]) -> str:
    """The date line of a story, in the story's own zone; a day alone when the story has no time of day."""
    when = datetime.fromisoformat(story.date)
    text = print_day(when, words)
    if len(story.date) > 10:
        text = _fix_digits(words["date_time"].format(day=text, time=f"{when:%H:%M}"), words)
    return text


def print_day(when: date, words: dict[str, Any]) -> str:
    """A day with its weekday: `Wednesday 30 March 2022`; Jalali where the language's calendar is."""
    shown = jdatetime.date.fromgregorian(date=when) if words["calendar"] == "jalali" else when
    text: str = words["date_day"].format(
        weekday=words["weekdays"][when.weekday()],
        day=shown.day,
        month=words["months"][shown.month - 1],
        year=shown.year,
    )
    return _fix_digits(text, words)


def _fix_digits(text: str, words: dict[str, Any]) -> str:
    tables = {"persian": _PERSIAN_DIGITS, "arabic": _ARABIC_DIGITS}
    return text.translate(tables.get(words["digits"], {}))
