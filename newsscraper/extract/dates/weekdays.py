"""The weekday printed beside a date."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsscraper.extract.dates.grammar import Candidate
from newsscraper.extract.dates.lexicon import lexicon
from newsscraper.extract.dates.readings import Hints, Reading
from newsscraper.extract.dates.shapes import Shape

_BETWEEN = " ,.()|/:-'pfao"
_REACH = 5
_BEHIND = re.compile(r" ?\(([月火水木金土日월화수목금토일])\)")
_ONE_CHARACTER = {char: index % 7 for index, char in enumerate("月火水木金土日월화수목금토일")}


@dataclass(frozen=True, slots=True)
class PrintedWeekday:
    """A weekday's name as tokens, with the days that it can mean (Monday is 0)."""

    days: frozenset[int]
    first: int
    end: int


def weekday_beside(
    candidate: Candidate, shape: Shape, text: str, readings: list[Reading], hints: Hints
) -> PrintedWeekday | None:
    """The weekday before the date, else the one behind it."""
    languages = {reading.language.partition("-")[0] for reading in readings} - {""}
    return _before(candidate, shape, languages, hints) or _behind(candidate, shape, text, languages, hints)


def _before(candidate: Candidate, shape: Shape, languages: set[str], hints: Hints) -> PrintedWeekday | None:
    for token in range(candidate.first - 1, max(-1, candidate.first - 1 - _REACH), -1):
        days = _days(shape, token, languages, hints)
        if days:
            return PrintedWeekday(days, token, candidate.end)
        if shape.kinds[token] not in _BETWEEN:
            return None
    return None


def _behind(candidate: Candidate, shape: Shape, text: str, languages: set[str], hints: Hints) -> PrintedWeekday | None:
    bracketed = _BEHIND.match(text, shape.ends[candidate.end - 1])
    if bracketed:
        end = next(
            token for token in range(candidate.end, len(shape.kinds) + 1) if _offset(shape, token) >= bracketed.end()
        )
        return PrintedWeekday(frozenset({_ONE_CHARACTER[bracketed[1]]}), candidate.end, end)
    opened = False
    for token in range(candidate.end, min(len(shape.kinds), candidate.end + _REACH)):
        days = _days(shape, token, languages, hints)
        if days:
            closes = opened and shape.kinds[token + 1 : token + 2] == ")"
            return PrintedWeekday(days, candidate.end, token + 1 + closes)
        if shape.kinds[token] not in " ,.(-|":
            return None
        opened = opened or shape.kinds[token] == "("
    return None


def _offset(shape: Shape, token: int) -> int:
    return shape.starts[token] if token < len(shape.starts) else shape.ends[-1]


def _days(shape: Shape, token: int, languages: set[str], hints: Hints) -> frozenset[int]:
    """Days that the word at `token` can mean: in the month's `languages` when there are any, else the hint's or all."""
    if shape.kinds[token] == "z" and shape.kinds[:token].rstrip()[-1:] in tuple("dauA"):
        return frozenset()  # behind a time CET is a zone and not Serbia's Thursday
    names = lexicon().weekdays.get(shape.keys[token], ())
    hinted = [name for name in names if name.language.partition("-")[0] == hints.primary]
    fitting = [name for name in names if name.language.partition("-")[0] in languages] or ([] if languages else hinted)
    if (languages and not fitting) or not (hinted or _is_unmistakable(shape, token)):
        return frozenset()
    return frozenset(name.weekday for name in fitting or names)


def _is_unmistakable(shape: Shape, token: int) -> bool:
    """False for Latin letters that are common words elsewhere: "on" is Norway's Wednesday, "so" Germany's Sunday."""
    key, behind = shape.keys[token], shape.kinds[token + 1 : token + 2]
    return len(key) > 2 or not key.isascii() or (len(key) == 2 and behind in (",", "."))
