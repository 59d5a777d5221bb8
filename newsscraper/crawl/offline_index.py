"""Which captures an archive holds, and where: read once from the files themselves, whoever wrote them.

The index lies in a temporary database, which keeps what does not fit into memory on the disk and goes with the process.
CDXJ beside the files is not asked: it does not say where a redirect leads, what a browser drew, what a story's further
pages are.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from glob import glob
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from newsscraper.crawl.safety_text import fix_line
from newsscraper.store import normalise_url
from newsscraper.store.archive import is_archive_name
from newsscraper.store.archive.captures import read_instant
from newsscraper.store.archive.http import MOST_HEADERS, Head, find_head_end, read_head
from newsscraper.store.archive.remote import open_source
from newsscraper.store.archive.walking import Came, Damage, Ended, walk

_TABLE = """
CREATE TABLE captures (
    key TEXT NOT NULL, url TEXT NOT NULL, host TEXT NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL,
    status INTEGER, is_html INTEGER NOT NULL, leads_to TEXT, is_further INTEGER NOT NULL, file INTEGER NOT NULL,
    offset INTEGER NOT NULL, length INTEGER NOT NULL, record_id TEXT NOT NULL, refers_to TEXT, refers_url TEXT,
    refers_at TEXT, digest TEXT
)
"""
_COLUMNS = (
    "key, url, host, at, kind, status, is_html, leads_to, is_further, file, offset, length, record_id, refers_to, "
    "refers_url, refers_at, digest"
)
_INDEXES = (
    "CREATE INDEX by_key ON captures (key, at)",
    "CREATE INDEX by_record ON captures (record_id)",
    "CREATE INDEX by_host ON captures (host)",
    "CREATE INDEX by_target ON captures (leads_to) WHERE leads_to IS NOT NULL",
)
_KINDS = {"response": "response", "revisit": "revisit", "conversion": "drawn"}
_HTML = ("text/html", "application/xhtml+xml")
_INFO_BYTES = 1 << 16
_BATCH = 1000
_OWN_FIELD = "newsscraper-archive"
"""In the `warcinfo` of our own archives: what the crawl archived."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Capture:
    """A record that holds an answer, or a page as a browser drew it."""

    url: str
    at: str
    """UTC, `2022-03-30T17:20:00Z`."""
    file: Path
    offset: int
    length: int
    record_id: str
    of_stories: bool
    """It lies in a file of ours that holds nothing but what led to stories."""


class ArchiveIndex:
    """Of `files`; `before`: captures after that instant are not there. `problems` counts what could not be read."""

    def __init__(self, files: Sequence[Path], *, before: str | None = None) -> None:
        self.files = list(files)
        self.problems = 0
        self.packed_together: list[Path] = []
        """Files with captures that follow another one in its gzip member or Zstandard frame: none can be read alone."""
        self._before = before or "9999"
        self._of_stories: set[int] = set()
        # Without a name: a file of its own that nobody else sees, written only where memory does not do.
        self._database = sqlite3.connect("")
        self._database.execute(_TABLE)
        insert = f"INSERT INTO captures ({_COLUMNS}) VALUES ({', '.join('?' * 17)})"
        for number, file in enumerate(self.files):
            self._database.executemany(insert, self._read_file(number, file))
        for index in _INDEXES:
            self._database.execute(index)

    def __len__(self) -> int:
        (number,) = self._database.execute("SELECT count(*) FROM captures").fetchone()
        return int(number)

    def find(self, url: str) -> Capture | None:
        """The latest capture of `url` as it stands there, or else under another spelling of the same address.

        A revisit is the capture that it refers to; one whose capture is not here counts for nothing. Raises
        `ValueError` for what is no URL.
        """
        return self._find(url, "response", "revisit")

    def find_drawn(self, url: str) -> Capture | None:
        """The latest page that a browser drew at `url`."""
        return self._find(url, "drawn", "drawn")

    def hosts(self) -> Iterator[str]:
        """As they stand in its addresses, with their ports."""
        yield from (host for (host,) in self._database.execute("SELECT DISTINCT host FROM captures").fetchall())

    def pages(self, host: str) -> Iterator[tuple[str, bool]]:
        """Where a crawl of `host` may begin: each address that answered with a page, and whether that led to a story.

        Where others redirect to it they stand in its place; a story's further pages have no place here.
        """
        rows = self._rows(
            """
            SELECT min(url), file FROM captures AS one WHERE host = ? AND at <= ? AND kind = 'response'
            AND NOT is_further
            AND ((status = 200 AND is_html) OR leads_to IN (SELECT key FROM captures))
            AND NOT EXISTS (SELECT 1 FROM captures AS other WHERE other.leads_to = one.key)
            GROUP BY key ORDER BY key
            """,
            host,
            self._before,
        )
        yield from ((url, file in self._of_stories) for url, file in rows)

    def _find(self, url: str, *kinds: str) -> Capture | None:
        rows = self._rows(
            """
            SELECT url, at, kind, file, offset, length, record_id, refers_to, refers_url, refers_at, digest
            FROM captures WHERE key = ? AND at <= ? AND kind IN (?, ?) AND (status IS NULL OR status != 304
            OR kind = 'revisit') ORDER BY url = ? DESC, at DESC, file DESC, offset DESC
            """,
            _key_of(url),
            self._before,
            *kinds,
            url,
        )
        for row in rows:
            capture = self._resolve(row) if row[2] == "revisit" else self._capture(*row[:2], *row[3:7])
            if capture is not None:
                return capture
        return None

    def _resolve(self, row: tuple[Any, ...]) -> Capture | None:
        """What a revisit refers to: by its name, by address and time, or by what it held."""
        *_, refers_to, refers_url, refers_at, digest = row
        found = "SELECT url, at, file, offset, length, record_id FROM captures WHERE kind = 'response' AND "
        tries: tuple[tuple[str, tuple[Any, ...]], ...] = (
            ("record_id = ?", (refers_to,)),
            ("key = ? AND at = ?", (_key_of(refers_url or row[0]), refers_at)),
            ("key = ? AND digest = ? AND at <= ? ORDER BY at DESC", (_key_of(refers_url or row[0]), digest, row[1])),
        )
        for condition, values in tries:
            if None not in values and (whole := self._rows(found + condition + " LIMIT 1", *values)):
                return self._capture(*whole[0])
        return None

    def _rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return self._database.execute(query, values).fetchall()

    def _capture(self, url: str, at: str, file: int, offset: int, length: int, record_id: str) -> Capture:  # noqa: PLR0913, PLR0917
        return Capture(
            url=url,
            at=at,
            file=self.files[file],
            offset=offset,
            length=length,
            record_id=record_id,
            of_stories=file in self._of_stories,
        )

    def _read_file(self, number: int, file: Path) -> Iterator[tuple[Any, ...]]:
        """A row a capture. What is damaged is told and passed over. Raises `InputError`."""
        with open_source(str(file)) as source:
            waiting: list[Any] | None = None
            for step in walk(source):
                if isinstance(step, Came):
                    waiting = self._read_record(step, number)
                elif isinstance(step, Damage) or step.reason is not None:
                    waiting = None
                    self._tell(file, step)
                elif waiting is not None:
                    yield (*waiting[:11], step.end - waiting[10], *waiting[11:])
                    waiting = None

    def _tell(self, file: Path, step: Damage | Ended) -> None:
        self.problems += 1
        place = f"at {step.offset:,}" if isinstance(step, Damage) else f"up to {step.end:,}"
        logger.warning("%s: %s: %s (%s)", file, step.reason, fix_line(step.detail), place)

    def _read_record(self, came: Came, number: int) -> list[Any] | None:
        """Its row but for the length; None for what is no capture."""
        headers = came.record.headers
        kind = (headers.get("WARC-Type") or "").lower()
        if kind == "warcinfo":
            if _tells_stories(came.record.reader.read(_INFO_BYTES)):
                self._of_stories.add(number)
            return None
        url, record_id = (headers.get("WARC-Target-URI") or "").strip("<> "), headers.get("WARC-Record-ID") or ""
        key = _key_of(url)
        if kind in _KINDS and came.is_shared and self.files[number] not in self.packed_together:
            self.packed_together.append(self.files[number])
            logger.warning(describe_packed_together(self.files[number]))
        if kind not in _KINDS or key is None or came.is_shared or "WARC-Truncated" in headers:
            return None
        head = _read_http(came.record) if kind != "conversion" else None
        if kind == "response" and head is None:
            return None
        status = head.status if head is not None else None
        return [
            key,
            url,
            urlsplit(key).netloc,
            read_instant(headers.get("WARC-Date") or "") or "",
            _KINDS[kind],
            status,
            head is not None and head.get("content-type").lower().startswith(_HTML),
            _target_of(head, url, key),
            "Newsscraper-Page-Of" in headers,
            number,
            came.offset,
            record_id,
            headers.get("WARC-Refers-To"),
            headers.get("WARC-Refers-To-Target-URI"),
            read_instant(headers.get("WARC-Refers-To-Date") or ""),
            headers.get("WARC-Payload-Digest"),
        ]


def describe_packed_together(file: Path) -> str:
    """That the records of `file` are packed as one, and what to do."""
    unpack = f"zstd -d {file}" if file.name.endswith(".zst") else f"warcio recompress {file} OUT.warc.gz"
    return (
        f"{file}: its records are packed together, not each by itself, and cannot be read one by one: "
        f"`{unpack}` makes an archive that can be crawled; newsscraper extract reads it as it is"
    )


def find_files(given: Iterable[str]) -> list[Path]:
    """The archive files that paths, folders and patterns name, sorted, each once."""
    found: dict[Path, None] = {}
    for each in given:
        named = [each] if Path(each).exists() else sorted(glob(each, recursive=True))
        for path in map(Path, named):
            found |= dict.fromkeys(_files_below(path) if path.is_dir() else [path])
    return list(found)


def _files_below(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if is_archive_name(file.name) and file.is_file())


def _read_http(record: Any) -> Head | None:
    block = b""
    while len(block) < MOST_HEADERS and (part := record.reader.read(1 << 14)):
        block += part
        end = find_head_end(block)
        if end is not None:
            return read_head(block[:end])
    return read_head(block)


def _target_of(head: Head | None, url: str, key: str) -> str | None:
    """Where an answer leads that only leads on, None where that is the same address in another spelling."""
    if head is None or not 300 <= head.status < 400 or not head.get("location"):
        return None
    try:
        target = _key_of(urljoin(url, head.get("location")))
    except ValueError:
        return None
    return target if target != key else None


def _tells_stories(info: bytes) -> bool:
    lines = (line.partition(":") for line in info.decode("utf-8", "replace").splitlines())
    return any(name.strip().lower() == _OWN_FIELD and value.strip() == "stories" for name, _, value in lines)


def _key_of(url: str | None) -> str | None:
    try:
        return normalise_url(url) if url else None
    except ValueError:
        return None
