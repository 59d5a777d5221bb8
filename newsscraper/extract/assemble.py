"""From labelled blocks to `body` and `lead`: the policy, short enough to read."""

from __future__ import annotations

from newsscraper.extract.blocks import Block, Blocks
from newsscraper.extract.kinds import BODY_KINDS, LEAD, TABLE, Label

LINE = 60
"""Letters below which a line is one of verse, an address or a list rather than a paragraph."""


def assemble_body(blocks: Blocks, labels: list[Label]) -> str:
    """The blocks of `BODY_KINDS`, one blank line between.

    Cells of a table row share a line, a tab between; lines of verse or an address share a paragraph, a line break
    between.
    """
    paragraphs: list[str] = []
    row: int | None = None
    last: Block | None = None
    for block, label in zip(blocks, labels, strict=True):
        if label.kind not in BODY_KINDS:
            continue
        own_row = find_row(blocks, block.container) if label.kind == TABLE else None
        if own_row is not None and own_row == row:
            paragraphs[-1] += "\t" + block.text
        elif last is not None and block.follows and last.index == block.index - 1 and is_short_line(last):
            paragraphs[-1] += "\n" + block.text
        else:
            paragraphs.append(block.text)
        row, last = own_row, block
    return "\n\n".join(paragraphs)


def is_short_line(block: Block) -> bool:
    """True for a line too short to be a paragraph of its own: what a single `<br>` parts from it belongs to it."""
    return block.letters < LINE


def find_row(blocks: Blocks, container: int) -> int | None:
    """Index of the `<tr>` around a container."""
    while container >= 0:
        if blocks.containers[container].tag == "tr":
            return container
        container = blocks.containers[container].parent
    return None


def assemble_lead(blocks: Blocks, labels: list[Label]) -> str | None:
    """The blocks that are lead, one blank line between."""
    return "\n\n".join(b.text for b, label in zip(blocks, labels, strict=True) if label.kind == LEAD) or None
