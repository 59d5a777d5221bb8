"""Stories as rows: what the table keeps of one, and how a record becomes that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from newsscraper.record import Record
from newsscraper.store.identity import fold_title
from newsscraper.store.ledger.keys import hash_key, name_key
from newsscraper.store.ledger.types import Settlement
from newsscraper.store.ledger.versions import Base, digest_fields

COLUMNS = (
    "id, story_key, url, name, title, version, content_hash, fields, fingerprint, extractor, genre, versioned_at, "
    "gone_at, forgotten_at"
)


@dataclass(frozen=True)
class KnownStory:
    """A row of the table."""

    id: int
    story_key: str
    url: str | None
    name: int | None
    title: int | None
    base: Base
    gone_at: int | None
    forgotten_at: int | None

    def is_at(self, url: str) -> bool:
        """Whether `url` is its own address, however that is spelt. Raises `ValueError` for what is no URL."""
        return self.name == name_key(url)


def read_row(row: tuple[Any, ...]) -> KnownStory:
    """A row of `COLUMNS`."""
    number, story_key, url, name, title, version, content_hash, fields, fingerprint, *rest = row
    extractor, genre, versioned_at, gone_at, forgotten_at = rest
    base = Base(
        version=version,
        content_hash=content_hash,
        fields=fields or b"",
        fingerprint=fingerprint,
        extractor=extractor,
        genre=genre,
        versioned_at=versioned_at,
    )
    return KnownStory(number, story_key, url, name, title, base, gone_at, forgotten_at)


def base_columns(record: Record, settlement: Settlement) -> tuple[Any, ...]:
    """What a record says of its story: `name` to `genre`, and `versioned_at`."""
    return (
        own_name(record),
        hash_key(fold_title(record.title)),
        record.content_hash,
        digest_fields(record),
        settlement.fingerprint,
        record.extractor,
        record.genre,
        settlement.visited_at,
    )


def own_name(record: Record) -> int | None:
    """The key of the address that it was read at."""
    return None if record.url is None else name_key(record.url)


def asked_name(record: Record) -> int | None:
    """The key of the address that was asked for."""
    return None if record.fetched_url is None else name_key(record.fetched_url)
