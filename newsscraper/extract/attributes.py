"""What an element's attributes say of its part on the page: the words it is called by, and whether it is hidden."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree

LONGEST = 300
"""Characters of an element's names that are read."""
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NAMING = frozenset(("class", "id", "role", "itemprop", "data-component", "data-testid", "rel"))
_READER_ONLY = frozenset(
    "sr-only visually-hidden visuallyhidden screen-reader-text screen-reader screenreader screen-reader-only "
    "element-invisible u-visually-hidden is-visually-hidden assistive-text a11y-hidden offscreen off-screen d-none "
    "tooltip-text tooltiptext".split()
)
_WORD = re.compile(r"[A-Za-z][a-z]+|[A-Z]{2,}(?![a-z])|[a-z]+")


_LOWER_WORD = re.compile("[a-z]+")
_NO_WORDS: frozenset[str] = frozenset()
_HIDING = frozenset(("hidden", "style", "type"))
_READ = _NAMING | _HIDING
_ONLY_A_CLASS = ("class",)
_NOTHING = (_NO_WORDS, False)


def split_words(names: str) -> frozenset[str]:
    """The words in class names: `story-body__text promoBox` gives story, body, text, promo, box.

    Of a name longer than `LONGEST` the rest is left alone: no template's is.
    """
    return _read_names(names)[0]


def attribute_words(element: etree._Element) -> frozenset[str]:
    """`split_words` over the attributes that name an element's role."""
    return read_attributes(element)[0]


def is_hidden(element: etree._Element) -> bool:
    """True when the page itself hides the element: `hidden`, `display:none`, a tooltip, screen-reader-only text."""
    return read_attributes(element)[1]


def read_attributes(element: etree._Element) -> tuple[frozenset[str], bool]:
    """`attribute_words` and `is_hidden`, for one reading of the attributes.

    Values are asked for by name: most of a page's are long, and tell neither.
    """
    names = _choose(tuple(element.keys()))
    if not names:
        return _NOTHING
    if names == _ONLY_A_CLASS:
        return _read_names(element.get("class", ""))
    return _read_several(element, names)


@lru_cache(maxsize=4096)
def _choose(names: tuple[str, ...]) -> tuple[str, ...]:
    """Those attributes that are read."""
    return tuple(name for name in names if name in _READ)


def _read_several(element: etree._Element, names: tuple[str, ...]) -> tuple[frozenset[str], bool]:
    words, hidden, length = _NO_WORDS, False, 0
    value_of = element.get
    for name in names:
        if name == "class":
            value = value_of("class", "")
            found, for_screen_readers = _read_names(value)
            words = words | found if words else found
            hidden = hidden or for_screen_readers
            length += len(value) + 1
        elif name in _NAMING:
            value = value_of(name, "")
            found = _read_names(value)[0]
            words = words | found if words else found
            hidden = hidden or (name == "role" and value == "tooltip")
            length += len(value) + 1
        else:
            hidden = hidden or _hides(name, value_of(name, ""))
    if length > LONGEST:
        words = split_words(" ".join([value_of(name, "") for name in names if name in _NAMING]))
    return words, hidden


def _hides(name: str, value: str) -> bool:
    if name == "style":
        return ":" in value and _HIDING_STYLE.search(value) is not None
    return value != "until-found" if name == "hidden" else value == "hidden"


@lru_cache(maxsize=20_000)
def _read_names(names: str) -> tuple[frozenset[str], bool]:
    """The words in a value, and whether as a class it says that only screen readers are to see the element."""
    kept = names[:LONGEST]
    words = _LOWER_WORD.findall(kept) if kept.islower() else " ".join(_WORD.findall(kept)).lower().split()
    return frozenset(words), not _READER_ONLY.isdisjoint(names.lower().split())
