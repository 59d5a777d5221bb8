"""A run as its report tells it, and which earlier ones it can be measured by. Reports are files: nothing is trusted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from newsscraper.crawl.monitors.quality import BINS, FIELDS
from newsscraper.crawl.monitors.samples import Sample
from newsscraper.crawl.summary import CUT_SHORT, FAILURES, count_asked, count_errors, count_refusals

_LOOKED_AT = 200
"""Reports, the newest ones, so that a long history costs a run no more than a short one."""
_PLACE = ("url", "urls", "codes")
"""Arguments that make of a crawl another one; the others bound it, or name the same site in other words."""
_BOUNDS = ("since", "until", "limit")
"""Arguments by which a run has a part of its site: the measure of such runs alone."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What a run is measured by."""

    run_id: str
    finish_reason: str
    limits: dict[str, str]
    """What it was told to end by: `limit`, and Scrapy's `CLOSESPIDER_...`."""
    exit_code: int
    fields: dict[str, Sample]
    """Of each field, the share of stories that have it."""
    story_pages: Sample
    """The share of pages that were stories, of those that were or seemed to be."""
    letters: Sample
    confidence: Sample
    bins: tuple[int, ...]
    errors: Sample
    """The share of requests that failed."""
    refusals: Sample
    """The share of requests that the site refused or challenged."""
    story_links: dict[str, int]
    """Links to stories, by the page or feed that named them."""


def read_figures(report: Mapping[str, Any]) -> Figures | None:
    """The figures that a report, as JSON, holds; None where it has none, or none that can be understood."""
    try:
        return _read(report, report["quality"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def find_past(reports: Iterable[Mapping[str, Any]], arguments: Mapping[str, str], since: str) -> list[Figures]:
    """Figures of the runs that `reports`, the newest first, tell of and that one with `arguments` is measured by.

    They had the same place to crawl and were well, but for failures: what a broken run brought is no standard, nor is
    the part of a site that came before a run was cut short.
    """
    place, bounds = _place_of(arguments), _told(arguments, _BOUNDS)
    past = []
    for report in islice(reports, _LOOKED_AT):
        if str(report.get("started_at", "")) < since:
            break
        figures = read_figures(report) if not _is_offline(report) else None
        told = report.get("arguments")
        is_whole = _told(told, _BOUNDS) in ([None] * len(_BOUNDS), bounds)
        if figures is not None and _is_measure(figures) and _place_of(told) == place and is_whole:
            past.append(figures)
    return past


def _is_offline(report: Mapping[str, Any]) -> bool:
    """Whether a run was answered from an archive, whose holes are none of the site's."""
    settings = report.get("settings")
    return isinstance(settings, Mapping) and bool(settings.get("NEWSSCRAPER_OFFLINE"))


def _is_measure(figures: Figures) -> bool:
    return figures.exit_code <= FAILURES and figures.finish_reason not in CUT_SHORT


def _place_of(arguments: Any) -> list[Any]:
    return _told(arguments, _PLACE)


def _told(arguments: Any, names: Iterable[str]) -> list[Any]:
    return [arguments.get(name) for name in names] if isinstance(arguments, Mapping) else []


def _limits_of(report: Mapping[str, Any]) -> dict[str, str]:
    arguments, settings = report["arguments"], report["settings"]
    limits = {name: str(value) for name, value in settings.items() if name.startswith("CLOSESPIDER_")}
    return limits | ({"limit": str(arguments["limit"])} if "limit" in arguments else {})


def _read(report: Mapping[str, Any], quality: Mapping[str, Any]) -> Figures:
    stories, counts = int(quality["stories"]), report["counts"]
    pages = quality["story_pages"]
    asked = count_asked(counts)
    bins = tuple(map(int, quality["confidence"]["bins"]))
    if len(bins) != BINS:
        raise ValueError("another number of bins")
    return Figures(
        run_id=str(report["run_id"]),
        finish_reason=str(report["finish_reason"]),
        limits=_limits_of(report),
        exit_code=int(report["exit_code"]),
        fields={
            name: Sample.of_share(int(quality["fields"][name]["stories"]), stories)
            for name in FIELDS
            if name in quality["fields"]
        },
        story_pages=Sample.of_share(int(pages["stories"]), int(pages["read"])),
        letters=_sample(quality["letters"]),
        confidence=_sample(quality["confidence"]),
        bins=bins,
        errors=Sample.of_share(count_errors(counts), asked),
        refusals=Sample.of_share(count_refusals(counts), asked),
        story_links={str(url): int(links) for url, links in quality["story_links"].items()},
    )


def _sample(sums: Mapping[str, Any]) -> Sample:
    number, mean, deviation = int(sums["stories"]), float(sums["mean"]), float(sums["deviation"])
    return Sample(size=number, total=mean * number, squares=(deviation**2 + mean**2) * number)
