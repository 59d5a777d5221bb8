"""Files through the core, many at once: pages and text dumps in, one `Outcome` a file out.

A file that cannot be used costs its own outcome and nothing else: whatever goes wrong with it is told there.
"""

from __future__ import annotations

import gzip
import io
import os
import re
import sys
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsscraper.errors import InputError, NewsscraperError
from newsscraper.extract import extract, extract_text, trace
from newsscraper.extract.decode import decode
from newsscraper.record import Record
from newsscraper.sites import Profile, find_profile, load_profile
from newsscraper.store.records import make_record

STDIN = "-"
MAX_BYTES = 64 * 1024 * 1024
"""Of one page, decompressed: beyond this a file is no page but an accident or an attack."""
PAGE_SUFFIXES = (".html", ".htm", ".xhtml", ".txt")
"""Files taken from a folder; each also with `.gz`. A file named by itself may be called anything."""

_GZIP = b"\x1f\x8b"
_MARKUP = re.compile(rb"<(?:!doctype\s|!--|\?xml\s|/?[a-z][a-z0-9:-]*[\s/>])", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one file: a record, or the error that stands in its place."""

    source: str
    """Path as given or found; `-` for standard input."""
    record: Record | None = None
    error: NewsscraperError | None = None
    trace: dict[str, Any] | None = None
    """How the core came to the record, where that was asked for."""


@dataclass(frozen=True, kw_only=True)
class _Job:
    """What is the same for every file of a batch."""

    url: str | None
    profile: Profile | None
    fetched_at: str | None
    force: bool
    traced: bool


def extract_files(  # noqa: PLR0913 - options of one call, all by name
    paths: Iterable[str | os.PathLike[str]],
    *,
    url: str | None = None,
    profile: Profile | str | None = None,
    fetched_at: str | None = None,
    force: bool = False,
    traced: bool = False,
) -> Iterator[Outcome]:
    """One outcome a page, in the order of `find_pages(paths)`.

    `url` and `fetched_at` (UTC, `2022-03-30T17:20:00Z`) are those of every page. `profile` is a profile, a name,
    `auto` (the one that owns `url`'s host) or None. `force` extracts pages that are no story; `traced` fills
    `Outcome.trace`. Raises `InputError` or `ProfileError` for a profile that cannot be had, and nothing for a file.
    """
    job = _Job(url=url, profile=choose_profile(profile, url), fetched_at=fetched_at, force=force, traced=traced)
    return (_extract_file(source, job) for source in find_pages(paths))


def find_pages(paths: Iterable[str | os.PathLike[str]]) -> list[str]:
    """Files as named, and for each folder the pages in it and below, sorted; a folder without any stays itself."""
    found: list[str] = []
    for path in paths:
        source = os.fspath(path)
        is_folder = source != STDIN and os.path.isdir(source)
        found.extend((is_folder and _pages_below(source)) or [source])
    return found


def choose_profile(
    profile: Profile | str | None, url: str | None, sites: Iterable[str | os.PathLike[str]] = ()
) -> Profile | None:
    """The profile meant by a name, by `auto` and `url`, or by itself. Raises `InputError` for an unknown name."""
    if profile == "auto":
        return find_profile(url, sites) if url else None
    return load_profile(profile, sites) if isinstance(profile, str) else profile


def read_page(source: str) -> bytes:
    """The bytes of a page, decompressed, at most `MAX_BYTES`. Raises `InputError`."""
    try:
        if source == STDIN:
            content = sys.stdin.buffer.read(MAX_BYTES + 1)
        elif os.path.isdir(source):
            raise InputError(f"the folder holds no page; looked for {', '.join(PAGE_SUFFIXES)}, each also with .gz")
        else:
            with open(source, "rb") as file:
                content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if content.startswith(_GZIP):
        return _decompress(_bounded(content))
    return _bounded(content)


def is_dump(source: str, page: bytes) -> bool:
    """True for a page already flattened to text: by its name, or because it holds no markup."""
    name = source.lower().removesuffix(".gz")
    return name.endswith(".txt") or not _MARKUP.search(page.replace(b"\0", b""))


def _pages_below(folder: str) -> list[str]:
    """Links to folders are not followed: they may lead back."""
    return sorted(
        os.path.join(place, name)
        for place, _, names in os.walk(folder)
        for name in names
        if name.lower().removesuffix(".gz").endswith(PAGE_SUFFIXES) and Path(place, name).is_file()
    )


def _decompress(content: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            return _bounded(file.read(MAX_BYTES + 1))
    except (EOFError, OSError, zlib.error) as error:
        raise InputError(f"damaged gzip data: {error}") from error


def _bounded(content: bytes) -> bytes:
    if len(content) > MAX_BYTES:
        raise InputError(f"more than {MAX_BYTES // 1024 // 1024} MB in one page, decompressed")
    return content


def _extract_file(source: str, job: _Job) -> Outcome:
    try:
        record, steps = _extract_page(source, read_page(source), job)
        return Outcome(source=source, record=record, trace=steps)
    except NewsscraperError as error:
        return Outcome(source=source, error=error)
    except Exception as error:  # a bug met on one page must not cost the others
        wrapped = NewsscraperError(f"unexpected {type(error).__name__}: {error}")
        wrapped.__cause__ = error
        return Outcome(source=source, error=wrapped)


def _extract_page(source: str, page: bytes, job: _Job) -> tuple[Record, dict[str, Any] | None]:
    options: dict[str, Any] = {"profile": job.profile, "fetched_at": job.fetched_at, "force": job.force}
    steps = None
    if is_dump(source, page):
        story = extract_text(decode(page).text, job.url, **options)
    elif job.traced:
        story, explained = trace(page, job.url, **options)
        steps = explained.to_dict()
    else:
        story = extract(page, job.url, **options)
    record = make_record(story, url=job.url, fetched_at=job.fetched_at, profile=job.profile)
    return record, steps
