"""What the shim wrote down, record by record (see `powerloss_shim.c`)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

_HEAD = struct.Struct("=IIQQIIII")
_MAGIC = 0x50574C53


class What(IntEnum):
    """In the order of the shim's own list."""

    OPEN = 1
    WRITE = 2
    CUT = 3
    SYNC = 4
    RENAME = 5
    UNLINK = 6
    LINK = 7
    MAKE_FOLDER = 8
    REMOVE_FOLDER = 9
    CLOSE = 10
    MAP = 11
    SYNC_ALL = 12


@dataclass(frozen=True)
class Change:
    """One call that succeeded."""

    what: What
    inode: int
    offset: int
    """Where data go; the new length for `CUT`."""
    path: str
    other: str
    """The second name of a rename or a link."""
    data: bytes
    made: int
    """For `OPEN`: bit 1, there was no such file before; bit 2, it was emptied."""


def read_log(path: Path) -> Iterator[Change]:
    """All records; a last one that is not whole belongs to a call that the kill cut short. Raises `ValueError`."""
    with path.open("rb") as stream:
        while len(head := stream.read(_HEAD.size)) == _HEAD.size:
            magic, what, inode, offset, path_size, other_size, data_size, made = _HEAD.unpack(head)
            if magic != _MAGIC:
                raise ValueError(f"{path}: no record at {stream.tell() - _HEAD.size}")
            body = stream.read(path_size + other_size + data_size)
            if len(body) < path_size + other_size + data_size:
                return
            first, second = path_size, path_size + other_size
            names = body[:first].decode(), body[first:second].decode()
            yield Change(What(what), inode, offset, *names, body[second:], made)
