"""What of records is compared: digests of their fields, so that a million records fit into one small file."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any, Literal

from newsscraper.errors import InputError
from newsscraper.record import Record
from newsscraper.sites.checks import suggestion
from newsscraper.story import Story

Change = Literal["gained", "lost", "altered"]
"""`gained`: there was nothing; `lost`: there is nothing any more."""
CONTENT = tuple(field.name for field in dataclasses.fields(Story))
"""What the page says: compared unless other fields are named."""
ALL = tuple(field.name for field in dataclasses.fields(Record) if field.name not in {"story_key", "version"})
"""That and provenance, but for what records are matched by."""
WIDTH = 8
"""Bytes of a digest: two different values have the same one with a chance of 1 in 2**64."""
NOTHING = bytes(WIDTH)
"""That of `null`, of an empty text, list or object, and of a key that is missing."""


def choose_fields(names: Iterable[str], leaving_out: Iterable[str] = ()) -> tuple[str, ...]:
    """The fields meant by `names`, in the record's order; `content` (also where there are none) and `all` are groups.

    Raises `InputError` for a field that records do not have, and where none is left.
    """
    meant = set(_expand(names) or CONTENT) - set(_expand(leaving_out))
    if not meant:
        raise InputError("no field is left to compare")
    return tuple(name for name in ALL if name in meant)


def digest_fields(data: dict[str, Any], fields: Sequence[str]) -> bytes:
    """The digests of `fields`, one after the other."""
    return b"".join([_digest(data.get(name)) for name in fields])


def find_changes(old: bytes, new: bytes, fields: Sequence[str]) -> list[tuple[str, Change]]:
    """The fields that differ, and how."""
    if old == new:
        return []
    found: list[tuple[str, Change]] = []
    for number, name in enumerate(fields):
        before, after = (digests[number * WIDTH : (number + 1) * WIDTH] for digests in (old, new))
        if before != after:
            found.append((name, "gained" if before == NOTHING else "lost" if after == NOTHING else "altered"))
    return found


def _expand(names: Iterable[str]) -> list[str]:
    found: list[str] = []
    for name in (part.strip() for each in names for part in each.split(",")):
        if name in {"content", "all"}:
            found += CONTENT if name == "content" else ALL
        elif name in ALL:
            found.append(name)
        else:
            hint = suggestion(name, (*ALL, "content", "all"))
            raise InputError(f"no field of records to compare: {name!r}{hint or '; docs/record.md has them'}")
    return found


def _digest(value: Any) -> bytes:
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, str):
        content = b"t" + value.encode("utf-8", "surrogatepass")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        content = repr(_as_float(value)).encode()  # a column of Parquet has one kind of number, JSON has two
    else:
        content = json.dumps(value, sort_keys=True, default=str).encode()
    return blake2b(content, digest_size=WIDTH).digest()


def _as_float(number: float) -> float:
    """Itself where it is a whole number beyond what a float can hold."""
    try:
        return float(number)
    except OverflowError:
        return number
