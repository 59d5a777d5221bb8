"""The words of dates in all languages together, looked up by their folded spelling."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from newsscraper.extract.dates.folding import fold, fold_key

# The character that stands for a word in a shape; where a word is two things, the later entry wins.
_KINDS = {
    "link": "f",
    "clock": "p",
    "hour": "u",
    "minute": "i",
    "second": "s",
    "year": "Y",
    "month": "N",
    "day": "D",
    "numbered_month": "T",
    "era": "e",
}
_ATTACHED = {"he": "ב{}", "fa": "{}ماه", "ku": "{}a"}
"""Spellings with a preposition, the word "month" or a case ending joined on: במרץ, اردیبهشت‌ماه, adara."""
UNSPACED = "\u0e00-\u0e7f\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff"
"""Scripts that write words without spaces between them (Hangul is here for its counters: 30일)."""


class MonthName(NamedTuple):
    """One meaning of a month's name."""

    language: str
    calendar: str
    month: int


class DayName(NamedTuple):
    """One meaning of a weekday's name; `weekday` counts from Monday as 0."""

    language: str
    weekday: int


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All tables, keyed by folded spelling without separators."""

    months: dict[str, list[MonthName]] = field(default_factory=dict)
    weekdays: dict[str, list[DayName]] = field(default_factory=dict)
    meridiem: dict[str, str] = field(default_factory=dict)
    """`am`, `pm`, `noon` or `night`."""
    capitals: set[str] = field(default_factory=set)
    """Those of `meridiem` that count in capitals only."""
    before_hour: set[str] = field(default_factory=set)
    """Those of `meridiem` that may stand before the hour."""
    kinds: dict[str, str] = field(default_factory=dict)
    ordinals: set[str] = field(default_factory=set)
    eras: dict[str, str] = field(default_factory=dict)
    """Calendar that a word behind the year tells."""
    era_years: dict[str, int] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    phrases: dict[str, re.Pattern[str]] = field(default_factory=dict)
    """First word -> the names of more than one word that begin with it, longest first."""
    unspaced: tuple[str, ...] = ()
    """Words of scripts without spaces, longest first."""


@cache
def lexicon() -> Lexicon:
    """The tables, loaded once."""
    folder = files(__package__)
    cldr = json.loads((folder / "names.json").read_text(encoding="utf-8"))
    extra = tomllib.loads((folder / "extra_names.toml").read_text(encoding="utf-8"))
    built = Lexicon()
    _add_cldr(built, cldr)
    _add_names(built, extra)
    _add_words(built, extra)
    spellings = list(_spellings(cldr, extra))
    return Lexicon(
        **{name: getattr(built, name) for name in Lexicon.__slots__ if name not in ("phrases", "unspaced")},
        phrases=_phrases(spellings),
        unspaced=_unspaced(spellings),
    )


def _add_cldr(tables: Lexicon, cldr: Mapping[str, Any]) -> None:
    for language, names in cldr.items():
        for number, forms in enumerate(names["months"], 1):
            _add_month(tables, forms, MonthName(language, "gregorian", number))
        for number, forms in enumerate(names["weekdays"]):
            _add_weekday(tables, forms, DayName(language, number))
        for half in ("am", "pm"):
            for form in names[half]:
                tables.meridiem.setdefault(fold_key(form), half)


def _add_names(tables: Lexicon, extra: Mapping[str, Any]) -> None:
    for table in extra["months"]:
        for number, forms in enumerate(table["names"], 1):
            name = MonthName(table["language"], table.get("calendar", "gregorian"), number)
            _add_month(tables, forms.split("|"), name)
    for table in extra["weekdays"]:
        for number, forms in enumerate(table["names"]):
            _add_weekday(tables, forms.split("|"), DayName(table["language"], number))


def _add_month(tables: Lexicon, forms: Iterable[str], name: MonthName) -> None:
    for key in filter(None, map(fold_key, forms)):
        for spelling in (key, _ATTACHED.get(name.language, "{}").format(key)):
            meanings = tables.months.setdefault(spelling, [])
            if name not in meanings:
                meanings.append(name)


def _add_weekday(tables: Lexicon, forms: Iterable[str], name: DayName) -> None:
    for key in filter(None, map(fold_key, forms)):
        meanings = tables.weekdays.setdefault(key, [])
        if name not in meanings:
            meanings.append(name)


def _add_words(tables: Lexicon, extra: Mapping[str, Any]) -> None:
    for group, kind in _KINDS.items():
        tables.kinds.update((fold_key(word), kind) for word in extra["words"].get(group, extra.get(group, ())))
    tables.ordinals.update(map(fold_key, extra["words"]["ordinal"]))
    for part in ("am", "pm", "noon", "night"):
        tables.meridiem.update((fold_key(word), part) for word in extra["meridiem"][part])
    for word in (*extra["words"]["link"], *extra["meridiem"]["never"]):
        tables.meridiem.pop(fold_key(word), None)
    tables.capitals.update(map(fold_key, extra["meridiem"]["capitals"]))
    tables.before_hour.update(map(fold_key, extra["meridiem"]["before"]))
    for calendar, words in extra["era_calendars"].items():
        tables.eras.update((fold_key(word), calendar) for word in words)
    tables.era_years.update(extra["era_years"])
    tables.refused.update(map(fold_key, extra["refused"]["before_number"]))


def _spellings(cldr: Mapping[str, Any], extra: Mapping[str, Any]) -> Iterator[str]:
    """Every word and phrase, folded, with its separators."""
    for names in cldr.values():
        for forms in (*names["months"], *names["weekdays"], names["am"], names["pm"]):
            yield from (fold(form).text for form in forms)
    for table in (*extra["months"], *extra["weekdays"]):
        for forms in table["names"]:
            yield from (fold(form).text for form in forms.split("|"))
    for group in (extra["words"], extra["meridiem"], extra["era_calendars"]):
        for words in group.values():
            yield from (fold(word).text for word in words)
    yield from extra["era_years"]


def _phrases(spellings: Iterable[str]) -> dict[str, re.Pattern[str]]:
    by_first: dict[str, set[tuple[str, ...]]] = {}
    for spelling in spellings:
        words = tuple(filter(None, re.split(r"[ .'\-]+", spelling)))
        if len(words) > 1 and not re.match(f"[{UNSPACED}]", spelling):
            by_first.setdefault(words[0], set()).add(words)
    patterns = {}
    for first, phrases in by_first.items():
        longest_first = sorted(phrases, key=lambda words: (-sum(map(len, words)), words))
        alternatives = (r"[ .'\-]{0,2}".join(map(re.escape, words)) for words in longest_first)
        patterns[first] = re.compile(rf"(?:{'|'.join(alternatives)})(?![^\W\d_])")
    return patterns


def _unspaced(spellings: Iterable[str]) -> tuple[str, ...]:
    words = {word for word in spellings if re.match(f"[{UNSPACED}]", word)}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))
