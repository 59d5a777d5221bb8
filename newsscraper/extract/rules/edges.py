"""Where the story begins and ends inside its container, and which short lines inside belong to it."""

from __future__ import annotations

import re

from newsscraper.extract.blocks import Blocks
from newsscraper.extract.kinds import BODY, BODY_KINDS, BOILERPLATE, SUBHEAD, Label
from newsscraper.extract.notes import note_reason
from newsscraper.extract.rules.markup import SHORT_TEXT
from newsscraper.extract.rules.sheet import Sheet

OUTSIDE = "outside the story's container"
EDGE_BLOCKS = 8
"""Body blocks looked at from either end for notes on the story."""
EDGE_LINE = 90
"""Letters of a sentence from which the edge of the story is passed."""
_COPYRIGHT = re.compile(r"^\W{0,2}(?:©|\(c\)|copyright\b)\s*(?:\d{4}|[^\W\d]+\s+\d{4}|©)", re.IGNORECASE)


def label_gaps(sheet: Sheet) -> None:
    """Short lines right between two body blocks of their own part: subheads and lead-ins without a tag of their own."""
    for index in range(1, len(sheet.blocks) - 1):
        label, after = sheet.labels[index], sheet.labels[index + 1]
        if not label or label.reason != SHORT_TEXT or sheet.blocks[index].links:
            continue
        if after and after.kind in BODY_KINDS and _is_between(sheet, index):
            kind = BODY if sheet.blocks[index].text.endswith((":", "：")) else SUBHEAD
            sheet.labels[index] = Label(kind, "a short line right between body blocks of its part", 0.7)


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


def label_ends(sheet: Sheet) -> None:
    """Weak body lines before the first and after the last sure one go; so do lists, tables and quotations out there."""
    body = sheet.body_indices
    sure = [i for i in body if _is_sure(sheet, i)]
    if not sure:
        return
    for index in body:
        label = sheet.labels[index]
        if label is None or sure[0] <= index <= sure[-1] or label.score >= 0.65:
            continue
        opens_part = label.kind == SUBHEAD and index < sure[0] and _is_repeated(sheet, index)
        if not opens_part:
            sheet.drop(index, "short text before the story's first or after its last sentence", 0.6)


def label_subheads(sheet: Sheet) -> None:
    """A subhead stays when body follows before the next heading."""
    follows = False
    for index in reversed(range(len(sheet.labels))):
        label = sheet.labels[index]
        if label is None:
            continue
        if label.kind == SUBHEAD:
            if not follows:
                sheet.drop(index, "heading without story text under it", 0.7)
            follows = False
        elif label.kind in BODY_KINDS:
            follows = True
        elif label.kind == BOILERPLATE and label.reason == OUTSIDE:
            follows = False


def _is_between(sheet: Sheet, index: int) -> bool:
    """Prose before and body after it stand in the block's own part of the page."""
    before = _body_before(sheet, index)
    if before is None or not sheet.prose[before]:
        return False
    blocks = sheet.page.blocks
    return _share_part(blocks, before, index) and _share_part(blocks, index, index + 1)


def _body_before(sheet: Sheet, index: int) -> int | None:
    """The body block before, inserted links and boxes passed over."""
    for earlier in range(index - 1, max(-1, index - 4), -1):
        label = sheet.labels[earlier]
        if label and label.kind in BODY_KINDS:
            return earlier
    return None


def _share_part(blocks: Blocks, first: int, second: int) -> bool:
    """The two blocks stand in one container, in siblings, or one in a part of the other's."""
    a, b = blocks.blocks[first], blocks.blocks[second]
    of_a, of_b = blocks.containers[a.container], blocks.containers[b.container]
    if of_a.parent == of_b.parent:
        return True
    return any(c is of_b for c in blocks.ancestors(a)) or any(c is of_a for c in blocks.ancestors(b))


def _is_sure(sheet: Sheet, index: int) -> bool:
    label = sheet.labels[index]
    return sheet.prose[index] or (label is not None and label.kind == BODY and label.score >= 0.7)


def _is_repeated(sheet: Sheet, index: int) -> bool:
    return sheet.page.repeated[sheet.blocks[index].container]
