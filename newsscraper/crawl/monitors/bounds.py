"""How much a site may differ from its own past before somebody is told, as the settings give it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from scrapy.settings import BaseSettings

from newsscraper.crawl.settings import own_settings
from newsscraper.errors import InputError
from newsscraper.sites.checks import shown
from newsscraper.store import format_instant


@dataclass(frozen=True, kw_only=True)
class MonitorBounds:
    """`docs/settings.md` says what each is for."""

    runs: int = 10
    least_runs: int = 1
    least_stories: int = 5
    fall: float = 0.3
    rise: float = 0.2
    links_fall: float = 0.8
    letters_ratio: float = 2.0
    confidence_fall: float = 0.15
    since: str = ""
    """UTC, `2022-03-30T17:20:00Z`: reports of runs that began before are no history."""


def read_bounds(settings: BaseSettings) -> MonitorBounds:
    """The bounds that the settings give, ours where a project has none of them. Raises `InputError`."""

    def number(name: str) -> float:
        value = settings.get(name)
        return float(own_settings()[name] if value is None else value)

    return MonitorBounds(
        runs=int(number("NEWSSCRAPER_MONITOR_RUNS")),
        least_runs=int(number("NEWSSCRAPER_MONITOR_MIN_RUNS")),
        least_stories=int(number("NEWSSCRAPER_MONITOR_MIN_STORIES")),
        fall=number("NEWSSCRAPER_MONITOR_FALL"),
        rise=number("NEWSSCRAPER_MONITOR_RISE"),
        links_fall=number("NEWSSCRAPER_MONITOR_LINKS_FALL"),
        letters_ratio=max(1.0, number("NEWSSCRAPER_MONITOR_LETTERS_RATIO")),
        confidence_fall=number("NEWSSCRAPER_MONITOR_CONFIDENCE_FALL"),
        since=_read_since(settings.get("NEWSSCRAPER_MONITOR_SINCE")),
    )


def read_names(settings: BaseSettings, name: str) -> list[str]:
    """A setting that is a list of names: a list, or text as JSON or with commas. Raises `InputError`."""
    given = settings.get(name) or []
    try:
        listed = json.loads(given) if isinstance(given, str) and given.lstrip().startswith("[") else given
    except ValueError as fault:
        raise InputError(f"{name}: expected names with commas between them, got {shown(given)}") from fault
    names = listed.split(",") if isinstance(listed, str) else listed
    return [text.strip() for text in names if text.strip()]


def _read_since(given: Any) -> str:
    if not given:
        return ""
    try:
        moment = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
    except ValueError as fault:
        name = "NEWSSCRAPER_MONITOR_SINCE"
        raise InputError(f"{name}: expected an instant, 2022-03-30T17:20:00Z, got {shown(given)}") from fault
    return format_instant(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
