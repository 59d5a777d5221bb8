"""Which stretches of a text may hold a date, so that prose costs next to nothing and long texts cost linear time."""

from __future__ import annotations

import re

_ANCHOR = re.compile(
    r"(?P<year>(?<![0-9])(?:1[2-49]|2[014-6])[0-9]{2}(?![0-9]))"
    r"|(?<![0-9])[0-9]{1,2}(?P<mark>[./-])[0-9]{1,2}(?P=mark)[0-9]{2}(?![0-9])"  # 30.03.22
    r"|[0-9][ ]?年"  # 令和4年
    r"|[〇零○一二三四五六七八九]{2,4}[ ]?年"  # 二〇二二年
    r"|(?<![0-9])[0-9]{1,2}[- /][^\W\d_]{3,9}\.?[- /]{1,2}'?[0-9]{2}(?![0-9])"  # 30-Mar-22
    r"|(?<![0-9])[0-9]{1,2},?[ ]'[0-9]{2}(?![0-9])"  # Mar 30, '22
    r"|(?<![0-9])[0-9]{1,2}[ ]?[\u0e01-\u0e4e.]{2,14}[ ]?[0-9]{2}(?![0-9])"  # 30 มี.ค. 65
)
_DAY = re.compile(r"(?<![0-9])[0-9]{1,2}(?![0-9])|[一二三四五六七八九十]")
_BEFORE, _BEHIND = 110, 90
"""Characters around an anchor in which the rest of its date, weekday, time and zone lie."""
_WORD = 40
"""At most so far is an end moved to a space, so as not to cut words."""


def find_stretches(folded: str) -> list[tuple[int, int]]:
    """Start and end of stretches of folded text that may hold dates; in order, apart from each other."""
    stretches: list[tuple[int, int]] = []
    for match in _ANCHOR.finditer(folded):
        start, end = max(0, match.start() - _BEFORE), min(len(folded), match.end() + _BEHIND)
        if match["year"] and not (_DAY.search(folded, start, match.start()) or _DAY.search(folded, match.end(), end)):
            continue
        if stretches and start <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], end)
        else:
            stretches.append((start, end))
    return [(_start_of_word(folded, start), _end_of_word(folded, end)) for start, end in stretches]


def _start_of_word(text: str, start: int) -> int:
    space = text.rfind(" ", max(0, start - _WORD), start)
    return space if start and space >= 0 else start


def _end_of_word(text: str, end: int) -> int:
    space = text.find(" ", end, end + _WORD)
    return space if end < len(text) and space >= 0 else end
