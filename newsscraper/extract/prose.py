"""Is a text running prose? Told from shape alone, in any language."""

from __future__ import annotations

import re

from newsscraper.extract.blocks import Block

_SENTENCE_END = re.compile(r"[.!?…。！？؟۔।॥;:»”\"'’」』）)\]]\s*$")
_SENTENCE_INSIDE = re.compile(r"[.!?…۔؟।]\s|[。！？،、，；]|,\s")


def ends_sentence(text: str) -> bool:
    """True when the text ends as sentences, quotations and brackets do in the scripts of the field."""
    return _SENTENCE_END.search(text[-6:]) is not None


def is_prose(block: Block) -> bool:
    """True for a block of some length, mostly outside links, that reads as sentences rather than as a list of names."""
    if block.letters < 60 or block.link_letters > 0.4 * block.letters:
        return False
    if block.tag in ("h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "button", "label", "option"):
        return False
    if block.letters >= 200:
        return _SENTENCE_INSIDE.search(block.text) is not None
    return ends_sentence(block.text)
