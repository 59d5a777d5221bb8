"""How much each block weighs for or against being story text, before anything is labelled."""

from __future__ import annotations

from collections import Counter

from newsscraper.extract.blocks import HEADINGS, Block
from newsscraper.extract.fields.title import Headline
from newsscraper.extract.page import Page
from newsscraper.extract.prose import find_prose
from newsscraper.extract.rules.furniture import find_furniture
from newsscraper.extract.rules.sheet import Sheet

MOST_COPIED = 0.5
"""Share of the page's prose above which copies say nothing: some pages print all of it twice."""


def weigh(page: Page, headline: Headline) -> Sheet:
    """The page's sheet: prose told, furniture found, every block weighed."""
    prose = find_prose(page.blocks.blocks)
    furniture = find_furniture(page, headline, prose)
    copied = _find_copies(page, prose)
    weights = [
        weigh_block(block, prose[block.index], unfit=copied[block.index] or bool(furniture[block.container]))
        for block in page.blocks
    ]
    return Sheet(page, headline, prose, furniture, weights)


def weigh_block(block: Block, prose: bool, *, unfit: bool) -> float:
    """For (positive) or against (negative) being story text, in letters; `unfit` for furniture and copies."""
    if unfit:
        return -min(block.letters, 200) * (1.0 if prose else 0.4)
    if prose:
        return min(block.letters, 900) * (1 - block.link_letters / block.letters)
    if block.tag in HEADINGS:
        return -4.0
    return -min(10 + block.link_letters * 0.5, 40.0)


def _find_copies(page: Page, prose: list[bool]) -> list[bool]:
    """True for blocks whose very text stands more than once; for none when most of the page's prose does."""
    places = Counter(block.text for block in page.blocks)
    copied = [places[b.text] > 1 and b.letters > 20 for b in page.blocks]
    total = sum(b.letters for b in page.blocks if prose[b.index])
    doubled = sum(b.letters for b in page.blocks if prose[b.index] and copied[b.index])
    return copied if doubled <= MOST_COPIED * total else [False] * len(copied)
