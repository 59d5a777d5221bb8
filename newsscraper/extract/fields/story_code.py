"""The site's own number for the story: the profile's selector, else a printed label, cross-checked against the URL."""

from __future__ import annotations

import re
from itertools import chain

from newsscraper.extract.labels import cut_label, find_code, read_code
from newsscraper.extract.page import Page
from newsscraper.extract.resolving import Candidate, Resolved, best_of
from newsscraper.extract.selecting import select_texts
from newsscraper.extract.structured import itemprop_text, strings_in
from newsscraper.extract.text import fix_digits

_NUMBERS = re.compile(r"\d{2,18}")
_WHOLE_NUMBER = re.compile(r"^\d{3,18}$")
_TWO_DIGITS = re.compile(r"\d\d")
_ANY_NUMBER = re.compile(r"(?<!\d)\d{2,18}(?!\d)")


def resolve_story_code(page: Page) -> Resolved[str]:
    """A code that the URL also holds beats one that it does not; of equals, the selector's beats the label's."""
    in_url = set(_NUMBERS.findall(page.url or "")) | set(_NUMBERS.findall(_canonical(page)))
    candidates = [Candidate("profile selector", code, 3.0) for code in _selected_codes(page)]
    candidates += [Candidate("printed label", code, 2.0) for code in _labelled_codes(page)]
    candidates += [Candidate(source, code, 1.5) for source, code in _declared_codes(page)]
    if not candidates:
        code = page.profile.story_code_of(page.url)
        candidates = [Candidate("profile URL pattern", code, 1.0)] if code else []
    for candidate in candidates:
        if candidate.value in in_url:
            candidate.score += 2.0
            candidate.note = "the URL holds it too"
    return best_of(candidates)


def _declared_codes(page: Page) -> list[tuple[str, str]]:
    """Identifiers that are plain numbers: JSON-LD and microdata."""
    declared = [("json-ld identifier", text) for text in strings_in(page.structured.story.get("identifier"), "value")]
    declared += [
        ("microdata identifier", itemprop_text(e, "value")) for e in page.structured.itemprops.get("identifier", ())[:1]
    ]
    return [(source, fix_digits(text)) for source, text in declared if _WHOLE_NUMBER.match(text)]


def _canonical(page: Page) -> str:
    return next((link.get("href") or "" for link in page.structured.links.get("canonical", ())), "")


def _selected_codes(page: Page) -> list[str]:
    codes = []
    for text in select_texts(page, "story_code"):
        labelled = cut_label(text, "story_code", page.profile)
        code = read_code(labelled if labelled is not None else text)
        if code is None:
            match = _ANY_NUMBER.search(fix_digits(text))
            code = match[0] if match else None
        if code:
            codes.append(code)
    return codes


def _labelled_codes(page: Page) -> list[str]:
    """Codes behind a label, in the label's own block or in the next one."""
    codes = []
    blocks = page.blocks.blocks
    following_texts = chain([block.text for block in blocks[1:]], [""])
    for block, following in zip(blocks, following_texts, strict=False):
        if block.letters > 200:
            continue
        if _TWO_DIGITS.search(block.text):
            code = find_code(block.text, page.profile)
        else:
            code = _code_below(block.text, following, page) if _TWO_DIGITS.search(following, 0, 4) else None
        if code:
            codes.append(code)
    return codes


def _code_below(label: str, following: str, page: Page) -> str | None:
    """The code that a block begins with, where the block above is nothing but a label."""
    return read_code(following) if cut_label(label, "story_code", page.profile) == "" else None
