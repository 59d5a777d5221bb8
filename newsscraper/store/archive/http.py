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
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';]+)", re.IGNORECASE)
_STEP = 1 << 16
_MARKUP = re.compile(rb"[\s\xef\xbb\xbf]*<")


def media_type_of(content_type: str) -> str:
    """`text/html`, of a Content-Type header; empty without one."""
    return content_type.partition(";")[0].strip().lower()


def charset_of(content_type: str) -> str | None:
    """The label that a Content-Type header carries."""
    match = _CHARSET.search(content_type)
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


def unpack_body(body: bytes, head: Head, most: int) -> bytes:
    """The body as the page's bytes, at most `most`. Raises `EncodingError`: `too_large`, `encoding`, `corrupt_body`."""
    if "chunked" in head.get_all("transfer-encoding"):
        body = join_chunks(body)
    for name in reversed(head.get_all("content-encoding")):
        body = _decode(body, name, most)
    return body


def join_chunks(body: bytes) -> bytes:
    """A chunked body joined; as it is where it is not chunked, whatever was announced."""
    parts: list[bytes] = []
    at = 0
    while match := _CHUNK_SIZE.match(body, at):
        size = int(match[1], 16)
        if not size:
            return b"".join(parts)
        parts.append(body[match.end() : match.end() + size])
        at = match.end() + size
        if at > len(body):
            break
        at += 2 if body.startswith(b"\r\n", at) else body.startswith(b"\n", at)
    if at >= len(body) and parts:
        return b"".join(parts)
    return body if not parts else b"".join(parts)


def _decode(body: bytes, name: str, most: int) -> bytes:
    if name in {"identity", "none", "utf-8", "binary"} or not body:
        return body
    decoder = _DECODERS.get(name)
    if decoder is None and looks_plain(body):
        return body
    if decoder is None:
        raise EncodingError("encoding", f"Content-Encoding {name[:40]!r} is unknown")
    try:
        decoded = decoder(body, most)
    except (OSError, zlib.error, EOFError) as fault:
        if looks_plain(body):
            return body
        raise EncodingError("corrupt_body", f"the body is no {name} data: {fault}") from fault
    if not decoded:
        raise EncodingError("corrupt_body", f"the body is no {name} data")
    if len(decoded) > most:
        raise EncodingError("too_large", f"more than {most // 1024 // 1024} MB, unpacked")
    return decoded


def looks_plain(body: bytes) -> bool:
    """True for what is markup already, whatever its headers say."""
    return _MARKUP.match(body) is not None


def _decode_zlib(body: bytes, most: int, wbits: int) -> bytes:
    """As far as it goes: what is cut off at its end is still a page."""
    parts: list[bytes] = []
    size = 0
    while body and size <= most:
        unpacker = zlib.decompressobj(wbits=wbits)
        try:
            part = unpacker.decompress(body, most + 1 - size)
        except zlib.error:
            if parts:
                break  # garbage behind the last member
            raise
        parts.append(part)
        size += len(part)
        body = unpacker.unused_data if unpacker.eof and wbits == _GZIP else b""
    return b"".join(parts)


_GZIP, _ZLIB, _RAW = 31, 15, -15


def _decode_gzip(body: bytes, most: int) -> bytes:
    return _decode_zlib(body, most, _GZIP)


def _decode_deflate(body: bytes, most: int) -> bytes:
    try:
        return _decode_zlib(body, most, _ZLIB)
    except zlib.error:
        return _decode_zlib(body, most, _RAW)


def _decode_stream(reader: Callable[[Any], Any]) -> Callable[[bytes, int], bytes]:
    def decode(body: bytes, most: int) -> bytes:
        stream = reader(io.BytesIO(body))
        parts = []
        left = most + 1
        while left > 0 and (part := stream.read(min(_STEP, left))):
            parts.append(part)
            left -= len(part)
        return b"".join(parts)

    return decode


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _decode_gzip,
    "x-gzip": _decode_gzip,
    "deflate": _decode_deflate,
    "br": _decode_stream(BrotliReader),
    "zstd": _decode_stream(ZstdReader),
}
