"""Small fixes of strings: `fix_*` maps str to str."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

ZERO_WIDTH_SPACE_LIKE = "\u200b\u2060\ufeff\u00ad"
"""Invisible characters that carry no meaning in running text. ZWNJ, ZWJ and direction marks do, and stay."""

_UNSEEN = re.compile(f"[{ZERO_WIDTH_SPACE_LIKE}\\x00-\\x08\\x0b\\x0e-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufffe\\uffff]")
"""Those, and control characters."""
_SPACES = re.compile(r"[^\S\n]+")
_AROUND_BREAKS = re.compile(r" *\n[ \n]*")
_DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]")
_FORMAT = re.compile(
    "[\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U00013438\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0001\U000e0020-\U000e007f]"
)
"""Unicode's category Cf: characters that only say how others are set."""
REMEMBERED = 200
"""Characters up to which the folded form of a text is remembered: headlines, labels, names."""
_ENDLESS_REFERENCE = re.compile(r"&#\d{20,};?")
_DIGIT = re.compile(r"\d")
_NOT_WORD = re.compile(r"[^\w ]|_")
_FOLDED_ASCII = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}
_BEYOND_ALPHABETS = re.compile("[\u2e80-\U0010ffff]")
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
_UNSEEN_AFTER = " \u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_UNSEEN_BEFORE = _UNSEEN_AFTER + "\u200c\u200d"


def fix_references(text: str) -> str:
    """Character references as the characters that they stand for; one with thousands of digits stands for none."""
    try:
        return html.unescape(text)
    except ValueError:
        return html.unescape(_ENDLESS_REFERENCE.sub("", text))


def fix_paragraph(text: str) -> str:
    """NFC; every kind of space is one plain space; invisible characters gone; line breaks kept singly."""
    if "\n" not in text:
        return fix_running(text)
    text = _SPACES.sub(" ", _UNSEEN.sub("", text))
    text = _AROUND_BREAKS.sub("\n", text).strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def fix_running(text: str) -> str:
    """`fix_paragraph` for text whose line breaks mean no more than a space: as markup outside `<pre>` means them."""
    if not text.isprintable():
        text = text.replace("\n", " ").replace("\r", " ").replace("\t", " ").replace("\xa0", " ")
        if not text.isprintable():
            text = _UNSEEN.sub("", text)
        text = " ".join(text.split())
    elif "  " in text:
        text = " ".join(text.split())
    else:
        text = text.strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def fix_line(text: str) -> str:
    """`fix_running`, with stray direction marks at the ends gone: for titles, names, tags."""
    text = fix_running(text)
    return text if text.isascii() else text.lstrip(_UNSEEN_BEFORE).rstrip(_UNSEEN_AFTER)


def fold(text: str) -> str:
    """A form to compare texts by: NFKC, no case, no punctuation, no invisible characters, single spaces."""
    return _fold_short(text) if len(text) <= REMEMBERED else _fold(text)


def _fold(text: str) -> str:
    folded = text.translate(_FOLDED_ASCII) if text.isascii() else _NOT_WORD.sub(" ", _fold_marks(text))
    return " ".join(folded.split())


_fold_short = lru_cache(maxsize=4096)(_fold)


def _fold_marks(text: str) -> str:
    """NFKC, no case, no format characters, Arabic yeh and kaf as Persian ones."""
    text = unicodedata.normalize("NFKC", text).casefold()
    if not text.isprintable():
        text = _FORMAT.sub("", text)
    return text.replace("ي", "ی").replace("ك", "ک")


def read_number(text: str | None) -> int | None:
    """A whole number of at most nine digits; None for anything else, however many digits a page may print."""
    return int(text) if text and len(text) <= 9 and text.isdecimal() else None


def fix_digits(text: str) -> str:
    """Digits of any script as ASCII digits, all else as it was."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def fix_direction(text: str) -> str:
    """Direction marks gone: for text that is read by a parser rather than by people."""
    return _DIRECTION_MARKS.sub("", text)


def has_digit(text: str) -> bool:
    """True where a digit of any script stands in the text."""
    return _DIGIT.search(text) is not None


def count_letters(text: str) -> int:
    """Length in letters of an alphabet: an ideograph, kana or Hangul syllable weighs as much as 2.5 letters."""
    if text.isascii() or not _BEYOND_ALPHABETS.search(text):
        return len(text)
    wide = len(_WIDE.findall(text))
    return len(text) + wide + (wide >> 1)


def unique(values: Iterable[str]) -> list[str]:
    """The values without empties and without those that fold to an earlier one, in order."""
    seen: set[str] = set()
    kept = []
    for value in values:
        key = fold(value) or value
        if value and key not in seen:
            seen.add(key)
            kept.append(value)
    return kept
