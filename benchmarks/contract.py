"""What the core promises of any input: a story that keeps its record's rules, or an error of its own."""

from __future__ import annotations

import dataclasses
import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from newsscraper.record import find_faults
from newsscraper.story import Story

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LOCAL = timedelta(hours=50)
"""How far two readings may lie apart without being in order: one a mere day, each in any zone."""


def find_breaches(story: Story, fetched_at: str | None) -> list[str]:
    """What a story breaks of the schema and of `docs/record.md`: `key: what` each."""
    data = dataclasses.asdict(story)
    return [
        *(_shorten(fault) for fault in find_faults(data)),
        *_text_breaches(data),
        *_body_breaches(story),
        *_date_breaches(story, fetched_at),
        *_list_breaches(story),
    ]


def _text_breaches(data: dict[str, Any]) -> Iterator[str]:
    for key, text in _texts(data):
        if found := _CONTROLS.search(text):
            yield f"{key}: holds U+{ord(found[0]):04X}"
        if text and not text.strip():
            yield f"{key}: is blank"
    try:
        json.dumps(data, allow_nan=False, ensure_ascii=False).encode("utf-8")
    except ValueError as error:
        yield f"record: is no JSON: {error}"


def _texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _texts(one, f"{key}.{name}" if key else name)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one, key)


def _body_breaches(story: Story) -> Iterator[str]:
    if not unicodedata.is_normalized("NFC", story.body):
        yield "body: is not NFC"
    paragraphs = story.body.split("\n\n") if story.body else []
    if any(paragraph != paragraph.strip() for paragraph in paragraphs):
        yield "body: a paragraph has white space at its edge"
    if any(not paragraph for paragraph in paragraphs):
        yield "body: a paragraph is empty"
    if story.lead and story.lead in paragraphs:
        yield "lead: stands in the body, too"


def _date_breaches(story: Story, fetched_at: str | None) -> Iterator[str]:
    instants = {}
    for key in ("date", "date_utc", "date_modified"):
        text = getattr(story, key)
        try:
            instants[key] = datetime.fromisoformat(text) if text else None
        except ValueError:
            yield f"{key}: {text!r} is no ISO 8601 date"
    date, utc = instants.get("date"), instants.get("date_utc")
    if utc != _as_utc(date):
        yield f"date_utc: {story.date_utc!r} beside date {story.date!r}"
    if date and fetched_at and _is_later(date, datetime.fromisoformat(fetched_at)):
        yield f"date: {story.date!r} is later than the fetch at {fetched_at!r}"
    if story.date and not story.date_raw:
        yield "date_raw: is missing beside a date"


def _as_utc(date: datetime | None) -> datetime | None:
    """The instant; None without a zone, and at the ends of time."""
    try:
        return date.astimezone(UTC) if date and date.tzinfo else None
    except OverflowError:
        return None


def _is_later(date: datetime, fetched: datetime) -> bool:
    try:
        return date.replace(tzinfo=date.tzinfo or UTC) > fetched.replace(tzinfo=fetched.tzinfo or UTC) + _LOCAL
    except OverflowError:
        return False


def _list_breaches(story: Story) -> Iterator[str]:
    urls = [image["url"] for image in story.images]
    if len(set(urls)) < len(urls):
        yield "images: the same URL twice"
    if story.title in story.tags and len(story.title) > 60:
        yield "tags: the headline is one"


def _shorten(fault: str) -> str:
    """A message that names a value of any length, cut to a line."""
    return fault if len(fault) <= 200 else f"{fault[:120]} ... {fault[-70:]}"
