"""The archive by day and by month: whether an address is one, and what stands there."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from .dates import print_day
from .listing_pages import Listing, draw_links, draw_listing
from .view import View

_DAY = re.compile(r"/archive/([1-8]\d{3})/(\d\d)/(\d\d)(/?)")
_MONTH = re.compile(r"/archive/([1-8]\d{3})/(\d\d)/")


def draw_archive(view: View, path: str) -> Listing | None:
    """The page at `path`; None where no archive is.

    A day's page with a slash at its end is there for every day from the first story to the last, and leads nowhere but
    to stories. Without one, and for months, it is as the traps have it.
    """
    if match := _DAY.fullmatch(path):
        day = _read_date(match[1], match[2], match[3])
        if day and match[4]:
            return _draw_plain_day(view, day)
        return _draw_endless_day(view, day) if day and "calendar" in view.traps else None
    if "calendar_months" in view.traps and (match := _MONTH.fullmatch(path)):
        month = _read_date(match[1], match[2], "01")
        return _draw_month(view, month) if month else None
    return None


def _draw_endless_day(view: View, day: date) -> Listing:
    """One day, whether anything appeared on it or not, with links to its neighbours."""
    links = [
        (rel, f"/archive/{other:%Y/%m/%d}", view.words[label])
        for rel, other, label in (
            ("prev", day - timedelta(days=1), "previous_day"),
            ("next", day + timedelta(days=1), "next_day"),
        )
    ]
    stories = view.catalogue.of_day(day)
    changed = view.catalogue.last_change(stories, [w for w in view.catalogue.withdrawals if stories])
    return Listing(draw_listing(view, print_day(day, view.words), stories, links), changed)


def _draw_plain_day(view: View, day: date) -> Listing | None:
    stories = view.catalogue.stories
    if not stories[-1].date[:10] <= day.isoformat() <= stories[0].date[:10]:
        return None
    shown = [story for story in stories if story.date[:10] == day.isoformat()]
    changed = view.catalogue.last_change(shown, [w for w in view.catalogue.withdrawals if shown])
    return Listing(draw_listing(view, print_day(day, view.words), shown), changed)


def _draw_month(view: View, month: date) -> Listing:
    """Each day of a month, and the months beside it."""
    slash = "" if "calendar" in view.traps else "/"
    length = monthrange(month.year, month.month)[1]
    days = [month.replace(day=number) for number in range(1, length + 1)]
    links = [
        ("prev", f"/archive/{month - timedelta(days=1):%Y/%m}/", view.words["previous_month"]),
        ("next", f"/archive/{days[-1] + timedelta(days=1):%Y/%m}/", view.words["next_month"]),
    ]
    items = [(f"/archive/{day:%Y/%m/%d}{slash}", print_day(day, view.words)) for day in days]
    return Listing(draw_links(view, view.words["archive"], items, links), None)


def _read_date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
