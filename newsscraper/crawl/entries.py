"""Discoveries as the frontier keeps them, and the order in which they are asked."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any, get_args
from urllib.parse import urlsplit

from newsscraper.crawl.discovery.evidence import is_furniture
from newsscraper.crawl.discovery.found import Found, Kind
from newsscraper.crawl.discovery.shapes import series_of
from newsscraper.crawl.discovery.url_dates import span_of_url
from newsscraper.store import Entry, Lease

TIERS = {"sitemap": 5, "feed": 4, "story": 3, "page": 2, "listing": 1}
"""What is asked first: what names many stories by one answer; then stories; then pages that may list some."""
_TIER = 1 << 40
_DEEPEST_NUMBER = 10_000
_LONG_NUMBER = re.compile(r"(?<!\d)\d{4,9}(?!\d)")
_FACTS = ("depth", "announced", "entrance", "guessed", "alone", "later", "trail", "published", "own_date")
_DEFAULTS: dict[str, Any] = {name: Found.__dataclass_fields__[name].default for name in _FACTS}


def make_entry(found: Found, *, again: bool = False, due: int | None = None) -> Entry:
    """`found` for the frontier."""
    facts = {name: getattr(found, name) for name in _FACTS if getattr(found, name) != _DEFAULTS[name]}
    return Entry(
        url=found.url,
        kind=found.kind,
        rank=rank_of(found),
        modified=found.modified,
        data=json.dumps(facts, ensure_ascii=False) if facts else "",
        due=due,
        again=again,
    )


def read_entry(entry: Entry) -> Found:
    """What was found, from what the frontier kept of it."""
    facts = json.loads(entry.data) if entry.data else {}
    known = {name: facts[name] for name in _FACTS if name in facts}
    if "trail" in known:
        known["trail"] = tuple(known["trail"])
    kind: Kind = entry.kind if entry.kind in get_args(Kind) else "page"  # type: ignore[assignment] # told by get_args
    return Found(url=entry.url, kind=kind, modified=entry.modified, **known)


def tier_of(lease: Lease) -> int:
    """Which of `TIERS` a lease belongs to."""
    return TIERS.get(lease.entry.kind, TIERS["page"])


def rank_of(found: Found) -> int:
    """Larger is asked first: by tier; stories and files newest first, undated pages from the entrance on.

    A sitemap that says when it changed last names no story newer than that: it has its turn among the stories.
    """
    if found.kind == "sitemap" and found.modified is not None:
        return TIERS["story"] * _TIER + _newness(found)
    is_dated = found.kind in {"sitemap", "feed", "story"} or (found.kind == "page" and found.modified is not None)
    within = _newness(found) if is_dated else _nearness(found)
    return TIERS[found.kind] * _TIER + within


def _newness(found: Found) -> int:
    """When it appeared, or else changed, as far as anybody or its URL says.

    Else its number, which rises over time on most sites and is less.
    """
    moment = found.published if found.published is not None else found.modified
    if moment is None and (span := span_of_url(found.url)) is not None:
        moment = int(datetime(span[0].year, span[0].month, span[0].day, tzinfo=UTC).timestamp())
    if moment is not None:
        return max(0, min(moment, _TIER - 1))
    numbers = _LONG_NUMBER.findall(urlsplit(found.url).path) if found.kind == "story" else []
    return int(numbers[-1]) if numbers else 0


def _nearness(found: Found) -> int:
    series = series_of(found.url)
    number = min(series[1], _DEEPEST_NUMBER) if series else 0
    closeness = (64 - min(found.depth, 63)) * 2 * (_DEEPEST_NUMBER + 1)
    return closeness + (0 if is_furniture(found.url) else _DEEPEST_NUMBER + 1) - number
