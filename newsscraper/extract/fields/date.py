"""Publication and last change: of what the page tells machines and prints, the date with the most evidence."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from newsscraper.extract.dates import ReadDate, to_utc, with_zone
from newsscraper.extract.fields.date_evidence import PRINTED, declared_dates, modified_dates, printed_dates, url_dates
from newsscraper.extract.fields.local_time import localise
from newsscraper.extract.layout import Layout
from newsscraper.extract.resolving import Candidate, Resolved, first_of

_MIDNIGHT = re.compile(r"T00:00(:00)?")
CREDIBLE = 0.3
"""Evidence that the best date has to have: less is a date of something else on the page."""


@dataclass(frozen=True, slots=True)
class Dates:
    """The date fields of a story."""

    published: Resolved[ReadDate]
    modified: Resolved[ReadDate]

    @property
    def date(self) -> str | None:
        """ISO 8601, or None."""
        return self.published.value.iso if self.published.value else None

    @property
    def date_utc(self) -> str | None:
        """The instant, when the zone is known."""
        return to_utc(self.date) if self.date else None

    @property
    def date_raw(self) -> str | None:
        """The text it was read from."""
        return self.published.value.raw if self.published.value else None

    @property
    def date_modified(self) -> str | None:
        """ISO 8601; None when it lies before publication."""
        modified = self.modified.value.iso if self.modified.value else None
        return None if modified and self.date and modified[:10] < self.date[:10] else modified


def resolve_dates(layout: Layout) -> Dates:
    """Publication by evidence, then the last change."""
    published = _choose([*declared_dates(layout), *printed_dates(layout), *url_dates(layout)])
    modified = first_of(modified_dates(layout))
    if published.value is None and modified.value is not None:
        fallback = Candidate(f"{modified.source}, for want of any other", modified.value)
        published = Resolved(fallback.value, fallback.source, [fallback])
    return Dates(_finish(_localise(published, modified.value), layout), _finish(modified, layout))


def _localise(published: Resolved[ReadDate], modified: ReadDate | None) -> Resolved[ReadDate]:
    """An instant in UTC as the page prints it, where that gives the offset away."""
    if published.value is None:
        return published
    printed = [c.value for c in published.candidates if c.source == PRINTED and c.score > CREDIBLE]
    local = localise(published.value, printed, modified)
    if local is None:
        return published
    return Resolved(local, f"{published.source}, offset of the time printed", published.candidates)


def _finish(resolved: Resolved[ReadDate], layout: Layout) -> Resolved[ReadDate]:
    """The profile's zone on a time that has none."""
    zone, value = layout.page.profile.zone, resolved.value
    if not zone or value is None or "T" not in value.iso:
        return resolved
    zoned = with_zone(value.iso, zone)
    if zoned == value.iso:
        return resolved
    zoned_date = replace(value, iso=zoned, zone_from_text=False)
    return Resolved(zoned_date, f"{resolved.source}, zone of the profile", resolved.candidates)


def _choose(candidates: list[Candidate[ReadDate]]) -> Resolved[ReadDate]:
    """The strongest candidate; a printed one of the same day gives the time that a machine-readable one lacks."""
    if not candidates:
        return Resolved(None)
    won = max(candidates, key=lambda c: c.score)
    if won.score < CREDIBLE:
        return Resolved(None, None, candidates)
    if not has_time(won.value):
        timed = next((c for c in candidates if c.score > 0 and _gives_time(c.value, won.value)), None)
        if timed is not None:
            timed.note = f"the same day as {won.source}, with a time"
            return Resolved(timed.value, timed.source, candidates)
    return Resolved(won.value, won.source, candidates)


def has_time(date: ReadDate) -> bool:
    """True when the date has a time of day that is not a bare midnight."""
    return "T" in date.iso and not _MIDNIGHT.search(date.iso)


def _gives_time(date: ReadDate, day: ReadDate) -> bool:
    return date.iso[:10] == day.iso[:10] and has_time(date)
