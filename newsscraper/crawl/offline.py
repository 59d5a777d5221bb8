"""A crawl whose answers come out of an archive: nobody is asked, nothing is waited for.

Any archive does: our own, with or without lists and robots.txt, or another's that holds nothing but answers. Of an
address the latest capture counts, or the latest before `NEWSSCRAPER_NOW`. What is not archived is `not_archived` in the
run's report, and no fault of the site; a robots.txt that is not forbids nothing. A record tells when its page was
captured, and where it lies.
"""

from __future__ import annotations

import dataclasses
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.offline_index import ArchiveIndex, Capture, describe_packed_together, find_files
from newsscraper.crawl.opening import read_clock
from newsscraper.crawl.outcome import Answer, Outcome
from newsscraper.crawl.reading import expect
from newsscraper.crawl.settings import own_settings
from newsscraper.crawl.target import Target
from newsscraper.errors import InputError
from newsscraper.record import WarcPointer
from newsscraper.sites.checks import shown
from newsscraper.store import format_instant
from newsscraper.store.archive.http import MOST_HEADERS, EncodingError, Head, find_head_end, read_head, unpack_body
from newsscraper.store.archive.remote import is_remote, open_source
from newsscraper.store.archive.walking import Came, walk

ARCHIVED = "newsscraper_archived"
"""In a request's meta: when what answered it was captured, and where it lies."""
_NO_WAITING = {
    "DOWNLOAD_DELAY": 0,
    "DOWNLOAD_DELAY_JITTER": 0.0,
    "DOWNLOAD_SLOTS": {},
    "CONCURRENT_REQUESTS": 8,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    "AUTOTHROTTLE_ENABLED": False,
    "RETRY_ENABLED": False,
    "NEWSSCRAPER_MONITORS": False,
}
"""Settings of a crawl that asks nobody; it is no measure of the site either."""
_REASONS_TO_STOP = (
    "NEWSSCRAPER_MAX_BARREN_PAGES",
    "NEWSSCRAPER_MAX_BARREN_OF_A_SHAPE",
    "NEWSSCRAPER_MAX_BARREN_OF_A_FOLDER",
    "NEWSSCRAPER_MAX_PAGES_PER_LISTING",
)
"""Bounds that spare a site requests which bring nothing: an archive has an end, and takes no harm."""
_NEVER = 1 << 30

logger = logging.getLogger(__name__)


class Unreadable(Exception):
    """A capture that the index knows cannot be read; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Archived:
    """An answer out of an archive."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    """Unpacked."""
    at: str
    warc: WarcPointer


class OfflineArchive:
    """The archive that a run is answered from."""

    def __init__(self, index: ArchiveIndex, corpus: Path) -> None:
        self._index = index
        self._corpus = corpus.absolute()

    def find(self, url: str, most: int) -> Archived | None:
        """The answer for `url`, of at most `most` bytes. Raises `Unreadable`, `ValueError` for what is no URL."""
        capture = self._index.find(url)
        if capture is None:
            return None
        head, body = _read_answer(capture, most)
        return Archived(
            status=head.status,
            headers=tuple(each for each in head.headers if each[0] not in {"content-encoding", "transfer-encoding"}),
            body=body,
            at=capture.at,
            warc=self._point_to(capture),
        )

    def draw(self, answer: Answer, most: int) -> Answer:
        """`answer` with the page as a browser drew it then, where that is archived. Raises `Unreadable`."""
        capture = self._index.find_drawn(answer.url)
        if capture is None:
            return answer
        return dataclasses.replace(
            answer,
            body=_read_block(capture, most),
            content_type="text/html; charset=utf-8",
            etag=None,
            last_modified=None,
            warc=self._point_to(capture),
        )

    def starts(self, target: Target) -> Iterator[Found]:
        """Pages of the archive that belong to the site, for those that nothing has led to."""
        for host in self._index.hosts():
            if target.scope.owns(f"https://{host}/"):
                for url, is_story in self._index.pages(host):
                    kind = "story" if is_story else expect(url, target.profile_of(url))
                    yield Found(url=url, kind=kind, announced=is_story)

    def holds(self, target: Target) -> bool:
        """Whether there is any page of the site."""
        return next(self.starts(target), None) is not None

    def _point_to(self, capture: Capture) -> WarcPointer:
        """Below the corpus folder where it lies there, else where it is on this machine."""
        file = capture.file.absolute()
        name = file.relative_to(self._corpus).as_posix() if file.is_relative_to(self._corpus) else str(file)
        return {"file": name, "offset": capture.offset, "length": capture.length, "record_id": capture.record_id}


def is_offline(settings: BaseSettings) -> bool:
    """Whether a crawl is answered from an archive."""
    return bool(settings.get("NEWSSCRAPER_OFFLINE"))


def read_offline(settings: BaseSettings) -> list[Path]:
    """The files that `NEWSSCRAPER_OFFLINE` names: paths, folders, patterns. Raises `InputError` where there is none."""
    given = settings.get("NEWSSCRAPER_OFFLINE") or []
    if not isinstance(given, (str, list, tuple)) or not all(isinstance(each, str) for each in given):
        raise InputError(f"NEWSSCRAPER_OFFLINE: expected a path, or a list of paths, got {shown(given)}")
    if isinstance(given, str):
        given = [given] if is_remote(given) else given.split(os.pathsep)
    names = list(given)
    if elsewhere := next(filter(is_remote, names), None):
        raise InputError(
            f"NEWSSCRAPER_OFFLINE: {shown(elsewhere)} lies elsewhere: fetch it first, since a crawl looks up one page "
            "here and one there (newsscraper extract reads it as it is, from beginning to end)"
        )
    files = find_files(filter(None, names))
    if names and not files:
        places = ", ".join(map(shown, names))
        raise InputError(f"NEWSSCRAPER_OFFLINE: expected archives (.warc, .warc.gz), found none at {places}")
    return files


def open_archive(settings: BaseSettings, corpus: Path) -> OfflineArchive:
    """The archive, indexed. Raises `InputError`."""
    files = read_offline(settings)
    before = format_instant(read_clock(settings).now()) if settings.get("NEWSSCRAPER_NOW") else None
    index = ArchiveIndex(files, before=before)
    if index.packed_together and len(index) <= len(files):  # of each no more than the first
        raise InputError(describe_packed_together(index.packed_together[0]))
    logger.info("offline: captures in the archive: %d (files: %d)", len(index), len(files))
    return OfflineArchive(index, corpus)


def settle_offline(settings: BaseSettings) -> None:
    """Take every delay out of `settings`, whoever set it, and those bounds that nobody set."""
    for name, value in _NO_WAITING.items():
        settings.set(name, value, priority=max(settings.getpriority(name) or 0, SETTINGS_PRIORITIES["cmdline"]))
    defaults = own_settings()
    for name in _REASONS_TO_STOP:
        if settings.get(name) in {None, defaults[name]}:
            settings.set(name, _NEVER, priority="spider")


class ArchivedDrawings:
    """In the place of a browser: pages as one drew them when they were captured."""

    is_busy = False

    def __init__(self, archive: OfflineArchive, most: int) -> None:
        self._archive = archive
        self._most = most

    def may_help(self, outcome: Outcome, answer: Answer, found: Found) -> bool:
        """Whether the page that `outcome` was read from held no text."""
        return outcome.kind == "listing" and outcome.reason in {"no_text", "empty"}

    async def draw(self, answer: Answer) -> Answer:
        """The same answer with the page as it was drawn, where it was."""
        return self._archive.draw(answer, self._most)


def _read_answer(capture: Capture, most: int) -> tuple[Head, bytes]:
    block = _read_block(capture, most + MOST_HEADERS)
    end = find_head_end(block)
    head = read_head(block if end is None else block[:end])
    if head is None:
        raise Unreadable(f"{capture.file} at {capture.offset:,}: no answer")
    try:
        return head, unpack_body(block[end:] if end is not None else b"", head, most).body
    except EncodingError as fault:
        raise Unreadable(f"{capture.file} at {capture.offset:,}: {fault}") from fault


def _read_block(capture: Capture, most: int) -> bytes:
    with open_source(str(capture.file)) as source:
        for step in walk(source, start=capture.offset, end=capture.offset + 1):
            if not isinstance(step, Came):
                break
            if step.record.content_length > most:
                raise Unreadable(f"{capture.file} at {capture.offset:,}: more than {most:,} bytes")
            block: bytes = step.record.reader.read(most)
            return block
    raise Unreadable(f"{capture.file} at {capture.offset:,}: no record begins there any more")
