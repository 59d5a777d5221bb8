"""A stretch of folded text as tokens, and the tokens as a string of one character each, on which grammars are regexes.

- `d` a number of one or two digits, `y` of four, `x` any other;
- `M` a month's name, `W` a weekday that is nothing else, `T` a word before a month's number (tháng);
- `f`, `p` small words inside or beside a date; `o` an ordinal ending glued to its number;
- `Y`, `N`, `D` marks behind year, month, day (年月日); `u`, `i`, `s` marks behind hour, minute, second;
- `A` a half of the day that may stand before its hour, `a` one that follows it;
- `e` an era, `E` one from which the year counts (令和); `z` letters that in capitals abbreviate a zone;
- a space, and each of ``. , / - : ( ) ' | +``, for itself; `!` another symbol; `?` any other word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from newsscraper.extract.dates.folding import Folded, fold_key
from newsscraper.extract.dates.lexicon import UNSPACED, Lexicon, lexicon
from newsscraper.extract.dates.zones import zone_table

_HAN_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_SYMBOLS = r"""!-/:-@\[-`{-~«»“”„‘’…–—•°€£¥₹§©®™×"""
_ENGLISH_HALVES = ("am", "pm")
_MARKS = ".,/-:()'|+"


@dataclass(frozen=True, slots=True)
class Shape:
    """Tokens of one stretch: four parallel sequences."""

    kinds: str
    starts: list[int]
    """Offsets in the folded text."""
    ends: list[int]
    keys: list[str]
    """Lookup spelling of words, digits of numbers, the character itself of marks."""

    def number(self, token: int) -> int:
        """The value of a number token."""
        return int(self.keys[token])


def shape_of(original: str, folded: Folded, start: int, end: int) -> Shape:
    """The shape of `folded.text[start:end]`; where the stretch cuts a word or number, that token is `?`."""
    words, text = lexicon(), folded.text
    kinds: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    keys: list[str] = []
    position = start
    match_at = _token_pattern().match
    while position < end and (match := match_at(text, position, end)):
        kind, key, stop = _classify(match, text, "".join(kinds[-2:]), words)
        if kind in "aA" and (key in words.capitals or key in _ENGLISH_HALVES):
            printed = original[folded.origins[position] : folded.origins[stop]]
            kind = _half_of_day(key, words, is_capital=printed.strip().isupper())
        kinds.append(kind)
        starts.append(position)
        ends.append(stop)
        keys.append(key)
        position = stop
    _blunt_cut_edges(kinds, text, start, end)
    return Shape("".join(kinds), starts, ends, keys)


def _half_of_day(key: str, words: Lexicon, *, is_capital: bool) -> str:
    """Of halves that capitals tell from other words: AM may stand before its hour, am only behind it."""
    if key in _ENGLISH_HALVES:
        return "A" if is_capital else "a"
    if not is_capital:
        return "?"
    return "A" if key in words.before_hour else "a"


def _blunt_cut_edges(kinds: list[str], text: str, start: int, end: int) -> None:
    if kinds and start > 0 and text[start - 1] != " ":
        kinds[0] = "?"
    if kinds and end < len(text) and text[end] != " ":
        kinds[-1] = "?"


@cache
def _token_pattern() -> re.Pattern[str]:
    unspaced = "|".join(map(re.escape, lexicon().unspaced))
    return re.compile(
        rf"""
          (?P<number> [0-9]+ )
        | (?P<space> [ ]+ )
        | (?P<dotted> [ap]\.[ ]?m\b\.? | [^\W\d_]\.[^\W\d_](?![^\W\d_])\.? )
        | (?P<han> [〇零○一二三四五六七八九十]{{1,4}} (?= [ ]?[年月日号號時时點点分] ) )
        | (?P<unspaced> (?=[{UNSPACED}]) (?: {unspaced.replace(" ", "[ ]")} | [{UNSPACED}] ) )
        | (?P<word> [^\s\d{_SYMBOLS}{UNSPACED}_]+ )
        | (?P<mark> . )
        """,
        re.VERBOSE | re.DOTALL,
    )


def _classify(match: re.Match[str], text: str, before: str, words: Lexicon) -> tuple[str, str, int]:
    """Kind, key and end of the token that `match` begins (a phrase goes on beyond it), after the kinds `before`."""
    group, found, end = match.lastgroup, match[0], match.end()
    if group == "number":
        return {1: "d", 2: "d", 4: "y"}.get(len(found), "x"), found, end
    if group == "space":
        return " ", " ", end
    if found == "@":
        return "p", found, end  # Friday @ 8 PM
    if group == "mark":
        return (found if found in _MARKS else "!"), found, end
    if group == "han":
        digits = _han_number(found)
        return {1: "d", 2: "d", 4: "y"}.get(len(digits), "x"), digits, end
    if group == "dotted":
        return _dotted(found, match.start(), words)
    key = fold_key(found)
    phrase = words.phrases.get(key)
    longer = phrase.match(text, match.start(), match.endpos) if phrase else None
    if longer and (kind := _kind_of(fold_key(longer[0]), "", words)) != "?":
        return kind, fold_key(longer[0]), longer.end()
    return _kind_of(key, before, words), key, end


def _dotted(found: str, start: int, words: Lexicon) -> tuple[str, str, int]:
    """`p.m.` is one word; of other letters with dots, only the first letter is taken when the whole means nothing."""
    key = fold_key(found)
    kind = _kind_of(key, "", words)
    if kind == "?":
        return _kind_of(found[0], "", words), found[0], start + 1
    return kind, key, start + len(found)


def _kind_of(key: str, before: str, words: Lexicon) -> str:
    if before.endswith(("d", "d-", "d:")) and key in words.ordinals and key not in words.meridiem:
        return "o"
    if key in words.months:
        return "M"
    if key in words.meridiem:
        return "A" if key in words.before_hour else "a"
    if key in words.era_years:
        return "E"
    if key in words.kinds:
        return words.kinds[key]
    if key in words.eras:
        return "e"
    if zone_table().abbreviates(key):
        return "z"
    return "W" if key in words.weekdays else "?"


def _han_number(found: str) -> str:
    """二〇二二 and 三十一 in figures; nonsense (十十) gives no usable number."""
    if "十" not in found:
        return "".join(str(_HAN_DIGITS[char]) for char in found)
    tens, _, ones = found.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return "0" * 3
    return str(10 * _HAN_DIGITS.get(tens, 1) + (_HAN_DIGITS[ones] if ones else 0))
