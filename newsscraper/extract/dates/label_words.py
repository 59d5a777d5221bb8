"""What the words beside a printed date say of it: publication, last change, or only that it is a date."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from newsscraper.extract.dates.folding import fold
from newsscraper.extract.dates.lexicon import UNSPACED

PUBLISHED, MODIFIED, DATED = "published", "modified", "dated"
BEFORE, BEHIND = 48, 30
"""Characters before and behind a date in which its label stands."""


def read_role(before: str, behind: str = "") -> str:
    """`published`, `modified`, `dated` or empty: the nearest label before a date, else the nearest one behind it.

    A label with figures beside it is that of another date: `3 May 2020, updated 8 hours ago`.
    """
    role = _nearest(before[-BEFORE:], last=True)
    near = behind[:BEHIND]
    if role or any(char.isdecimal() for char in near):
        return role
    return _nearest(near, last=False)


def _nearest(text: str, *, last: bool) -> str:
    """The role of the last or first label in a text; words that only say "date" count where nothing else stands."""
    if not text or text.isspace():
        return ""
    roles = [(match.lastgroup or "").partition("_")[0] for match in _pattern().finditer(fold(text).text)]
    telling = [role for role in roles if role != DATED] or roles
    if not telling:
        return ""
    return telling[-1 if last else 0]


@cache
def _pattern() -> re.Pattern[str]:
    """One alternative a role and kind of script; the words that say "changed" first, as they often hold the others."""
    words = tomllib.loads((files(__package__) / "label_words.toml").read_text(encoding="utf-8"))
    unspaced = re.compile(f"[{UNSPACED}]")
    parts = []
    for role in (MODIFIED, PUBLISHED, DATED):
        folded = sorted({fold(word).text for word in words[role]}, key=lambda word: (-len(word), word))
        spaced = "|".join(re.escape(word) for word in folded if not unspaced.match(word))
        joined = "|".join(re.escape(word) for word in folded if unspaced.match(word))
        whole = r"(?![^\W_])" if role == DATED else ""
        parts.append(rf"(?P<{role}>(?<![^\W_])(?:{spaced}){whole})|(?P<{role}_joined>{joined})")
    return re.compile("|".join(parts))
