"""Where the pieces of an archive begin: at true records, told by the index beside it, or else by one walk through it.

What was found is kept in the batch's folder, so that whoever takes another piece cuts at the very same place.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from pathlib import Path

from newsscraper.batch.inputs import Input
from newsscraper.batch.output import write_document, write_once
from newsscraper.batch.parts import Part
from newsscraper.store.archive.index import index_path, read_index
from newsscraper.store.archive.remote import Source, is_remote, open_source
from newsscraper.store.archive.walking import Came, walk

KEPT = ".pieces"
_HEADS = frozenset({"response", "resource", "revisit", "warcinfo"})
"""Records that something begins with; others (`conversion`, `metadata`, `request`) may belong to one before them."""


def find_range(part: Part, folder: Path) -> tuple[int, int]:
    """Where the records of `part` begin and end, in bytes of its archive as it lies there.

    Raises `InputError` where the archive cannot be read, `OSError` where what was found cannot be kept.
    """
    archive = part.inputs[0]
    if part.pieces == 1:
        return 0, archive.size
    bounds = [*_find_starts(archive, part.pieces, folder), archive.size]
    return bounds[part.piece], bounds[part.piece + 1]


def _find_starts(archive: Input, pieces: int, folder: Path) -> list[int]:
    """The place of the first record in each piece; where none begins in it, that of the next piece."""
    name = hashlib.sha256(f"{archive.name} {archive.size} {pieces}".encode()).hexdigest()[:16]
    kept = folder / KEPT / f"{name}.json"
    if (known := _read_kept(kept, archive.size, pieces)) is not None:
        return known
    wanted = [number * archive.size // pieces for number in range(1, pieces)]
    with open_source(archive.name) as source:
        starts = _starts_of_index(archive.name, wanted, source)
        if starts is None:
            starts = _first_after(wanted, _walk_heads(source), archive.size)
    # What is there and was not read is damaged, and must not stay as if somebody had been first.
    write = write_document if kept.exists() and _read_kept(kept, archive.size, pieces) is None else write_once
    write(kept, json.dumps({"archive": archive.name, "starts": [0, *starts]}).encode() + b"\n")
    return _read_kept(kept, archive.size, pieces) or [0, *starts]


def _read_kept(kept: Path, size: int, pieces: int) -> list[int] | None:
    """The places that are kept; None where they are not, or what is there does not give them."""
    try:
        starts = json.loads(kept.read_bytes())["starts"]
        places = [place for place in starts if type(place) is int]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    is_whole = (
        len(places) == len(starts) == pieces and places == sorted(places) and 0 == places[0] <= places[-1] <= size
    )
    return places if is_whole else None


def _first_after(wanted: list[int], places: Iterable[int], size: int) -> list[int]:
    """For each of `wanted` the first of `places`, both in order, that is not before it; `size` where there is none."""
    found: list[int] = []
    for place in places:
        while len(found) < len(wanted) and place >= wanted[len(found)]:
            found.append(place)
        if len(found) == len(wanted):
            break
    return found + [size] * (len(wanted) - len(found))


def _walk_heads(source: Source) -> Iterator[int]:
    for step in walk(source):
        if isinstance(step, Came) and not step.is_shared and _is_head(step):
            yield step.offset


def _starts_of_index(name: str, wanted: list[int], source: Source) -> list[int] | None:
    """What the index beside a local archive says, each place looked at; None where there is none to be relied on."""
    path = Path(name)
    if is_remote(name) or not index_path(path).exists():
        return None
    try:
        places = sorted(each.offset for each in read_index(path))
    except (OSError, ValueError):
        return None
    found = [bisect_left(places, place) for place in wanted]
    if any(number == len(places) for number in found):
        return None
    starts = [places[number] for number in found]
    return starts if all(_begins_there(source, place) for place in starts) else None


def _begins_there(source: Source, place: int) -> bool:
    step = next(walk(source, start=place, end=place + 1), None)
    return isinstance(step, Came) and step.offset == place and _is_head(step)


def _is_head(step: Came) -> bool:
    return str(step.record.headers.get("WARC-Type", "")).lower() in _HEADS
