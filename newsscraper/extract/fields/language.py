"""The language of the text: what the page declares, checked against what the text is."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from newsscraper.extract.fields.scripts import TOLD_BY_LETTERS, fix_language
from newsscraper.extract.page import Page
from newsscraper.extract.resolving import Candidate, Resolved, best_of
from newsscraper.extract.selecting import select_texts
from newsscraper.extract.structured import string_in
from newsscraper.extract.tree import XML_LANG

_BCP47 = re.compile(r"^([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?:[-_].*)?$", re.IGNORECASE)
_ENOUGH = 60
"""Letters of text below which the declaration alone decides."""
_SAMPLE = 1000
"""Characters of text that the detector is shown: more does not change its mind."""
_OPENING = 300
"""Characters that are enough where they bear out what the page declares."""
_ALIASES = {"iw": "he", "in": "id", "ji": "yi", "no": "nb", "mo": "ro", "prs": "fa", "zh": "zh", "fil": "tl"}
_NOT_DISTINGUISHED = (
    {"nb", "nn", "no", "da"}, {"hr", "sr", "bs", "sh", "me", "cnr"}, {"id", "ms"}, {"fa", "prs", "tg"}, {"hi", "mr",
    "ne"}, {"zh", "yue"}, {"gl", "pt"}, {"cs", "sk"}, {"xh", "zu"}, {"af", "nl"}, {"uk", "ru", "be"}, {"es", "ca",
    "gl", "an"}, )  # fmt: skip
"""Close languages, where a detector is no proof against the page's word."""


@cache
def _detector() -> Any:
    import py3langid  # noqa: PLC0415  (its model takes most of a second to load)

    return py3langid


def resolve_language(page: Page, body: str) -> Resolved[str]:
    """The declared tag where the text bears it out or is too short to tell; else the language of the text."""
    candidates = [Candidate(source, tag, 1.0 - 0.01 * i) for i, (source, tag) in enumerate(_declared(page))]
    detected = _check(candidates[0].value, body) if candidates else detect_language(body)
    for candidate in candidates:
        if detected and not _agree(candidate.value, detected):
            candidate.score -= 1.0
            candidate.note = f"the text is {detected}"
    if detected:
        candidates.append(Candidate("text", detected, 0.5, "detected"))
    resolved = best_of(candidates)
    if resolved.value and resolved.value.partition("-")[0] in TOLD_BY_LETTERS:
        resolved.value = fix_language(resolved.value, body[:_SAMPLE])
    return resolved


def _check(tag: str, text: str) -> str | None:
    """The language of a text that is declared to be in `tag`: its opening settles the matter where it agrees."""
    opening = detect_language(text[:_OPENING])
    return opening if opening and _agree(tag, opening) else detect_language(text)


def detect_language(text: str) -> str | None:
    """Language of a text by py3langid, ISO 639-1; None where it sees none, and for less than `_ENOUGH` letters."""
    sample = text[:_SAMPLE]
    if sum(map(str.isalpha, sample)) < _ENOUGH:
        return None
    code: str = _detector().classify(sample)[0]
    return None if code == "zxx" else _ALIASES.get(code, code)


def normalise_tag(tag: str | None) -> str | None:
    """A BCP 47 tag in its usual case, `pt-BR`; None for what is none."""
    match = _BCP47.match((tag or "").strip())
    if not match:
        return None
    language, script, region = match[1].lower(), match[2], match[3]
    parts = [_ALIASES.get(language, language)]
    if script:
        parts.append(script.title())
    if region:
        parts.append(region.upper())
    return "-".join(parts)


def _declared(page: Page) -> list[tuple[str, str]]:
    structured = page.structured
    edition = page.profile.edition_of(page.url)
    found = [
        ("profile selector", next(iter(select_texts(page, "language")), None)),
        ("profile edition", edition.language if edition else None),
        ("html lang", page.root.get("lang") or page.root.get(XML_LANG)),
        ("json-ld inLanguage", string_in(structured.story.get("inLanguage"), "alternateName")),
        ("meta content-language", structured.first_meta("content-language", "language", "dc.language")),
        ("meta og:locale", structured.first_meta("og:locale")),
    ]
    tags = [(source, normalise_tag(tag)) for source, tag in found]
    return [(source, tag) for source, tag in tags if tag]


def _agree(tag: str, detected: str) -> bool:
    language = tag.split("-", maxsplit=1)[0]
    language = _ALIASES.get(language, language)
    return language == detected or any({language, detected} <= group for group in _NOT_DISTINGUISHED)
