"""Is a block a picture's caption? Told by the element around it and by the names that templates give."""

from __future__ import annotations

from newsscraper.extract import page_words as words
from newsscraper.extract.blocks import Block, Blocks

LONGEST = 400
"""Letters from which a block that is called a caption is none."""


def is_caption(blocks: Blocks, block: Block) -> bool:
    """In a figure, or called a caption."""
    around = list(blocks.ancestors(block))[:3]
    named = block.inline_words.union(*(c.words for c in around[:2]))
    return any(c.tag in ("figcaption", "figure") for c in around) or is_called_caption(block, named)


def is_called_caption(block: Block, named: frozenset[str]) -> bool:
    """True for a block of a caption's length one of whose names says so."""
    return bool(named & words.CAPTION) and block.letters < LONGEST
