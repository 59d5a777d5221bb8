"""Before anything starts: settings and the corpus folder, and how a crawl that cannot start says so."""

from __future__ import annotations

import asyncio
import logging
import math
from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings, default_settings

from newsscraper.crawl.archiving import read_what
from newsscraper.crawl.monitors.watch import check_monitors
from newsscraper.crawl.offline import read_offline
from newsscraper.crawl.opening import read_clock, read_form, read_revisit_hours, read_workers
from newsscraper.crawl.polite_purpose import read_purpose
from newsscraper.crawl.settings import own_settings
from newsscraper.crawl.standins import read_stand_ins
from newsscraper.crawl.weights import read_model
from newsscraper.errors import InputError, NewsscraperError
from newsscraper.sites.checks import shown, suggestion
from newsscraper.store import check_writable

_PREFIX = "NEWSSCRAPER_"

logger = logging.getLogger(__name__)


def check_settings(settings: BaseSettings) -> None:
    """Raises `InputError` for a setting under our prefix that we do not know, and for one of the wrong type.

    `ModelError` for weights that cannot be used.
    """
    own = own_settings()
    ours = [name for name in own if name.startswith(_PREFIX)]
    for name in settings:
        if str(name).startswith(_PREFIX) and name not in own:
            raise InputError(f"{name}: no setting is called that{suggestion(str(name), ours)}")
    for name in ours:
        _check_number(name, settings.get(name), type(own[name]))
    for name, default in (vars(default_settings) | own).items():
        kinds = {bool} if name.startswith(_PREFIX) else {bool, int, float}
        if type(default) in kinds and settings.getpriority(name):
            _check_text(name, settings, type(default))
    read_stand_ins(settings)
    read_clock(settings)
    read_revisit_hours(settings)
    read_form(settings)
    read_what(settings)
    read_offline(settings)
    read_workers(settings)
    read_model(settings)
    read_purpose(settings)
    check_monitors(settings)


def check_corpus(corpus: Path, site: str) -> None:
    """Raises `InputError` where the stories of `site` or the report of its run could not be written."""
    try:
        check_writable(corpus, site)
    except OSError as fault:
        raise InputError(f"{corpus}: expected a folder that can be written to: {fault.strerror or fault}") from fault


def tell_refusal(fault: NewsscraperError) -> None:
    """Log in one line why a crawl does not start. `fault` is to be raised on: Scrapy then ends with exit code 1."""
    logger.error("%s", "; ".join([str(fault), *getattr(fault, "__notes__", ())]))
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return
    if task is not None:
        # What nobody asks a task for, asyncio logs with its traceback.
        task.add_done_callback(asyncio.Task.exception)


def _check_number(name: str, value: Any, kind: type) -> None:
    if kind not in {int, float}:
        return
    try:
        number = kind(value)
        well = math.isfinite(number) and number >= 0
    except (TypeError, ValueError):
        well = False
    if not well:
        raise InputError(
            f"{name}: expected {'a whole number' if kind is int else 'a number'}, 0 or more, got {shown(value)}"
        )


def _check_text(name: str, settings: BaseSettings, kind: type) -> None:
    text = settings.get(name)
    if not isinstance(text, str):  # set in Python, which is a project's own affair; text comes from a command line
        return
    try:
        if kind is bool:
            settings.getbool(name)
        else:
            float(text)
    except ValueError as fault:
        expected = "True or False" if kind is bool else "a number"
        raise InputError(f"{name}: expected {expected}, got {shown(text)}") from fault
