"""The records of an archive file as its own bytes tell, also behind damage: no index is asked."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

TAKEN_DOWN = "<urn:newsscraper:taken-down:"
"""What the ids of records begin with that stand where others were taken out."""
SEVERAL = "several"
"""The kind of a gzip member that holds more than one record."""

_PIECE = 1 << 16
_MOST_HEAD = 1 << 20
_MAGIC = b"\x1f\x8b\x08"
_END_OF_HEAD = b"\r\n\r\n"
_END_OF_RECORD = 4


@dataclass(frozen=True, kw_only=True)
class Member:
    """A gzip member that is whole: a record, with what its WARC header says; empty for what that does not say."""

    offset: int
    end: int
    kind: str
    """`WARC-Type`, or `SEVERAL`."""
    record_id: str
    url: str
    concurrent_to: str
    page_of: str
    """Of a further page of a story: the URL of the first one."""

    @property
    def is_filler(self) -> bool:
        """Whether it stands where other records were taken out."""
        return self.record_id.startswith(TAKEN_DOWN)


@dataclass(frozen=True, kw_only=True)
class Members:
    """All of a file, in order: whole records, and the bytes between them that are none."""

    records: list[Member]
    gaps: list[tuple[int, int]]
    """Where each begins and ends."""


def read_members(path: Path) -> Members:
    """Every whole record of `path`; behind damage from the next one on that is whole. Raises `OSError`."""
    found = Members(records=[], gaps=[])
    size = path.stat().st_size
    with path.open("rb") as stream:
        offset = 0
        while offset < size:
            member = _read_member(stream, offset)
            if member is None:
                member = next((each for at in _magics(stream, offset + 1) if (each := _read_member(stream, at))), None)
                found.gaps.append((offset, member.offset if member else size))
            if member is None:
                break
            found.records.append(member)
            offset = member.end
    return found


def _magics(stream: IO[bytes], start: int) -> Iterator[int]:
    """Where gzip members may begin, at or behind `start`."""
    place = start
    while True:
        stream.seek(place)
        piece = stream.read(_PIECE)
        at = piece.find(_MAGIC)
        while at >= 0:
            yield place + at
            at = piece.find(_MAGIC, at + 1)
        if len(piece) < _PIECE:
            return
        place += len(piece) - len(_MAGIC) + 1


def _read_member(stream: IO[bytes], offset: int) -> Member | None:
    """The record that is the gzip member at `offset`; None where none is, or it is damaged."""
    stream.seek(offset)
    unpacker = zlib.decompressobj(zlib.MAX_WBITS + 16)
    head, packed, unpacked = b"", 0, 0
    try:
        while not unpacker.eof and (data := stream.read(_PIECE)):
            packed += len(data)
            while data and not unpacker.eof:
                piece = unpacker.decompress(data, _PIECE)
                data = unpacker.unconsumed_tail
                unpacked += len(piece)
                if _END_OF_HEAD not in head and len(head) < _MOST_HEAD:
                    head += piece
                    if not head.startswith(b"WARC/"[: len(head)]):
                        return None
    except zlib.error:
        return None
    head, end, _ = head.partition(_END_OF_HEAD)
    if not unpacker.eof or not end:
        return None
    fields = _fields_of(head)
    length = fields.get("content-length", "")
    is_one = length.isdecimal() and unpacked == len(head) + len(end) + int(length) + _END_OF_RECORD
    return Member(
        offset=offset,
        end=offset + packed - len(unpacker.unused_data),
        kind=fields.get("warc-type", "") if is_one else SEVERAL,
        record_id=fields.get("warc-record-id", ""),
        url=fields.get("warc-target-uri", "").strip("<>"),
        concurrent_to=fields.get("warc-concurrent-to", ""),
        page_of=fields.get("newsscraper-page-of", ""),
    )


def _fields_of(head: bytes) -> dict[str, str]:
    lines = head.decode("utf-8", "replace").split("\r\n")[1:]
    return {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
