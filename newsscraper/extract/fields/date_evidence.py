"""Which of a page's dates is the story's: what it tells machines, weighed against what it prints and its URL."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from newsscraper.extract.dates import ReadDate
from newsscraper.extract.fields.date_printed import BELOW, CHANGE, LABELLED, PRINTED, TIME_TAG
from newsscraper.extract.resolving import Candidate

CREDIBLE = 0.3
"""Evidence that the best date has to have: less is a date of something else on the page."""
PROMINENT = 1.8
"""Evidence from which a printed date can contradict what the page tells machines."""
_LATER = 2.4
"""The same for one that is later: a printed edition's date may be, or an event's."""
_CONFIRMS = 0.8
"""Evidence from which a date of another kind confirms what the page tells machines."""
_PRINTED = frozenset((PRINTED, TIME_TAG, LABELLED, BELOW))
_CONFIRMING = _PRINTED | {"URL"}
_NOT_TOLD = _CONFIRMING | {CHANGE}
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})[./-]\d{4}(?!\d)")


def choose(candidates: list[Candidate[ReadDate]], modified: ReadDate | None) -> Candidate[ReadDate] | None:
    """The candidate with the most evidence; None where even that is too little.

    Where a prominent printed date contradicts what the page tells machines: figures whose day and month have changed
    places yield to the other date; an earlier printed date wins, as sites tell machines the last time that they saved
    a story; a later one wins, too, unless it is that of the last change and no other source tells it as publication.
    """
    best = max(candidates, key=lambda c: c.score, default=None)
    if best is None or best.score < CREDIBLE:
        return None
    if best.source in _PRINTED:
        return _in_likely_order(_first_published(best, candidates), candidates)
    printed = contradiction(candidates)
    if printed is None:
        return best
    agreed = any(is_same_moment(c.value, printed.value) for c in candidates if c.source not in _NOT_TOLD)
    return printed if _prints_the_truth(printed, best.value, None if agreed else modified) else best


def _first_published(best: Candidate[ReadDate], candidates: list[Candidate[ReadDate]]) -> Candidate[ReadDate]:
    """An earlier date that is labelled as publication, where the best has no label: that one may be a change."""
    labelled = max((c for c in candidates if c.source == LABELLED), key=lambda c: c.score, default=best)
    if best.source == LABELLED or labelled.score < PROMINENT or labelled.value.iso[:10] >= best.value.iso[:10]:
        return best
    labelled.note = f"labelled as publication, and earlier than what is {best.source}"
    return labelled


def contradiction(candidates: list[Candidate[ReadDate]]) -> Candidate[ReadDate] | None:
    """The prominent printed date that contradicts what the page tells machines, where nothing else confirms that."""
    best = max(candidates, key=lambda c: c.score, default=None)
    printed = max((c for c in candidates if c.source in _PRINTED), key=lambda c: c.score, default=None)
    if best is None or printed is None or best.source in _PRINTED or printed.score < PROMINENT:
        return None
    others = [c.value for c in candidates if c.score > _CONFIRMS and c.source in _CONFIRMING]
    if any(is_same_moment(best.value, other) for other in others):
        return None
    in_url = any(c.source == "URL" and c.value.iso[:10] == printed.value.iso[:10] for c in candidates)
    return None if may_be_same_day(best.value, printed.value) and not in_url else printed


def _prints_the_truth(printed: Candidate[ReadDate], told: ReadDate, modified: ReadDate | None) -> bool:
    """What is printed wins over what is told to machines; with a note for the trace."""
    swapped = _swapped(told) == printed.value.iso[:10]
    if swapped and printed.value.ambiguous and not (told.ambiguous and _is_dotted(printed.value)):
        return False
    if swapped:
        printed.note = "the page tells machines its day and month in the wrong order"
    elif printed.value.iso[:10] < told.iso[:10]:
        printed.note = "earlier than what the page tells machines"
    elif printed.score < _LATER or (modified is not None and is_same_moment(modified, printed.value)):
        return False
    else:
        printed.note = "later than what the page tells machines, and not as a change"
    return True


def is_same_moment(first: ReadDate, second: ReadDate) -> bool:
    """The same day as written; or the two differ by what zones differ by."""
    if first.iso[:10] == second.iso[:10]:
        return True
    ours, theirs = dt.datetime.fromisoformat(first.iso), dt.datetime.fromisoformat(second.iso)
    if abs((ours.date() - theirs.date()).days) > 1:
        return False
    if ours.tzinfo and theirs.tzinfo:
        return ours == theirs
    if ours.tzinfo and "T" in second.iso:
        return _differ_by_zone(ours, theirs)
    return False


def may_be_same_day(told: ReadDate, printed: ReadDate) -> bool:
    """A day printed without a time is that of the instant told, in UTC or in some zone that would say so."""
    moment = dt.datetime.fromisoformat(told.iso)
    if not moment.tzinfo or "T" in printed.iso:
        return False
    in_utc = moment.astimezone(dt.UTC)
    hours = (0,) if moment.utcoffset() else (-11, 13)
    return printed.iso[:10] in {(in_utc + dt.timedelta(hours=h)).date().isoformat() for h in hours}


def _differ_by_zone(moment: dt.datetime, local: dt.datetime) -> bool:
    """`local`, printed without a zone, is the moment elsewhere: minutes agree to a quarter of an hour."""
    apart = local - moment.astimezone(dt.UTC).replace(tzinfo=None, second=0, microsecond=0)
    return abs(apart) <= dt.timedelta(hours=14) and apart % dt.timedelta(minutes=15) == dt.timedelta()


def _in_likely_order(best: Candidate[ReadDate], candidates: list[Candidate[ReadDate]]) -> Candidate[ReadDate]:
    """Figures that could be read either way, read as another source or the page's other figures have it."""
    other = _swapped(best.value) if best.value.ambiguous else None
    if other is None:
        return best
    days = {c.value.iso[:10] for c in candidates if c is not best and not c.value.ambiguous}
    orders = {order for c in candidates if (order := _order(c.value.raw))}
    mine = "month first" if _reads_month_first(best.value) else "day first"
    if best.value.iso[:10] in days or (other not in days and orders != {"day first", "month first"} - {mine}):
        return best
    note = "day and month in the order that the rest of the page shows"
    return replace(best, value=replace(best.value, iso=other + best.value.iso[10:], ambiguous=False), note=note)


def _swapped(date: ReadDate) -> str | None:
    """The day with day and month in each other's place; None where that is no day or the same one."""
    year, month, day = date.iso[:4], date.iso[5:7], date.iso[8:10]
    return f"{year}-{day}-{month}" if int(day) <= 12 and day != month else None


def _is_dotted(date: ReadDate) -> bool:
    """Figures between dots: hardly anybody writes the month first there."""
    return re.search(r"\d\. ?\d", date.raw) is not None


def _order(raw: str) -> str:
    """`day first` or `month first` for figures that can be read one way only."""
    match = _NUMERIC.search(raw)
    if not match or (int(match[1]) > 12) == (int(match[2]) > 12):
        return ""
    return "day first" if int(match[1]) > 12 else "month first"


def _reads_month_first(date: ReadDate) -> bool:
    match = _NUMERIC.search(date.raw)
    return match is not None and int(match[1]) == int(date.iso[5:7])
