"""What stands at the story's edges: notes on it, a copyright notice, headings that nothing follows."""

from __future__ import annotations

import re

from newsscraper.extract.blocks import Block
from newsscraper.extract.kinds import BODY_KINDS, BOILERPLATE, SUBHEAD
from newsscraper.extract.notes import note_reason
from newsscraper.extract.page import Page
from newsscraper.extract.sheet import Sheet
from newsscraper.extract.text import fold

COPYRIGHT = "the page's copyright notice, or below it"
OUTSIDE = "outside the story's container"
EDGE_BLOCKS = 8
"""Body blocks looked at from either end for notes on the story."""
EDGE_LINE = 90
"""Letters of a sentence from which the edge of the story is passed."""
NOTE = 300
"""Letters of a note on the author at most."""
CLOCK = 14
"""Letters of a line at most that is a time of day and nothing else."""
_CLOCK = re.compile(
    r"\W*\d{1,2}\s?[:.h時点点시]\s?\d{2}(?:\s?[:.]\d{2})?\s?(?:uhr|[ap]\.?m\.?|h|分|분)?\W*", re.IGNORECASE
)
_COPYRIGHT = re.compile(r"^\W{0,2}(?:©|\(c\)|copyright\b)\s*(?:\d{4}|[^\W\d]+\s+\d{4}|©)", re.IGNORECASE)


def label_notes(sheet: Sheet) -> None:
    """Bylines, date lines, codes and tag lines at the story's edges; a copyright notice and what is below it."""
    body = sheet.body_indices
    notice = next((i for i in body[len(body) // 2 :] if _COPYRIGHT.match(sheet.blocks[i].text)), len(sheet.blocks))
    for index in body:
        if index >= notice:
            sheet.drop(index, COPYRIGHT, 0.9)
        elif sheet.blocks[index].letters <= CLOCK and _CLOCK.fullmatch(sheet.blocks[index].text):
            sheet.drop(index, "the time of an entry", 0.9)
    names = _declared_names(sheet.page)
    for order in (body, body[::-1]):
        for index in order[:EDGE_BLOCKS]:
            block = sheet.blocks[index]
            if block.letters >= EDGE_LINE and sheet.prose[index] and not _author_note(block, names):
                break
            reason = _author_note(block, names) or note_reason(block, sheet.page.profile)
            if reason:
                sheet.drop(index, reason, 0.9)


def _declared_names(page: Page) -> list[str]:
    """Names of the authors that the page tells machines, folded: those of two words or more."""
    told = page.structured.story.get("author")
    nodes = told if isinstance(told, list) else [told]
    names = [node.get("name") if isinstance(node, dict) else node for node in nodes]
    names += page.structured.all_meta("author")
    return [folded for name in names if isinstance(name, str) and " " in (folded := fold(name))]


def _author_note(block: Block, names: list[str]) -> str:
    """A byline without a word around it, or a line about the author: no story begins or ends with its author's name."""
    if not names or block.letters > NOTE:
        return ""
    folded = fold(block.text)
    if folded in names:
        return "the author's name"
    return "a note on the author" if any(folded.startswith(f"{name} ") for name in names) else ""


def label_subheads(sheet: Sheet) -> None:
    """A subhead stays when body follows it inside the story, further subheads between them or not."""
    follows = False
    for index in reversed(range(len(sheet.labels))):
        label = sheet.labels[index]
        if label is None:
            continue
        if label.kind == SUBHEAD:
            if not follows:
                sheet.drop(index, "heading without story text under it", 0.7)
        elif label.kind in BODY_KINDS:
            follows = True
        elif label.kind == BOILERPLATE and label.reason == OUTSIDE:
            follows = False
