"""What a text is made of: every character of a page's blocks put into one of a few classes, all blocks at once.

The classes are those that scripts share, so that a comma is a comma in Arabic, Chinese and English.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

CASELESS, LOWER, UPPER, DIGIT, SPACE, STOP, COMMA, COLON, OPENING, CLOSING, DASH, SYMBOL = range(12)
CLASSES = 12
"""Letters without case, lower and upper case, digits, spaces, sentence ends, commas, colons, quotes and brackets that
open or close, dashes and bullets, all else."""

_MARKS = {
    STOP: ".!?…。！？؟۔।॥‽",
    COMMA: ",،，、;；؛",
    COLON: ":：",
    OPENING: "\"“«„‘「『([（【‹'｢《〈",
    CLOSING: "”»’」』)]）】›｣》〉",
    DASH: "-–—•·*|/→►▶●■◆‣⁃~_+=",
}
_KINDS = {"Lu": UPPER, "Lt": UPPER, "Ll": LOWER, "Nd": DIGIT, "Zs": SPACE, "Cc": SPACE}
_WIDE = 0x3000
"""From here on code points are ideographs and kana, but for marks, full-width digits and, further up, pictographs."""
_PICTOGRAPHS = 0x1F000
_FULL_WIDTH_DIGITS = (0xFF10, 0xFF19)


class Characters:
    """Counts of the classes in each of some texts.

    `counts`: texts x classes. `first`, `last`, `before_last`: the class of those characters. `sentences`: how many
    sentence ends have a space behind them, the end of the text included.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        classes = _classify("\n".join(texts) + "\n")
        ends = np.cumsum(lengths + 1) - 1
        owner = np.repeat(np.arange(len(texts)), lengths + 1)
        counts = np.bincount(owner * CLASSES + classes, minlength=len(texts) * CLASSES)
        self.counts = counts.reshape(len(texts), CLASSES).astype(np.float32)
        self.counts[:, SPACE] -= 1
        self.lengths = np.maximum(lengths, 1).astype(np.float32)
        self.first = classes[ends - lengths]
        self.last = classes[np.maximum(ends - 1, 0)]
        self.before_last = classes[np.maximum(ends - 2, 0)]
        ended = (classes[:-1] == STOP) & (classes[1:] == SPACE)
        self.sentences = np.bincount(owner[:-1][ended], minlength=len(texts)).astype(np.float32)


def find_words(texts: Sequence[str]) -> list[set[str]]:
    """For each text its words, in lower case: runs of letters, and of numerals that are no decimal digits."""
    points = _read_points("\0".join([text.replace("\0", " ") for text in texts]).lower())
    kept = _letters()[np.minimum(points, _WIDE - 1)]
    wide = np.flatnonzero(points >= _WIDE)
    if wide.size:
        distinct, places = np.unique(points[wide], return_inverse=True)
        kept[wide] = np.array([_is_letter(chr(point)) for point in distinct.tolist()])[places]
    spaced: str = np.where(kept, points, np.uint32(ord(" "))).tobytes().decode("utf-32-le", "surrogatepass")
    return [set(words.split()) for words in spaced.split("\0")]


def _read_points(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


@cache
def _letters() -> npt.NDArray[np.bool_]:
    """For every code point below `_WIDE` whether it is part of a word, as the NUL between texts counts to be."""
    table = np.array([_is_letter(chr(point)) for point in range(_WIDE)])
    table[0] = True
    return table


def _is_letter(character: str) -> bool:
    return character.isalnum() and not character.isdecimal()


def _classify(text: str) -> npt.NDArray[np.uint8]:
    points = _read_points(text)
    classes = _table()[np.minimum(points, _WIDE - 1)]
    wide = np.flatnonzero(points >= _WIDE)
    if wide.size:
        classes[wide] = _classify_wide(points[wide])
    return classes


def _classify_wide(points: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint8]:
    classes = np.where(points >= _PICTOGRAPHS, SYMBOL, CASELESS).astype(np.uint8)
    for kind, marks in _MARKS.items():
        for mark in marks:
            if ord(mark) >= _WIDE:
                classes[points == ord(mark)] = kind
    classes[points == _WIDE] = SPACE
    classes[(points >= _FULL_WIDTH_DIGITS[0]) & (points <= _FULL_WIDTH_DIGITS[1])] = DIGIT
    return classes


@cache
def _table() -> npt.NDArray[np.uint8]:
    """The class of every code point below `_WIDE`."""
    table = np.array([_class_of(chr(point)) for point in range(_WIDE)], np.uint8)
    for kind, marks in _MARKS.items():
        table[[ord(mark) for mark in marks if ord(mark) < _WIDE]] = kind
    return table


def _class_of(character: str) -> int:
    category = unicodedata.category(character)
    return _KINDS.get(category, CASELESS if category[0] in "LM" else SYMBOL)
