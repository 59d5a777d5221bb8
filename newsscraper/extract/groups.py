"""Repetition on a page: containers built alike, side by side. Teasers, comments and result lists are told by it, in any language."""

from __future__ import annotations

import re

from newsscraper.extract.blocks import Block, Blocks, Container
from newsscraper.extract.dates import find_dates

_SENTENCE_END = re.compile(r"[.!…。！؟۔।]\s*$")
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
GROUP = 3
"""Members from which alike containers under one parent are a group."""
BLURB = 600
"""Letters of text beside its headline that a teaser has at most."""
HEADLINE = 15
"""Letters of a linked headline at least."""


def find_repeated(blocks: Blocks) -> list[bool]:
    """For each container: it is a member of a group, or stands in one."""
    return _in_groups(blocks, [_is_part(c) for c in blocks.containers])


def find_teasers(blocks: Blocks) -> list[bool]:
    """For each container: it is a member of a group of teasers, or stands in one: headlines that lead elsewhere, short texts beside them."""
    return _in_groups(blocks, [_is_part(c) and _is_teaser(blocks.blocks[c.first : c.last]) for c in blocks.containers])


def find_comments(blocks: Blocks) -> list[bool]:
    """For each container: it is one of two or more comments, or stands in one: a short name, a full date, then prose, built alike."""
    return _in_groups(
        blocks,
        [_is_part(c) and _is_comment(blocks.blocks[c.first : c.last]) for c in blocks.containers],
        least=2,
        whole=False,
    )


def _is_comment(within: list[Block]) -> bool:
    """A short line that is no heading, a date within the first three blocks, and text of some length that is no link."""
    if not 2 <= len(within) <= 12 or within[0].letters > 120 or any(b.tag in HEADINGS for b in within):
        return False
    text = max(within, key=lambda b: b.letters)
    if text is within[0] or text.letters < 30 or text.link_letters > 0.4 * text.letters:
        return False
    return any(b.letters <= 120 and (b.times or find_dates(b.text)) for b in within[:3])


def _is_part(container: Container) -> bool:
    return container.last - container.first >= 2 and container.tag not in ("tr", "p", "td", "th", "tbody")


def _is_teaser(within: list[Block]) -> bool:
    """A headline that is a link among the first three blocks, and little text that is none."""
    if len(within) > 10:
        return False
    return any(_is_linked_headline(b) for b in within[:3]) and sum(b.letters - b.link_letters for b in within) <= BLURB


def _is_linked_headline(block: Block) -> bool:
    """A short block that is a link of a headline's length, a date or a cut copy of it beside it perhaps."""
    if block.letters > 300 or block.link_letters < 0.4 * block.letters or _SENTENCE_END.search(block.text):
        return block.letters >= HEADLINE and block.link_letters > 0.9 * block.letters
    return any(len(text) >= HEADLINE for text in block.link_texts)


def _in_groups(blocks: Blocks, members: list[bool], least: int = GROUP, *, whole: bool = True) -> list[bool]:
    """For each container: in a group of parts built alike of which at least `least`, and half, are members; members only unless `whole`.

    A part that outweighs all others together is the main column among columns, not one of a kind; of two comments one may well.
    """
    sums = [0]
    for block in blocks:
        sums.append(sums[-1] + block.letters)
    sizes: dict[tuple[int, str, frozenset[str]], list[int]] = {}
    counts: dict[tuple[int, str, frozenset[str]], int] = {}
    for c, member in zip(blocks.containers, members, strict=True):
        if _is_part(c):
            key = (c.parent, c.tag, c.words)
            sizes.setdefault(key, []).append(sums[c.last] - sums[c.first])
            counts[key] = counts.get(key, 0) + member
    flags: list[bool] = []
    for c, member in zip(blocks.containers, members, strict=True):
        inside = c.parent >= 0 and flags[c.parent]
        if not inside and (member if not whole else _is_part(c)):
            key = (c.parent, c.tag, c.words)
            alike, own = sizes[key], sums[c.last] - sums[c.first]
            enough = max(least, 0.5 * len(alike)) if whole else least
            inside = counts[key] >= enough and (len(alike) == 2 or 2 * own <= sum(alike))
        flags.append(inside)
    return flags
