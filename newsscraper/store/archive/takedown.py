"""Records taken out of an archive file: as many other bytes stand in their place, so that no other record moves."""

from __future__ import annotations

import hashlib
import os
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from newsscraper.store.archive.members import TAKEN_DOWN

Region = tuple[int, int]
"""Where records begin, and where the last of them ends."""

_PIECE = 1 << 20
_BLOCK = 65_535
"""Bytes that a block of DEFLATE holds that is merely stored."""
_AROUND_MEMBER, _AROUND_BLOCK = 18, 5
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_HEAD = (
    "WARC/1.1\r\n"
    "WARC-Type: metadata\r\n"
    f"WARC-Record-ID: {TAKEN_DOWN}{{offset:012}}>\r\n"
    "WARC-Date: 1970-01-01T00:00:00Z\r\n"
    "Content-Type: application/warc-fields\r\n"
    "Content-Length: {length:012}\r\n"
    "\r\n"
)
_END = b"\r\n\r\n"


def write_without(archive: Path, regions: Sequence[Region]) -> tuple[Path, int, str]:
    """A copy of `archive` beside it in which nothing of `regions` is left; its path, size and SHA-256. Synced.

    `regions` are disjoint, and `holds_filler`. Of the same ones it has the same bytes. Raises `OSError`.
    """
    part = archive.with_name(f".{archive.name}.part")
    digest = hashlib.sha256()
    with part.open("wb") as target:
        for piece in _pieces(archive, sorted(regions)):
            target.write(piece)
            digest.update(piece)
        target.flush()
        os.fsync(target.fileno())
        return part, target.tell(), digest.hexdigest()


def holds_filler(region: Region) -> bool:
    """Whether a record that says nothing fits where `region` is."""
    try:
        make_filler(region[0], region[1] - region[0])
    except ValueError:
        return False
    return True


def make_filler(offset: int, length: int) -> bytes:
    """A gzip member of `length` bytes: a `metadata` record that says nothing. Raises `ValueError` where none fits."""
    blocks = 1
    while (size := length - _AROUND_MEMBER - _AROUND_BLOCK * blocks) > blocks * _BLOCK:
        blocks += 1
    content = size - len(_HEAD.format(offset=offset, length=0)) - len(_END)
    if content < 0:
        raise ValueError(f"{length} bytes hold no record")
    record = _HEAD.format(offset=offset, length=content).encode() + b" " * content + _END
    stored = [record[number * _BLOCK : (number + 1) * _BLOCK] for number in range(blocks)]
    packed = b"".join(
        struct.pack("<BHH", number == blocks - 1, len(block), len(block) ^ 0xFFFF) + block
        for number, block in enumerate(stored)
    )
    return _GZIP_HEAD + packed + struct.pack("<II", zlib.crc32(record), len(record))


def _pieces(archive: Path, regions: Sequence[Region]) -> Iterator[bytes]:
    with archive.open("rb") as stream:
        for start, end in regions:
            yield from _copy(stream.read, start - stream.tell())
            yield make_filler(start, end - start)
            stream.seek(end)
        while piece := stream.read(_PIECE):
            yield piece


def _copy(read: Callable[[int], bytes], count: int) -> Iterator[bytes]:
    while count and (piece := read(min(count, _PIECE))):
        count -= len(piece)
        yield piece
