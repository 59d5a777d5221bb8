"""Files through the core, many at once: pages, text dumps and archives in, one `Outcome` a page out.

A file that cannot be used costs its own outcome and nothing else: whatever goes wrong with it is told there. What a
file is, its content says: names count for little where pages were saved by browsers, crawlers and scripts.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from newsscraper.batch.pages import (
    Outcome,
    PageJob,
    choose_profile,
    extract_archived,
    prepare_job,
    profile_chooser,
    site_of_url,
    tell_passed_over,
    wrap_bug,
)
from newsscraper.errors import InputError, NewsscraperError, NoPageError
from newsscraper.explain import explain, explain_text
from newsscraper.extract import Evidence, Gathering, Model, extract, extract_text
from newsscraper.extract.decode import decode
from newsscraper.extract.gathering import MOST_PAGES
from newsscraper.sites import Profile
from newsscraper.store.archive import Filters, PassedOver, is_archive, read_archive
from newsscraper.store.pages import STDIN, can_be_read_again, file_uri, find_claimed_url, is_dump, read_page
from newsscraper.store.records import make_record

__all__ = [
    "FEWEST_PAGES",
    "Outcome",
    "Source",
    "choose_profile",
    "extract_files",
    "find_pages",
    "find_sites",
    "gather_sites",
    "is_dump",
    "read_page",
]

FEWEST_PAGES = 3
"""Pages of a site from which its evidence is gathered: two may be two versions of one story."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """One file to read."""

    path: str
    """As given, or the folder's and what is below; `-` for standard input; of an archive perhaps a URL."""
    url: str | None = None
    """Where the page was found."""
    is_found: bool = False
    """It was come upon in a folder: should it be no page, nobody said it was one."""
    is_archive: bool = False
    """It is a WARC file, local or an fsspec URL: many pages, which tell their own addresses."""


def extract_files(  # noqa: PLR0913 - options of one call, all by name
    paths: Iterable[str | os.PathLike[str] | Source],
    *,
    url: str | None = None,
    profile: Profile | str | None = None,
    sites: Iterable[str | os.PathLike[str]] = (),
    fetched_at: str | None = None,
    force: bool = False,
    traced: bool = False,
    evidence: Mapping[str, Evidence] | None = None,
    model: Model | None = None,
    filters: Filters | None = None,
) -> Iterator[Outcome]:
    """One outcome a file, and one a record of each archive that might hold a page, in the order of `find_pages(paths)`.

    `url` is that of every page whose `Source` has none of its own, and `fetched_at` (UTC, `2022-03-30T17:20:00Z`) that
    of all. `profile` is a profile, a name, `auto` (the one that owns the host of a page's URL) or None; `sites` are
    folders of the user's own profiles. `force` extracts pages that are no story; `traced` fills `Outcome.trace`;
    `evidence` is that of each site, as `gather_sites` gives it; `model` the weights to read with, those that come with
    the package where none are given; `filters` choose among the records of archives. Raises `InputError` or
    `ProfileError` for a profile that cannot be had, `ModelError` where the package's own weights cannot, and nothing
    for a file.
    """
    sources = [dataclasses.replace(source, url=source.url or url) for source in find_pages(paths)]
    job = prepare_job(
        profile=profile,
        sites=sites,
        fetched_at=fetched_at,
        force=force,
        traced=traced,
        evidence=evidence,
        model=model,
    )
    return (outcome for source in sources for outcome in extract_source(source, job, filters))


def find_sites(sources: Iterable[Source], *, on_read: Callable[[], None] | None = None) -> dict[str, list[Source]]:
    """The pages of each site with `FEWEST_PAGES` or more: at most `MOST_PAGES`, evenly spread over the order given.

    A site is a registrable domain: that of a page's URL, or else of the one that the page claims (its canonical link,
    `og:url`), for which it is read; `on_read` is called then. Streams, which can be read once only, are left out, and
    archives.
    """
    found: dict[str, list[Source]] = {}
    for source in sources:
        if source.is_archive:
            continue
        site = site_of_url(source.url) if source.url else _claimed_site(source, on_read)
        if site is not None and can_be_read_again(source.path):
            found.setdefault(site, []).append(source)
    return {site: _spread(of_site) for site, of_site in sorted(found.items()) if len(of_site) >= FEWEST_PAGES}


def gather_sites(
    sites: Mapping[str, Iterable[Source]],
    *,
    profile: Profile | str | None = None,
    sites_dirs: Iterable[str | os.PathLike[str]] = (),
    model: Model | None = None,
    on_read: Callable[[], None] | None = None,
) -> dict[str, Evidence]:
    """The evidence of each of `find_sites`' answer, one site in memory at a time; `on_read` is called for each page.

    `profile`, `sites_dirs` and `model` are `extract_files`' own `profile`, `sites` and `model`. A page that cannot be
    used tells nothing here; `extract_files` says why. Raises `InputError` or `ProfileError` for a profile that cannot
    be had.
    """
    profile_of = profile_chooser(profile, sites_dirs)
    found = {}
    for site, sources in sites.items():
        gathering = Gathering(model=model)
        for source in sources:
            _gather_file(gathering, source, profile_of(source.url))
            if on_read:
                on_read()
        found[site] = gathering.freeze()
    return found


def _gather_file(gathering: Gathering, source: Source, profile: Profile | None) -> None:
    """Whatever is wrong with a page is for `extract_files` to tell."""
    try:
        page = read_page(source.path)
        if not is_dump(source.path, page):
            gathering.add(page, source.url, profile=profile)
    except Exception:  # as in `extract_file`: a bug met on one page must not cost the others
        return


def _spread(sources: list[Source]) -> list[Source]:
    """At most `MOST_PAGES`, at equal distances."""
    count = min(len(sources), MOST_PAGES)
    return [sources[number * len(sources) // count] for number in range(count)]


def _claimed_site(source: Source, on_read: Callable[[], None] | None) -> str | None:
    if not can_be_read_again(source.path):
        return None
    try:
        return site_of_url(find_claimed_url(read_page(source.path)))
    except NewsscraperError:
        return None
    finally:
        if on_read:
            on_read()


def find_pages(paths: Iterable[str | os.PathLike[str] | Source]) -> list[Source]:
    """Files as named, and for each folder the files in it and below, sorted; a folder without any stays itself.

    Files and folders whose names begin with a dot are left out. What is an archive is marked as one.
    """
    found: list[Source] = []
    for path in paths:
        source = path if isinstance(path, Source) else Source(path=os.fspath(path))
        is_folder = source.path != STDIN and not source.is_found and os.path.isdir(source.path)
        found.extend((is_folder and _files_below(source.path)) or [_marked(source)])
    return found


def _marked(source: Source) -> Source:
    is_one = source.is_archive or (source.path != STDIN and is_archive(source.path))
    return dataclasses.replace(source, is_archive=is_one)


def _files_below(folder: str) -> list[Source]:
    """Links to folders are not followed: they may lead back. A folder that cannot be read stands for its files."""
    found: list[str] = []

    def note(error: OSError) -> None:
        found.append(error.filename)

    for place, folders, names in os.walk(folder, onerror=note):
        folders[:] = [name for name in folders if not name.startswith(".")]
        links = [name for name in folders if os.path.islink(os.path.join(place, name))]
        found.extend(os.path.join(place, name) for name in (*names, *links) if not name.startswith("."))
    return [_marked(Source(path=path, is_found=True)) for path in sorted(found)]


def extract_source(source: Source, job: PageJob, filters: Filters | None = None) -> Iterator[Outcome]:
    """What became of a file, or of each record of an archive, which is read as it goes. Raises nothing."""
    if not source.is_archive:
        yield extract_file(source, job)
        return
    try:
        for found in read_archive(source.path, filters=filters):
            yield tell_passed_over(found) if isinstance(found, PassedOver) else extract_archived(found, job)
    except InputError as error:
        told = InputError(str(error).removeprefix(f"{source.path}: "))
        yield Outcome(source=source.path, error=told, reason="unreadable")


def extract_file(source: Source, job: PageJob) -> Outcome:
    """What became of one file. Raises nothing."""
    try:
        return _extract_page(source, read_page(source.path), job)
    except NoPageError as error:
        if source.is_found:
            return Outcome(source=source.path, passed_over=error.kind)
        return Outcome(source=source.path, error=_advise(source, error))
    except NewsscraperError as error:
        return Outcome(source=source.path, error=error)
    except Exception as error:  # a bug met on one page must not cost the others
        return Outcome(source=source.path, error=wrap_bug(error))


def _advise(source: Source, error: NoPageError) -> NoPageError:
    """The same error with what to do, where an archive came in a way in which none can be read."""
    if error.kind != "archive":
        return error
    if source.path.lower().endswith(".wacz"):
        return NoPageError(error.kind, "a WACZ file: unzip it, and give the archives in it (archive/*.warc.gz)")
    if not can_be_read_again(source.path):
        return NoPageError(error.kind, "an archive on a stream: give it as a path, since archives are read as files")
    return error


def _extract_page(source: Source, page: bytes, job: PageJob) -> Outcome:
    """The page's record; of a page that is refused, the error with its trace."""
    profile = job.profile_of(source.url)
    options: dict[str, Any] = {"profile": profile, "fetched_at": job.fetched_at}
    dumped = is_dump(source.path, page)
    evidence, model = (None, None) if dumped else (_find_evidence(source, page, job), job.model)
    judges: dict[str, Any] = {"evidence": evidence, "model": model}
    steps = None
    if job.traced:
        read = explain_text(page, source.url, **options) if dumped else explain(page, source.url, **judges, **options)
        steps = read.trace.to_dict()
        if read.story is None or (read.refusal and not job.force):
            return Outcome(source=source.path, error=read.refusal, trace=steps)
        story = read.story
    elif dumped:
        story = extract_text(decode(page).text, source.url, force=job.force, **options)
    else:
        story = extract(page, source.url, force=job.force, **judges, **options)
    record = make_record(story, url=source.url, fetched_at=job.fetched_at, profile=profile, **judges)
    # Nothing was fetched: what was read is a file, whatever address its page once had.
    return Outcome(
        source=source.path, record=dataclasses.replace(record, fetched_url=file_uri(source.path)), trace=steps
    )


def _find_evidence(source: Source, page: bytes, job: PageJob) -> Evidence | None:
    if not job.evidence:
        return None
    return job.evidence.get(site_of_url(source.url or find_claimed_url(page)) or "")
