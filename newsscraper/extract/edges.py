"""What stands at the story's edges: notes on it, a copyright notice, headings that nothing follows."""

from __future__ import annotations

import re

from newsscraper.extract.kinds import BODY_KINDS, BOILERPLATE, SUBHEAD
from newsscraper.extract.notes import note_reason
from newsscraper.extract.sheet import Sheet

OUTSIDE = "outside the story's container"
EDGE_BLOCKS = 8
"""Body blocks looked at from either end for notes on the story."""
EDGE_LINE = 90
"""Letters of a sentence from which the edge of the story is passed."""
_COPYRIGHT = re.compile(r"^\W{0,2}(?:©|\(c\)|copyright\b)\s*(?:\d{4}|[^\W\d]+\s+\d{4}|©)", re.IGNORECASE)


def label_notes(sheet: Sheet) -> None:
    """Bylines, date lines, codes and tag lines at the story's edges; a copyright notice and what is below it."""
    body = sheet.body_indices
    notice = next((i for i in body[len(body) // 2 :] if _COPYRIGHT.match(sheet.blocks[i].text)), len(sheet.blocks))
    for index in body:
        if index >= notice:
            sheet.drop(index, "the page's copyright notice, or below it", 0.9)
    for order in (body, body[::-1]):
        for index in order[:EDGE_BLOCKS]:
            block = sheet.blocks[index]
            if block.letters >= EDGE_LINE and sheet.prose[index]:
                break
            reason = note_reason(block, sheet.page.profile)
            if reason:
                sheet.drop(index, reason, 0.9)


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
