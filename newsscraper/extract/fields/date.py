"""Publication and last change: of what the page tells machines and prints, the date with the most evidence."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from newsscraper.extract.dates import MODIFIED, ReadDate, to_utc, with_zone
from newsscraper.extract.fields.date_declared import GENERIC, declared_dates, modified_dates, script_dates, url_dates
from newsscraper.extract.fields.date_evidence import CREDIBLE, choose, contradiction
from newsscraper.extract.fields.date_printed import (
    BELOW,
    CHANGE,
    LABELLED,
    PRINTED,
    PrintedDate,
    as_candidates,
    find_below,
    find_datelines,
    find_near_headline,
    find_only_date,
    find_relative,
)
from newsscraper.extract.fields.local_time import localise
from newsscraper.extract.layout import Layout
from newsscraper.extract.resolving import Candidate, Resolved

_MIDNIGHT = re.compile(r"T00:00(:00)?")


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
    printed = find_near_headline(layout)
    candidates = [*declared_dates(layout), *as_candidates(printed), *url_dates(layout)]
    if not _is_settled(candidates) or contradiction(candidates):
        below = find_below(layout)
        printed += below
        candidates += [*as_candidates(below), *find_datelines(layout)]
    for find in (script_dates, find_relative, find_only_date):
        if not _reaches(candidates, CREDIBLE):
            candidates += find(layout)
    modified = _last_change(layout, printed)
    published = _resolve(candidates, modified, _country(layout))
    return Dates(_finish(published, layout), _finish(modified, layout))


def _is_settled(candidates: list[Candidate[ReadDate]]) -> bool:
    """What is printed below the story can neither win nor give a time that is missing."""
    return any(c.score > GENERIC and has_time(c.value) for c in candidates)


def _reaches(candidates: list[Candidate[ReadDate]], score: float) -> bool:
    return any(candidate.score >= score for candidate in candidates)


def _last_change(layout: Layout, printed: list[PrintedDate]) -> Resolved[ReadDate]:
    """What the page tells machines, else what it prints with a label."""
    found = list(modified_dates(layout))
    found += [Candidate("printed with its label", date.value) for date in printed if date.role == MODIFIED]
    return Resolved(found[0].value, found[0].source, found) if found else Resolved(None)


def _country(layout: Layout) -> str:
    """Two letters: those that end the host's name, else the region of the declared language."""
    host = layout.page.host_names[0] if layout.page.host_names else ""
    ending = host.rpartition(".")[2]
    return ending if len(ending) == 2 else (layout.language_hint or "").partition("-")[2]


def _resolve(candidates: list[Candidate[ReadDate]], modified: Resolved[ReadDate], country: str) -> Resolved[ReadDate]:
    """Publication as the page has it: the day with the most evidence, its time, and its place's offset."""
    won = choose(candidates, modified.value)
    if won is None and modified.value is not None:
        fallback = Candidate(f"{modified.source}, for want of any other", modified.value)
        return Resolved(fallback.value, fallback.source, [*candidates, fallback])
    if won is None:
        return Resolved(None, None, candidates)
    won = _with_time(won, candidates)
    believed = [c for c in candidates if c.score > CREDIBLE and c.source != CHANGE]
    printed = [c.value for c in believed if c.source in (PRINTED, LABELLED, BELOW)]
    others = [c.value for c in believed if c.source not in (PRINTED, LABELLED, BELOW)]
    local = localise(won.value, printed, modified.value, others, country)
    if local is None:
        return Resolved(won.value, won.source, candidates)
    return Resolved(local, f"{won.source}, with the offset of its place", candidates)


def _with_time(won: Candidate[ReadDate], candidates: list[Candidate[ReadDate]]) -> Candidate[ReadDate]:
    """Of the same day, the first candidate with a time, where the winner has none."""
    if has_time(won.value):
        return won
    may_tell = (c for c in candidates if c.score > 0 and c.source != CHANGE)
    timed = next((c for c in may_tell if _gives_time(c.value, won.value)), None)
    if timed is None:
        return won
    timed.note = f"the same day as {won.source}, with a time"
    return timed


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


def has_time(date: ReadDate) -> bool:
    """True when the date has a time of day that is not a bare midnight."""
    return "T" in date.iso and not _MIDNIGHT.search(date.iso)


def _gives_time(date: ReadDate, day: ReadDate) -> bool:
    return date.iso[:10] == day.iso[:10] and has_time(date)
