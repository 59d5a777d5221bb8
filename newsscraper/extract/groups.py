"""Repetition on a page: containers built alike, side by side, as teasers, comments and results are in any language."""

from __future__ import annotations

import re
from typing import NamedTuple

from newsscraper.extract.blocks import HEADINGS, Block, Blocks, Container, cumulative_letters
from newsscraper.extract.dates import find_dates

_SENTENCE_END = re.compile(r"[.!…。！؟۔।]\s*$")
GROUP = 3
"""Members from which alike containers under one parent are a group."""
BLURB = 600
"""Letters of text beside its headline that a teaser has at most."""
HEADLINE = 15
"""Letters of a linked headline at least."""

_Build = tuple[int, str, frozenset[str]]
"""What alike containers share: parent, tag, words."""


def find_repeated(blocks: Blocks) -> list[bool]:
    """For each container: it is a member of a group, or stands in one."""
    return _in_groups(blocks, [_is_part(c) for c in blocks.containers])


def find_teasers(blocks: Blocks) -> list[bool]:
    """For each container: it is in a group of teasers: headlines that lead elsewhere, short texts beside them."""
    return _in_groups(blocks, [_is_part(c) and _is_teaser(blocks.within(c)) for c in blocks.containers])


def find_comments(blocks: Blocks) -> list[bool]:
    """For each container: it is in one of two or more comments: a short name, a full date, then prose, built alike."""
    return _in_groups(
        blocks,
        [_is_part(c) and _is_comment(blocks.within(c)) for c in blocks.containers],
        least=2,
        whole=False,
    )


def _is_comment(within: list[Block]) -> bool:
    """A short line that is no heading, a date in the first three blocks, and text of some length that is no link."""
    if not 2 <= len(within) <= 12 or within[0].letters > 120 or any(b.tag in HEADINGS for b in within):
        return False
    text = max(within, key=lambda b: b.letters)
    if text is within[0] or text.letters < 30 or text.link_letters > 0.4 * text.letters:
        return False
    return any(b.letters <= 120 and (b.times or find_dates(b.text)) for b in within[:3])


def _is_part(container: Container) -> bool:
    return container.size >= 2 and container.tag not in ("tr", "p", "td", "th", "tbody")


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
    """For each container: it stands in a group of parts built alike, at least `least` of which are members.

    With `whole`, half of the group have to be members, and the others count with them.
    """
    if not any(members):
        return [False] * len(members)
    sums = cumulative_letters(blocks.blocks)
    groups = {
        build: _Group(
            len(alike), sum(members[c.index] for c in alike), sum(sums[c.last] - sums[c.first] for c in alike)
        )
        for build, alike in _group_alike(blocks.containers).items()
    }
    flags: list[bool] = []
    for container, member in zip(blocks.containers, members, strict=True):
        inside = container.parent >= 0 and flags[container.parent]
        if not inside and (_is_part(container) if whole else member):
            group = groups[_build(container)]
            enough = max(least, 0.5 * group.size) if whole else least
            own = sums[container.last] - sums[container.first]
            inside = group.members >= enough and not group.is_outweighed_by(own)
        flags.append(inside)
    return flags


class _Group(NamedTuple):
    """Containers built alike under one parent."""

    size: int
    members: int
    letters: int

    def is_outweighed_by(self, own: int) -> bool:
        """One is longer than all others together: the main column, not one of a kind; of two comments one may be."""
        return self.size != 2 and 2 * own > self.letters


def _group_alike(containers: list[Container]) -> dict[_Build, list[Container]]:
    groups: dict[_Build, list[Container]] = {}
    for container in containers:
        if _is_part(container):
            groups.setdefault(_build(container), []).append(container)
    return groups


def _build(container: Container) -> _Build:
    return container.parent, container.tag, container.words
