"""Saved pages: what a file is, by its content, and the bytes of a page."""

from __future__ import annotations

import codecs
import gzip
import io
import os
import re
import select
import stat
import sys
import zlib
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from newsscraper.errors import InputError, NoPageError, UnreadablePage
from newsscraper.extract.decode import refuse_binary
from newsscraper.extract.text import fix_references

STDIN = "-"
MAX_BYTES = 64 * 1024 * 1024
"""Of one page, decompressed: beyond this a file is no page but an accident or an attack."""

_GZIP = b"\x1f\x8b"
_MARKUP = re.compile(rb"<(?:!doctype\s|!--|\?xml\s|/?[a-z][a-z0-9:-]*[\s/>])", re.IGNORECASE)
_OPEN_ALREADY = re.compile(r"/dev/(?:stdin|fd/\d+)|/proc/self/fd/\d+")
"""What a shell hands over by `<(...)`: a pipe with somebody at its other end."""
_CLAIMS_WITHIN = 200_000
"""Bytes of a page in which it may say what its address is."""
_HEAD_TAG = re.compile(rb"<(?:link|meta)\s[^<>]*>", re.IGNORECASE)
_CANONICAL = re.compile(rb"\srel\s*=\s*[\"']?canonical(?=[\s\"'/>])", re.IGNORECASE)
_OG_URL = re.compile(rb"\s(?:property|name)\s*=\s*[\"']?og:url(?=[\s\"'/>])", re.IGNORECASE)
_ADDRESS = re.compile(rb"\s(?:href|content)\s*=\s*[\"']?\s*(https?://[^\s\"'<>]+)", re.IGNORECASE)
_PATIENCE = 0.5
"""Seconds that a stream is waited for at a time."""
_HEAD = 4096
"""Bytes at a file's beginning that tell what it is."""
_SIGNATURES = (
    (
        "image",
        re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|RIFF.{4}WEBP|\0\0[\1\2]\0|.{4}ftyp(?:avif|heic|mif1)", re.S),
    ),
    ("image", re.compile(rb"II\*\0|MM\0\*|BM.{4}\0{4}|\s*(?:<[?!][^>]*>\s*)*<svg[\s>]", re.S)),
    ("PDF", re.compile(rb"%PDF-")),
    ("font", re.compile(rb"wOF[F2]|OTTO\0|\0\x01\0\0")),
    ("recording", re.compile(rb".{4}ftyp|\x1aE\xdf\xa3|ID3[\2-\4]|OggS|RIFF.{4}(?:WAVE|AVI )|fLaC", re.S)),
    ("archive", re.compile(rb"PK[\1-\7]|Rar!|7z\xbc\xaf|\xfd7zXZ|\x28\xb5\x2f\xfd|BZh\d|WARC/\d|.{257}ustar", re.S)),
    ("MHTML archive", re.compile(rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*content-type:\s*multipart/related", re.I)),
    ("feed or sitemap", re.compile(rb"\s*(?:<[?!][^>]*>\s*)*<(?:rss|feed|urlset|sitemapindex|rdf:rdf)[\s>]", re.I)),
    ("CDX file", re.compile(rb" CDX |!(?:OpenWayback-)?CDXJ|\S{1,4000} \d{14} \{\"")),
    ("JSON file", re.compile(rb"\s*(?:\{\s*[\"}]|\[\s*[\[{\"])")),
)
"""Kind of file -> how it begins."""
_KINDS_OF_NAMES = {".css": "style sheet", ".js": "script", ".mjs": "script"}
"""What browsers save beside a page, told by name: its comments may hold prose, its strings markup."""


def read_page(path: str) -> bytes:
    """The bytes of a page, decompressed, at most `MAX_BYTES`. Raises `InputError`; `NoPageError` for other files."""
    try:
        content = _read_bytes(path)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if content.startswith(_GZIP):
        content = _decompress(_bounded(content))
    kind = kind_of_other(path, content[:_HEAD])
    if kind:
        raise NoPageError(kind)
    return _bounded(content)


def kind_of_other(path: str, head: bytes) -> str | None:
    """What kind of file it is that is no page, by its first bytes and its name; None for what may be one."""
    head = head.removeprefix(codecs.BOM_UTF8)
    for kind, signature in _SIGNATURES:
        if signature.match(head):
            return kind
    if not head.lstrip().startswith(b"<"):
        kind_of_name = _KINDS_OF_NAMES.get(os.path.splitext(path.lower().removesuffix(".gz"))[1])
        return kind_of_name or ("binary file" if _is_binary(head) else None)
    return None


def is_dump(path: str, page: bytes) -> bool:
    """True for a page already flattened to text: by its name, or because it holds no markup."""
    name = path.lower().removesuffix(".gz")
    return name.endswith(".txt") or not _MARKUP.search(page.replace(b"\0", b""))


def find_claimed_url(page: bytes) -> str | None:
    """The absolute URL that a page gives itself at its beginning: its canonical link, or else `og:url`."""
    claims: dict[bool, str] = {}
    for tag in _HEAD_TAG.findall(page[:_CLAIMS_WITHIN].replace(b"\0", b"")):
        is_link = _CANONICAL.search(tag) is not None
        if is_link or _OG_URL.search(tag):
            value = _ADDRESS.search(tag)
            if value:
                claims.setdefault(is_link, fix_references(value[1].decode("utf-8", "replace")))
    return claims.get(True) or claims.get(False)


def can_be_read_again(path: str) -> bool:
    """False for a stream: standard input, and what a shell hands over by `<(...)`."""
    return path != STDIN and not _OPEN_ALREADY.fullmatch(path)


def file_uri(path: str) -> str | None:
    """The `file:` URI of what was read, absolute and percent-encoded; None for a stream, which is read once."""
    return Path(os.path.abspath(path)).as_uri() if can_be_read_again(path) else None


def _read_bytes(path: str) -> bytes:
    """At most one byte more than a page may have. Opens nothing that could keep it waiting, such as a named pipe."""
    if path == STDIN:
        return _read_stream(sys.stdin.buffer)
    if not _OPEN_ALREADY.fullmatch(path):
        _refuse_special(path)
    with open(path, "rb") as file:
        return file.read(MAX_BYTES + 1)


def _read_stream(stream: BinaryIO) -> bytes:
    """Waits a little at a time: a signal that comes just before a long wait would not be heard until its end."""
    parts, size = [], 0
    while size <= MAX_BYTES:
        _wait_for(stream)
        part = (
            stream.read1(MAX_BYTES + 1 - size) if isinstance(stream, io.BufferedReader) else stream.read(MAX_BYTES + 1)
        )
        if not part:
            break
        parts.append(part)
        size += len(part)
    return b"".join(parts)[: MAX_BYTES + 1]


def _wait_for(stream: BinaryIO) -> None:
    """Until there is something to be read, where the system can tell that of a stream."""
    with suppress(OSError, ValueError):
        while not select.select([stream], [], [], _PATIENCE)[0]:
            continue


def _refuse_special(path: str) -> None:
    """Raises `NoPageError` for what is no regular file, `OSError` for what is absent."""
    if os.path.islink(path) and not os.path.exists(path):
        raise NoPageError("dangling link", "cannot be read: the link leads to no file")
    mode = os.stat(path).st_mode
    if stat.S_ISDIR(mode):
        os.scandir(path).close()
        raise NoPageError("link to a folder", "the folder holds no page: no file but hidden ones")
    if not stat.S_ISREG(mode):
        raise NoPageError(
            "pipe or device", "cannot be read: a pipe or device; its content may come by standard input, -"
        )


def _is_binary(head: bytes) -> bool:
    try:
        refuse_binary(head)
    except UnreadablePage:
        return bool(head.strip(b" \t\r\n\0"))
    return False


def _decompress(content: bytes) -> bytes:
    """At most one byte more than a page may have. Raises `InputError`."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            return file.read(MAX_BYTES + 1)
    except (EOFError, OSError, zlib.error) as error:
        raise InputError(f"damaged gzip data: {error}") from error


def _bounded(content: bytes) -> bytes:
    if len(content) > MAX_BYTES:
        raise InputError(f"more than {MAX_BYTES // 1024 // 1024} MB in one page, decompressed")
    return content
