"""A crawl as a function call: targets in, a summary of each out."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from newsscraper.crawl.apart import Job, crawl_apart
from newsscraper.crawl.checks import check_corpus, check_settings
from newsscraper.crawl.loader import read_folders
from newsscraper.crawl.opening import read_clock
from newsscraper.crawl.progress import shown_progress
from newsscraper.crawl.reporter import RunReporter
from newsscraper.crawl.spiders.news import NewsSpider
from newsscraper.crawl.summary import MISUSED, RunSummary, without_report
from newsscraper.crawl.target import ARGUMENTS, Target, check_arguments, read_target
from newsscraper.errors import InputError, LedgerError
from newsscraper.sites import load_profiles

if TYPE_CHECKING:
    from asyncio import Task

__all__ = ["RunSummary", "crawl"]

SETTINGS_MODULE = "newsscraper.crawl.settings"
_LINES_EVERY = 10.0


def crawl(  # noqa: PLR0913 (a crawl's conditions)
    targets: Sequence[str],
    *,
    corpus: Path,
    arguments: Mapping[str, str] | None = None,
    settings: Mapping[str, Any] | None = None,
    quiet: bool = False,
    jobs: int | None = None,
) -> list[RunSummary]:
    """Crawl every target and write what comes into `corpus`.

    With `jobs`, several targets are crawled each in a process of its own, so many at a time; else all at once in this
    one.

    A target is a profile's name or a URL. `arguments` go to every spider, `settings` are Scrapy's and ours, as `-a` and
    `-s` give them; with `arguments["urls"]` there may be no target. Raises `InputError`, `ProfileError` or
    `ModelError` before anything starts. Here once a process: the reactor does not start twice.
    """
    project = make_settings(corpus, settings or {})
    chosen = [plan(target, arguments or {}, project) for target in targets or _no_target(arguments or {})]
    _refuse_same_site([target for _, target in chosen])
    for _, target in chosen:
        check_corpus(Path(project.get("NEWSSCRAPER_CORPUS")), target.scope.label)
    if jobs is not None and len(chosen) > 1:
        given: dict[str, Any] = {"arguments": dict(arguments or {}), "settings": dict(settings or {})}
        labels = [target.scope.label for _, target in chosen]
        sites = [
            Job(target=target, label=label, corpus=corpus, quiet=quiet, **given)
            for target, label in zip(targets, labels, strict=True)
        ]
        return crawl_apart(sites, at_once=jobs)
    process = AsyncCrawlerProcess(project)
    crawlers = [process.create_crawler(NewsSpider) for _ in chosen]
    labels = [target.scope.label for _, target in chosen]
    with shown_progress(list(zip(crawlers, labels, strict=True)), quiet=quiet):
        tasks = [
            process.crawl(crawler, **spider_arguments)
            for crawler, (spider_arguments, _) in zip(crawlers, chosen, strict=True)
        ]
        process.start()
    ended = zip(crawlers, tasks, labels, strict=True)
    return [summary for crawler, task, label in ended for summary in _summarise(crawler, task, label)]


def make_settings(corpus: Path, given: Mapping[str, Any]) -> Settings:
    """Our settings module with `given` over it, as the command line would. Raises as `check_settings` does."""
    settings = Settings()
    settings.setmodule(importlib.import_module(SETTINGS_MODULE), priority="project")
    settings.set("LOG_INSTALL_ROOT_HANDLER", "LOG_FILE" in given, priority="project")
    settings.set("LOGSTATS_INTERVAL", _LINES_EVERY, priority="project")
    settings.set("NEWSSCRAPER_CORPUS", str(corpus), priority="cmdline")
    settings.setdict(dict(given), priority="cmdline")
    check_settings(settings)
    return settings


def plan(target: str, arguments: Mapping[str, str], settings: Settings) -> tuple[dict[str, str], Target]:
    """A spider's arguments for `target` (empty where `arguments` say it all), and what they lead to."""
    own: dict[str, str]
    check_arguments(arguments)
    if not target:
        own = {}
    elif target == NewsSpider.name and target not in load_profiles(read_folders(settings)):
        raise InputError(f"{target!r} is the spider for any site: give it the site's URL, such as https://any.example/")
    elif "://" in target or _looks_like_host(target):
        own = {"url": target if "://" in target else f"https://{target}"}
    else:
        own = {"site": target}
    for name in own.keys() & arguments.keys():
        raise InputError(f"two targets: {target} and -a {name}={arguments[name]}; give one of them")
    spider_arguments = own | dict(arguments)
    now = read_clock(settings).now()
    return spider_arguments, read_target(**spider_arguments, folders=read_folders(settings), now=now)


def _no_target(arguments: Mapping[str, str]) -> list[str]:
    if not arguments.keys() & set(ARGUMENTS):
        raise InputError("nothing to crawl: give a profile's name or a URL")
    return [""]


def _looks_like_host(target: str) -> bool:
    host = urlsplit(f"//{target}").hostname or ""
    return "." in host or host == "localhost"


def _refuse_same_site(targets: Sequence[Target]) -> None:
    """Two crawls of one site would ask it twice as fast as it allows."""
    seen: dict[str, str] = {}
    for target in targets:
        for site in sorted(target.scope.sites):
            if site in seen:
                raise InputError(
                    f"{seen[site]} and {target.start[0].url} are the same site, {site}, which would be asked twice as "
                    f"fast as it allows: give one of them (all of a site is crawled, wherever it begins), or crawl one "
                    f"after the other"
                )
        seen |= dict.fromkeys(target.scope.sites, target.start[0].url)


def _summarise(crawler: Crawler, task: Task[None], label: str) -> list[RunSummary]:
    reporter = crawler.get_extension(RunReporter) if crawler.spider else None
    if reporter is None:
        fault = _error_of(task)
        if isinstance(fault, (LedgerError, InputError)):
            return [without_report(label, "not_started", str(fault), exit_code=MISUSED)]
        return [without_report(label, "not_started", f"the crawl could not start: {fault}")]
    if not reporter.summaries:
        return [without_report(label, "killed", "the run was ended by force: the next one seals what it kept")]
    return reporter.summaries


def _error_of(task: Task[None]) -> BaseException | str:
    try:
        return task.exception() or "no reason given"
    except (asyncio.CancelledError, asyncio.InvalidStateError):
        return "it was cancelled"
