"""`since` and `until`: which stories a run is after, and what need not be fetched for it.

A bound that is a day, a month or a year is one of the site's own calendar: a story is judged by the day that it prints.
A bound that is an instant is compared with the story's. Before anything is fetched only what is sure counts: clocks and
zones of sites differ, and a page may change long after its story appeared.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.discovery.url_dates import Span, span_of_url
from newsscraper.errors import InputError
from newsscraper.sites.checks import shown

Side = Literal["before", "after"]
"""On which side of the window something lies."""

_ZONES = timedelta(hours=14)
"""How far a site's time may be from what it is taken for."""
_DAY = timedelta(days=1)
_DAY_SECONDS = 86_400
_AGO = re.compile(r"(\d{1,5})\s*([hdw])", re.IGNORECASE)
_UNITS = {"h": timedelta(hours=1), "d": _DAY, "w": timedelta(weeks=1)}
_DAYS = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_FIRST_YEAR = 1600
_FORMS = "a day, month or year (2022-03-01, 2022-03, 2022), an instant (2022-03-01T12:00:00Z) or an age (36h, 7d, 2w)"


@dataclass(frozen=True)
class Window:
    """From `since`, inclusive, to `until`, exclusive; a `date` is a day of the site's, None leaves that side open."""

    since: date | datetime | None = None
    until: date | datetime | None = None

    @property
    def is_open(self) -> bool:
        """Everything lies within."""
        return self.since is None and self.until is None

    def side_of_story(self, printed: str | None, instant: str | None = None) -> Side | None:
        """Where the story lies that prints `printed`, ISO 8601, and appeared at `instant`; None: within, or undated."""
        own_day, moment = _day_of(printed or instant), _instant_of(instant or printed)
        if own_day is None or moment is None:
            return None
        length = _DAY if instant is None and len(printed or "") == len("2022-03-30") else timedelta(0)

        def is_before(bound: date | datetime) -> bool:
            return moment + length <= bound and moment < bound if isinstance(bound, datetime) else own_day < bound

        def is_after(bound: date | datetime) -> bool:
            return moment >= bound if isinstance(bound, datetime) else own_day >= bound

        return self._side(is_before, is_after)

    def side_of_found(self, found: Found) -> Side | None:
        """Where what `found` leads to lies for sure, by the date in its URL and the times that it was named with."""
        if found.entrance:
            return None
        if found.own_date is not None:
            return self.side_of_story(found.own_date)
        span = span_of_url(found.url, is_sitemap=found.kind == "sitemap")
        return (self._side_of_span(span) if span is not None else None) or self._side_of_times(found)

    def _side_of_span(self, span: Span) -> Side | None:
        first, end = span

        def is_before(bound: date | datetime) -> bool:
            return _midnight(end) + _ZONES <= bound if isinstance(bound, datetime) else end <= bound

        def is_after(bound: date | datetime) -> bool:
            return _midnight(first) - _ZONES >= bound if isinstance(bound, datetime) else first >= bound

        return self._side(is_before, is_after)

    def _side_of_times(self, found: Found) -> Side | None:
        # What changed last before `since` also appeared before it; what changed after `until` may be old.
        latest = found.published if found.published is not None else found.modified

        def is_before(bound: date | datetime) -> bool:
            if latest is None:
                return False
            end = _from_seconds(latest) + _ZONES + (_DAY if latest % _DAY_SECONDS == 0 else timedelta(0))
            return end < _moment_of(bound)

        def is_after(bound: date | datetime) -> bool:
            return found.published is not None and _from_seconds(found.published) - _ZONES >= _moment_of(bound)

        return self._side(is_before, is_after)

    def _side(
        self, is_before: Callable[[date | datetime], bool], is_after: Callable[[date | datetime], bool]
    ) -> Side | None:
        if self.since is not None and is_before(self.since):
            return "before"
        return "after" if self.until is not None and is_after(self.until) else None


WHOLE = Window()
"""Open on both sides."""


def read_window(since: str | None, until: str | None, now: datetime) -> Window:
    """The window between two bounds as a user writes them; a day, month or year is part of it as a whole.

    Raises `InputError`.
    """
    first = _read_bound("since", since, now)[0] if since is not None else None
    end = _read_bound("until", until, now)[1] if until is not None else None
    if first is not None and _moment_of(first) > now + _ZONES:
        raise InputError(f"since={since}: nothing can have appeared since then: it lies ahead")
    if first is not None and end is not None and _moment_of(first) >= _moment_of(end):
        raise InputError(f"since={since} until={until}: expected since to lie before until")
    return Window(first, end)


def _read_bound(name: str, text: str, now: datetime) -> tuple[date | datetime, date | datetime]:
    """The beginning and the end of what `text` names; an instant has no length."""
    text = text.strip()
    ago, days = _AGO.fullmatch(text), _DAYS.fullmatch(text)
    try:
        if ago:
            moment = now - int(ago[1]) * _UNITS[ago[2].lower()]
            return moment, moment
        if days:
            return _span_of_days(int(days[1]), *(int(part) for part in days.groups()[1:] if part))
        moment = datetime.fromisoformat(text)
        if moment.year < _FIRST_YEAR:
            raise ValueError(f"year {moment.year}")
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as fault:
        raise InputError(f"{name}={text}: expected {_FORMS} of the Gregorian calendar, got {shown(text)}") from fault
    return moment, moment


def _span_of_days(year: int, month: int | None = None, day: int | None = None) -> Span:
    if year < _FIRST_YEAR:
        raise ValueError(f"year {year}")
    if month is None:
        return date(year, 1, 1), date(year + 1, 1, 1)
    first = date(year, month, day or 1)
    return first, first + timedelta(days=1 if day else calendar.monthrange(year, month)[1])


def _moment_of(bound: date | datetime) -> datetime:
    return bound if isinstance(bound, datetime) else _midnight(bound)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _from_seconds(seconds: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(seconds=seconds)


def _day_of(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def _instant_of(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)
