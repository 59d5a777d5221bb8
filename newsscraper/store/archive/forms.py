"""How an archive is packed: told by its first bytes; where its records begin, whatever is between them."""

from __future__ import annotations

import io
import os
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from fastwarc.stream_io import GzipReader, ZstdReader

from newsscraper.store.archive.remote import Source, is_remote

Packing = Literal["gzip", "zstd", "plain"]

_MAGIC: dict[Packing, bytes] = {"gzip": b"\x1f\x8b\x08", "zstd": b"\x28\xb5\x2f\xfd"}
_DICTIONARY = b"\x5d\x2a\x4d\x18"
"""Of the skippable frame that a dictionary stands in (iipc/warc-specifications, "warc-zstd")."""
_MOST_DICTIONARY = 32 * 1024 * 1024
_BEGINNING = re.compile(rb"WARC/(?:0\.1[678]|1\.[01])\r?\n")
_PLAIN_BEGINNING = re.compile(_BEGINNING.pattern + rb"(?=[A-Za-z-]{1,64}:)")
"""In the midst of anything: with a header behind it."""
_ARC = b"filedesc:"
_LZ4 = b"\x04\x22\x4d\x18"
_LONGEST_BEGINNING = 96
_NAME = re.compile(r"\.w?arc(\.gz|\.zst)?(?:\.open)?$", re.IGNORECASE)
_PACKINGS: dict[str | None, Packing] = {".gz": "gzip", ".zst": "zstd"}
_HEAD = 1024
"""Bytes that tell whether a file is an archive."""
_CHUNK = 1 << 20
_FIRST_CHUNK = 1 << 14
"""What is looked for lies near more often than not."""
_STEP = 1 << 16
_REPEATED, _RESERVED = 1, 3
"""Types of a Zstandard block."""
_MOST_TRIED = 100_000
"""Places that look as if a member began there, and lead nowhere: more of them are no accident."""


def is_archive_name(path: str) -> bool:
    """Whether a path or URL calls itself a WARC file; an http one that does not is taken for a page's."""
    name = path.partition("?")[0].partition("#")[0] if is_remote(path) else path
    return _NAME.search(name) is not None or (is_remote(path) and not path.lower().startswith(("http:", "https:")))


def is_archive(path: str) -> bool:
    """Whether `path` is an archive, by its name or by how it begins; a URL of fsspec's is one. Raises nothing."""
    if is_remote(path):
        return True
    try:
        if not os.path.isfile(path):
            return False
        if is_archive_name(path):
            return True
        with open(path, "rb") as file:
            return _begins_archive(file.read(_HEAD))
    except (OSError, ValueError):
        return False


def _begins_archive(head: bytes) -> bool:
    """Raises `OSError` for what is packed badly."""
    if head.startswith(_MAGIC["gzip"]):
        with suppress(zlib.error):
            head = zlib.decompressobj(wbits=31).decompress(head, _HEAD)
    elif head.startswith(_MAGIC["zstd"]):
        head = ZstdReader(io.BytesIO(head)).read(_LONGEST_BEGINNING)
    return _BEGINNING.match(head) is not None or head.startswith(_DICTIONARY)


@dataclass(frozen=True, slots=True)
class Form:
    """How one archive is packed."""

    packing: Packing
    dictionary: bytes | None = None
    """Of Zstandard, where the file begins with one."""

    def unpack(self, source: Source, at: int) -> Any:
        """What is packed from `at` on, as a stream that knows where its members begin; of a plain file, itself."""
        source.seek(at)
        if self.packing == "gzip":
            return GzipReader(source)
        if self.packing == "zstd":
            return ZstdReader(source, dictionary=self.dictionary)
        return source


def read_form(source: Source) -> Form:
    """How `source` is packed. Raises `OSError`."""
    source.seek(0)
    head = source.read(16)
    if head.startswith(_DICTIONARY):
        source.seek(8)
        return Form("zstd", _read_dictionary(source, head))
    for packing, magic in _MAGIC.items():
        if head.startswith(magic):
            return Form(packing)
    return Form("plain" if _BEGINNING.match(head) or head.startswith((_ARC, _LZ4)) else _packing_of(source.name))


def _packing_of(name: str) -> Packing:
    """What a name promises, where the beginning of the file is damaged."""
    match = _NAME.search(name.partition("?")[0])
    return _PACKINGS.get(match[1] if match else None, "plain")


def names_other_kind(source: Source, form: Form) -> str | None:
    """What a file is that holds no WARC record, where its beginning tells. Raises `OSError` of the source."""
    head = _read_beginning(source, form, 0)
    if head.startswith(_ARC):
        return "an ARC file, the form before WARC: `warcio recompress FILE.arc.gz FILE.warc.gz` makes it one"
    if head.startswith(_LZ4):
        return "packed with LZ4, which archives hardly are: `lz4 -d` unpacks it"
    return None


def _read_dictionary(source: Source, head: bytes) -> bytes:
    """The dictionary in the frame that begins with `head`: as it is, or packed itself."""
    size = struct.unpack("<I", head[4:8])[0]
    if size > _MOST_DICTIONARY:
        raise OSError(f"a dictionary of {size:,} bytes")
    dictionary = source.read(size)
    if dictionary.startswith(_MAGIC["zstd"]):
        dictionary = ZstdReader(io.BytesIO(dictionary)).read(_MOST_DICTIONARY)
    return dictionary


def find_beginning(source: Source, form: Form, at: int) -> int | None:
    """Where the next record begins whose first bytes can be read, at `at` or after it. Raises `OSError`."""
    if form.packing == "plain":
        return next(_places_of(source, _PLAIN_BEGINNING.finditer, at, _LONGEST_BEGINNING), None)
    magic = re.compile(re.escape(_MAGIC[form.packing]))
    places = _places_of(source, magic.finditer, at, len(_MAGIC[form.packing]))
    return next((place for place in islice(places, _MOST_TRIED) if begins_record(source, form, place)), None)


def _places_of(
    source: Source, find: Callable[[bytes], Iterator[re.Match[bytes]]], at: int, longest: int
) -> Iterator[int]:
    """Where in the file it is, each place once, in order."""
    kept, known = b"", at - 1
    step = _FIRST_CHUNK
    while True:
        source.seek(at + len(kept))
        read = source.read(step)
        step = min(2 * step, _CHUNK)
        chunk = kept + read
        for match in find(chunk):
            place = at + match.start()
            if place > known:
                known = place
                yield place
        if not read:
            return
        kept = chunk[-longest:]
        at += len(chunk) - len(kept)


def begins_record(source: Source, form: Form, place: int) -> bool:
    """Whether what can be read from `place` on begins as records do. Raises `OSError` of the source."""
    return _BEGINNING.match(_read_beginning(source, form, place)) is not None


def has_bare_lines(source: Source, form: Form, place: int) -> bool:
    """Whether the record at `place` ends its lines with line feeds alone. Raises `OSError` of the source."""
    beginning = _BEGINNING.match(_read_beginning(source, form, place))
    return beginning is not None and not beginning[0].endswith(b"\r\n")


def _read_beginning(source: Source, form: Form, place: int) -> bytes:
    try:
        head: bytes = form.unpack(source, place).read(_LONGEST_BEGINNING)
    except OSError:
        if source.failure is not None:
            raise
        return b""
    return head


def is_cut(source: Source, form: Form, at: int) -> bool:
    """Whether the file ends within what begins at `at` as records do. Raises `OSError` of the source."""
    source.seek(at)
    mark = b"WARC/" if form.packing == "plain" else _MAGIC[form.packing]
    head = source.read(len(mark))
    if not head or not mark.startswith(head):
        return False
    stream = form.unpack(source, at)
    try:
        while form.packing != "plain" and stream.read(_STEP):
            pass
    except OSError:
        if source.failure is not None:
            raise
        return False
    return True


def find_end(source: Source, form: Form, at: int) -> int | None:
    """Where the member that begins at `at` ends; None where it is damaged or cut. Raises `OSError` of the source."""
    return _find_gzip_end(source, at) if form.packing == "gzip" else _find_zstd_end(source, at)


def _find_zstd_end(source: Source, at: int) -> int | None:
    """From block to block by their headers (RFC 8878, section 3.1.1), none of which is unpacked."""
    source.seek(at)
    head = source.read(5)
    if len(head) < 5 or not head.startswith(_MAGIC["zstd"]):
        return None
    kind = head[4]
    is_single = bool(kind & 0x20)
    at += 5 + (not is_single) + (0, 1, 2, 4)[kind & 3] + (int(is_single), 2, 4, 8)[kind >> 6]
    while True:
        source.seek(at)
        header = source.read(3)
        if len(header) < 3:
            return None
        block = int.from_bytes(header, "little")
        if block >> 1 & 3 == _RESERVED:
            return None
        at += 3 + (1 if block >> 1 & 3 == _REPEATED else block >> 3)
        if block & 1:
            break
    at += 4 if kind & 4 else 0
    return at if source.size is None or at <= source.size else None


def _find_gzip_end(source: Source, at: int) -> int | None:
    source.seek(at)
    unpacker = zlib.decompressobj(wbits=31)
    read = 0
    rest = b""
    while not unpacker.eof:
        if not rest:
            rest = source.read(_STEP)
            read += len(rest)
            if not rest:
                return None
        try:
            unpacker.decompress(rest, _CHUNK)
        except zlib.error:
            return None
        rest = unpacker.unconsumed_tail
    return at + read - len(unpacker.unused_data)
