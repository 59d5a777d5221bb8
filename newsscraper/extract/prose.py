"""Is a text running prose? Told from shape alone, in any language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from newsscraper.extract.blocks import Block

_SENTENCE_ENDS = frozenset(".!?…。！？؟۔।॥;:»”\"'’」』）)]")
_SENTENCE_INSIDE = re.compile(r"[.!?…۔؟।]\s|[。！？،、，；]|,\s")


def ends_sentence(text: str) -> bool:
    """True when the text ends as sentences, quotations and brackets do in the scripts of the field."""
    return text[-6:].rstrip()[-1:] in _SENTENCE_ENDS


def is_prose(block: Block) -> bool:
    """True for a block of some length, mostly outside links, that reads as sentences rather than as a list of names."""
    if block.letters < 60 or block.link_letters > 0.4 * block.letters:
        return False
    if block.tag in ("h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "button", "label", "option"):
        return False
    if block.letters >= 200:
        return _SENTENCE_INSIDE.search(block.text) is not None
    return ends_sentence(block.text)


def find_prose(blocks: Sequence[Block]) -> list[bool]:
    """`is_prose` for each block; lines parted by single `<br>` are judged together from their first long line on."""
    prose = [is_prose(b) for b in blocks]
    for first, last in _runs(blocks):
        run = blocks[first:last]
        long = next((b.index for b in run if prose[b.index] or (b.letters >= 60 and not b.link_letters)), None)
        if long is None or sum(b.letters for b in run) < 150:
            continue
        if any(ends_sentence(b.text) or _SENTENCE_INSIDE.search(b.text) for b in run):
            for block in run:
                if block.index >= long and block.letters >= 12 and block.link_letters < 0.4 * block.letters:
                    prose[block.index] = True
    return prose


def _runs(blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """Half-open ranges of two blocks or more that single `<br>` part."""
    start = 0
    for index in range(1, len(blocks) + 1):
        if index == len(blocks) or not blocks[index].follows:
            if index - start >= 2:
                yield start, index
            start = index
