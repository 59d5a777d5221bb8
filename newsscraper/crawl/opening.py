"""What a run begins with, read from its settings: its clock, its ledgers, its bounds, its revisits."""

from __future__ import annotations

import errno
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings

from newsscraper.crawl.bounds import Limits
from newsscraper.crawl.ledgers import Ledgers
from newsscraper.crawl.readers import Readers, Workers
from newsscraper.crawl.settings import own_settings
from newsscraper.crawl.target import Target
from newsscraper.crawl.weights import model_file
from newsscraper.errors import InputError
from newsscraper.extract import Model
from newsscraper.sites.checks import shown
from newsscraper.store import FORMS, Clock, Form


def read_clock(settings: BaseSettings) -> Clock:
    """The run's clock, which begins at `NEWSSCRAPER_NOW` where that is given. Raises `InputError`."""
    text = settings.get("NEWSSCRAPER_NOW")
    if not text:
        return Clock()
    try:
        moment = text if isinstance(text, datetime) else datetime.fromisoformat(str(text))
    except ValueError as fault:
        raise InputError(f"NEWSSCRAPER_NOW: expected an instant, 2022-03-30T17:20:00Z, got {shown(text)}") from fault
    return Clock(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def read_revisit_hours(settings: BaseSettings) -> list[float]:
    """`NEWSSCRAPER_REVISIT_HOURS`: a list, or text as JSON or with commas; rising. Raises `InputError`."""
    given = _value(settings, "NEWSSCRAPER_REVISIT_HOURS")
    try:
        values = json.loads(f"[{given.strip().strip('[]')}]") if isinstance(given, str) else list(given or ())
        hours = [float(value) for value in values]
    except (TypeError, ValueError) as fault:
        raise InputError(f"NEWSSCRAPER_REVISIT_HOURS: expected hours such as 1,3,12, got {shown(given)}") from fault
    if any(not 0 < each < float("inf") for each in hours) or sorted(set(hours)) != hours:
        raise InputError(f"NEWSSCRAPER_REVISIT_HOURS: expected rising hours above 0, got {shown(given)}")
    return hours


def read_form(settings: BaseSettings) -> Form:
    """`NEWSSCRAPER_SEAL_FORM`: what sealed files are packed with. Raises `InputError`."""
    given = _value(settings, "NEWSSCRAPER_SEAL_FORM")
    for form in FORMS:
        if given == form:
            return form
    raise InputError(f"NEWSSCRAPER_SEAL_FORM: expected one of {', '.join(FORMS)}, got {shown(given)}")


def read_workers(settings: BaseSettings) -> Workers:
    """`NEWSSCRAPER_WORKERS`: `auto`, or how many processes read pages, 0 for none. Raises `InputError`."""
    given = _value(settings, "NEWSSCRAPER_WORKERS")
    if given == "auto":
        return "auto"
    try:
        number = int(given)
    except (TypeError, ValueError):
        number = -1
    if number < 0:
        raise InputError(f"NEWSSCRAPER_WORKERS: expected auto or a whole number, 0 or more, got {shown(given)}")
    return number


def open_readers(settings: BaseSettings, target: Target, model: Model) -> Readers:
    """Who reads the pages of the run; workers are started when they are needed. Raises `InputError`."""
    seconds = settings.getfloat("NEWSSCRAPER_PAGE_SECONDS", own_settings()["NEWSSCRAPER_PAGE_SECONDS"])
    return Readers(target, model, model_file(settings), workers=read_workers(settings), seconds=seconds)


def read_archive_bytes(settings: BaseSettings) -> int:
    """`NEWSSCRAPER_ARCHIVE_MB` in bytes, one at least: every page in a file of its own."""
    name = "NEWSSCRAPER_ARCHIVE_MB"
    return max(1, int(settings.getfloat(name, own_settings()[name]) * 1_000_000))


def open_ledgers(  # noqa: PLR0913 (a run's conditions)
    settings: BaseSettings,
    corpus: Path,
    target: Target,
    *,
    clock: Clock,
    run_id: str,
    archive_info: Mapping[str, str],
) -> Ledgers:
    """The ledgers of the run, locked. Raises `LedgerError`, and `InputError` where they cannot be written.

    `OSError` on a full disk: that is no fault of what was asked for.
    """
    try:
        return Ledgers.open(
            corpus,
            target.scope,
            follow=target.follow,
            clock=clock,
            run_id=run_id,
            form=read_form(settings),
            cache_mb=settings.getint("NEWSSCRAPER_LEDGER_CACHE_MB", own_settings()["NEWSSCRAPER_LEDGER_CACHE_MB"]),
            fresh=not settings.getbool("NEWSSCRAPER_INCREMENTAL", True),
            any_file_system=settings.getbool("NEWSSCRAPER_LEDGER_ANYWHERE", False),
            archive_bytes=read_archive_bytes(settings),
            archive_info=archive_info,
        )
    except OSError as fault:
        if fault.errno == errno.ENOSPC:
            raise
        raise InputError(f"{corpus}: expected a folder that can be written to: {fault.strerror or fault}") from fault


def read_limits(settings: BaseSettings) -> Limits:
    """The bounds that the settings give; in a project that has none of ours, the defaults."""

    def number(name: str) -> int:
        return settings.getint(name, own_settings()[name])

    return Limits(
        depth=number("NEWSSCRAPER_MAX_DEPTH"),
        pages_per_listing=number("NEWSSCRAPER_MAX_PAGES_PER_LISTING"),
        barren_pages=number("NEWSSCRAPER_MAX_BARREN_PAGES"),
        barren_shape=number("NEWSSCRAPER_MAX_BARREN_OF_A_SHAPE"),
        barren_folder=number("NEWSSCRAPER_MAX_BARREN_OF_A_FOLDER"),
        pages=number("NEWSSCRAPER_MAX_LISTING_PAGES"),
        machine_files=number("NEWSSCRAPER_MAX_FEEDS_AND_SITEMAPS"),
        pages_per_story=number("NEWSSCRAPER_MAX_PAGES_PER_STORY"),
        refusals=number("NEWSSCRAPER_MAX_REFUSALS_IN_A_ROW"),
        url_length=number("URLLENGTH_LIMIT"),
    )


def _value(settings: BaseSettings, name: str) -> Any:
    value = settings.get(name)
    return own_settings()[name] if value is None else value
