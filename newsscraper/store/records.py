"""From a story to a record: provenance is added here and nowhere else."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import unicodedata
from functools import cache
from importlib import metadata

from newsscraper.extract import EXTRACTION, TEXT_EXTRACTION, Evidence, Model
from newsscraper.record import Record
from newsscraper.sites import Profile
from newsscraper.store.urls import normalise_url, site_of
from newsscraper.story import Story

_STORY_FIELDS = tuple(field.name for field in dataclasses.fields(Story))


def make_record(  # noqa: PLR0913 (provenance has that many parts)
    story: Story,
    *,
    url: str | None,
    fetched_url: str | None = None,
    fetched_at: str | None = None,
    http_status: int | None = None,
    model: Model | None,
    profile: Profile | None = None,
    evidence: Evidence | None = None,
    run_id: str | None = None,
) -> Record:
    """`story` with its provenance, as version 1.

    `url` is where the page was found, normalised here, or None for a page that came without one; `fetched_at` is an
    instant, `2022-03-30T17:20:00Z`; `model` are the weights that it was read with, None for a page flattened to text,
    which is read without any. Raises `ValueError` when `url` is no absolute http or https URL.
    """
    normal = None if url is None else normalise_url(url)
    site = None if normal is None else site_of(normal)
    digest = hash_content(story)
    return Record(
        **{name: getattr(story, name) for name in _STORY_FIELDS},
        story_key=mint_story_key(site or "", normal or digest),
        url=normal,
        fetched_url=fetched_url if fetched_url is not None else url,
        fetched_at=fetched_at,
        http_status=http_status,
        site=site,
        profile=profile.name if profile else None,
        content_hash=digest,
        run_id=run_id,
        extractor=describe_extractor(model, profile, evidence),
    )


def mint_story_key(site: str, identity: str) -> str:
    """Sixteen letters and digits for a story's first address (or content): the same for the same, meaning nothing."""
    digest = hashlib.sha256(f"{site}\n{identity}".encode()).digest()
    return base64.b32encode(digest[:10]).decode("ascii").lower()


def hash_content(story: Story) -> str:
    """`1:` and the SHA-256 of title and body, in lower-case hexadecimal; `1` names the normalisation.

    Normalisation 1, so that anybody can recompute it from a record's `title` and `body`, each by itself first:

    1. Unicode normalisation form C (NFC).
    2. Each run of white space becomes one blank (U+0020), and none is left at either end. White space is U+0009 to
       U+000D, U+001C to U+0020, U+0085, U+00A0, U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F and U+3000;
       U+200B to U+200D and U+FEFF are none. The breaks between paragraphs become blanks, too.

    Hashed are the UTF-8 bytes, without byte order mark, of the title, one line feed (U+000A), and the body; nothing
    follows. Case, punctuation and digits stay as they are.
    """
    text = "\n".join(" ".join(unicodedata.normalize("NFC", part).split()) for part in (story.title, story.body))
    return f"1:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def describe_extractor(model: Model | None, profile: Profile | None = None, evidence: Evidence | None = None) -> str:
    """What the page was read with: package, method, weights, profile and evidence, each with its version or digest.

    `newsscraper/0.1.0 body/2 model@0f5c1e9a7b42 islamtimes@ab12cd34ef56 evidence@9d41c7e20b5a`: those of the last three
    that were used; digests are cut to twelve digits. A page flattened to text is read without weights, by `text/1`.
    """
    parts = [f"newsscraper/{package_version()}"]
    parts += [EXTRACTION, f"model@{_shorten(model.digest)}"] if model else [TEXT_EXTRACTION]
    if profile is not None:
        parts.append(f"{profile.name}@{profile.version}" if profile.version else profile.name)
    if evidence is not None:
        parts.append(f"evidence@{_shorten(evidence.digest)}")
    return " ".join(parts)


def _shorten(digest: str) -> str:
    return digest.removeprefix("sha256:")[:12]


@cache
def package_version() -> str:
    """The version of newsscraper as installed."""
    return metadata.version("newsscraper")
