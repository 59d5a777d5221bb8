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


def split_words(names: str) -> frozenset[str]:
    """The words in class names: `story-body__text promoBox` gives story, body, text, promo, box.

    Of a name longer than `LONGEST` the rest is left alone: no template's is.
    """
    return _split_words(names[:LONGEST])


@lru_cache(maxsize=20_000)
def _split_words(names: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(names))


def attribute_words(element: etree._Element) -> frozenset[str]:
    """`split_words` over the attributes that name an element's role."""
    names = " ".join([str(value) for name, value in element.items() if name in _NAMING])
    return split_words(names) if names else frozenset()


def is_hidden(element: etree._Element) -> bool:
    """True when the page itself hides the element: `hidden`, `display:none`, a tooltip, screen-reader-only text."""
    attributes = element.attrib
    if not attributes:
        return False
    if "hidden" in attributes and attributes["hidden"] != "until-found":
        return True
    style = attributes.get("style")
    if style and _HIDING_STYLE.search(style):
        return True
    if attributes.get("role") == "tooltip" or attributes.get("type") == "hidden":
        return True
    names = attributes.get("class")
    return names is not None and not _READER_ONLY.isdisjoint(names.lower().split())
