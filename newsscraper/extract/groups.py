"""Repetition on a page: containers built alike, side by side. Teasers, comments and result lists are told by it, in any language."""

from __future__ import annotations

from newsscraper.extract.blocks import Block, Blocks, Container

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


def _is_part(container: Container) -> bool:
    return 2 <= container.last - container.first and container.tag not in ("tr", "p")


def _is_teaser(within: list[Block]) -> bool:
    """A headline that is a link among the first three blocks, and little text that is none."""
    if len(within) > 10:
        return False
    headed = any(b.link_letters > 0.9 * b.letters and b.letters >= HEADLINE for b in within[:3])
    return headed and sum(b.letters - b.link_letters for b in within) <= BLURB


def _in_groups(blocks: Blocks, members: list[bool]) -> list[bool]:
    groups: dict[tuple[int, str, frozenset[str]], int] = {}
    for c, member in zip(blocks.containers, members, strict=True):
        if member:
            key = (c.parent, c.tag, c.words)
            groups[key] = groups.get(key, 0) + 1
    flags: list[bool] = []
    for c, member in zip(blocks.containers, members, strict=True):
        own = member and groups[(c.parent, c.tag, c.words)] >= GROUP
        flags.append(own or (c.parent >= 0 and flags[c.parent]))
    return flags
