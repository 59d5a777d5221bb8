"""Whether a story that was read again is a new version of it. A version is its site's doing, never the extractor's."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from newsscraper.record import Record
from newsscraper.store.records import hash_content
from newsscraper.story import Story

COMPARED = tuple(
    """
    title body lead date date_modified authors tags section images genre access complete description language
    story_code canonical_url license
    """.split()  # noqa: SIM905
)
"""Fields whose change is told; only added to, at the end."""
LIVE_INTERVAL = 86_400
"""Seconds between two versions of a running blog, at least; what it says when it has ended is one at once."""

Reread = Callable[[], Story | None]
"""The page as it was at the last version, read by today's extractor; None where it is not archived."""


@dataclass(frozen=True, kw_only=True)
class Base:
    """What the next visit is compared with."""

    version: int
    content_hash: str | None
    """None where the last version was lost, so that the next visit writes it."""
    fields: bytes
    """A checksum for each of `COMPARED`, see `digest_fields`."""
    fingerprint: int | None
    extractor: str | None
    genre: str | None
    versioned_at: int
    """When the last version was written."""


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What a visit means for the story."""

    verdict: Literal["changed", "unchanged", "rebased"]
    changed: tuple[str, ...] = ()
    becomes_base: bool = True
    """Whether the next visit is compared with this one."""
    held_until: int | None = None
    """The text is another one, and becomes a version no earlier than then."""


def judge(base: Base, record: Record, fingerprint: int | None, now: int, reread: Reread | None = None) -> Judgement:
    """Whether `record`, read at the story's own address, is a new version of what `base` tells.

    `fingerprint` is that of the page's raw text, whoever reads it: where it is the same, the site changed nothing.
    """
    if base.content_hash is None:
        return Judgement(verdict="changed")
    if record.content_hash == base.content_hash or (fingerprint is not None and fingerprint == base.fingerprint):
        return Judgement(verdict="unchanged")
    if record.extractor != base.extractor:
        old = reread() if reread is not None else None
        if old is None:
            return Judgement(verdict="rebased")
        if hash_content(old) == record.content_hash:
            return Judgement(verdict="unchanged")
    if record.genre == "live" and now - base.versioned_at < LIVE_INTERVAL:
        return Judgement(verdict="unchanged", becomes_base=False, held_until=base.versioned_at + LIVE_INTERVAL)
    return Judgement(verdict="changed", changed=find_changed(base.fields, digest_fields(record)))


def digest_fields(story: Story) -> bytes:
    """Four bytes for each of `COMPARED`, in that order."""
    values = (json.dumps(getattr(story, name), ensure_ascii=True, sort_keys=True) for name in COMPARED)
    return b"".join(zlib.crc32(value.encode()).to_bytes(4, "little") for value in values)


def find_changed(before: bytes, after: bytes) -> tuple[str, ...]:
    """Names of the fields that differ, of those that both know."""
    known = min(len(before), len(after)) // 4
    places = ((name, slice(4 * number, 4 * number + 4)) for number, name in enumerate(COMPARED[:known]))
    return tuple(name for name, place in places if before[place] != after[place])
