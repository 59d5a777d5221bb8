"""The shapes of dates, as patterns over the characters of a `Shape`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsscraper.extract.dates.lexicon import lexicon
from newsscraper.extract.dates.shapes import Shape

_ORDINAL = r"(?:[-:]?o)?"
_GAP = r"[ ,.\-/'fp]{0,6}"
_WIDE_GAP = r"[ ,.\-/'fp]{1,6}"
_OTHER_TRADITION = r"(?: ?[/(-] ?M\)?)?"  # آذار/مارس

_PATTERNS = {
    "named": (
        rf"(?P<d>d){_ORDINAL}{_GAP}(?P<m>M)\.?{_OTHER_TRADITION}{_GAP}(?P<y>y)",
        rf"(?P<m>M)\.?{_OTHER_TRADITION}{_GAP}(?P<d>d){_ORDINAL}{_WIDE_GAP}(?P<y>y)",
        r"(?P<m>M) (?P<d>d) d:d(?::d)?(?: [?zy+\-:]{1,6}){0,2} (?P<y>y)",  # Wed Mar 30 21:50:05 UTC 2022
        r"(?P<d>d) ?T ?(?P<m>d)[ ,/f-]{1,5}(?P<y>y)",  # 30 tháng 3, 2022
        r"(?P<y>y) ?Y ?(?P<m>d) ?N ?(?P<d>d)(?: ?D)?",  # 2022年3月30日
        r"(?P<era>E) ?(?P<y>[dx]) ?Y ?(?P<m>d) ?N ?(?P<d>d)(?: ?D)?",  # 令和4年3月30日
    ),
    "year first": (
        rf"(?P<y>y)(?:[-:]?[oe])?{_WIDE_GAP}(?P<m>M)\.?{_GAP}(?P<d>d)(?![:.u]d)(?!{_WIDE_GAP}y)",  # 2022. március 30.
    ),
    "day before month": (
        rf"(?P<y>y)[ \-.]{{0,2}}[ef]\.?,? (?P<d>d)[.\-]? ?(?P<m>M)(?!{_WIDE_GAP}y)",  # 2022. gada 30. marts
    ),
    "short named": (
        r"(?P<d>d)[ .\-/]{0,2}(?P<m>M)[ .\-/']{0,3}(?P<y>d)(?![.:u]| [uaA])",
        r"(?P<m>M)\.?[ \-](?P<d>d)o?,? '(?P<y>d)",
    ),
    "numeric year first": (r"(?P<y>y)(?P<s>[-/.|]|\. | / )(?P<m>d)(?P=s)(?P<d>d)",),
    "numeric": (
        r"(?P<m>d)(?P<s>[-/]| / )(?P<d>d)(?P=s)(?P<y>y)",
        r"(?P<m>d)\. ?(?P<d>d)\. ?(?P<y>y)",
    ),
    "short numeric": (r"(?P<m>d)(?P<s>[-/.])(?P<d>d)(?P=s)(?P<y>d)(?!:)",),
}
_COMPILED = tuple((form, re.compile(pattern)) for form, patterns in _PATTERNS.items() for pattern in patterns)
_RANGE_TO_DAY = re.compile(r"(?<![:.u])[dM]\.? ?[-/] ?$")
_RANGE_TO_MONTH = re.compile(r"M\.? ?do?,? ?- ?$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stretch of tokens shaped like a date. In numeric forms `day` and `month` may yet change places."""

    form: str
    """A key of the table of patterns: `named`, `year first`, `numeric`, ..."""
    first: int
    """First token."""
    end: int
    """Token behind the last."""
    day: int
    """Index of the token, like `month` and `year`."""
    month: int
    year: int
    era: int | None = None
    """Token of a Chinese or Japanese era that the year counts from."""

    @property
    def is_numeric(self) -> bool:
        """True when the month is a figure with nothing that says so."""
        return "numeric" in self.form

    @property
    def is_short(self) -> bool:
        """True when the year has two digits."""
        return self.form.startswith("short")


def find_candidates(shape: Shape) -> list[Candidate]:
    """Candidates in order, possibly overlapping; of those that begin together the longest comes first."""
    found = [candidate for candidate in _matches(shape) if _stands_alone(candidate, shape)]
    return sorted(found, key=lambda candidate: (candidate.first, -candidate.end))


def _matches(shape: Shape) -> Iterator[Candidate]:
    for form, pattern in _COMPILED:
        for match in pattern.finditer(shape.kinds):
            era = match.start("era") if "era" in pattern.groupindex else None
            day, month, year = (match.start(part) for part in "dmy")
            yield Candidate(form, match.start(), match.end(), day, month, year, era)


def _stands_alone(candidate: Candidate, shape: Shape) -> bool:
    """False inside longer numbers and words: versions, phone numbers, ISBNs, addresses, ranges."""
    if candidate.is_numeric:
        return (
            _numeric_begins(candidate, shape) and _numeric_ends(candidate, shape) and not _is_refused(candidate, shape)
        )
    if (
        _is_glued_word(shape, candidate.first - 1, shape.starts[candidate.first])
        and shape.kinds[candidate.first] != "M"
    ):
        return False
    if "of" in shape.keys[candidate.first : candidate.end] and not _is_english(shape.keys[candidate.month]):
        return False  # "3 out of 2022": out is October elsewhere
    if (
        candidate.form == "year first"
        and shape.keys[candidate.month] == "may"
        and shape.kinds[candidate.month - 2] == "y"
    ):
        return False  # "in 2022 may 30 people"
    range_before = {candidate.day: _RANGE_TO_DAY, candidate.month: _RANGE_TO_MONTH}.get(candidate.first)
    if range_before and range_before.search(shape.kinds, max(0, candidate.first - 8), candidate.first):
        return False
    behind = candidate.end
    return not _is_glued_word(shape, behind, None) or shape.kinds[behind] in "oepfYD"


def _is_english(month: str) -> bool:
    return any(name.language == "en" for name in lexicon().months.get(month, ()))


def _numeric_begins(candidate: Candidate, shape: Shape) -> bool:
    kinds, first = shape.kinds, candidate.first
    before = kinds[max(0, first - 1) : first]
    if before == "!" or _is_glued_word(shape, first - 1, shape.starts[first]):
        return False
    if not before or before not in "-/.:+|":
        return True
    if before == "+" or first < 2:
        return before in "-|:."
    beyond = kinds[first - 2]
    separator = kinds[first + 1]
    if before == "-" and beyond in "dy" and separator != "-":
        return beyond == "y" or kinds[max(0, first - 3) : first - 2] == ":"
    if beyond in "dyx":
        return False
    return beyond == " " or before in ":|." or (before == "-" and separator != "-")


def _numeric_ends(candidate: Candidate, shape: Shape) -> bool:
    kinds, end = shape.kinds, candidate.end
    after, beyond = kinds[end : end + 1], kinds[end + 1 : end + 2]
    if _is_glued_word(shape, end, None):
        return after in "pfoeuYD"
    if after in ("!", "+"):
        return False
    if after in ("-", "/", ".") and after == kinds[end - 2].strip() and beyond and beyond not in " ,)(":
        return False
    return not (after in ("/", ".") and beyond in ("d", "x", "y")) or kinds[end + 2 : end + 3] == ":"


def _is_refused(candidate: Candidate, shape: Shape) -> bool:
    """True behind "version", "Section", "ISBN" and their like."""
    token = candidate.first - 1
    while token >= 0 and shape.kinds[token] in " .:":
        token -= 1
    return token >= 0 and shape.keys[token] in lexicon().refused


def _is_glued_word(shape: Shape, token: int, start: int | None) -> bool:
    """True when an unspaced-script-free word touches the candidate at `token` (`start`: where the candidate begins)."""
    if not 0 <= token < len(shape.kinds) or (start is not None and shape.ends[token] != start):
        return False
    return shape.keys[token][0].isalpha() and shape.keys[token][0] < "\u0590" and shape.kinds[token] not in "o"
