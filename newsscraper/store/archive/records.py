"""Single records of an archive file, and where the last whole one ends."""

from __future__ import annotations

import zlib
from pathlib import Path

from fastwarc.warc import ArchiveIterator

_PIECE = 1 << 16


def read_head(path: Path, offset: int) -> dict[str, str] | None:
    """The WARC header of the record at `offset`, names in lower case; None where none begins there, or no file is."""
    try:
        with path.open("rb") as stream:
            stream.seek(offset)
            for record in ArchiveIterator(stream, parse_http=False):
                if record.stream_pos not in (0, offset):
                    return None
                return {name.lower(): value for name, value in record.headers.items()}
    except OSError:
        return None
    return None


def find_whole_end(path: Path, start: int = 0, until: int | None = None) -> tuple[int, int]:
    """Where the last whole gzip member ends, of those that follow each other from `start`, and how many these are.

    With `until` none is looked at that begins there or later.

    Raises `OSError`.
    """
    end, members = start, 0
    with path.open("rb") as stream:
        while until is None or end < until:
            stream.seek(end)
            member = zlib.decompressobj(zlib.MAX_WBITS + 16)
            length = 0
            try:
                while not member.eof and (data := stream.read(_PIECE)):
                    length += len(data)
                    while data and not member.eof:
                        member.decompress(data, _PIECE)
                        data = member.unconsumed_tail
            except zlib.error:
                return end, members
            if not member.eof:
                return end, members
            end += length - len(member.unused_data)
            members += 1
    return end, members
