"""Story codes that a user asks for: `986000-986600,987001`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsscraper.errors import InputError
from newsscraper.sites.checks import shown

MAX_CODES = 1_000_000
"""Of one run: more are a slip of the keyboard."""

_PART = re.compile(r"(\d{1,15})(?:\s*[-\u2013]\s*(\d{1,15}))?")


def read_codes(text: str) -> tuple[str, ...]:
    """The codes of a list of numbers and ranges, the largest first, none twice; leading zeros stay.

    Raises `InputError`.
    """
    codes: dict[str, None] = {}
    for part in text.split(","):
        match = _PART.fullmatch(part.strip())
        if match is None:
            raise InputError(f"codes={text}: expected numbers and ranges (986000-986600,987001), got {shown(part)}")
        codes.update(dict.fromkeys(_codes_of(text, match[1], match[2] or match[1], room=MAX_CODES - len(codes))))
    return tuple(sorted(codes, key=int, reverse=True))


def _codes_of(text: str, first: str, last: str, *, room: int) -> Iterator[str]:
    start, end = int(first), int(last)
    if end < start:
        raise InputError(f"codes={text}: expected the smaller number first, got {first}-{last}")
    if end - start >= room:
        raise InputError(f"codes={text}: expected at most {MAX_CODES:,} codes, got more")
    width = len(first) if first.startswith("0") else 0
    return (f"{code:0{width}}" for code in range(start, end + 1))
