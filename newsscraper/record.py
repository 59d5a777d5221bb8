"""A story plus where it came from: one JSON line of a corpus, with its JSON Schema.

`schema.json` beside this file is the published contract; `SCHEMA_VERSION` names it in every record.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, TypedDict

import jsonschema_rs

from newsscraper.story import Story

SCHEMA_VERSION = 1


class WarcPointer(TypedDict):
    """Where the raw page lies in an archive file: byte offset and length of its record."""

    file: str
    offset: int
    length: int
    record_id: str


@dataclass(frozen=True, kw_only=True)
class Record(Story):
    """A `Story` and its provenance, which the store adds. Keys in this order, after the story's."""

    story_key: str
    """Opaque; minted when the story is first written; never changes."""
    version: int = 1
    """1, then +1 each time the site changed the story's text."""
    url: str | None = None
    """Normalised: no tracking, no session. None for a page that came without a URL."""
    fetched_url: str | None = None
    """What was asked for."""
    fetched_at: str | None = None
    """When, UTC, `2022-03-30T17:20:00Z`."""
    http_status: int | None = None
    """What came."""
    site: str | None = None
    """Registrable domain."""
    profile: str | None = None
    """Name of the profile used."""
    content_hash: str
    """`1:` and SHA-256 of the normalised title and body; the prefix names the normalisation."""
    warc: WarcPointer | None = None
    """Where the raw page lies."""
    run_id: str | None = None
    """Which run wrote this line."""
    extractor: str
    """Versions of package, model and profile."""
    schema_version: int = SCHEMA_VERSION
    """Version of this table."""

    def to_schema_org(self) -> dict[str, Any]:
        """The record as schema.org NewsArticle JSON-LD; keys without a value are left out."""
        return to_schema_org(self)


@cache
def record_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a record."""
    text = resources.files("newsscraper").joinpath("schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


@cache
def story_schema() -> dict[str, Any]:
    """The part of `record_schema()` that a `Story` must fulfil."""
    schema = record_schema()
    names = list(Story.__dataclass_fields__)
    properties = {name: schema["properties"][name] for name in names}
    return {**schema, "title": "Story", "properties": properties, "required": names}


@cache
def _validator(of_record: bool) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(record_schema() if of_record else story_schema())


def find_faults(data: dict[str, Any]) -> list[str]:
    """What breaks the schema in a record's dict (or, without `story_key`, a story's): `key: what` each."""
    broken = [key for key, value in data.items() if not _can_be_written(value)]
    if broken:
        return [f"{key}: a lone surrogate, which no UTF-8 file can hold" for key in broken]
    errors = _validator("story_key" in data).iter_errors(data)
    return [f"{'.'.join(map(str, e.instance_path)) or 'record'}: {e.message}" for e in errors]


def _can_be_written(value: object) -> bool:
    """False where a text in it is none of Unicode's."""
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def to_schema_org(story: Story) -> dict[str, Any]:
    """A `Story` or `Record` as schema.org NewsArticle JSON-LD (https://schema.org/NewsArticle)."""
    is_free = None if story.access is None else story.access == "free"
    url = story.url if isinstance(story, Record) else story.canonical_url
    data = {
        "@context": "https://schema.org",
        "@type": _SCHEMA_ORG_TYPES.get(story.genre, "NewsArticle"),
        "headline": story.title,
        "datePublished": story.date,
        "dateModified": story.date_modified,
        "identifier": story.story_code,
        "articleBody": story.body,
        "keywords": story.tags,
        "author": [{"@type": "Person", "name": name} for name in story.authors],
        "abstract": story.lead,
        "description": story.description,
        "articleSection": story.section,
        "inLanguage": story.language,
        "image": [
            {"@type": "ImageObject", "url": image["url"]} | ({"caption": image["caption"]} if image["caption"] else {})
            for image in story.images
        ],
        "isAccessibleForFree": is_free,
        "url": url,
        "mainEntityOfPage": story.canonical_url,
        "publisher": {"@type": "Organization", "name": story.publisher} if story.publisher else None,
        "license": story.license,
        "workTranslation": [
            {"@type": "NewsArticle", "inLanguage": t["language"], "url": t["url"]} for t in story.translations
        ],
    }
    return {key: value for key, value in data.items() if value not in (None, "", [])}


_SCHEMA_ORG_TYPES = {"live": "LiveBlogPosting", "opinion": "OpinionNewsArticle"}
