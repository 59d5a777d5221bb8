"""A run that has ended, held against those before it: what is in its report goes in, what fell comes out."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings
from spidermon.core.actions import Action

from newsscraper.crawl.monitors.bounds import MonitorBounds, read_bounds
from newsscraper.crawl.monitors.findings import Finding
from newsscraper.crawl.monitors.history import find_past, read_figures
from newsscraper.crawl.monitors.notices import load_actions, make_notice
from newsscraper.crawl.monitors.suite import Check
from newsscraper.crawl.settings import own_settings
from newsscraper.crawl.summary import STOPPED_YIELDING
from newsscraper.errors import InputError
from newsscraper.store import RunReport, iterate_reports

logger = logging.getLogger(__name__)


class Watch:
    """One site's part of a run; `context` is for actions of Spidermon's own: `spider`, `stats`, `crawler`."""

    def __init__(self, settings: BaseSettings, corpus: Path, **context: Any) -> None:
        self._settings = settings
        self._corpus = corpus
        self._context = context
        self._check = Check(_load_actions(settings))

    def find(self, report: RunReport) -> list[Finding]:
        """What is no longer as earlier reports have it; none with `NEWSSCRAPER_MONITORS=False`."""
        figures = read_figures(report.to_dict())
        bounds = _read_bounds(self._settings)
        if figures is None or bounds is None or not is_on(self._settings):
            return []
        earlier = (each for each in iterate_reports(self._corpus, report.site) if each.get("run_id") != report.run_id)
        past = find_past(earlier, report.arguments, bounds.since)
        found = self._check.find(figures, past, bounds, report.problems, **self._context)
        for fault in self._check.faults:
            logger.error("a monitor of %s broke: %s", report.site, fault)
        return found

    def tell(self, report: RunReport, path: Path) -> None:
        """Tell whoever `NEWSSCRAPER_NOTIFY` names where a monitor has failed; it may take as long as they take."""
        if not self._check.has_failed:
            return
        notice = make_notice(report.site, report.exit_code, report.problems, report.findings, str(path))
        for fault in self._check.tell(notice):
            logger.error("a notice about %s was not sent: %s", report.site, fault)


def is_on(settings: BaseSettings) -> bool:
    """Whether runs are measured by earlier ones."""
    return settings.getbool("NEWSSCRAPER_MONITORS", own_settings()["NEWSSCRAPER_MONITORS"])


def advise(findings: Sequence[Finding], started_at: str) -> list[str]:
    """What a person can do about findings, in a sentence."""
    if not any(each.exit_code == STOPPED_YIELDING for each in findings):
        return []
    return [f"if the site is meant to be like this from now on: -s NEWSSCRAPER_MONITOR_SINCE={started_at}"]


def check_monitors(settings: BaseSettings) -> None:
    """Raises `InputError` for bounds, or for somebody to be told, that the settings get wrong."""
    read_bounds(settings)
    load_actions(settings)


def _load_actions(settings: BaseSettings) -> list[Action]:
    try:
        return load_actions(settings)
    except InputError as fault:
        logger.error("nobody will be told of what monitors find: %s", fault)
        return []


def _read_bounds(settings: BaseSettings) -> MonitorBounds | None:
    try:
        return read_bounds(settings)
    except InputError as fault:
        logger.error("the run is not measured by earlier ones: %s", fault)
        return None
