"""Where the story begins and ends inside its container, and which short lines inside belong to it."""

from __future__ import annotations

from newsscraper.extract.blocks import Blocks
from newsscraper.extract.kinds import BODY, BODY_KINDS, SUBHEAD, Label
from newsscraper.extract.rules.markup import SHORT_TEXT
from newsscraper.extract.rules.sheet import Sheet


def label_gaps(sheet: Sheet) -> None:
    """Short lines right between two body blocks of their own part: subheads and lead-ins without a tag of their own."""
    for index in range(1, len(sheet.blocks) - 1):
        label, after = sheet.labels[index], sheet.labels[index + 1]
        if not label or label.reason != SHORT_TEXT or sheet.blocks[index].links:
            continue
        if after and after.kind in BODY_KINDS and _is_between(sheet, index):
            kind = BODY if sheet.blocks[index].text.endswith((":", "：")) else SUBHEAD
            sheet.labels[index] = Label(kind, "a short line right between body blocks of its part", 0.7)


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
