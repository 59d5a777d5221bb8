"""One spelling for many: digits of any script, accents, Arabic and Persian letters, dashes, quotes and spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# Joiners, direction marks, soft hyphen, tatweel, and the marks that decomposed Latin, Hebrew and Arabic text carries.
_IGNORED = re.compile(
    "[\u00ad\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe0f\ufeff]"
)
_ALIKE = (
    ("ي", "یىېۍے"),
    ("ک", "كڪ"),
    ("ه", "ةۀہھەۃ"),
    ("ا", "أإآٱ"),
    ("و", "ؤ"),
    ("i", "ıİ"),
    ("o", "øº"),
    ("d", "đ"),
    ("l", "ł"),
    ("a", "ª"),
    ("-", "‐‑‒–—―−ـ－"),
    ("'", "’‘ʼ′‛׳´`"),
    (",", "،、，٫"),
    ("/", "؍⁄∕／"),
    (".", "。．"),
    (":", "：∶"),
    ("|", "•·●▪│‖⋅∙"),
    ("(", "（[【「"),
    (")", "）]】」"),
    ("+", "＋"),
)
_RESPELLED = {other: letter for letter, others in _ALIKE for other in others}


class _FoldTable(dict[int, str]):
    """For `str.translate`: each character's folded form, always one character, worked out when first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


def _fold_character(char: str) -> str:
    respelled = _RESPELLED.get(char)
    if respelled:
        return respelled
    if char.isspace():
        return " "
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    bare = unicodedata.normalize("NFD", char)
    if len(bare) > 1 and all(unicodedata.combining(mark) for mark in bare[1:]):
        char = _RESPELLED.get(bare[0], bare[0])
    lower = _RESPELLED.get(char.lower(), char.lower())
    return lower if len(lower) == 1 else char


_TABLE = _FoldTable()


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and the way back."""

    text: str
    """Lower case, ASCII digits, no accents, no ignorable characters; every white space is one space character."""
    origins: Sequence[int]
    """`origins[i]` is where character `i` of `text` stands in the original; one more entry closes the sequence."""


def fold(text: str) -> Folded:
    """Fold `text`; linear."""
    if not _IGNORED.search(text):
        return Folded(text.translate(_TABLE), range(len(text) + 1))
    origins = [index for index, char in enumerate(text) if not _IGNORED.match(char)]
    kept = "".join([text[index] for index in origins])
    return Folded(kept.translate(_TABLE), [*origins, len(text)])


def fold_key(name: str) -> str:
    """A name as it is looked up: folded, without the separators inside it."""
    return re.sub(r"[ .'\-]", "", fold(name).text)
