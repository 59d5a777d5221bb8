"""One page through the core: what is the same for every page of a batch, and what became of each."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from os import PathLike
from typing import Any
from urllib.parse import urlsplit

from newsscraper.errors import InputError, NewsscraperError, NotAStory
from newsscraper.explain import explain
from newsscraper.extract import Evidence, Model, choose_model, extract
from newsscraper.extract.joined import FetchedPage, join_fetched, read_further
from newsscraper.extract.signals import merge_rights, read_headers
from newsscraper.record import Record
from newsscraper.sites import Profile, find_profile, load_profile
from newsscraper.store.archive import ArchivedPage, PassedOver
from newsscraper.store.archive.http import charset_of
from newsscraper.store.pages import find_claimed_url
from newsscraper.store.records import make_record
from newsscraper.store.urls import site_of
from newsscraper.story import Story

FAULTS = frozenset({"corrupt", "truncated", "too_large", "unreachable", "no_warc"})
"""Reasons of `PassedOver` that mean something is wrong with the archive; other reasons are about what a site sent."""
_AGENT = "newsscraper"
"""The robot that directives are read for."""
_NO_HOST = "https://nowhere.invalid/"
"""Nobody's: the profile for it is chosen only to see that profiles can be read."""


@dataclass(frozen=True, kw_only=True)
class PageJob:
    """What is the same for every page of a batch."""

    profile_of: Callable[[str | None], Profile | None]
    fetched_at: str | None = None
    """Of pages that do not say it themselves."""
    force: bool = False
    traced: bool = False
    model: Model
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    """By site."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one page: a record, the error in its place, or why it was passed over."""

    source: str
    """`Source.path`, or the archive's file."""
    offset: int | None = None
    """Of an archive: where in it."""
    record: Record | None = None
    error: NewsscraperError | None = None
    passed_over: str | None = None
    """Of a file in a folder that is no page: `image`, `PDF`, `script`, ...; of an archive: `PassedOver.reason`."""
    reason: str | None = None
    """Why there is no record, in one word: that of `NotAStory`, of `PassedOver`, or `unreadable`, `unexpected`."""
    trace: dict[str, Any] | None = None
    """How the page was read, where that was asked for, as `explain` tells it; of a page that is refused too."""


def prepare_job(  # noqa: PLR0913 - options of one call, all by name
    *,
    profile: Profile | str | None = None,
    sites: Iterable[str | PathLike[str]] = (),
    fetched_at: str | None = None,
    force: bool = False,
    traced: bool = False,
    evidence: Mapping[str, Evidence] | None = None,
    model: Model | None = None,
) -> PageJob:
    """The job of `extract_files`' options. Raises `InputError`, `ProfileError` or `ModelError` for what is missing."""
    profile_of = profile_chooser(profile, sites)
    profile_of(_NO_HOST)
    return PageJob(
        profile_of=profile_of,
        fetched_at=fetched_at,
        force=force,
        traced=traced,
        model=model or choose_model(),
        evidence=evidence or {},
    )


def extract_archived(page: ArchivedPage, job: PageJob) -> Outcome:
    """What became of a page out of an archive. Raises nothing."""
    place: dict[str, Any] = {"source": page.warc["file"], "offset": page.warc["offset"]}
    try:
        return _extract(page, job, place)
    except NewsscraperError as error:
        return Outcome(**place, error=error, reason=name_error(error))
    except Exception as error:  # a bug met on one page must not cost the others
        return Outcome(**place, error=wrap_bug(error), reason="unexpected")


def tell_passed_over(passed: PassedOver) -> Outcome:
    """The outcome of a record that gives no page: an error where something is wrong with the archive."""
    place: dict[str, Any] = {"source": passed.file, "offset": passed.offset, "reason": passed.reason}
    if passed.reason in FAULTS:
        return Outcome(**place, error=InputError(f"{passed.reason}: {passed.detail}"))
    return Outcome(**place, passed_over=passed.reason)


def name_error(error: NewsscraperError) -> str:
    """One word for what is wrong with a page."""
    if isinstance(error, NotAStory):
        return error.reason
    return "unreadable" if isinstance(error, InputError) else "unexpected"


def wrap_bug(error: Exception) -> NewsscraperError:
    """What was not raised on purpose, as an error of ours."""
    wrapped = NewsscraperError(f"unexpected {type(error).__name__}: {error}")
    wrapped.__cause__ = error
    return wrapped


def choose_profile(
    profile: Profile | str | None, url: str | None, sites: Iterable[str | PathLike[str]] = ()
) -> Profile | None:
    """The profile meant by a name, by `auto` and `url`, or by itself. Raises `InputError` for an unknown name."""
    if profile == "auto":
        return find_profile(url, sites) if url else None
    return load_profile(profile, sites) if isinstance(profile, str) else profile


def profile_chooser(
    profile: Profile | str | None, sites: Iterable[str | PathLike[str]]
) -> Callable[[str | None], Profile | None]:
    """URL -> profile; the files of profiles are read once a host. It raises what `choose_profile` does."""
    folders = tuple(sites)

    @cache
    def choose(host: str | None) -> Profile | None:
        return choose_profile(profile, host and f"https://{host}/", folders)

    return lambda url: choose(_host_of(url))


def _host_of(url: str | None) -> str | None:
    try:
        return urlsplit(url).hostname if url else None
    except ValueError:
        return None


def site_of_url(url: str | None) -> str | None:
    """The registrable domain; None where there is none."""
    try:
        return site_of(url) if url else None
    except ValueError:
        return None


def _extract(page: ArchivedPage, job: PageJob, place: dict[str, Any]) -> Outcome:
    profile = job.profile_of(page.url)
    reading = _Reading(page, job, profile)
    steps = None
    if job.traced:
        read = explain(page.body, page.url, charset=charset_of(page.content_type), **reading.options)
        steps = read.trace.to_dict()
        if read.story is None or (read.refusal and not job.force):
            reason = name_error(read.refusal) if read.refusal else None
            return Outcome(**place, error=read.refusal, reason=reason, trace=steps)
        story = read.story
    else:
        story = extract(page.body, page.url, charset=charset_of(page.content_type), force=job.force, **reading.options)
    first, *further = map(_fetched, (page, *page.further))
    story = join_fetched(with_signals(story, first), first, further, reading.read_further)
    if any(each.is_truncated for each in (page, *page.further)):
        story = dataclasses.replace(story, complete=False)
    record = make_record(
        story,
        url=page.url,
        fetched_url=page.url,
        fetched_at=page.fetched_at or job.fetched_at,
        http_status=page.status or None,
        model=job.model,
        profile=profile,
        evidence=reading.options["evidence"],
    )
    return Outcome(**place, record=dataclasses.replace(record, warc=page.warc), trace=steps)


class _Reading:
    """What one story is read with."""

    def __init__(self, page: ArchivedPage, job: PageJob, profile: Profile | None) -> None:
        evidence = None
        if job.evidence:
            evidence = job.evidence.get(site_of_url(page.url or find_claimed_url(page.body)) or "")
        self.options: dict[str, Any] = {
            "profile": profile,
            "fetched_at": page.fetched_at or job.fetched_at,
            "evidence": evidence,
            "model": job.model,
        }

    def read_further(self, page: FetchedPage) -> Story | None:
        """The text of a page that is known to be a story's, however short; None where there is none."""
        story = read_further(page, **self.options)
        return None if story is None else with_signals(story, page)


def _fetched(page: ArchivedPage) -> FetchedPage:
    return FetchedPage(url=page.url, body=page.body, charset=charset_of(page.content_type), headers=page.headers)


def with_signals(story: Story, page: FetchedPage) -> Story:
    """`story` with what the headers of its answer say of its rights, as in a crawl."""
    headers: dict[str, list[str]] = {}
    for name, value in page.headers:
        headers.setdefault(name, []).append(value)
    return dataclasses.replace(story, rights=merge_rights(story.rights, [read_headers(headers, _AGENT)]))
