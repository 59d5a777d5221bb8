"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/): the few keys that say where stories are and when."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_VERSION = "jsonfeed.org/version/"
_ITEMS = 10_000


@dataclass(frozen=True, kw_only=True)
class JsonItem:
    """One of `items`; times in Unix seconds."""

    url: str
    """As written: perhaps relative."""
    published: int | None = None
    modified: int | None = None


@dataclass(frozen=True, kw_only=True)
class JsonFeed:
    """What a JSON Feed says, in its order."""

    items: tuple[JsonItem, ...]
    next_url: str | None = None
    """The following page, as written."""


def read_json_feed(body: bytes) -> JsonFeed | None:
    """The JSON Feed in `body`; None for any other bytes."""
    if not body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return None
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError):  # UnicodeDecodeError is one of the former
        return None
    if (
        not isinstance(feed, dict)
        or _VERSION not in str(feed.get("version"))
        or not isinstance(feed.get("items"), list)
    ):
        return None
    return JsonFeed(items=tuple(_items(feed["items"])), next_url=_text(feed, "next_url"))


def _items(items: list[Any]) -> Iterator[JsonItem]:
    for item in items[:_ITEMS]:
        if not isinstance(item, Mapping):
            continue
        identity = _text(item, "id") or ""
        url = _text(item, "url") or (identity if identity.startswith(("http://", "https://")) else None)
        if url:
            published, modified = _moment(item, "date_published"), _moment(item, "date_modified")
            yield JsonItem(url=url, published=published, modified=modified)


def _text(table: Mapping[str, Any], key: str) -> str | None:
    value = table.get(key)
    return value.strip() or None if isinstance(value, str) else None


def _moment(item: Mapping[str, Any], key: str) -> int | None:
    try:
        moment = datetime.fromisoformat(_text(item, key) or "")
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None
