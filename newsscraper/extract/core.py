"""The recipe: from a page to its story."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from os import PathLike
from typing import Any

from newsscraper.errors import NotAStory
from newsscraper.extract import dump
from newsscraper.extract.assemble import assemble_body, assemble_lead
from newsscraper.extract.classify import classify
from newsscraper.extract.collector import RestingCollector
from newsscraper.extract.confidence import resolve_confidence
from newsscraper.extract.decode import drop_forbidden
from newsscraper.extract.evidence import Evidence, apply_evidence
from newsscraper.extract.fields.access import resolve_access, resolve_complete
from newsscraper.extract.fields.authors import resolve_authors
from newsscraper.extract.fields.date import Dates, resolve_dates
from newsscraper.extract.fields.genre import resolve_genre
from newsscraper.extract.fields.identity import (
    resolve_canonical_url,
    resolve_description,
    resolve_license,
    resolve_publisher,
    resolve_rights,
    resolve_translations,
)
from newsscraper.extract.fields.images import resolve_images
from newsscraper.extract.fields.language import resolve_language
from newsscraper.extract.fields.section import resolve_section
from newsscraper.extract.fields.story_code import resolve_story_code
from newsscraper.extract.fields.tags import resolve_tags
from newsscraper.extract.fields.title import resolve_title
from newsscraper.extract.layout import Layout, body_letters
from newsscraper.extract.learned.model import Model, shipped_model
from newsscraper.extract.page import Page
from newsscraper.extract.reading import Parsed, checked_instant, is_url, known_profile, read_page
from newsscraper.extract.reasons import give_reasons
from newsscraper.extract.refusal import refuse_not_story
from newsscraper.extract.resolving import Resolved
from newsscraper.extract.script_state import with_script_state
from newsscraper.extract.trace import Trace, trace_blocks, trace_fields
from newsscraper.extract.walk import find_blocks
from newsscraper.sites.profile import Profile
from newsscraper.story import Story


def extract(  # noqa: PLR0913  (the public call: all but the page by name)
    html: bytes | str,
    url: str | None = None,
    *,
    profile: Profile | str | None = None,
    charset: str | None = None,
    fetched_at: str | None = None,
    evidence: Evidence | None = None,
    model: Model | None = None,
    force: bool = False,
) -> Story:
    """The story on a page.

    `html` is the page as bytes (best: the core then finds the encoding, with the HTTP header's `charset` as a hint)
    or str; `url` is where it came from; `profile` what is known of its site, or that profile's name; `fetched_at` an
    ISO 8601 instant after which no story on it can have been published; `evidence` what several pages of its site
    have in common (`gather_evidence`), which is no story's; `model` weights of one's own (`load_model`) instead of
    those that come with the package. Raises `NotAStory` where there is no headline with text
    under it, unless `force`; `UnreadablePage` for empty or binary input; `InputError` for a name that no
    profile has and a `fetched_at` that is none; `ProfileError` where the profile's file is wrong; `TypeError` for
    an argument of another type than these.
    """
    _check_types(html, url=url, profile=profile, charset=charset, evidence=evidence, model=model)
    with RestingCollector():
        return _read(read_page(html, url, profile, charset, fetched_at), evidence, model, force=force).story


def extract_parsed(
    parsed: Parsed,
    url: str | None = None,
    *,
    profile: Profile | str | None = None,
    fetched_at: str | None = None,
    model: Model | None = None,
) -> Story:
    """`extract` for a page that has been parsed already: its caller wants more of it than the story."""
    with RestingCollector():
        return _read(read_page(parsed, url, profile, None, fetched_at), None, model, force=False).story


def trace(  # noqa: PLR0913  (as `extract`)
    html: bytes | str,
    url: str | None = None,
    *,
    profile: Profile | str | None = None,
    charset: str | None = None,
    fetched_at: str | None = None,
    evidence: Evidence | None = None,
    model: Model | None = None,
    force: bool = False,
) -> tuple[Story, Trace]:
    """`extract`, and the account of how each block and field came out."""
    _check_types(html, url=url, profile=profile, charset=charset, evidence=evidence, model=model)
    with RestingCollector():
        page = read_page(html, url, profile, charset, fetched_at)
        reading = _read(page, evidence, model, force=force, losers=True)
        return reading.story, _account(reading)


def lay_out(
    html: bytes | str, url: str | None = None, *, profile: Profile | str | None = None, model: Model | None = None
) -> Layout:
    """A story's page with its headline and labels, before any field is resolved. Raises as `extract` does."""
    layout = find_story(read_page(html, url, profile), model=model)
    refuse_not_story(layout, assemble_body(layout.page.blocks, layout.labels))
    return layout


def extract_text(
    text: str,
    url: str | None = None,
    *,
    profile: Profile | str | None = None,
    fetched_at: str | None = None,
    force: bool = False,
) -> Story:
    """The story in a page that was flattened to text: one line a block, no markup. Raises as `extract` does."""
    _check_text(text)
    _check_types(text, url=url, profile=profile)
    known_url = url if is_url(url) else None
    return dump.read_dump(
        drop_forbidden(text), known_url, known_profile(profile), checked_instant(fetched_at), force=force
    )


_TAKEN: dict[str, tuple[type | tuple[type, ...], str]] = {
    "url": (str, "str or None; str(url) makes one of an object for URLs"),
    "profile": ((str, Profile), "a Profile, a profile's name or None"),
    "charset": (str, "the label of an encoding as str, or None"),
    "evidence": (Evidence, "Evidence, as gather_evidence(...) gives it, or None"),
    "model": (Model, "a Model, as load_model(path) gives it, or None"),
}
"""Argument -> its types, and how that is said to people."""


def _check_types(html: object, **given: object) -> None:
    """Raises `TypeError`, which says what to give instead, before anything inside breaks on a wrong type."""
    if not isinstance(html, (bytes, str)):
        raise TypeError(f"html: expected the page as bytes or str, got {type(html).__name__}{_hint_of(html)}")
    for name, value in given.items():
        types, told = _TAKEN[name]
        if value is not None and not isinstance(value, types):
            raise TypeError(f"{name}: got {type(value).__name__}, expected {told}")


def _check_text(text: object) -> None:
    """Raises `TypeError`, as `_check_types` does."""
    if not isinstance(text, str):
        hint = ": text.decode(), or `extract` for a page with markup" if isinstance(text, bytes) else _hint_of(text)
        raise TypeError(f"text: expected str, got {type(text).__name__}{hint}")


def _hint_of(given: object) -> str:
    """How to come from what was given in a page's place to the page."""
    if isinstance(given, PathLike):
        return ": give what is in the file, path.read_bytes()"
    if isinstance(given, (bytearray, memoryview)):
        return ": give bytes(page)"
    return ": give the file's content, file.read()" if hasattr(given, "read") else ""


LITTLE = 600
"""Letters of body below which a story is also looked for in what the page hides."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """Everything that one page's reading gave."""

    layout: Layout
    story: Story
    resolved: dict[str, Resolved[Any]]


def _read(
    page: Page, evidence: Evidence | None = None, model: Model | None = None, *, force: bool, losers: bool = False
) -> _Reading:
    """Laid out, refused where it is no story, every field resolved; what lost is looked for where it is wanted."""
    layout = find_story(page, evidence, model)
    body = assemble_body(layout.page.blocks, layout.labels)
    if not force:
        refuse_not_story(layout, body)
    elif not layout.headline.text:
        raise NotAStory("no_headline", "a record needs a title, and nothing on the page can serve as one")
    return _resolve(layout, body, losers=losers)


def find_story(page: Page, evidence: Evidence | None = None, model: Model | None = None) -> Layout:
    """Laid out from where the page's text is: its tree, what it hides, or script state."""
    lay_out_page = partial(_lay_out, evidence=evidence, model=model)
    return with_script_state(_with_hidden(lay_out_page(page), lay_out_page), lay_out_page)


def _with_hidden(layout: Layout, lay_out_page: Callable[[Page], Layout]) -> Layout:
    """The layout given, or that of the page with its hidden text where the story is in that, for a script to show."""
    page = layout.page
    shown = body_letters(layout)
    if not page.blocks.hidden or shown >= LITTLE:
        return layout
    notes = [*page.notes, "the text was hidden by the page's own style"]
    other = lay_out_page(dataclasses.replace(page, blocks=find_blocks(page.root, with_hidden=True), notes=notes))
    return other if body_letters(other) > max(3 * shown, 300) else layout


def _lay_out(page: Page, evidence: Evidence | None = None, model: Model | None = None) -> Layout:
    headline, model = resolve_title(page), model or shipped_model()
    labels = classify(page, headline, model)
    confidence = resolve_confidence(page.blocks.blocks, labels, model.about.get("confidence"))
    return Layout(page, headline, apply_evidence(labels, page, evidence), confidence)


def _resolve(layout: Layout, body: str, *, losers: bool) -> _Reading:
    """Every field, and the story made of them."""
    page = layout.page
    dates = resolve_dates(layout)
    resolved: dict[str, Resolved[Any]] = {
        "title": layout.headline.resolved,
        "date": dates.published,
        "date_modified": dates.modified,
        "story_code": resolve_story_code(page),
        "tags": resolve_tags(layout, losers=losers),
        "authors": resolve_authors(layout),
        "section": resolve_section(layout, losers=losers),
        "language": resolve_language(page, body),
    }
    return _Reading(layout, _compose(layout, body, dates, resolved), resolved)


def _compose(layout: Layout, body: str, dates: Dates, resolved: dict[str, Resolved[Any]]) -> Story:
    page = layout.page
    access = resolve_access(layout)
    section = resolved["section"].value or []
    return Story(
        title=layout.headline.text or "",
        date=dates.date,
        story_code=resolved["story_code"].value,
        body=body,
        tags=resolved["tags"].value or [],
        authors=resolved["authors"].value or [],
        lead=assemble_lead(page.blocks, layout.labels),
        description=resolve_description(page),
        section=section,
        language=resolved["language"].value,
        date_utc=dates.date_utc,
        date_modified=dates.date_modified,
        date_raw=dates.date_raw,
        images=resolve_images(layout),
        genre=resolve_genre(layout, body, section),
        access=access,
        complete=resolve_complete(layout, body, access),
        canonical_url=resolve_canonical_url(page),
        translations=resolve_translations(page),
        publisher=resolve_publisher(page),
        license=resolve_license(page),
        rights=resolve_rights(page.structured),
        confidence=layout.confidence,
    )


def _account(reading: _Reading) -> Trace:
    page = reading.layout.page
    blocks, fields = trace_blocks(page.blocks, give_reasons(reading.layout)), trace_fields(reading.resolved)
    return Trace(page.decoded.encoding, page.decoded.how, page.source, blocks, fields, page.notes)
