"""HTTP answers as archives hold them: headers of any shape, bodies packed as they say or otherwise."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastwarc.stream_io import BrotliReader, ZstdReader

MOST_HEADERS = 2 * 1024 * 1024
"""Bytes of an answer's headers."""
_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"\s*HTTP/\d+(?:\.\d+)?[ \t]+(\d{3})(?!\d)", re.IGNORECASE)
_FOLD = re.compile(rb"\r?\n[ \t]+")
_LINE = re.compile(rb"\r?\n|\r")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\n]{0,4096})?\r?\n")
_CHARSET = re.compile(r"charset\s*=[\s\"']*([^\s\"';]+)", re.IGNORECASE)
_MOST_TYPE = 1000
"""Characters of a Content-Type header that are looked at."""
_STEP = 1 << 16
_MOST_MEMBERS = 1000
"""Of gzip, one after the other, in one body: a server that flushes often makes some dozens."""
_MOST_MEMBERS = 1000
"""Of gzip, one after the other, in one body: a server that flushes often makes some dozens."""
_MARKUP = re.compile(rb"[\s\xef\xbb\xbf]*<")
_END_OF_PAGE = re.compile(rb"</html\s*>", re.IGNORECASE)
_TAIL = 1 << 10
"""Bytes at a page's end in which it closes: behind that stand comments and counters."""
_WHOLE_RANGE = re.compile(r"bytes\s+0-(\d{1,18})/(\d{1,18})", re.IGNORECASE)


def media_type_of(content_type: str) -> str:
    """`text/html`, of a Content-Type header; empty without one."""
    return content_type.partition(";")[0].strip().lower()


def charset_of(content_type: str) -> str | None:
    """The label that a Content-Type header carries."""
    match = _CHARSET.search(content_type[:_MOST_TYPE])
    return match[1] if match else None


class EncodingError(Exception):
    """A body that cannot be unpacked; `reason` is one word."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Head:
    """Status and headers of an answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    """Names in lower case, without control characters."""

    def get(self, name: str) -> str:
        """The first header of that name; empty without one."""
        return next((value for key, value in self.headers if key == name), "")

    def get_all(self, name: str) -> list[str]:
        """What the headers of that name list, in order, in lower case."""
        values = ",".join(value for key, value in self.headers if key == name).split(",")
        return [value.strip().lower() for value in values if value.strip()]


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A body as the page's bytes."""

    body: bytes
    is_cut: bool
    """It breaks off before its end, as far as its packing and its announced length tell."""


def find_head_end(block: bytes, seen: int = 0) -> int | None:
    """Where the body begins; None where the headers have not ended yet, of which `seen` bytes were looked at before."""
    match = _END.search(block, seen)
    return match.end() if match else None


def read_head(head: bytes) -> Head | None:
    """Status line and headers; None for what is no answer."""
    status = _STATUS.match(head)
    if status is None:
        return None
    lines = _LINE.split(_FOLD.sub(b" ", head))[1:]
    headers = []
    for line in lines:
        name, colon, value = line.partition(b":")
        if colon and name.strip():
            headers.append((_clean(name).lower(), _clean(value)))
    return Head(int(status[1]), tuple(headers))


def _clean(text: bytes) -> str:
    return _CONTROL.sub("", text.decode("latin-1")).strip()


def is_part(head: Head) -> bool:
    """Whether an answer holds one range of the page, and not all of it: a 206 that does not reach over the whole."""
    if head.status != 206:
        return False
    told = _WHOLE_RANGE.fullmatch(head.get("content-range"))
    return told is None or int(told[1]) + 1 != int(told[2])


def unpack_body(body: bytes, head: Head, most: int) -> Unpacked:
    """The body, at most `most` bytes. Raises `EncodingError`: `too_large`, `encoding`, `corrupt_body`."""
    is_cut = _is_short(body, head)
    if "chunked" in head.get_all("transfer-encoding"):
        joined = join_chunks(body)
        body, is_cut = joined.body, joined.is_cut
    for name in reversed(head.get_all("content-encoding")):
        unpacked = _decode(body, name, most)
        body, is_cut = unpacked.body, is_cut or unpacked.is_cut
    # Servers get lengths and last chunks wrong: a page that closes has all its text.
    return Unpacked(body, is_cut and _END_OF_PAGE.search(body, max(0, len(body) - _TAIL)) is None)


def _is_short(body: bytes, head: Head) -> bool:
    """Whether there are fewer bytes than announced.

    Archives that store pages unpacked keep the packed length, and the encoding under another name, if at all: where
    any header speaks of one the length tells nothing.
    """
    if any(name.endswith("-encoding") and value.lower() not in _AS_IT_IS for name, value in head.headers):
        return False
    told = set(head.get_all("content-length"))
    length = told.pop() if len(told) == 1 else ""
    return length.isascii() and length.isdigit() and len(length) < 19 and len(body) < int(length)


def join_chunks(body: bytes) -> Unpacked:
    """A chunked body joined; as it is where it is not chunked, whatever was announced."""
    parts: list[bytes] = []
    at = 0
    while match := _CHUNK_SIZE.match(body, at):
        size = int(match[1], 16)
        if not size:
            return Unpacked(b"".join(parts), is_cut=False)
        parts.append(body[match.end() : match.end() + size])
        at = match.end() + size
        if at > len(body):
            break
        at += 2 if body.startswith(b"\r\n", at) else body.startswith(b"\n", at)
    return Unpacked(b"".join(parts), is_cut=True) if parts else Unpacked(body, is_cut=False)


def _decode(body: bytes, name: str, most: int) -> Unpacked:
    if name in _AS_IT_IS or not body:
        return Unpacked(body, is_cut=False)
    decoder = _DECODERS.get(name)
    if decoder is None and looks_plain(body):
        return Unpacked(body, is_cut=False)
    if decoder is None:
        raise EncodingError("encoding", f"Content-Encoding {name[:40]!r} is unknown")
    try:
        decoded = decoder(body, most)
    except (OSError, zlib.error, EOFError) as fault:
        if looks_plain(body):
            return Unpacked(body, is_cut=False)
        raise EncodingError("corrupt_body", f"the body is no {name} data: {fault}") from fault
    if not decoded.body:
        raise EncodingError("corrupt_body", f"the body is no {name} data")
    if len(decoded.body) > most:
        raise EncodingError("too_large", f"more than {most // 1024 // 1024} MB, unpacked")
    return decoded


def looks_plain(body: bytes) -> bool:
    """True for what is markup already, whatever its headers say."""
    return _MARKUP.match(body) is not None


def _decode_zlib(body: bytes, most: int, wbits: int) -> Unpacked:
    """As far as it goes: what is cut off at its end is still a page."""
    parts: list[bytes] = []
    size = at = members = 0
    is_cut = False
    while at < len(body) and size <= most:
        members += 1
        if members > _MOST_MEMBERS:
            raise EncodingError("corrupt_body", f"packed in more than {_MOST_MEMBERS:,} pieces")
        try:
            part, at, is_cut = _unpack_member(body, at, most + 1 - size, wbits)
        except zlib.error:
            if parts:
                break  # garbage behind the last member
            raise
        parts.append(part)
        size += len(part)
        if wbits != _GZIP:
            break
    return Unpacked(b"".join(parts), is_cut)


def _unpack_member(body: bytes, at: int, most: int, wbits: int) -> tuple[bytes, int, bool]:
    """What is packed from `at` on, at most `most` bytes; where it ends, and whether it breaks off there."""
    unpacker = zlib.decompressobj(wbits=wbits)
    packed = memoryview(body)
    parts: list[bytes] = []
    size = 0
    # By steps: zlib copies whatever it is given and does not need.
    while not unpacker.eof and at < len(body) and size < most:
        step = packed[at : at + _STEP]
        part = unpacker.decompress(step, most - size)
        at += len(step) - len(unpacker.unused_data) - len(unpacker.unconsumed_tail)
        parts.append(part)
        size += len(part)
    return b"".join(parts), at, not unpacker.eof


_GZIP, _ZLIB, _RAW = 31, 15, -15


def _decode_gzip(body: bytes, most: int) -> Unpacked:
    return _decode_zlib(body, most, _GZIP)


def _decode_deflate(body: bytes, most: int) -> Unpacked:
    try:
        return _decode_zlib(body, most, _ZLIB)
    except zlib.error:
        return _decode_zlib(body, most, _RAW)


def _decode_stream(reader: Callable[[Any], Any]) -> Callable[[bytes, int], Unpacked]:
    def decode(body: bytes, most: int) -> Unpacked:
        stream = reader(io.BytesIO(body))
        parts = []
        left = most + 1
        while left > 0 and (part := stream.read(min(_STEP, left))):
            parts.append(part)
            left -= len(part)
        return Unpacked(b"".join(parts), is_cut=False)

    return decode


_AS_IT_IS = frozenset({"", "identity", "none", "utf-8", "binary"})
"""Names in encoding headers that change nothing."""
_DECODERS: dict[str, Callable[[bytes, int], Unpacked]] = {
    "gzip": _decode_gzip,
    "x-gzip": _decode_gzip,
    "deflate": _decode_deflate,
    "br": _decode_stream(BrotliReader),
    "zstd": _decode_stream(ZstdReader),
}
