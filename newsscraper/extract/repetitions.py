"""What a page prints again: the headline, whole or cut, pictures' texts, whole paragraphs."""

from __future__ import annotations

from newsscraper.extract.blocks import HEADINGS
from newsscraper.extract.kinds import CAPTION, Label
from newsscraper.extract.page import Page
from newsscraper.extract.sheet import Sheet
from newsscraper.extract.similar import is_copy
from newsscraper.extract.text import fix_line, fold

LONGEST = 500
"""Letters above which a block is not looked at: headlines and captions are shorter."""
SHORTEST = 12
"""Characters of a picture's text from which its repetition says something."""


def label_repetitions(sheet: Sheet) -> None:
    """Drops open blocks that only repeat."""
    title = fold(sheet.headline.text or "")
    picture_texts: set[str] | None = None
    seen: set[str] = set()
    for block in sheet.open_blocks:
        if block.letters > LONGEST:
            continue
        folded = fold(block.text)
        if is_copy(folded, title) and (folded == title or block.tag not in HEADINGS):
            sheet.drop(block.index, "repeats the headline", 0.95)
        elif folded in seen and len(folded) > 60:
            sheet.drop(block.index, "printed before", 0.9)
        elif len(folded) > SHORTEST and not sheet.prose[block.index]:
            picture_texts = _picture_texts(sheet.page) if picture_texts is None else picture_texts
            if folded in picture_texts:
                sheet.labels[block.index] = Label(CAPTION, "repeats the text of a picture", 0.9)
        seen.add(folded)


def _picture_texts(page: Page) -> set[str]:
    """Folded `alt` and `title` texts of all pictures."""
    texts = (picture.element.get(name) or "" for picture in page.blocks.pictures for name in ("alt", "title"))
    return {fold(fix_line(text)) for text in texts if len(text) > SHORTEST}
