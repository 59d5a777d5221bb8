"""What a page prints again: the headline, whole or cut, pictures' texts, whole paragraphs."""

from __future__ import annotations

from lxml import etree

from newsscraper.extract.blocks import HEADINGS, Block
from newsscraper.extract.kinds import CAPTION, Label
from newsscraper.extract.page import Page
from newsscraper.extract.sheet import Sheet
from newsscraper.extract.similar import is_copy
from newsscraper.extract.text import fix_line, fold

REPEATS_HEADLINE = "repeats the headline"
REPEATS_PICTURE = "repeats the text of the picture before it"
LONGEST = 500
"""Letters above which a block is not looked at: headlines and captions are shorter."""
SHORTEST = 12
"""Characters of a picture's text from which its repetition says something."""


def label_repetitions(sheet: Sheet) -> None:
    """Drops open blocks that only repeat."""
    title = fold(sheet.headline.text or "")
    pictures = _pictures_before(sheet.page)
    seen: set[str] = set()
    for block in sheet.open_blocks:
        if block.letters > LONGEST:
            continue
        folded = fold(block.text)
        if is_copy(folded, title) and (folded == title or block.tag not in HEADINGS):
            sheet.drop(block.index, REPEATS_HEADLINE, 0.95)
        elif folded in seen and len(folded) > 60:
            sheet.drop(block.index, "printed before", 0.9)
        elif _repeats_picture(block, folded, pictures) and not sheet.prose[block.index]:
            sheet.labels[block.index] = Label(CAPTION, REPEATS_PICTURE, 0.9)
        seen.add(folded)


def _repeats_picture(block: Block, folded: str, pictures: dict[int, list[etree._Element]]) -> bool:
    """The picture right before the block has its text; a heading beside a picture of the same name is none of its."""
    if len(folded) <= SHORTEST or block.tag in HEADINGS or block.index not in pictures:
        return False
    texts = (picture.get(name) or "" for picture in pictures[block.index] for name in ("alt", "title"))
    return any(fold(fix_line(text)) == folded for text in texts if text)


def _pictures_before(page: Page) -> dict[int, list[etree._Element]]:
    """For each block the pictures right before it."""
    found: dict[int, list[etree._Element]] = {}
    for picture in page.blocks.pictures:
        found.setdefault(picture.index, []).append(picture.element)
    return found
