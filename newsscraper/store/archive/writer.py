"""A WARC file while it grows: one gzip member a record, appended and never touched again.

As ISO 28500:2017 (WARC/1.1) says, written by warcio. What is added are two header fields of ours: a story's first page
has `Newsscraper-Further-Pages: <offset>+<length>, ...`, where the pages lie on which it goes on, and each of those has
`Newsscraper-Page-Of: <url>`.
"""

from __future__ import annotations

import io
import os
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, urlsplit

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from newsscraper.record import WarcPointer
from newsscraper.store.archive.index import index_line
from newsscraper.store.archive.types import Exchange

FURTHER_PAGES = "Newsscraper-Further-Pages"
PAGE_OF = "Newsscraper-Page-Of"
SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

_DIGEST = "sha256"
_GZIP_LEVEL = 6
_NO_URL_CHARACTER = re.compile(r"[^\x21-\x7e]+")
_BREAKS = re.compile(r"[\r\n\0]+")
_BROKEN_BY_DECODING = {"transfer-encoding"}
"""Headers that no longer tell of the body as it is kept: they keep their value under another name."""


@dataclass(frozen=True, kw_only=True)
class Capture:
    """A page that was archived whole, to which a later one may refer."""

    pointer: WarcPointer
    has_further: bool
    """Whether it says where its story goes on."""
    url: str
    at: str
    digest: str


class ArchiveWriter:
    """Appends to a new file. What is written is on the disk after `sync`."""

    def __init__(self, path: Path, file: str, info: Mapping[str, str]) -> None:
        """A new file `path`, which is to be `file` below the corpus folder; `info` are fields of its `warcinfo`.

        Raises `OSError`.
        """
        self.path = path
        self.file = file
        self.records = 0
        self.index: list[str] = []
        """A CDXJ line a capture, unsorted."""
        self._file = path.open("xb")
        self._writer = _Writer()
        told = {name: _one_line(value) for name, value in info.items()}
        self._write(self._writer.create_warcinfo_record(self._name, told))

    @property
    def _name(self) -> str:
        return self.file.rpartition("/")[2]

    @property
    def size(self) -> int:
        """Bytes so far."""
        return self._file.tell()

    def mark(self) -> tuple[int, int, int]:
        """Where it stands, for `rewind`."""
        return self.size, self.records, len(self.index)

    def rewind(self, mark: tuple[int, int, int]) -> None:
        """Take back what was written since `mark`. Raises `OSError`."""
        size, self.records, lines = mark
        self._file.seek(size)
        self._file.truncate()
        del self.index[lines:]

    def write_response(
        self, exchange: Exchange, *, digest: str | None = None, further: Sequence[WarcPointer] = ()
    ) -> WarcPointer:
        """The answer, whole, and its request. `digest`: see `digest_payload`. Raises `OSError`."""
        fields = self._fields_of(exchange, further) | {"WARC-Payload-Digest": digest or digest_payload(exchange.body)}
        written = self._write_http(exchange, "response", exchange.body, fields)
        self._write_request(exchange, written)
        return written

    def write_revisit(self, exchange: Exchange, capture: Capture, profile: str) -> WarcPointer:
        """That the answer is as `capture`, and its request. Raises `OSError`."""
        fields = self._fields_of(exchange, ()) | {
            "WARC-Profile": profile,
            "WARC-Refers-To": capture.pointer["record_id"],
            "WARC-Refers-To-Target-URI": capture.url,
            "WARC-Refers-To-Date": capture.at,
            "WARC-Payload-Digest": capture.digest,
        }
        written = self._write_http(exchange, "revisit", b"", fields)
        self._write_request(exchange, written)
        return written

    def write_drawn(self, exchange: Exchange, response_id: str, *, further: Sequence[WarcPointer] = ()) -> WarcPointer:
        """The page as a browser drew it from the answer of that id. Raises `OSError`."""
        drawn = exchange.drawn or b""
        fields = self._fields_of(exchange, further) | {
            "WARC-Refers-To": response_id,
            "WARC-Payload-Digest": digest_payload(drawn),
        }
        record = self._writer.create_warc_record(
            uri_of(exchange.url),
            "conversion",
            payload=io.BytesIO(drawn),
            length=len(drawn),
            warc_content_type="text/html;charset=utf-8",
            warc_headers_dict=fields,
        )
        return self._write(record)

    def sync(self) -> None:
        """All that has been written outlasts a power loss. Raises `OSError`."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Without a sync. Raises `OSError`."""
        self._file.close()

    def _fields_of(self, exchange: Exchange, further: Iterable[WarcPointer]) -> dict[str, str]:
        fields = {"WARC-Date": exchange.at}
        if exchange.address:
            fields["WARC-IP-Address"] = exchange.address
        if exchange.page_of:
            fields[PAGE_OF] = uri_of(exchange.page_of)
        if pages := ", ".join(f"{page['offset']}+{page['length']}" for page in further):
            fields[FURTHER_PAGES] = pages
        return fields

    def _write_http(self, exchange: Exchange, kind: str, payload: bytes, fields: dict[str, str]) -> WarcPointer:
        status = f"{exchange.status} {_one_line(exchange.reason)}".rstrip()
        headers = _RawHeaders(status, [_keep(*header) for header in exchange.headers], protocol=exchange.protocol)
        record = self._writer.create_warc_record(
            uri_of(exchange.url),
            kind,
            payload=io.BytesIO(payload),
            length=len(payload),
            warc_headers_dict=fields,
            http_headers=headers,
        )
        written = self._write(record)
        facts = {
            "mime": "warc/revisit" if kind == "revisit" else headers.get_header("Content-Type"),
            "status": exchange.status,
            "digest": fields["WARC-Payload-Digest"],
            "length": written["length"],
            "offset": written["offset"],
            "filename": self._name,
        }
        self.index.append(index_line(uri_of(exchange.url), exchange.at, facts))
        return written

    def _write_request(self, exchange: Exchange, response: WarcPointer) -> None:
        parts = urlsplit(uri_of(exchange.url))
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = _RawHeaders(
            f"{target} {exchange.protocol}",
            [_keep(*header) for header in exchange.request_headers],
            protocol=exchange.method,
        )
        fields = {"WARC-Date": exchange.at, "WARC-Concurrent-To": response["record_id"]}
        body = exchange.request_body
        self._write(
            self._writer.create_warc_record(
                uri_of(exchange.url),
                "request",
                payload=io.BytesIO(body),
                length=len(body),
                warc_headers_dict=fields,
                http_headers=headers,
            )
        )

    def _write(self, record: ArcWarcRecord) -> WarcPointer:
        offset = self._file.tell()
        self._writer.out = _Member(self._file)
        self._writer.write_record(record)
        self.records += 1
        record_id = record.rec_headers.get_header("WARC-Record-ID")
        return WarcPointer(file=self.file, offset=offset, length=self._file.tell() - offset, record_id=record_id)


def digest_payload(body: bytes) -> str:
    """As it stands in `WARC-Payload-Digest`."""
    digester = Digester(_DIGEST)
    digester.update(body)
    return str(digester)


def uri_of(url: str) -> str:
    """`url` as a header may hold it: what no URI has is escaped."""
    return _NO_URL_CHARACTER.sub(lambda found: quote(found[0], errors="replace"), url)


def _keep(name: str, value: str) -> tuple[str, str]:
    prefix = "X-Orig-" if name.lower() in _BROKEN_BY_DECODING else ""
    return prefix + _one_line(name), _one_line(value)


def _one_line(text: str) -> str:
    return _BREAKS.sub(" ", text)


class _Writer(WARCWriter):  # type: ignore[misc]
    """warcio's, with SHA-256 for digests; `out` is set for each record."""

    def __init__(self) -> None:
        super().__init__(None, gzip=False, warc_version="1.1")

    @staticmethod
    def _create_digester() -> Digester:
        return Digester(_DIGEST)


class _RawHeaders(StatusAndHeaders):  # type: ignore[misc]
    """Header bytes as they came: what is no ASCII stays, too."""

    def compute_headers_buffer(self, header_filter: Any = None) -> None:
        self.headers_buff = self.to_str(header_filter).encode("latin-1", "replace") + b"\r\n"


class _Member:
    """A file's next gzip member, as a stream that ends with the first `flush`."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._compressor = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS + 16)

    def write(self, data: bytes) -> None:
        self._file.write(self._compressor.compress(data))

    def flush(self) -> None:
        self._file.write(self._compressor.flush())
