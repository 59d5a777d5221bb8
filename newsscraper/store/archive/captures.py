"""One record as a page, or the reason why it gives none."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from newsscraper.store.archive.filters import Filters
from newsscraper.store.archive.http import (
    MOST_HEADERS,
    EncodingError,
    Head,
    find_head_end,
    is_part,
    looks_plain,
    media_type_of,
    read_head,
    unpack_body,
)
from newsscraper.store.archive.types import ArchivedPage, PassedOver
from newsscraper.store.pages import MAX_BYTES
from newsscraper.store.urls import normalise_url

MOST_BYTES = MAX_BYTES
"""Of a page, packed and unpacked."""
_KINDS = frozenset({"response", "resource", "conversion", "revisit"})
"""Types of records that may hold a page."""
HTML = frozenset({"text/html", "application/xhtml+xml"})
_UNKNOWN_TYPES = frozenset({"", "application/octet-stream", "unknown/unknown", "*/*"})
"""What says nothing: then the page's first bytes do."""
_STEP = 1 << 16
_FURTHER = re.compile(r"(\d{1,18})\+(\d{1,18})")


class Unusable(Exception):
    """A record gives no page; `reason` is one word."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """What a record says of itself."""

    file: str
    offset: int
    kind: str
    """`response`, `revisit`, ..."""
    url: str
    at: str | None
    record_id: str
    refers_to: str | None
    refers_to_url: str | None
    refers_to_date: str | None
    profile: str
    """Of a revisit: why it is one."""
    digest: str
    """Of its payload, as it says itself; or empty."""
    content_type: str
    length: int | None
    """Of its block; None where the header is missing or no number."""
    further: str
    """Where its story goes on, as our own archives tell."""
    page_of: str
    """Where the story begins that it is a further page of."""
    is_truncated: bool

    def passed_over(self, reason: str, detail: str = "") -> PassedOver:
        """That there is no page in it."""
        return PassedOver(file=self.file, offset=self.offset, reason=reason, detail=detail, url=self.url or None)

    def page(
        self, *, status: int, content_type: str, body: bytes, headers: tuple[tuple[str, str], ...] = ()
    ) -> ArchivedPage:
        """The page in it, whose length is known later."""
        pointer = {"file": self.file, "offset": self.offset, "length": 0, "record_id": self.record_id}
        return ArchivedPage(
            url=self.url,
            fetched_at=self.at,
            status=status,
            content_type=content_type,
            body=body,
            headers=headers,
            is_truncated=self.is_truncated,
            warc=pointer,  # type: ignore[arg-type] # a literal of its very keys
        )


def read_capture(record: Any, file: str, offset: int) -> Capture:
    """The record's own headers; `record` is fastwarc's."""
    told: dict[str, str] = {}
    for name, value in record.headers.items():
        told.setdefault(name.lower(), value.strip())

    def get(name: str) -> str:
        return told.get(name, "")

    length = get("content-length")
    return Capture(
        file=file,
        offset=offset,
        kind=str(record.record_type),
        url=get("warc-target-uri").removeprefix("<").removesuffix(">"),
        at=read_instant(get("warc-date")),
        record_id=get("warc-record-id"),
        refers_to=get("warc-refers-to") or None,
        refers_to_url=get("warc-refers-to-target-uri").removeprefix("<").removesuffix(">") or None,
        refers_to_date=read_instant(get("warc-refers-to-date")),
        profile=get("warc-profile"),
        digest=get("warc-payload-digest"),
        content_type=get("content-type"),
        length=int(length) if length.isascii() and length.isdigit() and len(length) < 19 else None,
        further=get("newsscraper-further-pages"),
        page_of=get("newsscraper-page-of"),
        is_truncated=bool(get("warc-truncated")),
    )


def read_instant(text: str) -> str | None:
    """`2022-03-30T17:20:00Z` of what stands in archives: with fractions, another zone, or as fourteen digits."""
    try:
        moment = datetime.strptime(text, "%Y%m%d%H%M%S") if text.isdigit() else datetime.fromisoformat(text)
    except ValueError:
        return None
    try:
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        return None
    return f"{moment.replace(microsecond=0, tzinfo=None).isoformat()}Z"


def read_page(capture: Capture, reader: Any, filters: Filters) -> ArchivedPage:
    """The page that a record holds. Raises `Unusable`, `OSError` of a damaged archive."""
    if capture.kind not in _KINDS:
        raise Unusable("no_page", f"a record of the type {capture.kind}")
    if capture.length is None:
        raise Unusable("corrupt", "Content-Length is missing or no number")
    if capture.kind != "response" or media_type_of(capture.content_type) not in {"", "application/http"}:
        body = _read_plain(capture, reader)
        _refuse_unwanted(filters, body, capture.content_type, "")
        return capture.page(status=0, content_type=capture.content_type, body=body)
    block, begins = _read_head_bytes(capture, reader)
    head = read_head(block[:begins])
    if head is None:
        raise Unusable("no_http", f"no HTTP answer: it begins with {block[:20]!r}")
    _refuse_status(head)
    content_type = head.get("content-type")
    _refuse_type(media_type_of(content_type))
    _refuse_address(capture.url)
    body = block[begins:] + _read_rest(capture, reader, have=len(block), head=begins)
    try:
        unpacked = unpack_body(body, head, MOST_BYTES)
    except EncodingError as fault:
        raise Unusable(fault.reason, str(fault)) from fault
    body = unpacked.body
    if media_type_of(content_type) not in HTML and not looks_plain(body):
        raise Unusable("not_html", "neither its header nor its first bytes say so")
    _refuse_unwanted(filters, body, content_type, head.get("content-language"))
    page = capture.page(status=head.status, content_type=content_type, body=body, headers=head.headers)
    return dataclasses.replace(page, is_truncated=page.is_truncated or unpacked.is_cut)


def _refuse_unwanted(filters: Filters, body: bytes, content_type: str, language: str) -> None:
    if which := filters.refuse_page(body, content_type, language):
        raise Unusable(f"filtered:{which}")


def _read_plain(capture: Capture, reader: Any) -> bytes:
    """The block of a record that is the page itself."""
    if media_type_of(capture.content_type) not in HTML:
        raise Unusable("not_html", capture.content_type)
    _refuse_address(capture.url)
    return _read_rest(capture, reader, have=0, head=0)


def _read_head_bytes(capture: Capture, reader: Any) -> tuple[bytes, int]:
    """The block's beginning, and where its headers end."""
    length = capture.length or 0
    block = b""
    while len(block) < length:
        read = reader.read(min(_STEP, length - len(block)))
        if not read:
            raise Unusable("truncated", f"the archive ends after {len(block):,} of {length:,} bytes")
        seen = max(0, len(block) - 3)
        block += read
        end = find_head_end(block, seen)
        if end is not None:
            return block, end
        if len(block) > MOST_HEADERS:
            raise Unusable("no_http", f"no end of the HTTP headers within {MOST_HEADERS:,} bytes")
    return block, len(block)


def _read_rest(capture: Capture, reader: Any, *, have: int, head: int) -> bytes:
    """What of the block is not read yet."""
    length = capture.length or 0
    if length - head > MOST_BYTES:
        raise Unusable("too_large", f"{length - head:,} bytes")
    parts = []
    while have < length:
        part = reader.read(length - have)
        if not part:
            raise Unusable("truncated", f"the archive ends after {have:,} of {length:,} bytes")
        parts.append(part)
        have += len(part)
    return b"".join(parts)


def _refuse_status(head: Head) -> None:
    if is_part(head):
        raise Unusable("http_error", f"206: a part of the page ({head.get('content-range') or 'no Content-Range'})")
    if 200 <= head.status < 300:
        return
    if 300 <= head.status < 400:
        raise Unusable("redirect" if head.status != 304 else "revisit", str(head.status))
    raise Unusable("http_error", str(head.status))


def _refuse_type(media_type: str) -> None:
    if media_type not in HTML and media_type not in _UNKNOWN_TYPES:
        raise Unusable("not_html", media_type)


def _refuse_address(url: str) -> None:
    """Raises `Unusable` where no record could name the page: for what is no http or https URL."""
    try:
        normalise_url(url)
    except ValueError as fault:
        raise Unusable("no_url", f"{url[:200]!r}: {fault}") from fault


def read_further(capture: Capture) -> list[tuple[int, int]]:
    """Offset and length of the story's further pages, in order."""
    return [(int(offset), int(length)) for offset, length in _FURTHER.findall(capture.further)]
